//! tracing-flame's stacks.
//!
//! tracing-flame writes a formatted line under a mutex at each enter and exit, so it wants a pass of its own.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use span_report::outputs::Unfinished;
use thiserror::Error;
use tracing::Subscriber;
use tracing_flame::{FlameLayer, FlushGuard};
use tracing_subscriber::registry::LookupSpan;

/// Why stacks could not be recorded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Not all stacks reached their file.
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

/// A recording at work.
#[derive(Debug)]
pub(crate) struct Recording {
    path: PathBuf,
    unfinished: Unfinished,
    guard: FlushGuard<BufWriter<Stacks>>,
}

/// A layer that records stacks in `path`: span names only, all threads together, and without the
/// time outside spans. The file is there when the recording has finished.
pub(crate) fn record<S>(path: &Path) -> Result<(FlameLayer<S, BufWriter<Stacks>>, Recording), RecordError>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let unfinished = Unfinished::create(path).map_err(writing(path))?;
    let file = unfinished.file().try_clone().map_err(writing(path))?;
    let layer = FlameLayer::new(BufWriter::new(Stacks { file, failed: None }));
    let guard = layer.flush_on_drop();
    let layer =
        layer.with_threads_collapsed(true).with_module_path(false).with_file_and_line(false).with_empty_samples(false);
    Ok((layer, Recording { path: path.to_owned(), unfinished, guard }))
}

impl Recording {
    /// Writes out what is buffered, and puts the file where it belongs.
    pub(crate) fn finish(self) -> Result<(), RecordError> {
        let Self { path, unfinished, guard } = self;
        guard.flush().map_err(|source| RecordError::Record { path: path.clone(), source })?;
        unfinished.finish().map_err(writing(&path))
    }
}

/// The file of stacks. tracing-flame passes over a line that could not be written and tries the next, so this remembers
/// the first failure: stacks with a gap are no result.
#[derive(Debug)]
pub(crate) struct Stacks {
    file: File,
    failed: Option<ErrorKind>,
}

impl Stacks {
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

impl Write for Stacks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_failed(|file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_failed(File::flush)
    }
}

fn writing(path: &Path) -> impl FnOnce(io::Error) -> RecordError {
    |source| RecordError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_write_that_failed_is_not_forgotten() {
        let file = File::options().write(true).open("/dev/full").unwrap();
        let mut stacks = Stacks { file, failed: None };
        assert_eq!(stacks.write(b"frame 1\n").unwrap_err().kind(), ErrorKind::StorageFull);
        stacks.file = File::options().write(true).open("/dev/null").unwrap();
        assert_eq!(stacks.flush().unwrap_err().kind(), ErrorKind::StorageFull);
    }
}
