//! The words of the status text.

use valetudo_map_model::Room;

use super::words::Language;
use crate::options::Labels;
use crate::state::{DockState, State, VacuumState};

/// Between the robot's activity and its battery.
const SEPARATOR: &str = " · ";
/// Stands for the battery.
const BATTERY: char = 'Ϟ';
/// Stands for charging.
pub(super) const CHARGING: char = '∑';
/// From here on a size means "as wide as the picture".
const FITTED: u32 = 50;

/// The content of the status text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusText {
    /// The line, in pieces: drawn without anything between them.
    pub parts: Vec<String>,
    /// Picture pixels to the em. 0 where a narrow picture has no more for each of many characters; it is drawn as 1.
    pub size: u32,
    /// The language of the words, as two letters (ISO 639-1): it decides from which side the line is read, and which
    /// regional form of a letter is drawn.
    pub language: &'static str,
}

impl StatusText {
    /// Says how the robot is.
    ///
    /// `room` is the name of the room that it is in; `width` the picture's, in pixels. The language is the state's, by its
    /// first subtag (`pt-BR` and `pt_BR` are `pt`); one that is not among the 22 is English. A state that has no
    /// translation is shown as it is, capitalised.
    ///
    /// ```
    /// use valetudo_map_render::options::Labels;
    /// use valetudo_map_render::status_text::StatusText;
    /// use valetudo_map_render::{State, VacuumState};
    ///
    /// let state = State { vacuum_state: VacuumState::Cleaning, battery: 63, ..State::default() };
    /// let text = StatusText::compose(&state, Some("Kitchen"), 1000, &Labels::default());
    /// assert_eq!(text.parts.concat(), "robot: Cleaning (Kitchen) · Ϟ 63%");
    /// assert_eq!(text.size, 45); // 1.5 · 1000 / 33 characters
    /// ```
    #[must_use]
    pub fn compose(state: &State, room: Option<&str>, width: u32, labels: &Labels) -> Self {
        let language = Language::of(&state.language);
        let parts = if state.connected { connected(state, room, language) } else { disconnected(state, language) };
        let size = if labels.size < FITTED { labels.size } else { fitted(width, &parts) };
        Self { parts, size, language: language.tag }
    }
}

fn connected(state: &State, room: Option<&str>, language: &Language) -> Vec<String> {
    let name = &state.robot_name;
    let mut parts = vec![format!("{name}: {}", language.state(&state.vacuum_state))];
    if let Some(room) = room.filter(|room| !room.is_empty() && *room != Room::PLACEHOLDER_NAME) {
        parts.push(format!(" ({room})"));
    }
    if let Some(dock) = state.dock_state.as_ref().filter(|dock| **dock != DockState::Idle) {
        parts.push(format!(" {dock}"));
    }
    parts.push(SEPARATOR.to_owned());
    let battery = state.battery;
    match state.vacuum_state {
        VacuumState::Docked if battery < 100 => parts.extend([format!("{CHARGING}{BATTERY} "), format!("{battery}%")]),
        VacuumState::Docked => parts.extend([format!("{BATTERY} "), language.ready.to_owned()]),
        _ => parts.extend([BATTERY.to_string(), format!(" {battery}%")]),
    }
    parts
}

fn disconnected(state: &State, language: &Language) -> Vec<String> {
    vec![format!("{}: {}", state.robot_name, language.unreachable)]
}

/// The size at which characters that are two thirds of an em wide, which few fonts reach, fill the width.
fn fitted(width: u32, parts: &[String]) -> u32 {
    let characters: usize = parts.iter().map(|part| part.chars().count()).sum();
    let size = u64::from(width) * 3 / (2 * characters.max(1) as u64);
    u32::try_from(size).unwrap_or(u32::MAX)
}
