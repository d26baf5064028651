//! A program in which changes can be planted, to test whether a comparison finds them:
//!
//! ```text
//! planted [CHANGE@MAPS]       such as  draw*1.5@2  labels*1.05@1  allocation@1  leak@1
//! ```
//!
//! It draws eleven "maps" of different size and writes them, all of it arithmetic. Drawing takes four fifths of its time in
//! the span `drawing` and one fifth in the span `labels`. A change is planted in so many of the maps, the middle one first.

use std::env;
use std::hint::black_box;

use span_instrument::heap::HeapSwitch;
use span_instrument::{Options, Outcome, Profiler, run};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// A planted change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    /// Drawing takes this many times as long.
    Draw(f64),
    /// The span `labels` takes this many times as long.
    Labels(f64),
    /// One more allocation a drawing.
    Allocation,
    /// 1 KiB a drawing that nobody frees.
    Leak,
}

/// A change in some of the maps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Planted {
    pub(crate) change: Change,
    pub(crate) maps: usize,
}

/// The change that is planted when the command line names none. Edit this to plant a change in a revision.
const DEFAULT: Option<Planted> = None;

pub(crate) const MAPS: usize = 11;

/// How often each map is drawn and written.
const FRAMES: usize = 10;

/// Steps of arithmetic in `labels` on the smallest map: some 10 µs, also without optimisation. The largest has eleven times
/// as many.
const STEPS: u64 = if cfg!(debug_assertions) { 1_500 } else { 6_000 };

fn compute(steps: f64) {
    let mut number = black_box(1u64);
    for step in 0..steps as u64 {
        number = (number ^ step).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    black_box(number);
}

/// The name of a map.
pub(crate) fn name(map: usize) -> String {
    format!("map-{map:02}")
}

/// The change in a map. The middle map is the first that has it, its neighbours follow.
pub(crate) fn change_in(map: usize, planted: Option<Planted>) -> Option<Change> {
    let distance = map.abs_diff(MAPS / 2);
    let rank = (2 * distance).saturating_sub(usize::from(map > MAPS / 2));
    planted.filter(|planted| rank < planted.maps).map(|planted| planted.change)
}

fn draw(map: usize, change: Option<Change>) {
    let _frame = info_span!("frame").entered();
    let steps = STEPS as f64 * (1 + map) as f64;
    let slower = if let Some(Change::Draw(factor)) = change { factor } else { 1.0 };
    {
        let _drawing = info_span!("drawing").entered();
        compute(4.0 * steps * slower);
        drop(black_box(Vec::<u8>::with_capacity(256)));
    }
    {
        let _labels = info_span!("labels").entered();
        let labels = if let Some(Change::Labels(factor)) = change { factor } else { 1.0 };
        compute(steps * slower * labels);
        match change {
            Some(Change::Allocation) => drop(black_box(Vec::<u8>::with_capacity(64))),
            Some(Change::Leak) => std::mem::forget(black_box(Vec::<u8>::with_capacity(1024))),
            _ => {}
        }
    }
}

fn write(map: usize) {
    let _write = info_span!("write").entered();
    compute(2.0 * STEPS as f64 * (1 + map) as f64);
}

/// The work of a pass.
pub(crate) fn work(profiler: &Profiler, planted: Option<Planted>) {
    profiler.snapshot("Start");
    for map in 0..MAPS {
        let (name, change) = (name(map), change_in(map, planted));
        for _ in 0..FRAMES {
            let _operation = profiler.time("Draw").input(&name);
            draw(map, change);
        }
        for _ in 0..FRAMES {
            let _operation = profiler.time("Write").input(&name);
            write(map);
        }
    }
}

/// The change that a word plants.
pub(crate) fn planted(word: Option<&str>) -> Option<Planted> {
    let Some((change, maps)) = word.and_then(|word| word.split_once('@')) else { return DEFAULT };
    let factor = |text: &str| text.parse().ok();
    let change = match change.split_once('*') {
        Some(("draw", text)) => Change::Draw(factor(text)?),
        Some(("labels", text)) => Change::Labels(factor(text)?),
        None if change == "allocation" => Change::Allocation,
        None if change == "leak" => Change::Leak,
        _ => return DEFAULT,
    };
    Some(Planted { change, maps: maps.parse().ok()? })
}

fn main() -> Outcome {
    let planted = planted(env::args().nth(1).as_deref());
    run(Options::new("planted").source_root(env!("CARGO_MANIFEST_DIR")), |profiler| work(profiler, planted))
}
