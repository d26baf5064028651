//! A run of dhat's own profiler.

use std::fmt;
use std::fs;
use std::path::PathBuf;

/// dhat's profiler at work, and the file that it will write.
pub(crate) struct DhatRun {
    profiler: dhat::Profiler,
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
        // dhat only prints when it fails to write, so the file's presence has to tell.
        let _ = fs::remove_file(&file);
        let profiler = dhat::Profiler::builder().file_name(&file).build();
        Self { profiler, file }
    }

    /// Ends dhat, which writes the file and prints a summary to standard error. Says what went
    /// wrong, if anything did.
    pub(crate) fn finish(self) -> Option<String> {
        drop(self.profiler);
        match fs::metadata(&self.file) {
            Ok(_) => None,
            Err(error) => Some(format!("dhat did not write {}: {error}", self.file.display())),
        }
    }
}
