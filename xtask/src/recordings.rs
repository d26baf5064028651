//! Recordings as inputs of commands.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use valetudo_map_stream::recording::is_recording;
use valetudo_map_workload::RecordingError;

use crate::failure::Failure;

/// A recording. It is read from its file each time: it may be larger than memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedRecording {
    /// The file's name, made different from all others and fit to name another file.
    pub(crate) name: String,
    pub(crate) source: Source,
}

/// Where the bytes of a recording are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    /// Standard input, which can be read once.
    StandardInput(Vec<u8>),
}

impl NamedRecording {
    /// For the workload.
    pub(crate) fn borrowed(&self) -> valetudo_map_workload::NamedRecording<'_> {
        let source = match &self.source {
            Source::File(path) => valetudo_map_workload::Source::File(path),
            Source::StandardInput(bytes) => valetudo_map_workload::Source::Bytes(bytes),
        };
        valetudo_map_workload::NamedRecording { name: &self.name, source }
    }
}

/// Whether the file at this path is a recording.
pub(crate) fn is_at(path: &Path) -> bool {
    let mut start = [0; 8];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && is_recording(&start)
}

impl From<RecordingError> for Failure {
    fn from(error: RecordingError) -> Self {
        Self::new(error.to_string())
    }
}
