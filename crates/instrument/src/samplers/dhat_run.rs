//! A run of dhat's own profiler.

#[cfg(feature = "dhat")]
pub(crate) use self::running::DhatRun;

/// Stub: without the feature `dhat`, no heap mode asks for dhat.
#[cfg(not(feature = "dhat"))]
#[derive(Debug)]
pub(crate) enum DhatRun {}

#[cfg(not(feature = "dhat"))]
impl DhatRun {
    pub(crate) fn start(_: Option<crate::heap::HeapMode>, _: &std::path::Path, _: bool) -> Option<Self> {
        None
    }

    pub(crate) fn finish(self) -> Result<span_report::measurement::DhatTotals, String> {
        match self {}
    }
}

#[cfg(feature = "dhat")]
mod running {
    use std::fmt;
    use std::fs;
    use std::io::{self, BufReader};
    use std::path::{Path, PathBuf};

    use serde_json::Value;

    use crate::heap::HeapMode;
    use crate::samplers::{dhat_totals, dhat_trim};
    use span_report::measurement::DhatTotals;
    use span_report::outputs::Unfinished;

    /// dhat's profiler at work, and the file that it will write.
    pub(crate) struct DhatRun {
        profiler: dhat::Profiler,
        /// dhat takes the file's name at its start. It gets a temporary name, so that nobody takes half a file for a
        /// profile.
        unfinished: io::Result<Unfinished>,
        file: PathBuf,
    }

    impl fmt::Debug for DhatRun {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("DhatRun").field("file", &self.file).finish_non_exhaustive()
        }
    }

    impl DhatRun {
        /// Starts dhat, if a builder has just chosen its heap mode. That can happen once in a process: dhat panics if it
        /// is started twice. Unless it `keeps_file`, it writes none, and an older one stays.
        pub(crate) fn start(chosen: Option<HeapMode>, file: &Path, keeps_file: bool) -> Option<Self> {
            if chosen != Some(HeapMode::Dhat) {
                return None;
            }
            let mut builder = dhat::Profiler::builder();
            if keeps_file {
                // An older file must not pass for this run's.
                let _ = fs::remove_file(file);
            } else {
                // Testing changes only the end: dhat writes no file then.
                builder = builder.testing();
            }
            let unfinished = Unfinished::create(file);
            let name = unfinished.as_ref().map_or(file, Unfinished::path);
            let profiler = builder.file_name(name).build();
            Some(Self { profiler, unfinished, file: file.to_owned() })
        }

        /// Ends dhat, which writes the file and prints a summary to standard error. Gives the totals of the file, or a
        /// warning if it was not written.
        pub(crate) fn finish(self) -> Result<DhatTotals, String> {
            // On Windows a lock is mandatory: dhat could not write the locked file.
            #[cfg(windows)]
            let _ = self.unfinished.as_ref().map(Unfinished::unlock);
            drop(self.profiler);
            let finished = self.unfinished.and_then(|unfinished| {
                // dhat ignores an error in writing the last bytes, for example on a full disk.
                let written = BufReader::new(fs::File::open(unfinished.path())?);
                let mut profile: Value = serde_json::from_reader(written)?;
                dhat_trim::trim(&mut profile);
                fs::write(unfinished.path(), serde_json::to_vec(&profile)?)?;
                unfinished.finish()?;
                Ok(dhat_totals::of(&profile))
            });
            finished.map_err(|error| format!("dhat did not write {}: {error}", self.file.display()))
        }
    }
}
