//! The files that tests and benchmarks read: this repository's `fixtures/`, and maps of real robots in a folder `shared`
//! beside the checkout, which few machines have.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder `fixtures/`.
#[must_use]
pub fn folder() -> PathBuf {
    project().join("fixtures")
}

/// The bytes of a file in it, such as `hypfer/house.json`.
///
/// # Errors
///
/// The operating system's error, with the path.
pub fn read(name: &str) -> io::Result<Vec<u8>> {
    let path = folder().join(name);
    fs::read(&path).map_err(|error| with_path(&path, &error))
}

/// A folder in `shared`. If it is missing, a line on standard error says so. The line is written past the macros `print!` and
/// `eprint!`, whose output the test harness hides when a test passes.
#[must_use]
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = project().join("../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    let _ = writeln!(io::stderr(), "SKIPPED: there is no {}", path.display());
    None
}

/// The files of a folder by name, without those in folders inside it.
///
/// # Errors
///
/// The operating system's error, with the path; also if there is no such folder.
pub fn in_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| with_path(folder, &error))?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut files: Vec<PathBuf> = paths?.into_iter().filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

fn with_path(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
