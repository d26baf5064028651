//! Frames whose layers did not change: right, and without a single allocation.
#![allow(clippy::unwrap_used, reason = "tests, and what they share, fail by panicking")]

use std::path::Path;

use serde_json::json;
use span_heap::HeapSwitch;
use valetudo_map_model::{Entity, PathKind};
use valetudo_map_render::{Map, Options, Renderer, State, parse};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

fn fixture(name: &str) -> Map {
    parse(&std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)).unwrap()).unwrap()
}

/// The map as it was when the robot had not driven its last `steps` yet: it stands where its path ends.
fn earlier(map: &Map, steps: usize) -> Map {
    let mut earlier = map.clone();
    let mut end = None;
    for entity in &mut earlier.entities {
        if let Entity::Path(path) = entity
            && path.kind == PathKind::Driven
        {
            path.points.truncate(path.points.len().saturating_sub(steps).max(2));
            end = path.points.last().copied();
        }
    }
    for entity in &mut earlier.entities {
        if let (Entity::Robot(robot), Some(end)) = (entity, end) {
            robot.position = end;
        }
    }
    earlier
}

/// The number of times `work` asks for memory. It says whether it succeeded.
fn allocations(work: impl FnOnce() -> bool) -> u64 {
    let (succeeded, heap) = span_heap::count(work).unwrap();
    assert!(succeeded);
    heap.allocations + heap.reallocations
}

#[test]
fn steady_frames_allocate_nothing_and_show_what_fresh_ones_show() {
    let state = State { vacuum_state: "cleaning".into(), ..State::default() };
    // A fixed box: a session keeps the one of its first frame.
    let trims = json!({"floor": "0", "trim_up": 2000, "trim_left": 1900, "trim_down": 3100, "trim_right": 3200});
    let all_options = [
        json!({}),
        json!({"rotate_image": 90, "show_vac_status": true, "alpha_path": 120.0, "alpha_robot": 90.0}),
        json!({"rotate_image": 180, "alpha_background": 0.0}),
        json!({"rotate_image": 270, "auto_zoom": true, "alpha_path": 0.0}),
    ];
    for name in ["hypfer/house.json", "rand256/flat-rooms.rr.gz", "conga/studio.json"] {
        let last = fixture(name);
        let drive: Vec<Map> = (0..8).rev().map(|steps| earlier(&last, steps)).collect();
        for options in &all_options {
            let mut options = options.clone();
            options["trims_data"] = trims.clone();
            let options = Options::from_json(&options).unwrap();
            let mut renderer = Renderer::new(options.clone());
            renderer.frame(&last, &state).unwrap();
            assert_eq!(allocations(|| renderer.frame(&last, &state).is_ok()), 0, "{name}, the same again");

            // The first drive may move the window, and the first path that begins anew needs a copy of what lies below.
            for map in drive.iter().chain(&drive) {
                renderer.frame(map, &state).unwrap();
            }
            let mut compared = 0;
            for (number, map) in drive.iter().enumerate() {
                let allocated = allocations(|| renderer.frame(map, &state).is_ok());
                assert_eq!(allocated, 0, "{name}, frame {number}");
                let frame = renderer.frame(map, &state).unwrap();
                let mut fresh = Renderer::new(options.clone());
                let fresh = fresh.frame(map, &state).unwrap();
                // On a threshold a session knows in which room the robot was last.
                if frame.attributes() == fresh.attributes() {
                    assert!(frame.to_image() == fresh.to_image(), "{name}, frame {number}");
                    compared += 1;
                }
            }
            assert!(2 * compared >= drive.len(), "{name}: {compared} frames of {} were compared", drive.len());
        }
    }
}
