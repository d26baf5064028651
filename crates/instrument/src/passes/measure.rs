//! All passes of a run, without its report.

use span_report::measurement::Measurement;
use span_report::outputs::OutputFolder;
use span_report::{Pass, Speed};

use super::assignment::{Role, role};
use super::background::BusyThreads;
use super::child;
use super::error::PassError;
use super::launcher::Launcher;
use super::options::Options;
use super::plan;
use super::program::Program;
use super::progress::Progress;
use super::variables::{self, Choice};
use super::work::WorkResult;
use crate::profiler::Profiler;

/// The measurements of a run's passes.
#[derive(Debug, Default)]
pub struct Measured {
    /// The folder of the outputs. `None` if measuring was off.
    pub outputs: Option<OutputFolder>,
    /// The measurements, in the order of the children.
    pub measurements: Vec<Measurement>,
    /// The machine's speed before each child, if [`Options::speeds`] asked for it.
    pub speeds: Vec<Speed>,
    /// The passes that failed. The others are there all the same.
    pub failures: Vec<PassError>,
    /// After Ctrl-C: a sentence that names the passes that are missing.
    pub missing: Option<String>,
}

impl Measured {
    /// Whether every pass was measured.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.missing.is_none()
    }
}

/// Runs each pass in a child process, which calls this function with the same options. In the parent, gives what the
/// children measured. In a child, does the work and exits the process: it never returns there. With
/// `SPAN_INSTRUMENT=off`, does the work once under a disabled profiler, and gives nothing.
///
/// # Errors
/// If nothing could be started: the output folder cannot be written, `SPAN_INSTRUMENT` names an unknown pass, Ctrl-C
/// cannot be watched; or if the work fails while measuring is off. The failure of a single pass is in [`Measured`].
pub fn measure<R: WorkResult>(options: Options, mut work: impl FnMut(&Profiler) -> R) -> Result<Measured, PassError> {
    let choice = match role() {
        Role::Child(assignment) => child::run(&assignment, options, work),
        Role::Grandchild => Choice::Off,
        Role::Parent => variables::choice()?,
    };
    let passes = match choice {
        Choice::Default => options.passes.clone().unwrap_or_else(|| plan::default_passes(options.quiet)),
        Choice::Passes(passes) => passes,
        Choice::Off => {
            let done = work(&Profiler::disabled()).into_result();
            return done.map(|()| Measured::default()).map_err(|error| PassError::Work(error.to_string()));
        }
    };
    run_children(&options, &plan::children(&passes, options.processes))
}

fn run_children(options: &Options, plan: &[Pass]) -> Result<Measured, PassError> {
    let folder = OutputFolder::create(options.folder())?;
    let mut launcher = Launcher::new(folder.path())?;
    if let Some(bytes) = &options.standard_input {
        launcher = launcher.with_standard_input(bytes)?;
    }
    let program = Program::this()?;
    let _load = options.background.map(BusyThreads::start).transpose().map_err(PassError::BackgroundLoad)?;
    let mut progress = Progress::new(plan.len(), options.quiet);
    let mut measured = Measured { outputs: Some(folder), ..Measured::default() };
    let mut failed: Vec<Pass> = Vec::new();
    for (index, &pass) in plan.iter().enumerate() {
        progress.begin(pass);
        // It would fail again.
        if failed.contains(&pass) {
            continue;
        }
        if options.speeds {
            measured.speeds.push(Speed::measure());
        }
        // The first child of a pass leaves the pass's own files; the others would only replace them.
        let keeps_files = measured.measurements.iter().all(|earlier| earlier.pass != pass);
        match launcher.measure_child(&program, pass, keeps_files) {
            Ok((mut measurement, _)) => {
                measurement.environment.build.clone_from(&options.build);
                measured.measurements.push(measurement);
            }
            Err(PassError::Interrupted) => {
                measured.missing = plan::missing(plan, index);
                break;
            }
            Err(failure) => {
                measured.failures.push(failure);
                failed.push(pass);
            }
        }
    }
    Ok(measured)
}
