//! Ctrl-C: the first asks for an end, the second exits at once.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::lock::lock;

/// The exit status after Ctrl-C, by the shells' convention: 128 and the number of the signal.
pub(super) const INTERRUPTED: u8 = 130;

/// True after a first Ctrl-C, and while nobody watches: then a Ctrl-C exits.
static ASKED: Mutex<Option<Arc<AtomicBool>>> = Mutex::new(None);

/// Watches for Ctrl-C while it lives.
#[derive(Debug)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to watch.
    ///
    /// # Errors
    /// The operating system's, if the signal handler cannot be set.
    pub(super) fn watch() -> io::Result<Self> {
        let mut asked = lock(&ASKED);
        let flag = match &*asked {
            Some(flag) => Arc::clone(flag),
            None => {
                let flag = Arc::new(AtomicBool::new(true));
                // The order matters: the first Ctrl-C finds the flag down, and raises it.
                flag::register_conditional_shutdown(SIGINT, i32::from(INTERRUPTED), Arc::clone(&flag))?;
                flag::register(SIGINT, Arc::clone(&flag))?;
                asked.insert(flag).clone()
            }
        };
        flag.store(false, SeqCst);
        Ok(Self(flag))
    }

    /// Whether there was a Ctrl-C.
    pub(super) fn happened(&self) -> bool {
        self.0.load(SeqCst)
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}
