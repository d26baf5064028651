//! The work of every pass of the profiling commands: maps become pictures, as in a home automation server.
//!
//! All code that a pass measures is in this crate and below it, the allocator included. They are optimised; the commands
//! and reports above them are not, and so compile sooner.
#![forbid(unsafe_code)]

mod player;
mod recording;

use std::error::Error;
use std::fs;

use sha1::{Digest, Sha1};
use span_instrument::Profiler;
use span_instrument::heap::HeapSwitch;
use thiserror::Error;
use valetudo_map_camera::messages::changed;
use valetudo_map_render::{FrameError, Map, Options, PictureLimits, Renderer, State};

use player::pixels;
pub use player::{Outcome, Played, Player};
pub use recording::{NamedRecording, RecordingError, Source};

/// Forwards to the system's allocator, unless a pass chooses otherwise.
#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// Limits for maps that no camera shows, such as factories.
pub const NO_LIMITS: PictureLimits = PictureLimits { picture_pixels: u64::MAX, painted_pixels: u64::MAX };

/// The bytes of a map, as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedMap<'a> {
    /// Different from all others: the input of its operations.
    pub name: &'a str,
    /// Any envelope.
    pub bytes: &'a [u8],
}

/// Takes the name of a recording, and the resident size of the process after each of its maps, bytes.
pub type KeepSizes<'a> = &'a dyn Fn(&str, &[u64]) -> Result<(), Box<dyn Error + Send + Sync>>;

/// A recording is played so often, or as often as there are frames, if these are fewer: three readings are the fewest that
/// tell a leak.
const PLAYS: u32 = 3;

/// The work on all maps and recordings.
#[derive(Clone, Copy)]
pub struct Workload<'a> {
    /// The maps, in the order of their measurement.
    pub maps: &'a [NamedMap<'a>],
    /// The recordings, which are played after the maps.
    pub recordings: &'a [NamedRecording<'a>],
    /// How often each operation runs on each map, at least once.
    pub frames: u32,
    /// Bounds of the pictures.
    pub limits: &'a PictureLimits,
    /// Where the resident sizes in the first play of a recording go, after all the work. Reading one takes some microseconds
    /// of *Play*.
    pub keep_sizes: Option<KeepSizes<'a>>,
    /// Whether recordings are played once more so often, all through the same sessions: live heap that grows there is a leak.
    pub plays_again: bool,
}

/// A map or recording with which the work cannot be done.
#[derive(Debug, Error)]
pub enum WorkloadError {
    /// A map cannot become a picture, or the sizes of a recording cannot be kept.
    #[error("{input}: {source}")]
    Input {
        /// Its name.
        input: String,
        /// The reason.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A recording cannot be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
}

/// Describes the work. Two runs did the same work if all lines agree.
///
/// # Errors
/// A recording cannot be read.
pub fn described(
    maps: &[NamedMap<'_>],
    recordings: &[NamedRecording<'_>],
    frames: u32,
    background_load: u32,
) -> Result<Vec<String>, RecordingError> {
    let map = |map: &NamedMap<'_>| recording::described(map.name, map.bytes.len(), Sha1::new_with_prefix(map.bytes));
    let mut lines: Vec<String> = maps.iter().map(map).collect();
    for recording in recordings {
        lines.push(recording.described()?);
    }
    lines.push(format!("{frames} frames"));
    lines.push(format!("{background_load} busy threads beside"));
    Ok(lines)
}

impl<'a> Workload<'a> {
    /// Measures all maps, `frames` times each operation: *Parse*, *Image* (the first picture of a session), *Steady* (a
    /// frame whose layers did not change), *Changed* (one whose layers did), *Encode*. Nothing runs before, so the first
    /// run of each is as cold as a user's.
    ///
    /// Then plays the recordings: *Parse*, *Frame* and *Encode* of each message, and *Play*: the time between them. A message
    /// that makes no picture is no error there. *Play again* is a play through sessions that go on.
    ///
    /// # Errors
    /// The first map that cannot be parsed, drawn or encoded; the first recording that cannot be read, or whose sizes cannot be
    /// kept.
    pub fn run(&self, profiler: &Profiler) -> Result<(), WorkloadError> {
        profiler.snapshot("Test Setup Start");
        let state = State::default();
        let mut png = Vec::new();
        profiler.snapshot("Test Setup Complete");
        profiler.snapshot("Test Start");
        let failed = |input: &str| {
            let input = input.to_owned();
            |source| WorkloadError::Input { input, source }
        };
        for map in self.maps {
            self.one(profiler, map, &state, &mut png).map_err(failed(map.name))?;
        }
        let mut sizes = Vec::new();
        for recording in self.recordings {
            sizes.push(self.play(profiler, recording)?);
        }
        profiler.snapshot("Test Complete");
        if let Some(keep) = self.keep_sizes {
            for (recording, sizes) in self.recordings.iter().zip(sizes) {
                keep(recording.name, &sizes).map_err(failed(recording.name))?;
            }
        }
        Ok(())
    }

    fn one(
        &self,
        profiler: &Profiler,
        named: &NamedMap<'a>,
        state: &State,
        png: &mut Vec<u8>,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let parse = || {
            let _operation = profiler.time("Parse").input(named.name).bytes(named.bytes.len());
            valetudo_map_render::parse(named.bytes)
        };
        for _ in 1..self.frames {
            parse()?;
        }
        let map = parse()?;

        profiler.snapshot(format!("Before Image Gen - {}", named.name));
        let frame = |operation, renderer: &mut Renderer, map: &Map| {
            let mut operation = profiler.time(operation).input(named.name);
            operation.set_pixels(pixels(&renderer.frame(map, state)?));
            Ok::<_, FrameError>(())
        };
        let first = || {
            let mut renderer = Renderer::new(Options::default());
            renderer.set_limits(*self.limits);
            frame("Image", &mut renderer, &map)?;
            Ok::<_, FrameError>(renderer)
        };
        for _ in 1..self.frames {
            first()?;
        }
        let mut renderer = first()?;
        profiler.snapshot(format!("After Image Gen - {}", named.name));

        for _ in 0..self.frames {
            frame("Steady", &mut renderer, &map)?;
        }
        let other = changed(&map);
        for map in [&other, &map].into_iter().cycle().take(self.frames as usize) {
            let frame = {
                let mut operation = profiler.time("Changed").input(named.name);
                let frame = renderer.frame(map, state)?;
                operation.set_pixels(pixels(&frame));
                frame
            };
            // A picture that was encoded before would cost nothing.
            let mut operation = profiler.time("Encode").input(named.name);
            operation.set_pixels(pixels(&frame));
            frame.encode_png(png)?;
        }
        Ok(())
    }

    /// Plays a recording. Gives the resident sizes that are to be kept, bytes.
    fn play(&self, profiler: &Profiler, recording: &NamedRecording<'a>) -> Result<Vec<u64>, RecordingError> {
        let mut sizes = Vec::new();
        profiler.snapshot(format!("Before Recording - {}", recording.name));
        for number in 0..self.frames.min(PLAYS) {
            let keeps_sizes = number == 0 && self.keep_sizes.is_some();
            let _operation = profiler.time("Play").input(recording.name);
            let mut player = Player::new(Options::default(), *self.limits);
            player.play(profiler, recording, |_, _| {
                if keeps_sizes {
                    sizes.push(resident_bytes());
                }
                Ok::<_, RecordingError>(())
            })?;
        }
        if self.plays_again {
            profiler.snapshot(format!("Again - {}", recording.name));
            let mut player = Player::new(Options::default(), *self.limits);
            let mut play = || player.play(&Profiler::disabled(), recording, |_, _| Ok::<_, RecordingError>(()));
            // The sessions get their buffers.
            play()?;
            for _ in 0..self.frames.min(PLAYS) {
                let _operation = profiler.time("Play again").input(recording.name);
                play()?;
            }
        }
        profiler.snapshot(format!("After Recording - {}", recording.name));
        Ok(sizes)
    }
}

/// The resident size of this process, bytes; 0 where the system does not tell.
fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
