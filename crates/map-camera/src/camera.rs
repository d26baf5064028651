//! A session from bytes to PNG bytes.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use valetudo_map_render::parser::Parser;
use valetudo_map_render::{Map, Options, Renderer, State};

use crate::error::MapError;
use crate::messages::{drop_a_run, rewind};
use crate::process::{page_faults, peak_rss};
use crate::time::{Milliseconds, milliseconds};

/// The work of a camera: from the bytes of a message to the bytes of a PNG file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// The first message of a process.
    pub first: Milliseconds,
    /// Messages in which the robot moved and its path grew.
    pub steady: Vec<Milliseconds>,
    /// Messages whose layers changed.
    pub changed: Vec<Milliseconds>,
    /// The first picture's width and height, image pixels.
    pub size: [u32; 2],
    /// Length of the first PNG file, bytes.
    pub png_bytes: usize,
    /// Page faults of the first message.
    pub faults_first: u64,
    /// Page faults of all later messages together.
    pub faults_later: u64,
    /// Maximum resident size of the process, bytes; `None` where the system does not tell.
    pub peak_rss: Option<u64>,
}

impl Camera {
    /// Plays `frames` messages through one session. The first is the map itself. Then the robot drives the last part of its
    /// path again, one point a message. Then the layers change with each message.
    ///
    /// All messages have the same bytes. A later message differs from the first in its map, which is changed after it was
    /// parsed and outside of the time. So maps of every format can be measured.
    ///
    /// # Errors
    /// Why the map cannot be parsed or drawn.
    pub fn measure(bytes: &[u8], frames: u32) -> Result<Self, MapError> {
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
        let first = session.message(bytes, |_| {})?;
        let faults_at_first = page_faults();
        let (png_bytes, size) = (session.png.len(), session.size);

        let steps = (frames.saturating_sub(1) / 2) as usize;
        let mut steady = Vec::with_capacity(steps);
        // The drive begins with a jump back, which is no steady message.
        session.message(bytes, |map| rewind(map, steps))?;
        for step in (0..steps).rev() {
            steady.push(session.message(bytes, |map| rewind(map, step))?);
        }
        let mut changed = Vec::with_capacity(steps);
        for number in 0..steps {
            let is_short = number % 2 == 0;
            let vary = |map: &mut Map| {
                if is_short {
                    drop_a_run(map);
                }
            };
            changed.push(session.message(bytes, vary)?);
        }
        Ok(Self {
            first,
            steady,
            changed,
            size,
            png_bytes,
            faults_first: faults_at_first.saturating_sub(faults_before),
            faults_later: page_faults().saturating_sub(faults_at_first),
            peak_rss: peak_rss(),
        })
    }
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
    /// Takes a message from its bytes to the bytes of the picture, and gives the time of that. `vary` changes the map
    /// meanwhile, outside of the time.
    fn message(&mut self, bytes: &[u8], vary: impl FnOnce(&mut Map)) -> Result<Milliseconds, MapError> {
        let begun = Instant::now();
        let map = match self.map.take() {
            Some(mut map) => self.parser.parse_into(&mut map, bytes).map(|()| map),
            None => self.parser.parse(bytes),
        };
        let map = self.map.insert(map?);
        let parsed = begun.elapsed();
        vary(map);
        let begun = Instant::now();
        let frame = self.renderer.frame(map, self.state)?;
        frame.encode_png(&mut self.png)?;
        let time = parsed + begun.elapsed();
        self.size = [frame.size().width, frame.size().height];
        Ok(milliseconds(time))
    }
}
