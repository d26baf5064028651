//! Hostile maps in a process limited to 256 MiB of address space: each is drawn, or refused with one clear line, in time.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use valetudo_map_fixtures::envelope::{gzip, png, zlib};

/// The limit of the child's address space, bytes.
const ADDRESSES: u64 = 256 << 20;
/// The time limit of one map. Generous: the program is hardly optimised, and the machine may be busy.
const SOON: Duration = Duration::from_secs(20);

/// Draws the map in a child process, which gets the map after its memory was limited.
fn render(map: &[u8], options: &Path, picture: &Path) -> (Output, Duration) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([Path::new("render"), Path::new("-"), Path::new("--options"), options, Path::new("--out"), picture])
        .env("MALLOC_ARENA_MAX", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let limit = Rlimit { current: Some(ADDRESSES), maximum: Some(ADDRESSES) };
    prlimit(Pid::from_raw(child.id().cast_signed()), Resource::As, limit).unwrap();
    let start = Instant::now();
    // A child that refuses the map closes its end early.
    let _ = child.stdin.take().unwrap().write_all(map);
    let output = child.wait_with_output().unwrap();
    (output, start.elapsed())
}

/// A map of the largest size, with these layers and entities.
fn map(layers: &str, entities: &str) -> Vec<u8> {
    format!(r#"{{"size":{{"x":40960,"y":40960}},"pixelSize":5,"layers":[{layers}],"entities":[{entities}]}}"#).into()
}

fn area(kind: &str, points: &str) -> String {
    format!(r#"{{"type":"{kind}","points":[{points}]}}"#)
}

const ROOM: &str = r#"{"type":"floor","compressedPixels":[100,100,40,100,101,40]}"#;

/// A description, the bytes, and a part of the error; `None` if the map is drawn.
fn hostile() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let space = vec![b' '; 10 << 20];
    let text = format!(r#"{{"layers":"{}"}}"#, r"\u0001".repeat(10 << 20));
    let long = "x".repeat(30 << 20);
    let mut corners = String::new();
    (0..1_000_000).for_each(|corner| write!(corners, "{},{},", corner % 2000, corner % 2 * 3000).unwrap());
    let size = |size: u64| format!(r#"{{"size":{{"x":{size},"y":{size}}},"pixelSize":5,"layers":[]}}"#).into_bytes();
    vec![
        ("a zlib bomb of 10 kB", zlib(&space).unwrap(), Some("`expansion` of 128")),
        ("a gzip bomb of 10 kB", gzip(&space).unwrap(), Some("`expansion` of 128")),
        ("a PNG bomb of 10 kB", png(&space).unwrap(), Some("`expansion` of 128")),
        ("a bomb that would be quoted in its error", gzip(text.as_bytes()).unwrap(), Some("`expansion` of 128")),
        ("the same without an envelope", text.into_bytes(), Some("expected a list of layers")),
        ("2^31 pixels either way", size(1 << 31), Some("`size.x` is 2147483648")),
        ("2^31 cm either way in pixels of 5", size(800_000_000), Some("`map_side` of 8192")),
        ("a run left of the map", map(r#"{"type":"wall","compressedPixels":[-1,0,5]}"#, ""), Some("entry 1")),
        ("a run beyond 16 bits", map(r#"{"type":"wall","compressedPixels":[65530,0,9]}"#, ""), Some("ends beyond")),
        ("two pixels far apart", map(r#"{"type":"wall","pixels":[0,0,8191,8191]}"#, ""), Some("`picture_pixels`")),
        (
            "the same row a million times",
            map(&format!(r#"{{"type":"wall","compressedPixels":[{}0,0,1]}}"#, "0,0,8192,".repeat(1_000_000)), ""),
            Some("`painted_pixels`"),
        ),
        (
            "the same area a thousand times",
            map(ROOM, &vec![area("no_go_area", "0,0,3000,0,3000,3000,0,3000"); 1000].join(",")),
            Some("`painted_pixels`"),
        ),
        (
            "a polygon of a million corners",
            map(ROOM, &area("carpet", &format!("{corners}0,0"))),
            Some("`painted_pixels`"),
        ),
        (
            "a path to and fro",
            map(ROOM, &area("path", &format!("{}0,0", "0,0,3000,3000,".repeat(500_000)))),
            Some("`painted_pixels`"),
        ),
        ("nesting", format!(r#"{{"robot":{}"#, "[".repeat(1 << 20)).into(), Some("lists and objects are nested")),
        (
            "a room with a name of 30 MB",
            map(&format!(r#"{{"type":"segment","metaData":{{"segmentId":"1","name":"{long}"}}}}"#), ""),
            Some("`name_bytes` of 1024"),
        ),
        ("a key of 30 MB", format!(r#"{{"{long}":1}}"#).into(), Some("neither a Valetudo map")),
        (
            "more runs than there may be",
            map(&format!(r#"{{"type":"wall","pixels":[{}0,0]}}"#, "0,0,2,0,".repeat((2 << 20) + 1)), ""),
            Some("`runs` of 4194304"),
        ),
        (
            "as many runs as there may be",
            map(&format!(r#"{{"type":"wall","pixels":[{}0,0]}}"#, "0,0,2,0,".repeat((2 << 20) - 1)), ""),
            None,
        ),
        ("lists that are none, 380,000 times, in 10 kB", zlib(&no_lists()).unwrap(), None),
        ("the largest picture, of more than 256 colours", colourful(), None),
    ]
}

/// 4 MiB of lists that are none, in a layer of unknown type, where they do not matter.
fn no_lists() -> Vec<u8> {
    map(&format!(r#"{{"type":"x",{}"metaData":{{}}}},{ROOM}"#, r#""pixels":1,"#.repeat(380_000)), "")
}

/// 15 rooms in columns, under areas that overlap. With its margins the picture has 4,094 × 4,094 pixels.
fn colourful() -> Vec<u8> {
    let room = |room: u32| {
        let width = if room == 14 { 57 } else { 53 };
        let runs: Vec<String> = (0..799).map(|y| format!("{},{y},{width}", room * 53)).collect();
        format!(r#"{{"type":"segment","metaData":{{"segmentId":"{room}"}},"compressedPixels":[{}]}}"#, runs.join(","))
    };
    let layers: Vec<String> = (0..15).map(room).collect();
    let band = |kind, top: u32, bottom: u32| area(kind, &format!("0,{top},3900,{top},3900,{bottom},0,{bottom}"));
    let zones = (0..6).map(|zone| band("active_zone", 100, 200 + zone * 20));
    let no_go = (0..12).map(|no_go| band("no_go_area", 100 + no_go * 10, 800));
    map(&layers.join(","), &zones.chain(no_go).collect::<Vec<_>>().join(","))
}

#[test]
fn hostile_maps_are_drawn_or_refused_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (picture, options) = (folder.path().join("picture.png"), folder.path().join("options.json"));
    // Translucent areas make more colours.
    std::fs::write(&options, r#"{"alpha_no_go": 60, "alpha_zone_clean": 60}"#).unwrap();
    for (what, bytes, expected) in hostile() {
        let (output, took) = render(&bytes, &options, &picture);
        let said = String::from_utf8(output.stderr).unwrap();
        println!("{what}: {} bytes, {took:?}, {}", bytes.len(), if said.is_empty() { "a picture\n" } else { &said });
        assert!(took < SOON, "{what}: {took:?}");
        match expected {
            None => {
                assert!(output.status.success(), "{what}: {} {said}", output.status);
                let file = std::fs::read(&picture).unwrap();
                // Byte 25 is the PNG's colour type: 3 has a palette, 6 is RGBA.
                assert_eq!(file[25] == 6, what.contains("colours"), "{what}");
                std::fs::remove_file(&picture).unwrap();
            }
            Some(expected) => {
                assert_eq!(output.status.code(), Some(1), "{what}: {} {said}", output.status);
                assert!(said.starts_with("error: stdin: ") && said.contains(expected), "{what}: {said}");
                assert_eq!(said.lines().count(), 1, "{what}: {said}");
                assert!(!picture.exists());
            }
        }
    }
}
