//! The project's own maps, for tests and benchmarks.

use std::path::Path;

/// The bytes of a map in `fixtures/`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)).unwrap()
}
