//! Ctrl-C.

use std::cell::Cell;
use std::process;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crate::failure::{Failure, INTERRUPTED};

/// Watches for Ctrl-C: the first asks for an end, the second does not ask.
pub(crate) struct Interrupt {
    asked: Receiver<()>,
    happened: Cell<bool>,
}

impl Interrupt {
    /// Begins to watch. Once per process.
    pub(crate) fn watch() -> Result<Self, Failure> {
        let (ask, asked) = mpsc::channel();
        let mut again = false;
        let handler = move || {
            if again {
                process::exit(i32::from(INTERRUPTED));
            }
            again = true;
            // Nobody receives any more: the report is being written, and will be whole in a moment.
            let _ = ask.send(());
        };
        ctrlc::set_handler(handler).map_err(|error| Failure::new(format!("Ctrl-C: {error}")))?;
        Ok(Self { asked, happened: Cell::new(false) })
    }

    /// Waits, and says whether an end was asked for up to now.
    pub(crate) fn within(&self, time: Duration) -> bool {
        let asked = self.happened.get() || self.asked.recv_timeout(time).is_ok();
        self.happened.set(asked);
        asked
    }
}
