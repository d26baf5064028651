//! Frames whose layers did not change are right and allocate nothing, their PNG files included.
#![allow(clippy::unwrap_used, reason = "tests, and what they share, fail by panicking")]

#[path = "all/fixture.rs"]
mod fixture;

use fixture::{fixture, image_of};
use serde_json::json;
use span_heap::HeapSwitch;
use valetudo_map_render::model::{Entity, PathKind};
use valetudo_map_render::{Map, Options, Renderer, State, VacuumState};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// The map before the robot's last `steps`: it stands where its path ends.
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
    let state = State { vacuum_state: VacuumState::Cleaning, ..State::default() };
    // A fixed crop box, because a session keeps that of its first frame.
    let trims = json!({"floor": "0", "trim_up": 2000, "trim_left": 1900, "trim_down": 3100, "trim_right": 3200});
    let all_options = [
        json!({}),
        json!({"rotate_image": 90, "show_vac_status": true, "alpha_move": 120.0, "alpha_robot": 90.0}),
        json!({"rotate_image": 180, "alpha_background": 0.0, "room_names": true}),
        json!({"room_names": true, "show_vac_status": true, "scale": 3, "room_colors": "distinct", "annotations": "all", "materials": "all"}),
        json!({"rotate_image": 270, "auto_zoom": true, "alpha_move": 0.0}),
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
            let mut png = Vec::new();
            renderer.frame(&last, &state).unwrap().encode_png(&mut png).unwrap();
            assert_eq!(allocations(|| renderer.frame(&last, &state).is_ok()), 0, "{name}, the same again");

            // The first drive may move the window, and the first path that starts again needs a copy of the layers.
            for map in drive.iter().chain(&drive) {
                renderer.frame(map, &state).unwrap().encode_png(&mut png).unwrap();
            }
            let mut compared = 0;
            for (number, map) in drive.iter().enumerate() {
                let allocated =
                    allocations(|| renderer.frame(map, &state).is_ok_and(|frame| frame.encode_png(&mut png).is_ok()));
                assert_eq!(allocated, 0, "{name}, frame {number}");
                let frame = renderer.frame(map, &state).unwrap();
                let decoded = image::load_from_memory(&png).unwrap().into_rgba8();
                assert!(decoded == image_of(&frame), "{name}, PNG of frame {number}");
                let mut fresh = Renderer::new(options.clone());
                let fresh = fresh.frame(map, &state).unwrap();
                // On a threshold a session knows the robot's last room; a fresh renderer does not.
                if frame.attributes() == fresh.attributes() {
                    assert!(image_of(&frame) == image_of(&fresh), "{name}, frame {number}");
                    compared += 1;
                }
            }
            assert!(2 * compared >= drive.len(), "{name}: {compared} frames of {} were compared", drive.len());
        }
    }
}
