//! A child process: one pass.

use std::error::Error;
use std::process;
use std::time::{Duration, Instant};

use span_report::{Pass, error_chain, pass_file};

use super::assignment::Assignment;
use super::options::Options;
use super::work::WorkResult;
use crate::profiler::{Builder, Profiler};

/// Samples of source lines that are enough: a line with a tenth of them is known within 1.3 percentage points (95 %
/// confidence).
const ENOUGH_SAMPLES: u64 = 2000;
/// The longest time for which the work is repeated to get them.
const LONGEST_SAMPLING: Duration = Duration::from_secs(20);

/// Runs the pass and exits.
pub(super) fn run<R: WorkResult>(assignment: &Assignment, options: Options, work: impl FnMut(&Profiler) -> R) -> ! {
    match measure(assignment, options, work) {
        Ok(()) => process::exit(0),
        Err(error) => {
            eprintln!("error: {}", error_chain(error.as_ref()));
            process::exit(1)
        }
    }
}

fn measure<R: WorkResult>(
    assignment: &Assignment,
    options: Options,
    work: impl FnMut(&Profiler) -> R,
) -> Result<(), Box<dyn Error>> {
    // Nobody waits for the result of a run that was killed, and a later run must not find it among its own.
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let mut builder = Builder::for_pass(assignment.pass, &assignment.out)?
        .keep_files(assignment.keeps_files)
        .background_load(options.background_threads());
    for root in &options.source_roots {
        builder = builder.source_root(root);
    }
    if let Some(directives) = options.filter {
        builder = builder.filter(directives);
    }
    let profiler = builder.start()?;
    let done = repeat(&profiler, assignment.pass, work);
    let measurement = profiler.into_measurement();
    done?;
    if let Some(measurement) = measurement {
        pass_file::write(&assignment.result, &measurement)?;
    }
    Ok(())
}

/// Does the work once; for source lines, until there are enough samples.
fn repeat<R: WorkResult>(
    profiler: &Profiler,
    pass: Pass,
    mut work: impl FnMut(&Profiler) -> R,
) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    loop {
        work(profiler).into_result()?;
        if pass != Pass::Lines || has_enough_samples(profiler) || begun.elapsed() >= LONGEST_SAMPLING {
            return Ok(());
        }
    }
}

/// Whether there are enough samples, or none because the system gives none.
fn has_enough_samples(profiler: &Profiler) -> bool {
    profiler.line_samples().is_none_or(|samples| samples >= ENOUGH_SAMPLES)
}
