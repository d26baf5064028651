//! Instruction counts, for what the clock cannot settle: valgrind counts them the same on any machine and at any hour.

use std::process::{Command, Stdio};

use span_instrument::Pass;
use span_instrument::compare::Interleaved;

use crate::failure::Failure;
use crate::profile::{Program, Session};

/// Rounds of work in the shorter and in the longer of two runs. What begins and ends a process is in both.
const ROUNDS: [u32; 2] = [1, 3];

/// Adds what both programs execute for one round of work, where valgrind is installed; a note where it is not. Programs
/// with work of their own know no rounds, and are counted as a whole.
pub(super) fn add(interleaved: &mut Interleaved, session: &Session, programs: [&Program; 2]) -> Result<(), Failure> {
    if !is_installed() {
        interleaved.note("valgrind is not installed: it could have counted instructions for what is undecided.");
        return Ok(());
    }
    let count = |program: &Program| -> Result<u64, Failure> {
        if !program.takes_maps() {
            return counted(session, program, 1);
        }
        let [shorter, longer] = ROUNDS.map(|rounds| counted(session, program, rounds));
        Ok(longer?.saturating_sub(shorter?) / u64::from(ROUNDS[1] - ROUNDS[0]))
    };
    let [before, after] = programs.map(count);
    let of = if programs[0].takes_maps() { "a round of the work" } else { "a whole process" };
    interleaved.add_instructions(of, before?, after?);
    Ok(())
}

fn is_installed() -> bool {
    let asked = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// The instructions of a run. The spans pass is the one without a thread that reads memory by the clock.
fn counted(session: &Session, program: &Program, rounds: u32) -> Result<u64, Failure> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program.path());
    session.order(&mut command, program, Pass::Spans, rounds);
    let output = command.stdin(Stdio::null()).output().map_err(|error| Failure::new(format!("valgrind: {error}")))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    counted.filter(|_| output.status.success()).ok_or_else(|| {
        // What the program said stands between valgrind's own lines.
        let line = said.lines().rfind(|line| !line.starts_with("==")).unwrap_or("it says nothing");
        Failure::new(format!("valgrind counted nothing: {line}"))
    })
}
