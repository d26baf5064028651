//! Builds of this program that tasks measure: each runs a pass of `profile-hypfer`.

use std::ffi::OsString;
use std::path::PathBuf;

use span_instrument::passes::Program;

use crate::family::Family;
use crate::maps;

/// Profiles maps, or else those of profile-hypfer. These are named too: the build's own project may be a work tree that is
/// gone.
pub(crate) fn of_maps(build: impl Into<PathBuf>, maps: &[PathBuf], frames: u32) -> Program {
    let own_maps = [Family::Hypfer.own_maps()];
    let maps = maps::or_else(maps, &own_maps);
    let flags = ["profile-hypfer", "--quiet", "--frames", &frames.to_string(), "--"].map(OsString::from);
    Program::new(build).arguments(flags).arguments(maps)
}

/// The same for maps of any size.
pub(crate) fn of_maps_of_any_size(build: impl Into<PathBuf>, maps: &[PathBuf], frames: u32) -> Program {
    let flags = ["profile-hypfer", "--quiet", "--no-limits", "--frames", &frames.to_string(), "--"].map(OsString::from);
    Program::new(build).arguments(flags).arguments(maps)
}
