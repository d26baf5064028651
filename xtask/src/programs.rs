//! Builds of this program that tasks measure: each runs a pass of `profile-hypfer`.

use std::path::PathBuf;

use span_instrument::passes::Program;

use crate::family::Family;
use crate::maps;

/// Profiles maps, or else those of profile-hypfer. These are named too: the build's own project may be a work tree that is
/// gone.
pub(crate) fn of_maps(build: impl Into<PathBuf>, maps: &[PathBuf], frames: u32) -> Program {
    let own_maps = [Family::Hypfer.own_maps()];
    let maps = maps::or_else(maps, &own_maps);
    profile(build, &[], maps, frames)
}

/// Profiles maps with further flags.
pub(crate) fn profile(build: impl Into<PathBuf>, flags: &[&str], maps: &[PathBuf], frames: u32) -> Program {
    let frames = frames.to_string();
    let program = Program::new(build).arguments(["profile-hypfer", "--quiet"]).arguments(flags);
    program.arguments(["--frames", &frames, "--"]).arguments(maps)
}
