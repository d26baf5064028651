//! Files that are there whole or not at all.
//!
//! A file is written beside its destination, under a name that begins with [`UNFINISHED`], and renamed into place once
//! the operating system says that all of it is on the disk. A process that is killed meanwhile leaves the unfinished
//! file behind. [`remove_leftovers`] knows it from one that is still being written by its lock, which ends with the
//! process that holds it, however that ends.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What names of unfinished files begin with. Hidden, because nobody should take one for a result.
pub const UNFINISHED: &str = ".unfinished-";

/// A file on its way. Dropped before [`Unfinished::finish`], it is removed.
#[derive(Debug)]
pub struct Unfinished {
    file: NamedTempFile,
    destination: PathBuf,
}

impl Unfinished {
    /// Begins the file that shall be at `destination`, whose folder must exist.
    ///
    /// # Errors
    /// What the operating system says if the folder cannot be written.
    pub fn create(destination: &Path) -> io::Result<Self> {
        let folder = folder_of(destination);
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        // Temporary files are for their owner alone; these are for everybody that the umask lets in.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        loop {
            let file = builder.tempfile_in(folder)?;
            match file.as_file().try_lock() {
                // Not every file system knows locks: there, leftovers stay.
                Ok(()) | Err(TryLockError::Error(_)) if file.path().exists() => {
                    return Ok(Self { file, destination: destination.to_owned() });
                }
                // Somebody who removes leftovers was faster than the lock.
                _ => {}
            }
        }
    }

    /// Where it is meanwhile, for libraries that open their file themselves.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The open file.
    #[must_use]
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Puts the file at its destination, in the place of what was there.
    ///
    /// # Errors
    /// What the operating system says if the disk is full or the destination cannot be replaced. What was there before
    /// is still whole then.
    pub fn finish(self) -> io::Result<()> {
        self.file().sync_all()?;
        self.file.persist(&self.destination)?;
        Ok(())
    }
}

/// Writes `bytes` to `path`, in the place of what was there. Its folder must exist.
///
/// # Errors
/// What the operating system says, for example because the disk is full. What was there before is still whole then.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = Unfinished::create(path)?;
    unfinished.file().write_all(bytes)?;
    unfinished.finish()
}

/// Removes what processes left unfinished in `folder` when they were killed. Files that are still being written stay,
/// and so do those of which this cannot be known.
///
/// # Errors
/// What the operating system says if the folder cannot be read or a leftover not be removed.
pub fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let named = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        if named && entry.file_type()?.is_file() && is_abandoned(&entry.path()) {
            ignore_missing(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// Whether no living process holds the file's lock.
fn is_abandoned(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Another process may remove leftovers at the same time.
fn ignore_missing(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_it_is_finished_and_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.txt");
        write(&path, b"old").unwrap();
        let unfinished = Unfinished::create(&path).unwrap();
        unfinished.file().write_all(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        unfinished.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["report.txt"]);
    }

    #[test]
    fn an_unfinished_file_is_removed_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        drop(Unfinished::create(&folder.path().join("report.txt")).unwrap());
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn leftovers_go_and_files_still_being_written_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.txt");
        let at_work = Unfinished::create(&path).unwrap();
        fs::write(folder.path().join(".unfinished-killed"), "half").unwrap();
        fs::write(folder.path().join(".hidden"), "somebody else's").unwrap();
        fs::create_dir(folder.path().join(".unfinished-folder")).unwrap();
        remove_leftovers(folder.path()).unwrap();
        let mut expected = [".hidden", ".unfinished-folder", at_work.path().file_name().unwrap().to_str().unwrap()];
        expected.sort_unstable();
        assert_eq!(names(folder.path()), expected);
        at_work.finish().unwrap();
        assert!(path.exists());
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("report.txt");
        assert_eq!(write(&path, b"bytes").unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
