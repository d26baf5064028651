//! The folder that a run leaves behind, and one call that fills it.
//!
//! [`OutputFolder::create`] prepares the folder, [`write_all`] writes every format of a [`Report`](crate::Report) that
//! has figures for it. Each file is there whole or not at all, whatever ends the process.
//!
//! ```
//! use span_report::Report;
//! use span_report::outputs::{OutputFolder, Run, write_all};
//!
//! let folder = tempfile::tempdir()?;
//! let outputs = OutputFolder::create(folder.path().join("profile"))?;
//! let report = Report::new(Vec::new());
//! let failures = write_all(&outputs, &report, &Run { name: "bakery", title: "Bakery", ..Run::default() });
//! assert!(failures.is_empty());
//! assert_eq!(outputs.list(), ["report.txt", "report.md", "report.html", "report.json"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod folder;
mod write;

pub use crate::unfinished::{Unfinished, hand_over, remove_leftovers, write_whole};
pub use folder::{DHAT_FILE, FOLDED_FILE, OutputError, OutputFolder, PICTURES_FOLDER, picture_file};
pub use write::{Run, report_text, write_all};
