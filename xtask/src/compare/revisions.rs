//! Two revisions, built in a work tree of their own and run in turn.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use span_instrument::Pass;
use span_instrument::compare::{Comparison, Interleaved, Variant, Verdict};
use span_instrument::passes::{Launcher, PassError, Program};

use super::instructions;
use crate::builds::{Builds, Revision};
use crate::failure::Failure;
use crate::maps;
use crate::profile::{self, Family};

/// The work of the revisions, and the time for it.
#[derive(clap::Args)]
pub(super) struct Work {
    /// With --revisions: the maps to work on, files or folders [default: those of profile-hypfer]
    #[arg(long = "map", value_name = "MAP", requires = "revisions")]
    maps: Vec<PathBuf>,
    /// With --revisions: run the passes of this example of span-instrument instead of maps
    #[arg(long, value_name = "NAME", requires = "revisions", conflicts_with = "maps")]
    example: Option<String>,
    /// With --revisions: how often each operation is repeated on each map in a round
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// With --revisions: how long to run at most; the builds come on top
    #[arg(long, value_name = "N", default_value_t = 180)]
    seconds: u64,
}

impl Work {
    /// The command that does the work in a build, `frames` times.
    pub(super) fn program(&self, build: &Path, frames: u32) -> Program {
        if self.example.is_some() { Program::new(build) } else { profile::program(build, &self.maps, frames) }
    }

    /// Whether the work can be repeated. An example has work of its own.
    pub(super) fn has_frames(&self) -> bool {
        self.example.is_none()
    }

    /// A launcher of children, whose outputs go to `folder`.
    fn launcher(&self, folder: &Path) -> Result<Launcher, Failure> {
        let launcher = Launcher::new(folder).map_err(profile::failure)?;
        if self.example.is_some() {
            return Ok(launcher);
        }
        let maps = maps::read_valid(&self.maps, &[Family::Hypfer.own_maps()])?;
        match maps.iter().find(|map| map.is_standard_input) {
            Some(map) => launcher.with_standard_input(&map.bytes).map_err(profile::failure),
            None => Ok(launcher),
        }
    }
}

/// Compares two revisions.
pub(super) fn compare(before: &str, after: &str, work: &Work, quiet: bool) -> Result<Comparison, Failure> {
    let temporary = tempfile::tempdir().map_err(|error| Failure::new(format!("temporary folder: {error}")))?;
    let launcher = work.launcher(temporary.path())?;
    let builds = Builds::new(quiet)?;
    // A branch may move while the first is built.
    let (before, after) = (Revision::find(before)?, Revision::find(after)?);
    let before_build = builds.of_revision(&before, work.example.as_deref())?;
    let after_build = builds.of_revision(&after, work.example.as_deref())?;
    drop(builds);
    let [before_program, after_program] = [&before_build, &after_build].map(|build| work.program(build, work.frames));
    let measure = |variant, pass| {
        let program = if variant == Variant::Before { &before_program } else { &after_program };
        launcher.measure(program, pass)
    };

    let mut interleaved = Interleaved::new(before.side, after.side);
    if !quiet {
        eprintln!("running both in turn for up to {} s", work.seconds);
    }
    let until = Instant::now() + Duration::from_secs(work.seconds);
    let ran = measure(Variant::Before, Pass::Heap)
        .and_then(|before| {
            interleaved.add(&before, &measure(Variant::After, Pass::Heap)?);
            Ok(())
        })
        .and_then(|()| interleaved.run(&[Pass::Clean, Pass::Spans], until, measure));
    let why = match ran {
        Err(PassError::Interrupted) if interleaved.rounds() == 0 => {
            return Err(Failure::interrupted("nothing is known"));
        }
        Err(PassError::Interrupted) => "until it was interrupted",
        Err(error) => return Err(profile::failure(error)),
        Ok(()) if interleaved.is_settled() => "until every ratio was known to 2 %",
        Ok(()) => "until the time was up",
    };
    let widest = 100.0 * interleaved.widest();
    interleaved.note(format!("{} rounds {why}; the widest interval is {widest:.1} %.", interleaved.rounds()));
    if interleaved.finish().count(Verdict::Undecided) > 0 {
        instructions::add(&mut interleaved, &launcher, work, [&before_build, &after_build])?;
    }
    Ok(interleaved.finish())
}
