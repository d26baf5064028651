//! Standard output, and the summary of a job of continuous integration.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::failure::Failure;

/// Prints on standard output. Who reads it may have gone away, which is a failure and no panic.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let printed = io::stdout().lock().write_all(text.as_bytes());
    printed.map_err(|error| Failure::new(format!("standard output: {error}")))
}

/// The variable in which GitHub names the file of a job's summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Adds Markdown to the summary of a job, if there is one.
pub(crate) fn summarise(markdown: &str) -> Result<(), Failure> {
    let Some(path) = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(());
    };
    let mut file =
        OpenOptions::new().create(true).append(true).open(&path).map_err(|error| Failure::at(&path, error))?;
    file.write_all(format!("{markdown}\n").as_bytes()).map_err(|error| Failure::at(&path, error))
}

/// The text, or its start and an ellipsis.
pub(crate) fn shortened(text: &str, columns: usize) -> String {
    match text.char_indices().nth(columns) {
        None => text.to_owned(),
        Some(_) => text.chars().take(columns - 1).chain(['…']).collect(),
    }
}
