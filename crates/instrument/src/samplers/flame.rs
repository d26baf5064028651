//! tracing-flame's stacks.
//!
//! tracing-flame writes a formatted line under a mutex at each enter and exit, so it needs a pass of its own.

use std::io;
#[cfg(feature = "flame")]
use std::path::Path;
use std::path::PathBuf;

use thiserror::Error;

#[cfg(feature = "flame")]
pub(crate) use self::recording::{Recording, record};

/// Why stacks could not be recorded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Not all stacks reached their file.
    #[cfg(feature = "flame")]
    #[error("recording stacks in {}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// tracing-flame's reason.
        source: tracing_flame::Error,
    },
    /// The file could not be written.
    #[error("writing {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

/// Stub: without the feature `flame`, no builder has a flame file.
#[cfg(not(feature = "flame"))]
#[derive(Debug)]
pub(crate) enum Recording {}

#[cfg(not(feature = "flame"))]
impl Recording {
    pub(crate) fn finish(self) -> Option<String> {
        match self {}
    }
}

#[cfg(feature = "flame")]
mod recording {
    use std::fs::File;
    use std::io::{self, BufWriter, ErrorKind, Write};
    #[cfg(feature = "flame")]
    use std::path::Path;
    use std::path::PathBuf;

    use span_report::error_chain;
    use span_report::outputs::Unfinished;
    use tracing::Subscriber;
    use tracing_flame::{FlameLayer, FlushGuard};
    use tracing_subscriber::registry::LookupSpan;

    use super::{RecordError, writing};

    /// A running recording.
    #[derive(Debug)]
    pub(crate) struct Recording {
        path: PathBuf,
        unfinished: Unfinished,
        guard: FlushGuard<BufWriter<StacksFile>>,
    }

    /// A layer that records stacks in `path`: span names only, all threads together, and without the time outside spans.
    /// The file appears when the recording is finished.
    pub(crate) fn record<S>(path: &Path) -> Result<(FlameLayer<S, BufWriter<StacksFile>>, Recording), RecordError>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let unfinished = Unfinished::create(path).map_err(writing(path))?;
        let file = unfinished.file().try_clone().map_err(writing(path))?;
        let layer = FlameLayer::new(BufWriter::new(StacksFile { file, failed: None }));
        let guard = layer.flush_on_drop();
        let layer = layer
            .with_threads_collapsed(true)
            .with_module_path(false)
            .with_file_and_line(false)
            .with_empty_samples(false);
        Ok((layer, Recording { path: path.to_owned(), unfinished, guard }))
    }

    impl Recording {
        /// Writes the buffer and moves the file to its destination. Gives a warning if that fails.
        pub(crate) fn finish(self) -> Option<String> {
            self.into_file().err().map(|error| error_chain(&error))
        }

        fn into_file(self) -> Result<(), RecordError> {
            let Self { path, unfinished, guard } = self;
            guard.flush().map_err(|source| RecordError::Record { path: path.clone(), source })?;
            unfinished.finish().map_err(writing(&path))
        }
    }

    /// The file of stacks. tracing-flame ignores a line that could not be written and tries the next, so this keeps the
    /// first error: stacks with a gap are worthless.
    #[derive(Debug)]
    pub(crate) struct StacksFile {
        file: File,
        failed: Option<ErrorKind>,
    }

    impl StacksFile {
        fn unless_failed<T>(&mut self, write: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
            if let Some(kind) = self.failed {
                return Err(kind.into());
            }
            write(&mut self.file).inspect_err(|error| {
                if error.kind() != ErrorKind::Interrupted {
                    self.failed = Some(error.kind());
                }
            })
        }
    }

    impl Write for StacksFile {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.unless_failed(|file| file.write(bytes))
        }

        fn flush(&mut self) -> io::Result<()> {
            self.unless_failed(File::flush)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        #[cfg(target_os = "linux")]
        fn a_failed_write_is_not_forgotten() {
            let file = File::options().write(true).open("/dev/full").unwrap();
            let mut stacks = StacksFile { file, failed: None };
            assert_eq!(stacks.write(b"frame 1\n").unwrap_err().kind(), ErrorKind::StorageFull);
            stacks.file = File::options().write(true).open("/dev/null").unwrap();
            assert_eq!(stacks.flush().unwrap_err().kind(), ErrorKind::StorageFull);
        }
    }
}

#[cfg(feature = "flame")]
fn writing(path: &Path) -> impl FnOnce(io::Error) -> RecordError {
    |source| RecordError::Io { path: path.to_owned(), source }
}
