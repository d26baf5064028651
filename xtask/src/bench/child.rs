//! One map in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use span_instrument::heap::{self, HeapMode};
use valetudo_map_render::parser::Parser;
use valetudo_map_render::{Map, Options, Renderer, State, parse};

use super::figures::{Camera, Stages};
use super::messages::{changed, drop_a_run, rewind};
use crate::failure::Failure;
use crate::{files, output};
use span_report::median;

/// The subcommand that measures one map; it is not for people.
pub(crate) const SUBCOMMAND: &str = "run-bench";

/// Measure one map.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    map: PathBuf,
    #[arg(long, value_enum)]
    work: Work,
    #[arg(long)]
    frames: u32,
}

/// The work of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Work {
    /// Messages to PNG files, as a camera does it.
    Camera,
    /// The same with the heap tracked, for its peak alone.
    Heap,
    /// Each stage timed by itself.
    Stages,
}

impl Work {
    const fn name(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Heap => "heap",
            Self::Stages => "stages",
        }
    }
}

/// Sessions that encode one picture each.
const SESSIONS: u32 = 5;

/// Measures a map in a fresh process.
pub(super) fn start<T: DeserializeOwned>(map: &Path, work: Work, frames: u32) -> Result<T, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::of(&error))?;
    let mut command = Command::new(&program);
    command.arg(SUBCOMMAND).arg(map).args(["--work", work.name(), "--frames", &frames.to_string()]);
    let output = command.stdin(Stdio::null()).output().map_err(|error| Failure::at(&program, error))?;
    if !output.status.success() {
        return Err(Failure::of_child(&output.stderr, output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Failure::of(&error))
}

/// Measures a map in this process, and prints the figures as JSON.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let bytes = files::read(&arguments.map)?;
    match arguments.work {
        Work::Camera => print(&camera(&bytes, arguments.frames)?),
        Work::Heap => {
            HeapMode::Tracking.choose().map_err(|error| Failure::of(&error))?;
            let session = heap::Session::begin().map_err(|error| Failure::of(&error))?;
            camera(&bytes, arguments.frames)?;
            print(&Some(mib(session.peak_bytes())))
        }
        Work::Stages => print(&stages(&bytes, arguments.frames)?),
    }
}

fn print(figures: &impl Serialize) -> Result<(), Failure> {
    output::print(&(serde_json::to_string(figures).map_err(|error| Failure::of(&error))? + "\n"))
}

/// Plays `frames` messages through one session, each from bytes to PNG bytes, and gives the figures and the first
/// picture's size. The first message is the map itself. Then the robot drives the last part of its path again, one point a
/// message. Then the layers change with each message.
///
/// The messages after the first are the same bytes: what differs in them is changed on the parsed map while no clock
/// runs, so that every format can be measured.
pub(super) fn camera(bytes: &[u8], frames: u32) -> Result<(Camera, [u32; 2]), Failure> {
    let state = State::default();
    let mut session = Session {
        parser: Parser::default(),
        map: None,
        renderer: Renderer::new(Options::default()),
        state: &state,
        png: Vec::new(),
        size: [0, 0],
    };
    let faults_before = page_faults();
    let whole_first = session.message(bytes, |_| {})?;
    let faults_at_first = page_faults();
    let (png_bytes, size) = (session.png.len(), session.size);

    let steps = (frames.saturating_sub(1) / 2) as usize;
    let mut steady = Vec::with_capacity(steps);
    // The drive begins with a jump back, which is no steady message.
    session.message(bytes, |map| rewind(map, steps))?;
    for step in (0..steps).rev() {
        steady.push(session.message(bytes, |map| rewind(map, step))?);
    }
    let mut changes = Vec::with_capacity(steps);
    for number in 0..steps {
        let is_short = number % 2 == 0;
        let vary = |map: &mut Map| {
            if is_short {
                drop_a_run(map);
            }
        };
        changes.push(session.message(bytes, vary)?);
    }
    let faults_at_end = page_faults();
    let camera = Camera {
        whole_first: rounded(whole_first, 3),
        whole_changed: rounded(typical(changes), 3),
        whole_steady: rounded(typical(steady), 4),
        png_bytes,
        faults_first: faults_at_first.saturating_sub(faults_before),
        faults_later: faults_at_end.saturating_sub(faults_at_first),
        peak_rss: peak_rss(),
    };
    Ok((camera, size))
}

/// A robot's session, as a camera keeps it.
struct Session<'a> {
    parser: Parser,
    /// The map of the last message, whose memory the next one reuses.
    map: Option<Map>,
    renderer: Renderer,
    state: &'a State,
    png: Vec<u8>,
    /// The last picture's width and height, image pixels.
    size: [u32; 2],
}

impl Session<'_> {
    /// Takes a message from its bytes to the bytes of the picture, and gives the time of that in milliseconds. `vary`
    /// changes the map meanwhile, outside of the time.
    fn message(&mut self, bytes: &[u8], vary: impl FnOnce(&mut Map)) -> Result<f64, Failure> {
        let begun = Instant::now();
        let map = match self.map.take() {
            Some(mut map) => self.parser.parse_into(&mut map, bytes).map(|()| map),
            None => self.parser.parse(bytes),
        };
        let map = self.map.insert(map.map_err(|error| Failure::of(&error))?);
        let parsed = begun.elapsed();
        vary(map);
        let begun = Instant::now();
        let frame = self.renderer.frame(map, self.state).map_err(|error| Failure::of(&error))?;
        frame.encode_png(&mut self.png).map_err(|error| Failure::of(&error))?;
        let time = parsed + begun.elapsed();
        self.size = [frame.size().width, frame.size().height];
        Ok(milliseconds(time))
    }
}

fn stages(bytes: &[u8], frames: u32) -> Result<Stages, Failure> {
    let (map, parse) = timed(|| parse(bytes));
    let map = map.map_err(|error| Failure::of(&error))?;
    let state = State::default();
    let mut renderer = Renderer::new(Options::default());
    let (frame, first) = timed(|| renderer.frame(&map, &state));
    let frame = frame.map_err(|error| Failure::of(&error))?;
    let mut pixels = Vec::new();
    let ((), rgba) = timed(|| frame.write_rgba(&mut pixels));
    drop(pixels);

    let mut steady = Vec::with_capacity(frames as usize);
    for _ in 1..frames {
        let (frame, time) = timed(|| renderer.frame(&map, &state).map(drop));
        frame.map_err(|error| Failure::of(&error))?;
        steady.push(time);
    }
    let other = changed(&map);
    let mut changes = Vec::with_capacity(frames as usize);
    for map in [&other, &map].into_iter().cycle().take(frames as usize) {
        let (frame, time) = timed(|| renderer.frame(map, &state).map(drop));
        frame.map_err(|error| Failure::of(&error))?;
        changes.push(time);
    }
    let mut encodes = Vec::new();
    for _ in 0..SESSIONS {
        let mut renderer = Renderer::new(Options::default());
        let frame = renderer.frame(&map, &state).map_err(|error| Failure::of(&error))?;
        let mut png = Vec::new();
        let (encoded, time) = timed(|| frame.encode_png(&mut png));
        encoded.map_err(|error| Failure::of(&error))?;
        encodes.push(time);
    }
    Ok(Stages {
        parse: rounded(parse, 3),
        first: rounded(first, 3),
        rgba: rounded(rgba, 3),
        steady: rounded(typical(steady), 4),
        changed: rounded(typical(changes), 3),
        png: rounded(typical(encodes), 3),
    })
}

/// The work's result, and its time in milliseconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, milliseconds(start.elapsed()))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The median; 0 if there is no time.
fn typical(mut times: Vec<f64>) -> f64 {
    median(&mut times).unwrap_or(0.0)
}

fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}

/// Bytes as MiB, to a decimal.
fn mib(bytes: u64) -> f64 {
    rounded(bytes as f64 / f64::from(1 << 20), 1)
}

/// The maximum resident size since this process began, MiB. (`getrusage` would count that of its parent too.)
fn peak_rss() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(mib(kib << 10))
}

/// Page faults of this process up to now that needed no disk; 0 where the system does not tell.
fn page_faults() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_else(|_| String::new());
    // The command, in parentheses, may contain anything. `minflt` is the eighth field behind it (proc_pid_stat(5)).
    let mut fields = stat.rsplit(')').next().into_iter().flat_map(str::split_ascii_whitespace);
    fields.nth(7).and_then(|field| field.parse().ok()).unwrap_or(0)
}
