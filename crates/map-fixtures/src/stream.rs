//! The messages that two robots publish while they clean, those of `fixtures/recordings/cleaning.vmr`.
//!
//! A Valetudo robot cleans a home that it knows, room by room, and returns. It is carried to another floor, and mops there for the
//! first time: its map grows. A robot with Valetudo RE cleans meanwhile. Some maps come twice, in both envelopes, and an old
//! one comes again after a reconnect.

use std::collections::HashSet;
use std::time::Duration;

use valetudo_map_model::{LayerKind, Millimetre, Path, Point, Pose, Run};

use crate::committed::MakeError;
use crate::envelope;
use crate::formats::rr_map::{self, Generation};
use crate::formats::valetudo_json::{self, PixelForm};
use crate::home::Home;

/// A message that a robot published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// When, since the first.
    pub at: Duration,
    /// Its topic.
    pub topic: String,
    /// Its bytes.
    pub payload: Vec<u8>,
    /// Whether the broker had kept it from before.
    pub retained: bool,
}

/// When the first message of [`cleaning`] arrives, since 1970: 2026-01-05 09:00 UTC.
pub const BEGINNING: Duration = Duration::from_secs(1_767_603_600);

const ROBOT: &str = "valetudo/Roberta";
const RE_ROBOT: &str = "valetudo/rockrobo";

/// Maps come every two seconds while a robot cleans.
const INTERVAL: Duration = Duration::from_secs(2);

/// The maps of a cleaning.
const MAPS: usize = 42;

/// The area of the home on the ground floor, and of that on the upper one.
const GROUND_M2: u32 = 30;
const UPPER_M2: u32 = 20;

/// A robot reports its position at least so often, mm.
const STEP: i32 = 150;

/// A lidar sees a wall this far away, in map pixels.
const SIGHT: i32 = 30;

/// The side of the squares in which the robot explores, in map pixels.
const SQUARE: i32 = 5;

/// The messages in the order of their arrival.
///
/// # Errors
/// [`MakeError`] if a map cannot be written.
pub fn cleaning() -> Result<Vec<Published>, MakeError> {
    let mut stream = Stream { at: Duration::ZERO, retained: true, published: Vec::new() };
    let (ground, upper) = (driven(Home::generate(9, GROUND_M2)), driven(Home::generate(5, UPPER_M2)));
    for (end, word) in [
        ("$state", "ready"),
        ("$name", "Roberta"),
        ("AttachmentStateAttribute/mop", "false"),
        ("OperationModeControlCapability/preset", "vacuum"),
        ("DockStatusStateAttribute/status", "idle"),
        ("BatteryStateAttribute/level", "100"),
        ("StatusStateAttribute/status", "docked"),
    ] {
        stream.word(end, word);
    }
    let docked = json(&docked(&ground))?;
    stream.map(&docked, true)?;
    stream.re_words("docked", 90);
    stream.publish(RE_ROBOT, "destinations", br#"{"rooms":[{"id":"1","name":"Hall"}],"spots":[],"zones":[]}"#.to_vec());
    stream.retained = false;

    stream.word("StatusStateAttribute/status", "cleaning");
    stream.clean(&ground, false, 100)?;
    stream.word("StatusStateAttribute/status", "returning");
    stream.clean_up(&ground)?;
    stream.word("DockStatusStateAttribute/status", "emptying");
    // The connection was lost, and the broker gives its old map again.
    stream.retained = true;
    stream.map(&docked, false)?;
    stream.retained = false;
    stream.word("DockStatusStateAttribute/status", "idle");

    for (end, word) in [
        ("StatusStateAttribute/status", "idle"),
        ("AttachmentStateAttribute/mop", "true"),
        ("OperationModeControlCapability/preset", "vacuum_and_mop"),
        ("StatusStateAttribute/status", "cleaning"),
    ] {
        stream.word(end, word);
    }
    stream.clean(&upper, true, 80)?;
    stream.word("StatusStateAttribute/status", "returning");
    stream.clean_up(&explored(upper))?;
    Ok(stream.published)
}

struct Stream {
    at: Duration,
    retained: bool,
    published: Vec<Published>,
}

impl Stream {
    fn publish(&mut self, robot: &str, end: &str, payload: Vec<u8>) {
        let topic = format!("{robot}/{end}");
        self.published.push(Published { at: self.at, topic, payload, retained: self.retained });
        self.at += Duration::from_millis(3);
    }

    fn word(&mut self, end: &str, word: &str) {
        self.publish(ROBOT, end, word.into());
    }

    fn re_words(&mut self, state: &str, battery: usize) {
        let state = format!(r#"{{"state":"{state}","battery_level":{battery}}}"#);
        self.publish(RE_ROBOT, "state", state.into());
    }

    /// A map, in one envelope or in both.
    fn map(&mut self, json: &[u8], twice: bool) -> Result<(), MakeError> {
        self.publish(ROBOT, "MapData/map-data", envelope::zlib(json)?);
        if twice {
            self.publish(ROBOT, "MapData/map-data-hass", envelope::png(json)?);
        }
        Ok(())
    }

    /// A home cleaned from a charge on, known before or explored meanwhile.
    fn clean(&mut self, home: &Home, explores: bool, charge: usize) -> Result<(), MakeError> {
        let begun = self.at;
        let re_home = driven(Home::generate(47, 8));
        // It needs as long for its home as the other robot for both floors.
        let re_before = if explores { MAPS } else { 0 };
        for number in 1..=MAPS {
            self.at = begun + INTERVAL * number as u32;
            let now = cleaned(home, number, MAPS);
            let now = if explores { explored(now) } else { now };
            // The robot measures its surroundings again and again.
            let now = if number % 5 == 0 { with_a_blind_spot(now) } else { now };
            self.map(&json(&now)?, number % 16 == 0)?;
            if number % 8 == 0 {
                self.word("BatteryStateAttribute/level", &(charge - number / 4).to_string());
                self.re_words("cleaning", 90 - number / 8);
                let rr =
                    rr_map::write(&cleaned(&re_home, re_before + number, 2 * MAPS).rand256_map()?, Generation::Three)?;
                self.publish(RE_ROBOT, "map_data", envelope::gzip(&rr)?);
            }
        }
        self.at = begun + INTERVAL * (MAPS as u32 + 1);
        Ok(())
    }

    /// The robot docks, and its map does not change any more.
    fn clean_up(&mut self, home: &Home) -> Result<(), MakeError> {
        let mut home = home.clone();
        home.robot = home.charger;
        let end = json(&at_rest(home))?;
        for _ in 0..3 {
            self.map(&end, false)?;
            self.at += INTERVAL;
        }
        self.word("StatusStateAttribute/status", "docked");
        Ok(())
    }
}

fn json(home: &Home) -> Result<Vec<u8>, MakeError> {
    Ok(valetudo_json::write(&home.valetudo_map(), PixelForm::Runs)?)
}

/// The home before a cleaning.
fn docked(home: &Home) -> Home {
    let mut home = at_rest(home.clone());
    home.robot = home.charger;
    home.paths.clear();
    home
}

/// The home with its robot after `part` of `parts` of its path, in an active room.
fn cleaned(home: &Home, part: usize, parts: usize) -> Home {
    let mut home = at_rest(home.clone());
    let mut left = home.paths.iter().map(|path| path.points.len()).sum::<usize>() * part / parts;
    for path in &mut home.paths {
        path.points.truncate(left);
        left -= path.points.len();
    }
    home.paths.retain(|path| path.points.len() > 1);
    home.robot = at_end(&home.paths).unwrap_or(home.charger);
    let cell = (home.robot.position.x.div_euclid(50), home.robot.position.y.div_euclid(50));
    for layer in &mut home.layers {
        let here = layer
            .runs
            .iter()
            .any(|run| i32::from(run.y()) == cell.1 && (run.x().into()..run.end().into()).contains(&cell.0));
        if let LayerKind::Segment(segment) = &mut layer.kind {
            segment.active = here;
        }
    }
    home
}

fn at_end(paths: &[Path]) -> Option<Pose> {
    let position: Point<Millimetre> = *paths.last()?.points.last()?;
    Some(Pose { position, angle: Some(f64::from((position.x + position.y).rem_euclid(360))) })
}

/// The home without a target and active rooms.
fn at_rest(mut home: Home) -> Home {
    home.go_to_target = None;
    home.predicted_path = None;
    for layer in &mut home.layers {
        if let LayerKind::Segment(segment) = &mut layer.kind {
            segment.active = false;
        }
    }
    home
}

/// The home without the last run of its largest layer.
fn with_a_blind_spot(mut home: Home) -> Home {
    if let Some(layer) = home.layers.iter_mut().max_by_key(|layer| layer.runs.len()) {
        let keep = layer.runs.len().saturating_sub(1);
        layer.runs = layer.runs.iter().take(keep).collect();
    }
    home
}

/// The home with paths that have a point every 150 mm, as a robot reports them.
fn driven(mut home: Home) -> Home {
    for path in &mut home.paths {
        let corners = std::mem::take(&mut path.points);
        path.points.extend(corners.first());
        for pair in corners.windows(2) {
            let [from, to] = [pair[0], pair[1]];
            let parts = ((to.x - from.x).abs().max((to.y - from.y).abs()) / STEP).max(1);
            path.points.extend((1..=parts).map(|part| {
                Point::new(from.x + (to.x - from.x) * part / parts, from.y + (to.y - from.y) * part / parts)
            }));
        }
    }
    home
}

/// The part of the home that the robot has seen from its paths. Nobody has marked anything in it yet.
fn explored(mut home: Home) -> Home {
    home.areas.clear();
    home.virtual_walls.clear();
    home.obstacles.clear();
    let square = |millimetres: i32| millimetres.div_euclid(50 * SQUARE);
    let reach = SIGHT / SQUARE;
    let mut seen = HashSet::new();
    let places = home.paths.iter().flat_map(|path| &path.points).chain([&home.charger.position]);
    for place in places.map(|place| (square(place.x), square(place.y))).collect::<HashSet<_>>() {
        let near = (-reach..=reach).flat_map(|x| (-reach..=reach).map(move |y| (x, y)));
        seen.extend(near.filter(|(x, y)| x * x + y * y <= reach * reach).map(|(x, y)| (place.0 + x, place.1 + y)));
    }
    for layer in &mut home.layers {
        let is_seen = |x: u16, y: u16| seen.contains(&(i32::from(x) / SQUARE, i32::from(y) / SQUARE));
        let pixels = layer.runs.iter().flat_map(|run| (run.x()..run.end()).map(move |x| (x, run.y())));
        layer.runs = pixels.filter(|(x, y)| is_seen(*x, *y)).filter_map(|(x, y)| Run::new(x, y, 1)).collect();
    }
    home.layers.retain(|layer| !layer.runs.is_empty());
    home
}
