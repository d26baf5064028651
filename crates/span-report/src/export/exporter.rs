//! The common face of the formats.

use std::error::Error;

use crate::Report;

/// Why a report could not be rendered.
pub type ExportError = Box<dyn Error + Send + Sync>;

/// Renders a report in one format.
pub trait Exporter {
    /// The name of the file in the folder of a run.
    fn file_name(&self) -> String;

    /// The content of the file, or `None` if the report has no figures for it.
    ///
    /// # Errors
    /// The reason of the library that renders.
    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError>;
}
