//! Memory that grows until the server stalls: not here.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests, and what they share, fail by panicking")]

#[path = "all/fixture.rs"]
mod fixture;

use fixture::fixture;
use valetudo_map_render::{Map, Options, Renderer, State};

/// Resident memory of this process, KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Frames of two maps in turn, the attributes of each, and the picture as a file.
fn work(renderer: &mut Renderer, maps: &[Map; 2], frames: usize) {
    let state = State::default();
    let mut png = Vec::new();
    for map in maps.iter().cycle().take(frames) {
        let frame = renderer.frame(map, &state).unwrap();
        frame.encode_png(&mut png).unwrap();
        assert!(!frame.attributes().rooms.is_empty());
    }
}

#[test]
fn memory_stays_flat_over_many_frames_and_many_sessions() {
    let maps = [fixture("hypfer/house.json"), fixture("hypfer/studio.json")];
    let mut renderer = Renderer::new(Options::default());
    work(&mut renderer, &maps, 10);
    let before = resident();
    work(&mut renderer, &maps, 200);
    let grown = resident().saturating_sub(before);
    assert!(grown <= 1024, "200 frames grew the process by {grown} KiB");

    // Frames alone, as a server makes them all day.
    let state = State::default();
    for map in std::iter::repeat_n(&maps[0], 10_000) {
        renderer.frame(map, &state).unwrap();
    }
    let grown = resident().saturating_sub(before);
    assert!(grown <= 1024, "10,000 frames grew the process by {grown} KiB");

    // The reference keeps some 100 MB of every session.
    for _ in 0..10 {
        work(&mut Renderer::new(Options::default()), &maps, 2);
    }
    let grown = resident().saturating_sub(before);
    assert!(grown <= 12 * 1024, "10 sessions that are gone left {grown} KiB");
}
