//! Messages to pictures, in one session a robot.

use std::collections::BTreeMap;

use span_instrument::Profiler;
use valetudo_map_render::parser::Parser;
use valetudo_map_render::{Frame, Map, Options, PictureLimits, Renderer, State};
use valetudo_map_stream::recording::{Entry, Message};
use valetudo_map_stream::{Follower, Robot, Update};

use crate::recording::{NamedRecording, RecordingError};

/// The result of the message of a map.
#[derive(Debug)]
pub enum Outcome {
    /// It was parsed, drawn and encoded: the number of pixels.
    Drawn(u64),
    /// It is no map.
    NotParsed(String),
    /// Its map makes no picture.
    NotDrawn(String),
}

/// A map that was played.
#[derive(Debug)]
pub struct Played<'a> {
    /// The robot that sent it.
    pub robot: &'a Robot,
    /// Its result.
    pub outcome: Outcome,
    /// The robot's map, the last one if this is none.
    pub map: Option<&'a Map>,
    /// The picture as PNG, the last one if this map has none.
    pub png: &'a [u8],
}

/// Plays messages through one session a robot, as a camera would.
#[derive(Debug)]
pub struct Player {
    options: Options,
    limits: PictureLimits,
    follower: Follower,
    sessions: BTreeMap<String, Session>,
}

impl Player {
    /// A player without sessions yet.
    #[must_use]
    pub fn new(options: Options, limits: PictureLimits) -> Self {
        Self { options, limits, follower: Follower::default(), sessions: BTreeMap::new() }
    }

    /// Takes a message. `None` if it is no map. The profiler times *Parse*, *Frame* and *Encode* of `input`.
    pub fn take(&mut self, profiler: &Profiler, input: &str, message: &Message<'_>) -> Option<Played<'_>> {
        let (robot, update) = self.follower.take(message.topic, message.payload)?;
        match update {
            Update::Map => {}
            Update::Destinations => {
                let session = self.sessions.get_mut(robot.topic())?;
                session.renderer.set_destinations(robot.destinations().cloned());
                return None;
            }
            _ => return None,
        }
        // Robots with maps are few, and stay.
        if !self.sessions.contains_key(robot.topic()) {
            let mut session = Session::new(self.options.clone(), self.limits);
            session.renderer.set_destinations(robot.destinations().cloned());
            self.sessions.insert(robot.topic().to_owned(), session);
        }
        let session = self.sessions.get_mut(robot.topic())?;
        let outcome = session.take(profiler, input, message.payload, robot.state());
        Some(Played { robot, outcome, map: session.map.as_ref(), png: &session.png })
    }

    /// Plays a whole recording. Gives each map to `each`, and the reason if the recording ends early.
    ///
    /// # Errors
    /// The recording cannot be read, or `each` failed.
    pub fn play<E: From<RecordingError>>(
        &mut self,
        profiler: &Profiler,
        recording: &NamedRecording<'_>,
        mut each: impl FnMut(&Message<'_>, &Played<'_>) -> Result<(), E>,
    ) -> Result<Option<String>, E> {
        recording.entries(|entry| {
            if let Entry::Message(message) = &entry
                && let Some(played) = self.take(profiler, recording.name, message)
            {
                each(message, &played)?;
            }
            Ok(())
        })
    }
}

/// A robot's session, as a camera keeps it.
#[derive(Debug)]
struct Session {
    parser: Parser,
    /// The map of the last message, whose memory the next one reuses.
    map: Option<Map>,
    renderer: Renderer,
    png: Vec<u8>,
}

impl Session {
    fn new(options: Options, limits: PictureLimits) -> Self {
        let mut renderer = Renderer::new(options);
        renderer.set_limits(limits);
        Self { parser: Parser::default(), map: None, renderer, png: Vec::new() }
    }

    fn take(&mut self, profiler: &Profiler, input: &str, bytes: &[u8], state: &State) -> Outcome {
        let parsed = {
            let _operation = profiler.time("Parse").input(input).bytes(bytes.len()).varied().apart();
            match &mut self.map {
                Some(map) => self.parser.parse_into(map, bytes),
                None => self.parser.parse(bytes).map(|map| self.map = Some(map)),
            }
        };
        let map = match (parsed, &self.map) {
            (Ok(()), Some(map)) => map,
            (Err(error), _) => return Outcome::NotParsed(error.to_string()),
            (Ok(()), None) => return Outcome::NotParsed("there is no map".to_owned()),
        };
        let frame = {
            let mut operation = profiler.time("Frame").input(input).varied().apart();
            let frame = self.renderer.frame(map, state);
            if let Ok(frame) = &frame {
                operation.set_pixels(pixels(frame));
            }
            frame
        };
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return Outcome::NotDrawn(error.to_string()),
        };
        let pixels = pixels(&frame);
        let mut operation = profiler.time("Encode").input(input).varied().apart();
        operation.set_pixels(pixels);
        match frame.encode_png(&mut self.png) {
            Ok(()) => Outcome::Drawn(pixels),
            Err(error) => Outcome::NotDrawn(error.to_string()),
        }
    }
}

/// The number of pixels of the picture.
pub(crate) fn pixels(frame: &Frame<'_>) -> u64 {
    let size = frame.size();
    u64::from(size.width) * u64::from(size.height)
}
