//! Busy threads beside the passes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

/// The work of one busy thread: it gets the thread's number, and returns when the flag is true.
pub type BackgroundWork = fn(u32, &AtomicBool);

/// The number of threads for each kind of work.
#[derive(Debug, Clone, Copy)]
pub(super) struct BackgroundLoad {
    pub(super) threads: u32,
    pub(super) work: BackgroundWork,
}

/// The running threads. Dropping them ends them.
#[derive(Debug)]
pub(super) struct BusyThreads {
    ending: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl BusyThreads {
    /// # Errors
    /// The operating system's, if a thread cannot be started.
    pub(super) fn start(load: BackgroundLoad) -> io::Result<Self> {
        let mut busy = Self { ending: Arc::default(), threads: Vec::new() };
        for number in 0..load.threads {
            let ending = Arc::clone(&busy.ending);
            let work = move || (load.work)(number, &ending);
            busy.threads.push(thread::Builder::new().name("load".to_owned()).spawn(work)?);
        }
        Ok(busy)
    }
}

impl Drop for BusyThreads {
    fn drop(&mut self) {
        self.ending.store(true, Relaxed);
        for thread in self.threads.drain(..) {
            // Its panic has printed a message.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    static FINISHED: AtomicU32 = AtomicU32::new(0);

    #[test]
    fn threads_end_when_they_are_told_to() {
        let work = |number: u32, ending: &AtomicBool| {
            while !ending.load(Relaxed) {
                thread::yield_now();
            }
            FINISHED.fetch_add(1 + number, Relaxed);
        };
        drop(BusyThreads::start(BackgroundLoad { threads: 3, work }).unwrap());
        assert_eq!(FINISHED.load(Relaxed), 1 + 2 + 3);
    }
}
