//! Passes: one way of measuring each, in a child process.

use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use span_instrument::heap::HeapMode;
use span_instrument::measurement::{Build, Measurement};
use span_instrument::whole_file::Unfinished;
use span_instrument::{Builder, Pass, Profiler, pass_file};

use super::interrupt::Interrupt;
use super::workload;
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
    /// Where the measurement goes
    #[arg(long)]
    result: PathBuf,
    /// Where other outputs go
    #[arg(long)]
    out: PathBuf,
}

const PASSES: [Pass; 5] = [Pass::Clean, Pass::Spans, Pass::Flame, Pass::Heap, Pass::Dhat];

fn pass_named(name: &str) -> Result<Pass, String> {
    PASSES.into_iter().find(|pass| pass.to_string() == name).ok_or_else(|| format!("there is no pass {name}"))
}

/// How often memory is read between snapshots: it costs a thousandth of a processor.
const SAMPLE_EVERY: Duration = Duration::from_millis(10);

/// Where the stacks of tracing-flame go.
pub(super) const FOLDED_FILE: &str = "tracing.folded";
/// Where dhat's profile goes.
pub(super) const DHAT_FILE: &str = "dhat-heap.json";
/// Where the pictures go.
pub(super) const PICTURES_FOLDER: &str = "frames";

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
    workload::run(&profiler, &maps, arguments.frames, pictures)?;
    let measurement = profiler.into_measurement().ok_or_else(|| Failure::new("the profiler was off"))?;
    pass_file::write(&arguments.result, &measurement).map_err(|error| Failure::of(&error))
}

fn builder(pass: Pass, out: &Path) -> Builder {
    let nothing = Profiler::builder().memory(false).cpu(false).pass(pass);
    match pass {
        Pass::Spans => nothing.cpu(true),
        Pass::Flame => nothing.flame_file(out.join(FOLDED_FILE)),
        // Its times are disturbed anyway, and the others shall not be: single calls are kept here.
        Pass::Heap => nothing
            .memory(true)
            .timeline(true)
            .heap(HeapMode::Tracking)
            .sample_every(SAMPLE_EVERY)
            .source_root(files::project()),
        Pass::Dhat => nothing.heap(HeapMode::Dhat).dhat_file(out.join(DHAT_FILE)),
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

/// What children of one run share. Its files go with it, or when it is killed, with the next run.
pub(super) struct Session {
    maps: Unfinished,
    frames: u32,
    background_load: u32,
    out: PathBuf,
}

/// How often a running child is looked at. It is not disturbed by this: a wait that Ctrl-C ends at once.
const LOOK_EVERY: Duration = Duration::from_millis(10);

impl Session {
    pub(super) fn new(maps: &[NamedMap], frames: u32, background_load: u32, out: &Path) -> Result<Self, Failure> {
        let bytes = bincode::encode_to_vec(maps, bincode::config::standard()).map_err(|error| Failure::of(&error))?;
        let failed = |error: io::Error| Failure::at(out, error);
        let maps = Unfinished::create(&out.join("maps")).map_err(failed)?;
        maps.file().write_all(&bytes).map_err(failed)?;
        Ok(Self { maps, frames, background_load, out: out.to_owned() })
    }

    fn result_file(&self) -> PathBuf {
        let mut name = self.maps.path().as_os_str().to_owned();
        name.push("-result");
        name.into()
    }

    /// Runs a pass in a fresh process, and gives what it measured, or nothing if Ctrl-C ended it.
    pub(super) fn child(&self, pass: Pass, interrupt: &Interrupt) -> Result<Option<Measurement>, Failure> {
        let program = std::env::current_exe().map_err(|error| Failure::of(&error))?;
        let failed = |error: io::Error| Failure::at(&program, error);
        let result = self.result_file();
        // A file, as nobody would empty a pipe while the child runs.
        let mut said = tempfile::tempfile().map_err(failed)?;
        let mut command = Command::new(&program);
        command
            .args([SUBCOMMAND, &pass.to_string(), "--frames", &self.frames.to_string()])
            .args(["--background-load", &self.background_load.to_string()])
            .args([Path::new("--maps"), self.maps.path(), Path::new("--result"), &result])
            .args([Path::new("--out"), &self.out])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said.try_clone().map_err(failed)?);
        // A terminal sends Ctrl-C to its whole foreground group, but this process decides about the child.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        if interrupt.within(Duration::ZERO) {
            return Ok(None);
        }
        let mut child = command.spawn().map_err(failed)?;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if interrupt.within(LOOK_EVERY) {
                child.kill().and_then(|()| child.wait()).map_err(failed)?;
                return Ok(None);
            }
        };
        if !status.success() {
            let mut bytes = Vec::new();
            said.rewind().and_then(|()| said.read_to_end(&mut bytes)).map_err(failed)?;
            let said = String::from_utf8_lossy(&bytes);
            let line = said.lines().last().unwrap_or_default();
            let line = line.strip_prefix("error: ").unwrap_or(line);
            return Err(Failure::new(if line.is_empty() { status.to_string() } else { line.to_owned() }));
        }
        let measurement = pass_file::read(&result).map_err(|error| Failure::of(&error));
        // A later child that fails must not leave this one's result as its own.
        std::fs::remove_file(&result).map_err(|error| Failure::at(&result, error))?;
        measurement.map(Some)
    }
}
