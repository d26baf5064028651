//! Two revisions, built in a work tree of their own and run in turn.

use std::time::{Duration, Instant};

use span_instrument::Pass;
use span_instrument::compare::{Comparison, Interleaved, Variant, Verdict};
use span_instrument::passes::PassError;

use super::instructions;
use super::work::Work;
use crate::builds::{Builds, Revision};
use crate::failure::Failure;

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
        Err(error) => return Err(Failure::of_pass(error)),
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
