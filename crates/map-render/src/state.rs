//! What the integration knows beside the map.

use serde::Deserialize;

/// The robot's state when the map was published.
///
/// Reads from JSON with these names as keys; what is missing has its default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct State {
    /// The robot's name in the status text.
    pub file_name: String,
    /// `docked`, `cleaning`, `idle`, `paused`, `returning`, `error` …
    pub vacuum_state: String,
    /// Whether the robot can be reached.
    pub connected: bool,
    /// Percent.
    pub battery: u8,
    /// What the dock does.
    pub dock_state: Option<String>,
    /// Whether the robot mops.
    pub mop_mode: bool,
    /// Of the status text, as two letters.
    pub language: String,
    /// The robot's address, for links to obstacles' photos.
    pub robot_host: Option<String>,
    /// On maps that do not say which rooms are active: entry i, when not 0, makes the i-th room active.
    pub active_zones: Vec<i64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            file_name: "robot".to_owned(),
            vacuum_state: "docked".to_owned(),
            connected: true,
            battery: 100,
            dock_state: None,
            mop_mode: false,
            language: "en".to_owned(),
            robot_host: None,
            active_zones: Vec::new(),
        }
    }
}
