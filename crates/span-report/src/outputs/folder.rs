//! The folder of a run's results.

use std::error::Error;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use thiserror::Error;

use crate::unfinished::{remove_leftovers, write_whole};

/// The stacks of tracing-flame, which the flame pass writes itself.
pub const FOLDED_FILE: &str = "tracing.folded";

/// The heap profile of dhat, which the dhat pass writes itself.
pub const DHAT_FILE: &str = "dhat-heap.json";

/// The folder of pictures inside the output folder.
pub const PICTURES_FOLDER: &str = "frames";

/// The names of all outputs but the profile for `pstats`, which has the run's name in it: most useful first.
const NAMES: [&str; 15] = [
    "report.txt",
    "report.md",
    "report.html",
    "report.json",
    "trace.json",
    "speedscope.json",
    "profile.pb.gz",
    "profiler.json.gz",
    FOLDED_FILE,
    "spans.folded",
    "spans-heap.folded",
    "flamegraph.svg",
    "flamegraph-diff.svg",
    "flamegraph-heap.svg",
    DHAT_FILE,
];

const PROFILE_START: &str = "profile_output_";
const PROFILE_END: &str = ".prof";

/// The name of a picture in the output folder, for [`OutputFolder::write`].
#[must_use]
pub fn picture_file(name: &str) -> String {
    format!("{PICTURES_FOLDER}/{name}.png")
}

/// An output that could not be written.
#[derive(Debug, Error)]
#[error("{}", path.display())]
pub struct OutputError {
    /// The file or folder.
    pub path: PathBuf,
    /// The reason.
    pub source: Box<dyn Error + Send + Sync>,
}

impl OutputError {
    pub(super) fn new(path: impl Into<PathBuf>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { path: path.into(), source: source.into() }
    }
}

/// A folder for the outputs of one run. Several threads and processes may write different files at once.
#[derive(Debug, Clone)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder. Removes the outputs of an earlier run, which could be taken for new ones, and half-written files
    /// of killed processes. Files of other names stay.
    ///
    /// # Errors
    /// If the folder cannot be made, or an old output cannot be removed.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, OutputError> {
        let folder = Self { path: path.into() };
        let failed = |error| OutputError::new(&folder.path, error);
        fs::create_dir_all(&folder.path).map_err(failed)?;
        for old in folder.outputs().map_err(failed)? {
            let path = folder.path.join(old);
            remove(&path).map_err(|error| OutputError::new(&path, error))?;
        }
        // A leftover that cannot be removed does no harm.
        for folder in [folder.path.clone(), folder.path.join(PICTURES_FOLDER)] {
            let _ = remove_leftovers(&folder);
        }
        Ok(folder)
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file whole or not at all, replacing an older one. `name` is a file name, or a path of folder names and a
    /// file name with `/` between them, whose folders are made.
    ///
    /// # Errors
    /// If `name` leads out of the folder, and if the file cannot be written, for example because the disk is full.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let path = self.path.join(name);
        let failed = |error: io::Error| OutputError::new(&path, error);
        let mut parts = Path::new(name).components();
        if name.is_empty() || !parts.all(|part| matches!(part, Component::Normal(_))) {
            return Err(failed(io::Error::new(ErrorKind::InvalidInput, "not a name inside the output folder")));
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        write_whole(&path, bytes).map_err(failed)
    }

    /// The names of the outputs in the folder, most useful first. [`PICTURES_FOLDER`] stands for all pictures.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        let mut names = self.outputs().unwrap_or_default();
        let has_pictures = fs::read_dir(self.path.join(PICTURES_FOLDER)).is_ok_and(|mut files| files.next().is_some());
        names.extend(has_pictures.then(|| PICTURES_FOLDER.to_owned()));
        names
    }

    /// The files that a run may have left, in the order of [`NAMES`] and profiles last.
    fn outputs(&self) -> io::Result<Vec<String>> {
        let mut profiles = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(PROFILE_START) && name.ends_with(PROFILE_END) {
                profiles.push(name);
            }
        }
        profiles.sort();
        let is_file = |name: &String| self.path.join(name).is_file();
        Ok(NAMES.map(str::to_owned).into_iter().chain(profiles).filter(is_file).collect())
    }
}

/// Another process may remove the same file at the same time.
fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_run_is_removed_and_other_files_stay() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("a/b");
        let folder = OutputFolder::create(&path).unwrap();
        for name in ["report.txt", "profile_output_old.prof", "notes.txt", ".unfinished-killed"] {
            fs::write(path.join(name), "old").unwrap();
        }
        folder.write(&picture_file("house.json"), b"png").unwrap();
        assert_eq!(folder.list(), ["report.txt", "profile_output_old.prof", "frames"]);
        let folder = OutputFolder::create(&path).unwrap();
        assert_eq!(folder.list(), ["frames"]);
        assert!(path.join("notes.txt").exists() && !path.join(".unfinished-killed").exists());
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = OutputFolder::create(temporary.path().join("out")).unwrap();
        for name in ["", "..", "../x", "/x", "a/../../x"] {
            assert!(folder.write(name, b"bytes").is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_an_error_with_its_path() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("out");
        fs::write(&path, "a file").unwrap();
        assert_eq!(OutputFolder::create(&path).unwrap_err().path, path);
    }
}
