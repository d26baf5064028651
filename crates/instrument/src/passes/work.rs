//! The result of a run's work.

use std::error::Error;

/// The result of the work that [`run`](crate::run) measures: nothing, or a `Result`.
pub trait WorkResult {
    /// The error, if there is one.
    ///
    /// # Errors
    /// The work's own.
    fn into_result(self) -> Result<(), Box<dyn Error>>;
}

impl WorkResult for () {
    fn into_result(self) -> Result<(), Box<dyn Error>> {
        Ok(())
    }
}

impl<E: Into<Box<dyn Error>>> WorkResult for Result<(), E> {
    fn into_result(self) -> Result<(), Box<dyn Error>> {
        self.map_err(Into::into)
    }
}
