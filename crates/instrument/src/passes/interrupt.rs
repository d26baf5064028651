//! Ctrl-C: the first asks for an end, the second exits at once.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::lock::lock;

/// The exit status after Ctrl-C, by the shells' convention: 128 and the number of the signal.
pub(super) const INTERRUPTED: u8 = 130;

static WATCHED: Mutex<Option<Watched>> = Mutex::new(None);

/// The signal handler's state, and who relies on it.
#[derive(Debug)]
struct Watched {
    /// True after a first Ctrl-C, and while nobody watches: then a Ctrl-C exits.
    asked: Arc<AtomicBool>,
    watchers: usize,
}

/// Watches for Ctrl-C while it lives. All that live at the same time know of the same Ctrl-C.
#[derive(Debug)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to watch.
    ///
    /// # Errors
    /// The operating system's, if the signal handler cannot be set.
    pub(super) fn watch() -> io::Result<Self> {
        let mut watched = lock(&WATCHED);
        let watched = match &mut *watched {
            Some(watched) => watched,
            None => {
                let asked = Arc::new(AtomicBool::new(true));
                // The order matters: the first Ctrl-C finds the flag down, and raises it.
                flag::register_conditional_shutdown(SIGINT, i32::from(INTERRUPTED), Arc::clone(&asked))?;
                flag::register(SIGINT, Arc::clone(&asked))?;
                watched.insert(Watched { asked, watchers: 0 })
            }
        };
        if watched.watchers == 0 {
            watched.asked.store(false, SeqCst);
        }
        watched.watchers += 1;
        Ok(Self(Arc::clone(&watched.asked)))
    }

    /// Whether there was a Ctrl-C.
    pub(super) fn happened(&self) -> bool {
        self.0.load(SeqCst)
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        if let Some(watched) = &mut *lock(&WATCHED) {
            watched.watchers -= 1;
            if watched.watchers == 0 {
                watched.asked.store(true, SeqCst);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_watchers_know_of_a_ctrl_c_until_the_last_is_gone() {
        let first = Interrupt::watch().unwrap();
        let second = Interrupt::watch().unwrap();
        drop(first);
        assert!(!second.happened());
        signal_hook::low_level::raise(SIGINT).unwrap();
        let third = Interrupt::watch().unwrap();
        assert!(second.happened() && third.happened());
        drop((second, third));
        assert!(!Interrupt::watch().unwrap().happened());
    }
}
