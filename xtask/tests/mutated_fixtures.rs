//! Each small fixture, cut short anywhere, with any byte changed, or mixed with another: a picture or an error, at once
//! and in little memory.
//!
//! `cargo test --workspace` takes a sample. All of it, some ten minutes:
//! `cargo test --release -p xtask --test mutated_fixtures -- --ignored`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use oorandom::Rand32;
use serde_json::json;
use span_instrument::heap::{HeapMode, HeapSwitch, Session};
use valetudo_map_render::parser::{Parser, RrDialect};
use valetudo_map_render::{Limits, Options, PictureLimits, Renderer, State, VacuumState};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// Larger ones would take hours.
const SMALL: usize = 8 << 10;
const SPLICES: usize = 10_000;
/// A damaged map of 8 kB may ask for a picture of this size, and be granted it.
const LIMITS: PictureLimits = PictureLimits { picture_pixels: 1 << 20, painted_pixels: 16 << 20 };
/// What an envelope may become whatever its size, the picture's pixels four bytes deep in three places, and as much again
/// for everything else.
const MOST_MEMORY: u64 = 2 * ((4 << 20) + 3 * 4 * (1 << 20));
const LONGEST: Duration = Duration::from_secs(1);

fn small_fixtures() -> Vec<(PathBuf, Vec<u8>)> {
    let root = valetudo_map_fixtures::files::folder();
    let folders = ["conga", "hypfer", "newer", "rand256"].map(|name| root.join(name));
    let mut fixtures: Vec<_> = folders
        .iter()
        .flat_map(|folder| valetudo_map_fixtures::files::in_folder(folder).unwrap())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .filter(|(_, bytes)| bytes.len() <= SMALL)
        .collect();
    fixtures.sort();
    assert!(fixtures.len() >= 10, "{}", fixtures.len());
    fixtures
}

struct Trial {
    renderer: Renderer,
    heap: Session,
    before: u64,
    cases: usize,
    pictures: usize,
    slowest: Duration,
}

impl Trial {
    fn new() -> Self {
        HeapMode::Tracking.choose().unwrap();
        let heap = Session::begin().unwrap();
        let options = json!({"rotate_image": 90, "margins": 10, "auto_zoom": true, "alpha_wall": 120,
            "materials": "all", "annotations": "all", "room_names": true, "scale": 3});
        let mut renderer = Renderer::new(Options::from_json(&options).unwrap());
        renderer.set_limits(LIMITS);
        let before = heap.live().bytes;
        Self { renderer, heap, before, cases: 0, pictures: 0, slowest: Duration::ZERO }
    }

    /// `name` is for whoever has to find the bytes again.
    fn run(&mut self, bytes: &[u8], name: impl Fn() -> String) {
        let start = Instant::now();
        for dialect in [RrDialect::Rand256, RrDialect::Roborock] {
            match Parser::new(Limits::DEFAULT).dialect(dialect).parse(bytes) {
                Ok(map) => {
                    let state = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
                    if let Ok(frame) = self.renderer.frame(&map, &state) {
                        assert!(frame.size().area() <= LIMITS.picture_pixels, "{}", name());
                        serde_json::to_vec(&frame.attributes()).unwrap();
                        self.pictures += 1;
                    }
                }
                Err(error) => assert!(!error.to_string().contains('\n'), "{}: {error}", name()),
            }
            // Only RR maps have dialects.
            if !bytes.starts_with(b"rr") {
                break;
            }
        }
        let took = start.elapsed();
        assert!(took < LONGEST, "{}: {took:?}", name());
        let peak = self.heap.peak_bytes();
        assert!(peak <= self.before + MOST_MEMORY, "{}: {peak} bytes at once", name());
        self.slowest = self.slowest.max(took);
        self.cases += 1;
    }

    /// Every `step`th of all mutations.
    fn run_all(&mut self, step: usize) {
        let fixtures = small_fixtures();
        for (path, whole) in &fixtures {
            let name = path.file_name().unwrap().to_str().unwrap();
            self.run(whole, || name.to_owned());
            for length in (0..whole.len()).step_by(step) {
                self.run(&whole[..length], || format!("the first {length} bytes of {name}"));
            }
            let flips = (0..8).map(|bit| 1u8 << bit);
            let changes: Vec<(u8, u8)> =
                [(0, 0), (0, 0xff)].into_iter().chain(flips.map(|flip| (0xff, flip))).collect();
            let mut bytes = whole.clone();
            for case in (0..whole.len() * changes.len()).step_by(step) {
                let (place, (keep, flip)) = (case / changes.len(), changes[case % changes.len()]);
                bytes[place] = whole[place] & keep ^ flip;
                self.run(&bytes, || format!("{name} with {} at {place}", (whole[place] & keep) ^ flip));
                bytes[place] = whole[place];
            }
            let mut dice = Rand32::new(whole.len() as u64);
            for number in (0..SPLICES).step_by(step) {
                let spliced = splice(whole, &fixtures, &mut dice);
                self.run(&spliced, || format!("splice {number} of {name}, step {step}"));
            }
        }
    }

    fn report(&self) {
        let peak = self.heap.peak_bytes() - self.before;
        println!(
            "{} cases, {} of them pictures, the slowest {:?}, at most {} KiB at once",
            self.cases,
            self.pictures,
            self.slowest,
            peak >> 10
        );
        assert!(self.pictures > self.cases / 100, "hardly anything was drawn");
    }
}

/// A piece of a fixture put in the place of a piece of `whole`.
fn splice(whole: &[u8], fixtures: &[(PathBuf, Vec<u8>)], dice: &mut Rand32) -> Vec<u8> {
    let mut below = |end: usize| dice.rand_range(0..u32::try_from(end).unwrap()) as usize;
    let (_, other) = &fixtures[below(fixtures.len())];
    let (start, from) = (below(whole.len()), below(other.len()));
    // Mostly short: a map that is half another one is refused at once.
    let most = 1 << below(12);
    let (cut, length) = (below(most.min(whole.len() - start) + 1), below(most.min(other.len() - from) + 1));
    [&whole[..start], &other[from..from + length], &whole[start + cut..]].concat()
}

#[test]
fn a_sample_of_damaged_fixtures_is_survived() {
    let mut trial = Trial::new();
    trial.run_all(211);
    trial.report();
}

#[test]
#[ignore = "takes ten minutes; run it alone, since it measures the process's memory"]
fn every_damage_to_a_fixture_is_survived() {
    let mut trial = Trial::new();
    trial.run_all(1);
    trial.report();
}
