//! Recordings as inputs: opened, and played through one session a robot.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use span_instrument::Profiler;
use valetudo_map_render::parser::Parser;
use valetudo_map_render::{Map, Options, PictureLimits, Renderer, State};
use valetudo_map_stream::recording::{Entry, Message, ReadError, Reader, is_recording};
use valetudo_map_stream::{Follower, Robot, Update};

use crate::failure::Failure;

/// A recording. It is read from its file each time: it may be larger than memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedRecording {
    /// The file's name, made different from all others and fit to name another file.
    pub(crate) name: String,
    pub(crate) source: Source,
}

/// Where the bytes of a recording are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    /// Standard input, which can be read once.
    StandardInput(Vec<u8>),
}

/// Whether the file at this path is a recording.
pub(crate) fn is_at(path: &Path) -> bool {
    let mut start = [0; 8];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && is_recording(&start)
}

impl NamedRecording {
    /// Its bytes, from the first on.
    pub(crate) fn bytes(&self) -> Result<Box<dyn Read + '_>, Failure> {
        Ok(match &self.source {
            Source::File(path) => Box::new(BufReader::new(File::open(path).map_err(|error| Failure::at(path, error))?)),
            Source::StandardInput(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Result<Reader<Box<dyn Read + '_>>, Failure> {
        Reader::new(self.bytes()?).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &ReadError) -> Failure {
        Failure::new(format!("{}: {error}", self.name))
    }

    /// Gives each entry to `each`. A recording that is cut or damaged is read up to there; gives the reason in words.
    pub(crate) fn entries(
        &self,
        mut each: impl FnMut(Entry<'_>) -> Result<(), Failure>,
    ) -> Result<Option<String>, Failure> {
        let mut reader = self.open()?;
        loop {
            match reader.read() {
                Ok(Some(entry)) => each(entry)?,
                Ok(None) => break,
                // A file that cannot be read is a failure; one that is damaged has told what it could.
                Err(error @ ReadError::Io(_)) => return Err(self.failed(&error)),
                Err(error) => return Ok(Some(error.to_string())),
            }
        }
        Ok(reader.cut_at().map(|offset| format!("the file was cut in the record at byte {offset}")))
    }
}

/// What became of the message of a map.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It was parsed, drawn and encoded: the number of pixels.
    Drawn(u64),
    /// It is no map.
    NotParsed(String),
    /// Its map makes no picture.
    NotDrawn(String),
}

/// A map that was played.
pub(crate) struct Played<'a> {
    pub(crate) robot: &'a Robot,
    pub(crate) outcome: Outcome,
    /// The robot's map, the last one if this is none.
    pub(crate) map: Option<&'a Map>,
    /// The picture as PNG, the last one if this map has none.
    pub(crate) png: &'a [u8],
}

/// Plays the messages of a recording through one session a robot, as a camera would.
pub(crate) struct Player {
    options: Options,
    limits: PictureLimits,
    follower: Follower,
    sessions: BTreeMap<String, Session>,
}

impl Player {
    pub(crate) fn new(options: Options, limits: PictureLimits) -> Self {
        Self { options, limits, follower: Follower::default(), sessions: BTreeMap::new() }
    }

    /// Takes a message. `None` if it is no map. The profiler times *Parse*, *Frame* and *Encode*.
    pub(crate) fn take(&mut self, profiler: &Profiler, input: &str, message: &Message<'_>) -> Option<Played<'_>> {
        let (robot, update) = self.follower.take(message.topic, message.payload)?;
        if !self.sessions.contains_key(robot.topic()) {
            let session = Session::new(self.options.clone(), self.limits.clone());
            self.sessions.insert(robot.topic().to_owned(), session);
        }
        let session = self.sessions.get_mut(robot.topic())?;
        match update {
            Update::Map => {}
            Update::Destinations => {
                session.renderer.set_destinations(robot.destinations().cloned());
                return None;
            }
            _ => return None,
        }
        let outcome = session.take(profiler, input, message.payload, robot.state());
        Some(Played { robot, outcome, map: session.map.as_ref(), png: &session.png })
    }
}

/// A robot's session, as a camera keeps it.
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
            let _operation = profiler.time("Parse").input(input).bytes(bytes.len()).varied();
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
            let mut operation = profiler.time("Frame").input(input).varied();
            let frame = self.renderer.frame(map, state);
            if let Ok(frame) = &frame {
                let size = frame.size();
                operation.set_pixels(u64::from(size.width) * u64::from(size.height));
            }
            frame
        };
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => return Outcome::NotDrawn(error.to_string()),
        };
        let size = frame.size();
        let pixels = u64::from(size.width) * u64::from(size.height);
        let mut operation = profiler.time("Encode").input(input).varied();
        operation.set_pixels(pixels);
        match frame.encode_png(&mut self.png) {
            Ok(()) => Outcome::Drawn(pixels),
            Err(error) => Outcome::NotDrawn(error.to_string()),
        }
    }
}

/// Plays a whole recording. Gives each map to `each`, and the reason if the recording ends early.
pub(crate) fn play(
    recording: &NamedRecording,
    player: &mut Player,
    profiler: &Profiler,
    mut each: impl FnMut(&Message<'_>, &Played<'_>) -> Result<(), Failure>,
) -> Result<Option<String>, Failure> {
    recording.entries(|entry| {
        if let Entry::Message(message) = &entry
            && let Some(played) = player.take(profiler, &recording.name, message)
        {
            each(message, &played)?;
        }
        Ok(())
    })
}
