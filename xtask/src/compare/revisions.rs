//! Two revisions, built in a work tree of their own and run in turn.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use span_instrument::Pass;
use span_instrument::compare::{Comparison, Interleaved, Variant, Verdict};

use super::instructions;
use crate::builds::Builds;
use crate::failure::Failure;
use crate::maps;
use crate::profile::{Family, Interrupt, Session};

/// What the revisions do, and for how long.
#[derive(clap::Args)]
pub(super) struct Work {
    /// With --revisions: the maps to work on, files or folders [default: those of profile-hypfer]
    #[arg(long = "map", value_name = "MAP", requires = "revisions")]
    maps: Vec<PathBuf>,
    /// With --revisions: run this example of span-instrument instead of maps, as `NAME PASS FILE`
    #[arg(long, value_name = "NAME", requires = "revisions", conflicts_with = "maps")]
    example: Option<String>,
    /// With --revisions: how often each operation is repeated on each map in a round
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// With --revisions: how long to run at most; the builds come on top
    #[arg(long, value_name = "N", default_value_t = 180)]
    seconds: u64,
}

/// Compares two revisions.
pub(super) fn compare(before: &str, after: &str, work: &Work, quiet: bool) -> Result<Comparison, Failure> {
    let session = session(work)?;
    let builds = Builds::new(quiet)?;
    let (before, before_program) = builds.of_revision(before, work.example.as_deref())?;
    let (after, after_program) = builds.of_revision(after, work.example.as_deref())?;
    drop(builds);
    let interrupt = Interrupt::watch()?;
    let measure = |variant, pass| {
        let program = if variant == Variant::Before { &before_program } else { &after_program };
        let measured = session.measure(program, pass, &interrupt).map_err(Stopped::Failed)?;
        measured.ok_or(Stopped::Interrupted)
    };

    let mut interleaved = Interleaved::new(before, after);
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
        Err(Stopped::Failed(failure)) => return Err(failure),
        Err(Stopped::Interrupted) if interleaved.rounds() == 0 => return Err(Failure::interrupted("nothing is known")),
        Err(Stopped::Interrupted) => "until it was interrupted",
        Ok(()) if interleaved.is_settled() => "until every ratio was known to 2 %",
        Ok(()) => "until the time was up",
    };
    let widest = 100.0 * interleaved.widest();
    interleaved.note(format!("{} rounds {why}; the widest interval is {widest:.1} %.", interleaved.rounds()));
    if interleaved.finish().count(Verdict::Undecided) > 0 {
        instructions::add(&mut interleaved, &session, [&before_program, &after_program])?;
    }
    Ok(interleaved.finish())
}

/// Why the rounds ended early.
enum Stopped {
    Failed(Failure),
    Interrupted,
}

/// The maps of the work, for programs that take some.
fn session(work: &Work) -> Result<Session, Failure> {
    if work.example.is_some() {
        return Session::apart(&[], work.frames);
    }
    let maps = maps::read_valid(&work.maps, &[Family::Hypfer.own_maps()])?;
    Session::apart(&maps, work.frames)
}
