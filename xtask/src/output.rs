//! Standard output.

use std::io::{self, Write};

use crate::failure::Failure;

/// Prints on standard output. Who reads it may have gone away, which is a failure and no panic.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let printed = io::stdout().lock().write_all(text.as_bytes());
    printed.map_err(|error| Failure::new(format!("standard output: {error}")))
}
