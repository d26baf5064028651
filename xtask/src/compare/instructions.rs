//! Instruction counts, for figures that the clock cannot settle: valgrind counts the same on any machine at any hour.

use std::path::Path;
use std::process::{Command, Stdio};

use span_instrument::Pass;
use span_instrument::compare::Interleaved;
use span_instrument::passes::{Launcher, Program};

use super::work::Work;
use crate::failure::Failure;

/// Frames of the shorter and of the longer of two runs. Their difference excludes the start and the end of the process.
const FRAMES: [u32; 2] = [1, 3];

/// Adds the instructions of both builds for one frame of the work, or a note with the reason why they are not known. A program
/// with work of its own is counted as a whole.
pub(super) fn add(interleaved: &mut Interleaved, launcher: &Launcher, work: &Work, builds: [&Path; 2]) {
    if !is_installed() {
        interleaved.note("valgrind is not installed: it could have counted instructions for what is undecided.");
        return;
    }
    let [before, after] = builds;
    let both = of_build(launcher, work, before).and_then(|before| Ok((before, of_build(launcher, work, after)?)));
    match both {
        Ok((before, after)) => {
            let of = if work.has_frames() { "a round of the work" } else { "a whole process" };
            interleaved.add_instructions(of, before, after);
        }
        Err(failure) => interleaved.note(format!("The instructions were not counted: {failure}.")),
    }
}

/// The instructions of a build for one frame of the work, or for all of it.
fn of_build(launcher: &Launcher, work: &Work, build: &Path) -> Result<u64, Failure> {
    let [shorter, longer] = FRAMES.map(|frames| work.program(build, frames));
    if !work.has_frames() {
        return counted(launcher, &shorter);
    }
    let [shorter, longer] = [counted(launcher, &shorter)?, counted(launcher, &longer)?];
    Ok(longer.saturating_sub(shorter) / u64::from(FRAMES[1] - FRAMES[0]))
}

fn is_installed() -> bool {
    let asked = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// The instructions of a run in the spans pass, which has no thread that reads memory by the clock.
fn counted(launcher: &Launcher, program: &Program) -> Result<u64, Failure> {
    let valgrind = Program::new("valgrind").arguments(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    // valgrind also counts forks whose program could not be started. The process itself ends last.
    let collected =
        |said: &str| said.lines().rev().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    let (_, counted) = launcher
        .measure_with(&program.under(valgrind), Pass::Spans, collected)
        .map_err(|error| Failure::of_pass(error).within("valgrind"))?;
    counted.ok_or_else(|| Failure::new("valgrind printed no count"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use span_instrument::compare::Side;

    #[test]
    fn a_count_that_fails_is_a_note() {
        let folder = tempfile::tempdir().unwrap();
        let launcher = Launcher::new(folder.path()).unwrap();
        let work = Work { maps: Vec::new(), example: Some("bakery".to_owned()), frames: 1, seconds: 1 };
        let mut interleaved = Interleaved::new(Side::default(), Side::default());
        let no_build = folder.path().join("no-such-build");
        add(&mut interleaved, &launcher, &work, [&no_build, &no_build]);
        let comparison = interleaved.finish().to_string();
        let reasons = ["The instructions were not counted: valgrind: ", "valgrind is not installed: "];
        assert!(reasons.iter().any(|reason| comparison.contains(reason)), "{comparison}");
    }
}
