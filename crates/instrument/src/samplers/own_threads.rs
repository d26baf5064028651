//! The threads of the profiler itself, which are no part of the program that it measures.

use std::io;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

/// Starts a thread of the profiler. When this returns, [`is_own`] knows the thread.
///
/// # Errors
/// The operating system's, if it starts no thread.
pub(super) fn spawn<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    let (registering, registered) = mpsc::channel::<()>();
    let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _pause = span_heap::pause();
        let _own = list::Registered::this_thread();
        drop(registering);
        work()
    })?;
    // Nothing is sent: the thread has dropped the sender.
    let _ = registered.recv();
    Ok(thread)
}

#[cfg(target_os = "linux")]
pub(super) use self::list::is_own;

/// Linux: the kernel lists the threads of a process by their ids.
#[cfg(target_os = "linux")]
mod list {
    use std::sync::Mutex;

    use crate::lock::lock;

    static RUNNING: Mutex<Vec<i32>> = Mutex::new(Vec::new());

    /// Whether a thread of this process, by its id, is one of the profiler's.
    pub(in super::super) fn is_own(thread: i32) -> bool {
        lock(&RUNNING).contains(&thread)
    }

    /// Keeps the thread that made it in the list until it is dropped.
    pub(super) struct Registered(i32);

    impl Registered {
        pub(super) fn this_thread() -> Self {
            let own = rustix::thread::gettid().as_raw_pid();
            lock(&RUNNING).push(own);
            Self(own)
        }
    }

    impl Drop for Registered {
        fn drop(&mut self) {
            lock(&RUNNING).retain(|thread| *thread != self.0);
        }
    }
}

/// Nothing looks for them elsewhere.
#[cfg(not(target_os = "linux"))]
mod list {
    pub(super) struct Registered;

    impl Registered {
        pub(super) fn this_thread() -> Self {
            Self
        }
    }
}
