//! Facts about the robot that are not on its map.

mod words;

pub use words::{DockState, VacuumState};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The robot's state when the map was published.
///
/// As JSON it has the keys of the Home Assistant integration, which differ from two of the names here. Keys that are missing have their
/// defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The robot's name in the status text. Key: `file_name`.
    #[serde(rename = "file_name")]
    pub robot_name: String,
    /// The robot's activity.
    pub vacuum_state: VacuumState,
    /// Whether the robot can be reached.
    pub connected: bool,
    /// The charge, percent.
    pub battery: u8,
    /// The dock's activity.
    pub dock_state: Option<DockState>,
    /// Whether the robot mops.
    pub mop_mode: bool,
    /// The language of the status text, as two letters (ISO 639-1).
    pub language: String,
    /// The robot's address, for links to photos of obstacles.
    pub robot_host: Option<String>,
    /// On maps that do not tell which rooms are active: whether the room at that position is. Key: `active_zones`, a list of numbers, in
    /// which all but 0 mean an active room.
    #[serde(rename = "active_zones", with = "numbers")]
    pub active_rooms: Vec<bool>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            robot_name: "robot".to_owned(),
            vacuum_state: VacuumState::Docked,
            connected: true,
            battery: 100,
            dock_state: None,
            mop_mode: false,
            language: "en".to_owned(),
            robot_host: None,
            active_rooms: Vec::new(),
        }
    }
}

/// Flags as numbers: 0 and 1.
mod numbers {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(flags: &[bool], serializer: S) -> Result<S::Ok, S::Error> {
        flags.iter().map(|&flag| u8::from(flag)).collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<bool>, D::Error> {
        let numbers = Vec::<i64>::deserialize(deserializer)?;
        Ok(numbers.into_iter().map(|number| number != 0).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_keys_of_the_integration() {
        let json = r#"{"file_name":"Rob","vacuum_state":"mapping","connected":true,"battery":7,"dock_state":"emptying","mop_mode":false,"language":"de","robot_host":null,"active_zones":[0,1]}"#;
        let state: State = serde_json::from_str(json).unwrap();
        assert_eq!(state.robot_name, "Rob");
        assert_eq!(state.vacuum_state, VacuumState::Other("mapping".into()));
        assert_eq!(state.dock_state, Some(DockState::Emptying));
        assert_eq!(state.active_rooms, [false, true]);
        assert_eq!(serde_json::to_string(&state).unwrap(), json);
        assert_eq!(serde_json::from_str::<State>("{}").unwrap(), State::default());
        assert_eq!(
            serde_json::from_str::<State>(r#"{"active_zones":[3,-1,0]}"#).unwrap().active_rooms,
            [true, true, false]
        );
    }
}
