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
    let build = |revision| {
        let built = builds.of_revision(revision, work.example.as_deref());
        // Ctrl-C ends cargo and git too.
        built.map_err(
            |failure| if launcher.is_interrupted() { Failure::interrupted("nothing is known") } else { failure },
        )
    };
    let (before_build, after_build) = (build(&before)?, build(&after)?);
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
        Ok(()) if interleaved.is_settled() => {
            "until the interval of every ratio was narrower than the change that matters"
        }
        Ok(()) => "until the time was up",
    };
    interleaved.note(end(interleaved.rounds(), why, interleaved.widest()));
    if interleaved.finish().count(Verdict::Undecided) > 0 && !launcher.is_interrupted() {
        instructions::add(&mut interleaved, &launcher, work, [&before_build, &after_build]);
    }
    Ok(interleaved.finish())
}

/// Why the rounds ended, and the widest interval of a ratio of later runs, which is infinite after too few rounds.
fn end(rounds: usize, why: &str, widest: f64) -> String {
    let rounds = if rounds == 1 { "1 round".to_owned() } else { format!("{rounds} rounds") };
    if widest.is_finite() {
        format!("{rounds} {why}; the widest interval, first runs aside, is {:.1} %.", 100.0 * widest)
    } else {
        format!("{rounds} {why}, which are too few for an interval of each ratio.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_is_not_known_has_no_width() {
        let known = "8 rounds until the time was up; the widest interval, first runs aside, is 2.5 %.";
        assert_eq!(end(8, "until the time was up", 0.025), known);
        let unknown = "1 round until it was interrupted, which are too few for an interval of each ratio.";
        assert_eq!(end(1, "until it was interrupted", f64::INFINITY), unknown);
    }
}
