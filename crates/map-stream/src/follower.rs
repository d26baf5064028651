//! Messages to the state of each robot.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use valetudo_map_render::{Destinations, DockState, State, VacuumState};

use crate::topic::{Kind, Topic, name};

/// The most robots that are followed, so that a broker full of other topics costs no memory.
pub const MOST_ROBOTS: usize = 64;

/// A longer message is no word, number or name.
const MOST_STATE_BYTES: usize = 1024;

/// A longer message lists no destinations.
const MOST_DESTINATION_BYTES: usize = 1 << 20;

/// Follows robots by their messages.
#[derive(Debug, Default)]
pub struct Follower {
    robots: BTreeMap<String, Robot>,
    /// The topics of those that have sent no map, the first followed first.
    without_map: VecDeque<String>,
}

/// The effect of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Update {
    /// A map: its bytes are those of the message.
    Map,
    /// The robot's state, which may have changed.
    State,
    /// The names of rooms, spots and zones.
    Destinations,
    /// A message of a known topic that cannot be understood. It changed nothing.
    NotUnderstood,
}

/// A robot, as far as its messages tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Robot {
    topic: String,
    state: State,
    destinations: Option<Destinations>,
    /// Whether a mop is attached; `None` if the robot does not tell.
    mop: Option<bool>,
    /// Whether the mode of operation uses a mop.
    mode_mops: Option<bool>,
}

impl Follower {
    /// Takes a message. Gives the robot and the message's effect; `None` if the topic belongs to no robot, or
    /// [`MOST_ROBOTS`] others have sent maps.
    ///
    /// Other devices have topics like a robot's. So when there are too many robots, a new one replaces the first of those
    /// that have sent no map, and that one's state is lost.
    pub fn take(&mut self, topic: &str, payload: &[u8]) -> Option<(&Robot, Update)> {
        let topic = Topic::parse(topic)?;
        if !self.robots.contains_key(topic.robot) {
            if self.robots.len() >= MOST_ROBOTS {
                self.robots.remove(&self.without_map.pop_front()?);
            }
            self.robots.insert(topic.robot.to_owned(), Robot::new(topic.robot));
            self.without_map.push_back(topic.robot.to_owned());
        }
        let robot = self.robots.get_mut(topic.robot)?;
        let update = robot.take(topic.kind, payload).unwrap_or(Update::NotUnderstood);
        if update == Update::Map {
            self.without_map.retain(|without_map| without_map != topic.robot);
        }
        Some((robot, update))
    }

    /// The robots, by topic.
    pub fn robots(&self) -> impl Iterator<Item = &Robot> {
        self.robots.values()
    }
}

impl Robot {
    fn new(topic: &str) -> Self {
        let state = State { robot_name: name(topic).to_owned(), ..State::default() };
        Self { topic: topic.to_owned(), state, destinations: None, mop: None, mode_mops: None }
    }

    /// The topic below which the robot publishes, such as `valetudo/Rob`.
    #[must_use]
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Its identifier: the last level of its topic.
    #[must_use]
    pub fn name(&self) -> &str {
        name(&self.topic)
    }

    /// Its state. Facts that it has not told are those of [`State::default`].
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The names that come apart from the map (Valetudo RE).
    #[must_use]
    pub const fn destinations(&self) -> Option<&Destinations> {
        self.destinations.as_ref()
    }

    /// `None` if the message cannot be understood.
    fn take(&mut self, kind: Kind, payload: &[u8]) -> Option<Update> {
        match kind {
            Kind::Map => return Some(Update::Map),
            Kind::Destinations => {
                let bytes = Some(payload).filter(|payload| payload.len() <= MOST_DESTINATION_BYTES)?;
                self.destinations = Some(serde_json::from_slice(bytes).ok()?);
                return Some(Update::Destinations);
            }
            Kind::Status => self.state.vacuum_state = VacuumState::from(word(payload)?),
            Kind::Dock => self.state.dock_state = Some(DockState::from(word(payload)?)),
            Kind::Battery => self.state.battery = percent(word(payload)?.parse().ok()?)?,
            Kind::Name => self.state.robot_name = word(payload)?.to_owned(),
            Kind::Connection => self.state.connected = !matches!(word(payload)?, "disconnected" | "lost" | "sleeping"),
            Kind::ReConnection => self.state.connected = word(payload)? != "offline",
            Kind::Mop => self.mop = Some(flag(word(payload)?)?),
            Kind::OperationMode => self.mode_mops = Some(word(payload)?.contains("mop")),
            Kind::ReState => self.take_re_state(payload)?,
        }
        // Without its mop, no mode mops.
        self.state.mop_mode = self.mop != Some(false) && self.mode_mops.or(self.mop).unwrap_or(false);
        Some(Update::State)
    }

    fn take_re_state(&mut self, payload: &[u8]) -> Option<()> {
        let bytes = Some(payload).filter(|payload| payload.len() <= MOST_DESTINATION_BYTES)?;
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let fields = value.as_object()?;
        let text = fields.get("state").and_then(Value::as_str).and_then(|text| word(text.as_bytes()));
        let battery = fields.get("battery_level").and_then(Value::as_f64).and_then(percent);
        if let Some(word) = text {
            self.state.vacuum_state = VacuumState::from(word);
        }
        if let Some(battery) = battery {
            self.state.battery = battery;
        }
        Some(())
    }
}

/// A short text without white space around it.
fn word(payload: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(payload).ok().filter(|text| text.len() <= MOST_STATE_BYTES)?.trim();
    (!text.is_empty()).then_some(text)
}

fn percent(value: f64) -> Option<u8> {
    (0.0..=100.0).contains(&value).then_some(value as u8)
}

fn flag(word: &str) -> Option<bool> {
    match word {
        "true" | "ON" | "1" => Some(true),
        "false" | "OFF" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state after messages, given as the ends of their topics with their payloads.
    fn after(messages: &[(&str, &str)]) -> State {
        let mut follower = Follower::default();
        for (end, payload) in messages {
            follower.take(&format!("valetudo/Rob/{end}"), payload.as_bytes()).unwrap();
        }
        follower.robots().next().unwrap().state().clone()
    }

    #[test]
    fn the_state_is_gathered_from_topics() {
        let state = after(&[
            ("StatusStateAttribute/status", "cleaning"),
            ("BatteryStateAttribute/level", "42"),
            ("DockStatusStateAttribute/status", "drying"),
            ("$state", "lost"),
            ("$name", "Roberta"),
        ]);
        assert_eq!((state.vacuum_state, state.battery, state.dock_state), {
            (VacuumState::Cleaning, 42, Some(DockState::Drying))
        });
        assert_eq!((state.connected, state.robot_name.as_str(), state.mop_mode), (false, "Roberta", false));
    }

    #[test]
    fn a_robot_mops_with_a_mop_and_in_a_mode_that_uses_it() {
        let mops = |mop: Option<&str>, mode: Option<&str>| {
            let mut messages: Vec<(&str, &str)> = vec![("$state", "ready")];
            messages.extend(mop.map(|mop| ("AttachmentStateAttribute/mop", mop)));
            messages.extend(mode.map(|mode| ("OperationModeControlCapability/preset", mode)));
            after(&messages).mop_mode
        };
        assert!(mops(Some("true"), None) && mops(None, Some("vacuum_and_mop")) && mops(Some("true"), Some("mop")));
        assert!(!mops(Some("true"), Some("vacuum")) && !mops(Some("false"), Some("mop")) && !mops(None, None));
    }

    #[test]
    fn valetudo_re_tells_its_state_as_json() {
        let mut follower = Follower::default();
        let mut take = |end: &str, payload: &str| {
            follower.take(&format!("valetudo/rockrobo/{end}"), payload.as_bytes()).map(|(_, update)| update)
        };
        assert_eq!(take("state", r#"{"state":"returning","battery_level":61}"#), Some(Update::State));
        assert_eq!(
            take("destinations", r#"{"rooms":[{"id":17,"name":"Hall"}],"spots":[],"zones":[]}"#),
            Some(Update::Destinations)
        );
        assert_eq!(take("map_data", "anything"), Some(Update::Map));
        let robot = follower.robots().next().unwrap();
        assert_eq!((&robot.state().vacuum_state, robot.state().battery), (&VacuumState::Returning, 61));
        assert_eq!(robot.destinations().unwrap().rooms.first().unwrap().name, "Hall");
    }

    #[test]
    fn a_message_that_cannot_be_understood_changes_nothing() {
        let messages = [
            ("BatteryStateAttribute/level", "nan"),
            ("BatteryStateAttribute/level", "101"),
            ("StatusStateAttribute/status", " "),
            ("AttachmentStateAttribute/mop", "perhaps"),
            ("state", "[]"),
            ("destinations", "{"),
        ];
        let mut follower = Follower::default();
        for (end, payload) in messages {
            let taken = follower.take(&format!("valetudo/Rob/{end}"), payload.as_bytes());
            assert_eq!(taken.map(|(_, update)| update), Some(Update::NotUnderstood), "{end} {payload}");
        }
        let long = "x".repeat(2000);
        follower.take("valetudo/Rob/StatusStateAttribute/status", long.as_bytes()).unwrap();
        assert_eq!(after(&[("$state", "ready")]), follower.robots().next().unwrap().state().clone());
    }

    #[test]
    fn the_number_of_robots_is_bounded() {
        let mut follower = Follower::default();
        for number in 0..200 {
            follower.take(&format!("valetudo/{number}/map_data"), b"");
        }
        assert_eq!(follower.robots().count(), MOST_ROBOTS);
        assert_eq!(follower.take("valetudo/one more/map_data", b""), None);
    }

    #[test]
    fn robots_that_sent_no_map_give_way_and_those_that_did_stay() {
        let mut follower = Follower::default();
        follower.take("valetudo/first/map_data", b"").unwrap();
        for number in 0..200 {
            follower.take(&format!("lamps/{number}/state"), b"ON").unwrap();
        }
        assert_eq!(follower.robots().count(), MOST_ROBOTS);
        // The oldest lamps are gone.
        assert!(follower.robots().any(|robot| robot.topic() == "lamps/199"));
        assert!(!follower.robots().any(|robot| robot.topic() == "lamps/0"));

        follower.take("valetudo/second/BatteryStateAttribute/level", b"42").unwrap();
        follower.take("valetudo/second/map_data", b"").unwrap();
        for number in 0..200 {
            follower.take(&format!("lamps/{number}/state"), b"ON").unwrap();
        }
        let vacuums: Vec<&Robot> = follower.robots().filter(|robot| robot.topic().starts_with("valetudo/")).collect();
        assert_eq!(vacuums.iter().map(|robot| robot.name()).collect::<Vec<_>>(), ["first", "second"]);
        assert_eq!(vacuums.last().unwrap().state().battery, 42);
        assert_eq!(follower.robots().count(), MOST_ROBOTS);
    }
}
