//! A run of dhat's own profiler.

use std::fmt;
use std::fs;
use std::io::{self, BufReader};
use std::path::PathBuf;

use serde::de::IgnoredAny;

use span_report::outputs::Unfinished;

/// dhat's profiler at work, and the file that it will write.
pub(crate) struct DhatRun {
    profiler: dhat::Profiler,
    /// dhat wants the name at its start. It is a name of this run's own, so that a half file is never taken for one.
    unfinished: io::Result<Unfinished>,
    file: PathBuf,
}

impl fmt::Debug for DhatRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DhatRun").field("file", &self.file).finish_non_exhaustive()
    }
}

impl DhatRun {
    /// Starts dhat. Only for whoever has just chosen the dhat mode, which can happen once: dhat
    /// panics if it is started twice.
    pub(crate) fn start(file: PathBuf) -> Self {
        // An older one must not be taken for this run's.
        let _ = fs::remove_file(&file);
        let unfinished = Unfinished::create(&file);
        let name = unfinished.as_ref().map_or(file.as_path(), Unfinished::path);
        let profiler = dhat::Profiler::builder().file_name(name).build();
        Self { profiler, unfinished, file }
    }

    /// Ends dhat, which writes the file and prints a summary to standard error. Says what went
    /// wrong, if anything did.
    pub(crate) fn finish(self) -> Option<String> {
        // Where locks are not merely advice, dhat could not write past this one.
        #[cfg(windows)]
        let _ = self.unfinished.as_ref().map(|unfinished| unfinished.file().unlock());
        drop(self.profiler);
        let finished = self.unfinished.and_then(|unfinished| {
            // dhat does not notice when the last bytes find no room on the disk.
            let written = BufReader::new(fs::File::open(unfinished.path())?);
            serde_json::from_reader::<_, IgnoredAny>(written)?;
            unfinished.finish()
        });
        finished.err().map(|error| format!("dhat did not write {}: {error}", self.file.display()))
    }
}
