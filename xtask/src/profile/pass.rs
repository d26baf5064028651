//! Passes: one way of measuring each, in a child process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use span_instrument::heap::HeapMode;
use span_instrument::measurement::Build;
use span_instrument::outputs::{DHAT_FILE, FOLDED_FILE};
use span_instrument::{Builder, Pass, Profiler, pass_file};

use valetudo_map_render::PictureLimits;

use super::{lines, workload};
use crate::failure::Failure;
use crate::files;
use crate::maps::NamedMap;

/// The subcommand that runs a pass; it is not for people.
pub(crate) const SUBCOMMAND: &str = "run-pass";

/// Run one pass.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Which
    #[arg(value_parser = pass_named)]
    pass: Pass,
    /// A file with all maps
    #[arg(long)]
    maps: PathBuf,
    #[arg(long)]
    frames: u32,
    /// Busy threads of the parent, to be stated
    #[arg(long, default_value_t = 0)]
    background_load: u32,
    /// Draw pictures of any size
    #[arg(long)]
    no_limits: bool,
    /// Where the measurement goes
    #[arg(long)]
    result: PathBuf,
    /// Where other outputs go
    #[arg(long)]
    out: PathBuf,
}

/// The passes that every build has.
const PASSES: [Pass; 5] = [Pass::Clean, Pass::Spans, Pass::Flame, Pass::Heap, Pass::Dhat];

fn pass_named(name: &str) -> Result<Pass, String> {
    let lines = cfg!(feature = "lines").then_some(Pass::Lines);
    PASSES
        .into_iter()
        .chain(lines)
        .find(|pass| pass.to_string() == name)
        .ok_or_else(|| format!("there is no pass {name}"))
}

/// How often memory is read between snapshots.
const SAMPLE_EVERY: Duration = Duration::from_millis(10);

/// Runs a pass in this process.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // Nobody waits for the results of a run that was killed, and a later run must not find them among its own.
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map_err(|error| Failure::of(&error))?;
    let maps = files::read(&arguments.maps)?;
    let limit = bincode::config::standard();
    let (maps, _): (Vec<NamedMap>, usize) =
        bincode::decode_from_slice(&maps, limit).map_err(|error| Failure::at(&arguments.maps, error))?;
    let builder = builder(arguments.pass, &arguments.out).build_info(build());
    let builder = builder.background_load(arguments.background_load);
    let profiler = builder.start().map_err(|error| Failure::of(&error))?;
    let pictures = (arguments.pass == Pass::Clean).then_some(arguments.out.as_path());
    let limits = if arguments.no_limits { workload::NO_LIMITS } else { PictureLimits::DEFAULT };
    let work = || workload::run(&profiler, &maps, arguments.frames, &limits, pictures);
    if arguments.pass == Pass::Lines { lines::sampled(&profiler, work) } else { work() }?;
    let measurement = profiler.into_measurement().ok_or_else(|| Failure::new("the profiler was off"))?;
    pass_file::write(&arguments.result, &measurement).map_err(|error| Failure::of(&error))
}

fn builder(pass: Pass, out: &Path) -> Builder {
    let nothing = Profiler::builder().memory(false).cpu(false).pass(pass);
    match pass {
        // Single calls are kept here, where their times are not disturbed by tracking the heap.
        Pass::Spans => nothing.cpu(true).timeline(true),
        Pass::Flame => nothing.flame_file(out.join(FOLDED_FILE)),
        Pass::Heap => {
            nothing.memory(true).heap(HeapMode::Tracking).sample_every(SAMPLE_EVERY).source_root(files::project())
        }
        Pass::Dhat => nothing.heap(HeapMode::Dhat).dhat_file(out.join(DHAT_FILE)),
        #[cfg(feature = "lines")]
        Pass::Lines => nothing.sample_lines(lines::HZ).source_root(files::project()),
        // The counters cost nothing while they count.
        _ => nothing.memory(true).sample_every(SAMPLE_EVERY).counters(true),
    }
}

/// What is known about this program's build.
fn build() -> Build {
    let profile = std::env::current_exe().ok().and_then(|program| {
        // target/<profile>/xtask
        Some(program.parent()?.file_name()?.to_string_lossy().into_owned())
    });
    Build { compiler: output("rustc", &["--version"]), commit: commit(), profile }
}

fn commit() -> Option<String> {
    let commit = output("git", &["rev-parse", "--short", "HEAD"])?;
    let changed = output("git", &["status", "--porcelain", "--untracked-files=no"]).is_some();
    Some(if changed { format!("{commit}, with changes") } else { commit })
}

/// The first line that a program prints, when it is there and prints one.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(files::project()).stderr(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success())?;
    let line = String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}
