//! The facts of a recording that need no clock: what each message holds, and whether it is new.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use span_instrument::Profiler;
use valetudo_map_model::{Layer, PathKind};
use valetudo_map_render::{Map, Options, PictureLimits};
use valetudo_map_stream::recording::{Entry, Message};
use valetudo_map_stream::{Follower, Freshness, Repeats, Update};
use valetudo_map_workload::{Outcome, Played, Player};

use crate::failure::Failure;
use crate::recordings::NamedRecording;

/// A recording, apart from times.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) name: String,
    /// Messages of all kinds.
    pub(super) messages: u64,
    /// The topics of the robots that sent maps, in the order of their first.
    pub(super) robots: Vec<String>,
    /// The messages of maps, in order.
    pub(super) maps: Vec<MapMessage>,
    pub(super) gaps: Vec<Gap>,
    /// Why the recording ends early, if it is cut or damaged.
    pub(super) ends_early: Option<String>,
    /// From the first entry to the last.
    pub(super) length: Duration,
    /// The last picture as PNG; empty if there is none.
    pub(super) picture: Vec<u8>,
}

/// A time without a connection, seconds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Gap {
    pub(super) end_s: f64,
    pub(super) length_s: f64,
    pub(super) reason: String,
}

/// The message of a map.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MapMessage {
    /// Its place among all messages, from 1.
    pub(super) number: u64,
    /// Its arrival since the recording began, seconds.
    pub(super) at_s: f64,
    pub(super) topic: String,
    /// Its robot's place in the list of robots.
    pub(super) robot: usize,
    /// Whether it is the first of its robot.
    pub(super) is_first: bool,
    pub(super) retained: bool,
    pub(super) bytes: usize,
    /// "new", "duplicate" or "stale"; "no map" if its envelope cannot be opened.
    pub(super) freshness: &'static str,
    /// Points of driven paths.
    pub(super) path_points: usize,
    /// Area of all layers, m².
    pub(super) area_m2: f64,
    /// Whether its layers differ from those of its robot's last map.
    pub(super) has_new_layers: bool,
    /// Of the picture; 0 if there is none.
    pub(super) pixels: u64,
    /// Whether it was parsed.
    pub(super) parsed: bool,
    /// Why there is no picture.
    pub(super) problem: Option<String>,
}

impl Facts {
    /// Plays a recording once.
    pub(super) fn of(recording: &NamedRecording, limits: &PictureLimits) -> Result<Self, Failure> {
        let mut facts = Self { name: recording.name.clone(), ..Self::default() };
        let mut seen = BTreeMap::new();
        let mut player = Player::new(Options::default(), *limits);
        let profiler = Profiler::disabled();
        let mut first = None;
        facts.ends_early = recording.borrowed().entries(|entry| {
            let begun = *first.get_or_insert(entry.at());
            facts.length = entry.at().saturating_sub(begun);
            match &entry {
                Entry::Message(message) => {
                    facts.messages += 1;
                    if let Some(played) = player.take(&profiler, &recording.name, message) {
                        facts.add(message, &played, &mut seen);
                    }
                }
                Entry::Gap(gap) => facts.gaps.push(Gap {
                    end_s: gap.at.as_secs_f64(),
                    length_s: gap.length.as_secs_f64(),
                    reason: gap.reason.to_owned(),
                }),
                _ => {}
            }
            Ok::<_, Failure>(())
        })?;
        Ok(facts)
    }

    fn add(&mut self, message: &Message<'_>, played: &Played<'_>, seen: &mut BTreeMap<usize, Seen>) {
        let topic = played.robot.topic();
        let known = self.robots.iter().position(|robot| robot == topic);
        let robot = known.unwrap_or_else(|| {
            self.robots.push(topic.to_owned());
            self.robots.len() - 1
        });
        let seen = seen.entry(robot).or_default();
        let freshness = match seen.repeats.judge(message.payload) {
            Ok(Freshness::New) => "new",
            Ok(Freshness::Duplicate) => "duplicate",
            Ok(Freshness::Stale) => "stale",
            Err(_) => "no map",
        };
        let (parsed, pixels, problem) = match &played.outcome {
            Outcome::Drawn(pixels) => (true, *pixels, None),
            Outcome::NotParsed(reason) => (false, 0, Some(reason.clone())),
            Outcome::NotDrawn(reason) => (true, 0, Some(reason.clone())),
        };
        self.picture.clear();
        self.picture.extend_from_slice(played.png);
        let map = played.map.filter(|_| parsed);
        self.maps.push(MapMessage {
            number: self.messages,
            at_s: message.at.as_secs_f64(),
            topic: message.topic.to_owned(),
            robot,
            is_first: known.is_none(),
            retained: message.retained,
            bytes: message.payload.len(),
            freshness,
            path_points: map.map_or(0, path_points),
            area_m2: map.map_or(0.0, square_metres),
            has_new_layers: map.is_some_and(|map| seen.replace_layers(map)),
            pixels,
            parsed,
            problem,
        });
    }
}

/// The earlier messages of a robot.
#[derive(Debug, Default)]
struct Seen {
    repeats: Repeats,
    layers: Vec<Layer>,
}

impl Seen {
    /// Keeps the layers of a map. True if they differ from the last ones.
    fn replace_layers(&mut self, map: &Map) -> bool {
        let are_new = self.layers != map.layers;
        if are_new {
            self.layers.clone_from(&map.layers);
        }
        are_new
    }
}

fn path_points(map: &Map) -> usize {
    map.paths(PathKind::Driven).map(|path| path.points.len()).sum()
}

fn square_metres(map: &Map) -> f64 {
    let side = f64::from(map.pixel_size.get()) / 100.0;
    map.layers.iter().map(|layer| layer.runs.pixels()).sum::<u64>() as f64 * side * side
}

/// Reads a recording to its end and looks for a map: a bad one is said now, not after a minute.
pub(in crate::profile) fn check(recording: &NamedRecording) -> Result<(), Failure> {
    let mut follower = Follower::default();
    let (mut has_map, mut reason) = (false, None);
    recording.borrowed().entries(|entry| {
        if let Entry::Message(message) = entry
            && let Some((_, Update::Map)) = follower.take(message.topic, message.payload)
            && !has_map
        {
            match valetudo_map_render::parse(message.payload) {
                Ok(_) => has_map = true,
                Err(error) => reason = Some(error),
            }
        }
        Ok::<_, Failure>(())
    })?;
    match reason {
        _ if has_map => Ok(()),
        Some(reason) => {
            Err(Failure::new(format!("{}: no map of this recording can be read: {reason}", recording.name)))
        }
        None => Err(Failure::new(format!("{}: there is no map in this recording", recording.name))),
    }
}
