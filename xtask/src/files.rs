//! Files: where the project's are, and how they are written.

use std::fs;
use std::path::{Path, PathBuf};

use span_instrument::outputs::{remove_leftovers, write_whole};

use crate::failure::Failure;

/// The project's root folder.
pub(crate) fn project() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::at(path, error))
}

/// Writes a file whole or not at all, and makes its folder.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    make_folder(path.parent().unwrap_or(path))?;
    write_one(path, bytes)
}

/// Writes a file whole or not at all, into a folder that is there.
pub(crate) fn write_one(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_whole(path, bytes).map_err(|error| Failure::at(path, error))
}

/// Makes a folder for files, or removes half-written files of killed processes from it.
pub(crate) fn make_folder(path: &Path) -> Result<(), Failure> {
    let folder = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    fs::create_dir_all(folder).map_err(|error| Failure::at(folder, error))?;
    // A leftover that cannot be removed does no harm.
    let _ = remove_leftovers(folder);
    Ok(())
}
