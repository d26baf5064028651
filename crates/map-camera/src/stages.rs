//! The stages of a camera's work, each by itself.

use serde::{Deserialize, Serialize};
use valetudo_map_render::{Options, Renderer, State, parse};

use crate::error::MapError;
use crate::messages::changed;
use crate::time::{Milliseconds, timed};

/// The stages of a camera's work, each timed by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stages {
    /// Bytes to [`Map`](valetudo_map_render::Map), the first of a process.
    pub parse: Milliseconds,
    /// `Map` to a new session's first frame, the first of a process.
    pub first: Milliseconds,
    /// That frame copied as RGBA into new memory.
    pub rgba: Milliseconds,
    /// Later frames of the same map.
    pub steady: Vec<Milliseconds>,
    /// Later frames of a map whose layers changed.
    pub changed: Vec<Milliseconds>,
    /// Whole frames to PNG, in sessions that have encoded nothing before.
    pub png: Vec<Milliseconds>,
}

/// Sessions that encode one picture each.
const SESSIONS: u32 = 5;

impl Stages {
    /// Times each stage, the later frames about `frames` times.
    ///
    /// # Errors
    /// Why the map cannot be parsed or drawn.
    pub fn measure(bytes: &[u8], frames: u32) -> Result<Self, MapError> {
        let (map, parsing) = timed(|| parse(bytes));
        let map = map?;
        let state = State::default();
        let mut renderer = Renderer::new(Options::default());
        let (frame, first) = timed(|| renderer.frame(&map, &state));
        let frame = frame?;
        let mut pixels = Vec::new();
        let ((), rgba) = timed(|| frame.write_rgba(&mut pixels));
        drop(pixels);

        let mut stages = Self { parse: parsing, first, rgba, ..Self::default() };
        for _ in 1..frames {
            let (frame, time) = timed(|| renderer.frame(&map, &state).map(drop));
            frame?;
            stages.steady.push(time);
        }
        let other = changed(&map);
        for map in [&other, &map].into_iter().cycle().take(frames as usize) {
            let (frame, time) = timed(|| renderer.frame(map, &state).map(drop));
            frame?;
            stages.changed.push(time);
        }
        for _ in 0..SESSIONS {
            let mut renderer = Renderer::new(Options::default());
            let frame = renderer.frame(&map, &state)?;
            let mut png = Vec::new();
            let (encoded, time) = timed(|| frame.encode_png(&mut png));
            encoded?;
            stages.png.push(time);
        }
        Ok(stages)
    }
}
