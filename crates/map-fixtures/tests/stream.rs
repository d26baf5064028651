//! What holds for the generated stream of messages.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its messages has failed")]

use std::collections::BTreeSet;

use valetudo_map_fixtures::stream::cleaning;
use valetudo_map_model::{Map, PathKind};

fn maps(robot: &str) -> Vec<Map> {
    let is_map =
        |topic: &str| topic.starts_with(robot) && (topic.ends_with("/map-data") || topic.ends_with("map_data"));
    let messages = cleaning().unwrap();
    messages
        .iter()
        .filter(|message| is_map(&message.topic))
        .map(|message| valetudo_map_parser::parse(&message.payload).unwrap())
        .collect()
}

fn points(map: &Map) -> usize {
    map.paths(PathKind::Driven).map(|path| path.points.len()).sum()
}

#[test]
fn the_stream_is_the_same_in_every_run_and_in_order() {
    let messages = cleaning().unwrap();
    assert_eq!(messages, cleaning().unwrap());
    assert!(messages.is_sorted_by_key(|message| message.at));
    assert!(messages.iter().any(|message| message.topic.ends_with("map-data-hass")));
}

#[test]
fn rooms_are_cleaned_in_turn_the_path_grows_and_the_floor_changes() {
    let maps = maps("valetudo/Roberta");
    let floors: Vec<_> = maps.iter().map(|map| map.id).collect();
    assert_eq!(floors.chunk_by(|a, b| a == b).count(), 2, "{floors:?}");
    let ground: Vec<_> = maps.iter().filter(|map| map.id == maps[0].id).collect();
    // The last one is the old map of the reconnect.
    let (stale, growing) = ground.split_last().unwrap();
    assert_eq!((points(stale), *stale == growing[0]), (0, true));
    assert!(growing.is_sorted_by_key(|map| points(map)));
    assert!(points(growing.last().unwrap()) > 500);
    let rooms: BTreeSet<_> = growing
        .iter()
        .flat_map(|map| map.segments().filter(|(segment, _)| segment.active).map(|(segment, _)| segment.id.clone()))
        .collect();
    assert!(rooms.len() >= 2, "{rooms:?}");
    let docked = |map: &Map| map.robot().map(|robot| robot.position) == map.charger().map(|dock| dock.position);
    assert!(docked(growing[0]) && !docked(growing[30]) && docked(growing.last().unwrap()));
}

#[test]
fn the_map_of_a_floor_that_is_explored_grows() {
    let maps = maps("valetudo/Roberta");
    let upper: Vec<_> = maps.iter().filter(|map| map.id != maps[0].id).collect();
    let pixels = |map: &Map| map.layers.iter().map(|layer| layer.runs.pixels()).sum::<u64>();
    // Now and then the robot overlooks a run.
    let measured: Vec<u64> = upper.chunks(5).map(|maps| maps.iter().map(|map| pixels(map)).max().unwrap()).collect();
    assert!(measured.is_sorted(), "{measured:?}");
    assert!(measured.last().unwrap() > &(2 * pixels(upper[0])), "{measured:?}");
    assert!(points(upper.last().unwrap()) > 300);
}

#[test]
fn a_second_robot_publishes_rr_maps() {
    let maps = maps("valetudo/rockrobo");
    assert!(maps.len() >= 8 && points(&maps[0]) < points(&maps[7]));
}
