//! The words of the status text.
//!
//! Some are compared with the reference renderer's goldens, which lie beside the project in `shared`; without that folder that test prints
//! that it was skipped.

use std::fs;

use serde_json::Value;
use valetudo_map_fixtures::files::{in_folder, shared};
use valetudo_map_render::options::Labels;
use valetudo_map_render::status_text::StatusText;
use valetudo_map_render::{DockState, Options, State, VacuumState};

#[test]
fn every_golden_is_met() {
    let Some(folder) = shared("golden") else { return };
    let mut compared = 0;
    for path in in_folder(&folder).unwrap() {
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let golden: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let (case, expected) = (&golden["case"], &golden["expect"]);
        let counts = |key: &str| !golden["wrong"].as_array().unwrap().iter().any(|wrong| wrong == key);

        let labels = Options::from_json(&case["options"]).unwrap().labels;
        let state: State = serde_json::from_value(case["state"].clone()).unwrap();
        let width = expected["size"][0].as_u64().unwrap() as u32;
        let text = StatusText::compose(&state, expected["robot"]["in_room"].as_str(), width, &labels);
        if counts("status_text") {
            assert_eq!(serde_json::to_value(&text.parts).unwrap(), expected["status_text"], "{}", path.display());
            compared += 1;
        }
        if counts("status_text") && counts("status_text_size") && counts("size") {
            assert_eq!(text.size, expected["status_text_size"], "{}", path.display());
        }
    }
    assert!(compared > 0, "no goldens in {}", folder.display());
    eprintln!("{compared} goldens compared");
}

fn text(state: &State, room: Option<&str>) -> String {
    StatusText::compose(state, room, 1000, &Labels::default()).parts.join("|")
}

#[test]
fn a_docked_robot_charges_or_is_ready() {
    let docked = |battery| State { battery, ..State::default() };
    assert_eq!(text(&docked(99), None), "robot: Docked| · |∑Ϟ |99%");
    assert_eq!(text(&docked(100), Some("Hall")), "robot: Docked| (Hall)| · |Ϟ |Ready.");
    let german = State { language: "de-AT".into(), dock_state: Some(DockState::Emptying), ..docked(100) };
    assert_eq!(text(&german, Some("Flur")), "robot: Angedockt| (Flur)| emptying| · |Ϟ |Bereit.");
}

#[test]
fn a_placeholder_is_no_room_and_an_idle_dock_no_news() {
    let state = State { vacuum_state: VacuumState::Idle, dock_state: Some(DockState::Idle), ..State::default() };
    for room in [None, Some(""), Some("Room 31")] {
        assert_eq!(text(&state, room), "robot: Idle| · |Ϟ| 100%");
    }
}

#[test]
fn without_a_connection_nothing_else_is_said() {
    let state = State { connected: false, vacuum_state: VacuumState::Cleaning, battery: 3, ..State::default() };
    assert_eq!(text(&state, Some("Hall")), "robot: Disconnected from MQTT?");
}

#[test]
fn sizes_from_50_on_follow_the_width() {
    let size =
        |size, width| StatusText::compose(&State::default(), None, width, &Labels { size, ..Labels::default() }).size;
    // robot: Docked · Ϟ Ready.: 24 characters.
    assert_eq!(
        [(12, 1000), (49, 10), (50, 1000), (51, 1000), (50, 15)].map(|(given, width)| size(given, width)),
        [12, 49, 62, 62, 0]
    );
}
