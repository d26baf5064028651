//! The project's own maps, for tests.

/// The bytes of a map in `fixtures/`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    valetudo_map_fixtures::files::read(name).unwrap()
}
