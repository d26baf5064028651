//! Files that are there whole or not at all.
//!
//! A file is written beside its destination, under a name that begins with [`UNFINISHED`], and renamed once the
//! operating system reports all of it on the disk ([`hand_over`] does not wait for that). A killed process leaves its
//! unfinished file behind. Its writer locks an unfinished file, and the lock ends with the process, so
//! [`remove_leftovers`] removes unlocked ones only.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use tempfile::NamedTempFile;

/// The prefix of unfinished files. It hides them, so that nobody takes one for a result.
const UNFINISHED: &str = ".unfinished-";

/// A file that appears at its destination when it is finished, for writers that need a path or an open file.
/// [`OutputFolder::write`](crate::outputs::OutputFolder::write) suits all others. Dropping it unfinished removes it.
#[derive(Debug)]
pub struct Unfinished {
    file: NamedTempFile,
    destination: PathBuf,
}

impl Unfinished {
    /// Begins the file for `destination`, whose folder must exist.
    ///
    /// # Errors
    /// The operating system's, if the folder cannot be written.
    pub fn create(destination: &Path) -> io::Result<Self> {
        let folder = folder_of(destination);
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        // Temporary files belong to their owner alone; these follow the umask.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        loop {
            let file = builder.tempfile_in(folder)?;
            match FileExt::try_lock(file.as_file()) {
                // Some file systems have no locks: their leftovers stay.
                Ok(()) | Err(TryLockError::Error(_)) if file.path().exists() => {
                    return Ok(Self { file, destination: destination.to_owned() });
                }
                // Another process removed the file as a leftover before the lock was taken: try again.
                _ => {}
            }
        }
    }

    /// Its temporary path, for libraries that open files themselves.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The open file.
    #[must_use]
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Gives up the lock, for a library that opens the file itself on a system with mandatory locks (Windows). From now on,
    /// another process may take the file for a leftover.
    ///
    /// # Errors
    /// The operating system's.
    pub fn unlock(&self) -> io::Result<()> {
        FileExt::unlock(self.file())
    }

    /// Moves the file to its destination, replacing an older file.
    ///
    /// # Errors
    /// The operating system's, if the disk is full or the destination cannot be replaced. An older file stays whole.
    pub fn finish(self) -> io::Result<()> {
        self.file().sync_all()?;
        self.appear()
    }

    /// Moves the file to its destination before it is on the disk: a crash of the system may leave part of it there.
    fn appear(self) -> io::Result<()> {
        self.file.persist(&self.destination)?;
        Ok(())
    }
}

/// Writes `bytes` to `path`, replacing an older file. The folder of `path` must exist.
///
/// # Errors
/// The operating system's, for example if the disk is full. An older file stays whole.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = Unfinished::create(path)?;
    unfinished.file().write_all(bytes)?;
    unfinished.finish()
}

/// Writes `bytes` to `path` as [`write_whole`] does, but does not wait for the disk: for another process that reads the file
/// at once. A crash of the system may leave part of it.
///
/// # Errors
/// As [`write_whole`].
pub fn hand_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = Unfinished::create(path)?;
    unfinished.file().write_all(bytes)?;
    unfinished.appear()
}

/// Removes the unfinished files of killed processes from `folder`. A file whose writer lives stays, and so does a file
/// on a system without locks.
///
/// # Errors
/// The operating system's, if the folder cannot be read or a leftover cannot be removed.
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

/// True if no living process holds the lock of the file.
fn is_abandoned(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| FileExt::try_lock(&file).is_ok())
}

/// Another process may remove leftovers at the same time.
fn ignore_missing(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// The folder of a file.
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
        write_whole(&path, b"old").unwrap();
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
        assert_eq!(write_whole(&path, b"bytes").unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
