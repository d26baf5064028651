//! The work that two revisions do in turn.

use std::path::{Path, PathBuf};

use span_instrument::passes::{Launcher, Program};

use crate::failure::Failure;
use crate::family::Family;
use crate::{maps, programs};

/// The work of the revisions, and the time for it.
#[derive(clap::Args)]
pub(super) struct Work {
    /// With --revisions: the maps to work on, files or folders [default: those of profile-hypfer]
    #[arg(long = "map", value_name = "MAP", requires = "revisions")]
    pub(super) maps: Vec<PathBuf>,
    /// With --revisions: run the passes of this example of span-instrument instead of maps
    #[arg(long, value_name = "NAME", requires = "revisions", conflicts_with = "maps")]
    pub(super) example: Option<String>,
    /// With --revisions: how often each operation is repeated on each map in a round
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) frames: u32,
    /// With --revisions: how long to run at most; the builds come on top
    #[arg(long, value_name = "N", default_value_t = 180)]
    pub(super) seconds: u64,
}

impl Work {
    /// The command that does the work in a build, `frames` times.
    pub(super) fn program(&self, build: &Path, frames: u32) -> Program {
        if self.example.is_some() { Program::new(build) } else { programs::of_maps(build, &self.maps, frames) }
    }

    /// Whether the work can be repeated. An example has work of its own.
    pub(super) fn has_frames(&self) -> bool {
        self.example.is_none()
    }

    /// A launcher of children, whose outputs go to `folder`.
    pub(super) fn launcher(&self, folder: &Path) -> Result<Launcher, Failure> {
        let launcher = Launcher::new(folder).map_err(Failure::of_pass)?;
        if self.example.is_some() {
            return Ok(launcher);
        }
        let maps = maps::read_valid(&self.maps, &[Family::Hypfer.own_maps()])?;
        match maps.iter().find(|map| map.is_standard_input) {
            Some(map) => launcher.with_standard_input(&map.bytes).map_err(Failure::of_pass),
            None => Ok(launcher),
        }
    }
}
