//! One map in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use span_instrument::heap::{HeapMode, HeapSwitch};
use valetudo_map_render::{Options, Renderer, State, parse};

use super::figures::Figures;
use crate::failure::Failure;
use crate::median::median;
use crate::profile::changed;
use crate::{files, output};

/// The subcommand that measures one map; it is not for people.
pub(crate) const SUBCOMMAND: &str = "run-bench";

/// Measure one map.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    map: PathBuf,
    #[arg(long)]
    frames: u32,
    /// Track the heap
    #[arg(long)]
    heap: bool,
}

/// How many times the picture is encoded, and how many further sessions there are.
const REPEATS: u32 = 5;

/// Measures a map in a fresh process.
pub(super) fn start(map: &Path, frames: u32, heap: bool) -> Result<Figures, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::of(&error))?;
    let mut command = Command::new(&program);
    command.arg(SUBCOMMAND).arg(map).args(["--frames", &frames.to_string()]).args(heap.then_some("--heap"));
    let output = command.stdin(Stdio::null()).output().map_err(|error| Failure::at(&program, error))?;
    if !output.status.success() {
        return Err(Failure::of_child(&output.stderr, output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Failure::of(&error))
}

/// Measures a map in this process, and prints the figures as JSON.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.heap {
        HeapSwitch::choose(HeapMode::Tracking).map_err(|error| Failure::of(&error))?;
    }
    let figures = measure(&arguments.map, arguments.frames)?;
    output::print(&(serde_json::to_string(&figures).map_err(|error| Failure::of(&error))? + "\n"))
}

fn measure(path: &Path, frames: u32) -> Result<Figures, Failure> {
    let bytes = files::read(path)?;
    let (map, parse) = timed(|| parse(&bytes));
    let map = map.map_err(|error| Failure::of(&error))?;
    let state = State::default();
    let mut renderer = Renderer::new(Options::default());

    // The session lends its pixels as it keeps them; the reference's picture is RGBA, and so the first is made that.
    let mut rgba = Vec::new();
    let (first_frame, first) = timed(|| renderer.frame(&map, &state).map(|frame| frame.write_rgba(&mut rgba)));
    first_frame.map_err(|error| Failure::of(&error))?;

    let mut steady = Vec::with_capacity(frames as usize);
    for _ in 1..frames {
        let (frame, time) = timed(|| renderer.frame(&map, &state).map(drop));
        frame.map_err(|error| Failure::of(&error))?;
        steady.push(time);
    }

    let frame = renderer.frame(&map, &state).map_err(|error| Failure::of(&error))?;
    let size = frame.size();
    let (mut png, mut encodes) = (Vec::new(), Vec::new());
    for _ in 0..REPEATS {
        let (encoded, time) = timed(|| frame.encode_png(&mut png));
        encoded.map_err(|error| Failure::of(&error))?;
        encodes.push(time);
    }
    // What comes after is no part of the reference's figures.
    let peak_rss = peak_rss();
    let peak_heap = span_instrument::heap::statistics().map(|heap| mib(heap.peak_bytes));

    let mut sessions = Vec::new();
    for _ in 0..REPEATS {
        let (mut renderer, mut rgba) = (Renderer::new(Options::default()), Vec::new());
        let (frame, time) = timed(|| renderer.frame(&map, &state).map(|frame| frame.write_rgba(&mut rgba)));
        frame.map_err(|error| Failure::of(&error))?;
        sessions.push(time);
    }
    let other = changed(&map);
    let mut changes = Vec::new();
    for map in [&other, &map].into_iter().cycle().take(frames as usize) {
        let (frame, time) = timed(|| renderer.frame(map, &state).map(drop));
        frame.map_err(|error| Failure::of(&error))?;
        changes.push(time);
    }
    Ok(Figures {
        map: String::new(),
        size: [size.width, size.height],
        parse: rounded(parse, 3),
        first: rounded(first, 3),
        steady: rounded(typical(steady), 4),
        png: rounded(typical(encodes), 3),
        png_bytes: png.len(),
        peak_rss,
        again: rounded(typical(sessions), 3),
        changed: rounded(typical(changes), 3),
        peak_heap,
    })
}

/// What the work gives, and how many milliseconds it takes.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64() * 1e3)
}

/// The median; 0 where nothing was timed.
fn typical(mut times: Vec<f64>) -> f64 {
    median(&mut times).unwrap_or_default()
}

fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}

/// Bytes as MiB, to a decimal.
fn mib(bytes: u64) -> f64 {
    rounded(bytes as f64 / f64::from(1 << 20), 1)
}

/// The most that was resident since this process began, MiB. (`getrusage` would count what its parent had.)
fn peak_rss() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(mib(kib << 10))
}
