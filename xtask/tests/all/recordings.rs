//! Recordings as inputs of `profile-hypfer` and `render`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use valetudo_map_render::{Map, Options, Renderer, parse};
use valetudo_map_stream::recording::{Entry, Reader};
use valetudo_map_stream::{Follower, Update};

const RECORDING: &str = "fixtures/recordings/cleaning.vmr";

fn xtask(arguments: &[&str], out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command.args(arguments).arg("--out").arg(out);
    command
}

fn fixture() -> Vec<u8> {
    valetudo_map_fixtures::files::read("recordings/cleaning.vmr").unwrap()
}

/// All maps of a recording.
fn maps(recording: &[u8]) -> Vec<Map> {
    let (mut reader, mut follower, mut maps) = (Reader::new(recording).unwrap(), Follower::default(), Vec::new());
    while let Some(entry) = reader.read().unwrap() {
        if let Entry::Message(message) = entry
            && let Some((_, Update::Map)) = follower.take(message.topic, message.payload)
        {
            maps.push(parse(message.payload).unwrap());
        }
    }
    maps
}

#[test]
fn every_message_has_figures_and_they_add_up() {
    let folder = TempDir::new().unwrap();
    let arguments = ["profile-hypfer", RECORDING, "--frames", "3", "--no-cpu", "--quiet", "--deadline", "1h"];
    let output = xtask(&arguments, folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("\n🎬 Recording cleaning.vmr: "), "{text}");
    assert!(text.contains("   Leak:      none: "), "{text}");
    assert!(!text.contains(" leaks "), "a growing map is no leak: {text}");
    assert!(text.contains("0 of 107 pictures are ready later than 3600 s"), "{text}");

    let json = fs::read(folder.path().join("recordings/cleaning.vmr.json")).unwrap();
    let figures: Value = serde_json::from_slice(&json).unwrap();
    let maps = figures["maps"].as_array().unwrap();
    assert_eq!((maps.len(), figures["readings"].as_u64()), (107, Some(36)));
    let number = |value: &Value| value.as_f64().unwrap();
    for map in maps {
        let stages: Vec<f64> = map["stages_ns"].as_array().unwrap().iter().map(number).collect();
        assert!(stages.iter().all(|stage| *stage > 0.0), "{map}");
        assert_eq!(stages.iter().sum::<f64>(), number(&map["total_ns"]));
        assert!(map["live_bytes"].as_u64() > Some(0), "{map}");
        assert!(cfg!(not(target_os = "linux")) || map["resident_bytes"].as_u64() > Some(0), "{map}");
    }
    assert!(image::open(folder.path().join("frames/cleaning.vmr.png")).is_ok());
    let resident = fs::read(folder.path().join("recordings/cleaning.vmr.resident.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Vec<u64>>(&resident).unwrap().len(), 107);
    let sum: f64 = maps.iter().map(|map| number(&map["total_ns"])).sum();
    assert!((sum - number(&figures["total_ns"])).abs() < 1.0);
    let count = |freshness: &str| maps.iter().filter(|map| map["freshness"] == freshness).count();
    assert_eq!((count("new"), count("duplicate"), count("stale")), (97, 9, 1));

    // The slowest is a map of its own, byte for byte.
    let slowest = &maps[figures["slowest"].as_u64().unwrap() as usize];
    let later = maps.iter().filter(|map| map["is_first"] == false).map(|map| number(&map["total_ns"]));
    assert_eq!(later.fold(0.0, f64::max), number(&slowest["total_ns"]));
    let mut saved = fs::read_dir(folder.path().join("recordings")).unwrap().map(|entry| entry.unwrap().path());
    let saved = saved.find(|path| path.to_string_lossy().contains(".slowest.")).unwrap();
    let bytes = fixture();
    let (mut reader, mut messages) = (Reader::new(bytes.as_slice()).unwrap(), 0);
    while let Some(entry) = reader.read().unwrap() {
        messages += u64::from(matches!(entry, Entry::Message(_)));
        if let Entry::Message(message) = entry
            && messages == slowest["number"].as_u64().unwrap()
        {
            assert_eq!(fs::read(&saved).unwrap(), message.payload);
        }
    }
}

#[test]
fn a_session_draws_the_pictures_that_each_map_alone_gives() {
    let folder = TempDir::new().unwrap();
    // A session keeps the box of its first frame while layers stay the same; with given ones, every frame has the same.
    let bytes = fixture();
    let trims = json!({"trim_left": 2200, "trim_up": 2200, "trim_right": 3500, "trim_down": 3500});
    let floor = |id| (format!("floor_{id}"), json!({"map_id": id, "trims": trims}));
    let floors: serde_json::Map<String, Value> = maps(&bytes).iter().filter_map(|map| map.id).map(floor).collect();
    assert!(floors.len() > 1, "the robot is carried to another floor");
    let dictionary = json!({"floors_data": floors});
    let (file, pictures) = (folder.path().join("options.json"), folder.path().join("pictures"));
    fs::write(&file, dictionary.to_string()).unwrap();
    let options = Options::from_json(&dictionary).unwrap();
    let output = xtask(&["render", RECORDING, "--options", &file.to_string_lossy()], &pictures).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut drawn: Vec<_> = fs::read_dir(&pictures).unwrap().map(|entry| entry.unwrap().path()).collect();
    drawn.sort();
    let mut drawn = drawn.into_iter();
    let (mut reader, mut follower) = (Reader::new(bytes.as_slice()).unwrap(), Follower::default());
    while let Some(entry) = reader.read().unwrap() {
        let Entry::Message(message) = entry else { continue };
        let Some((robot, Update::Map)) = follower.take(message.topic, message.payload) else { continue };
        let map = parse(message.payload).unwrap();
        let mut renderer = Renderer::new(options.clone());
        renderer.set_destinations(robot.destinations().cloned());
        let mut alone = Vec::new();
        renderer.frame(&map, robot.state()).unwrap().encode_png(&mut alone).unwrap();
        let path = drawn.next().unwrap();
        assert!(path.to_string_lossy().ends_with(&format!(" {}.png", robot.name())));
        let pixels = |png: &[u8]| image::load_from_memory(png).unwrap().to_rgba8();
        assert!(pixels(&fs::read(&path).unwrap()) == pixels(&alone), "{}", path.display());
    }
    assert_eq!(drawn.next(), None);
}

#[test]
fn a_cut_recording_is_played_up_to_the_cut_and_one_without_maps_is_refused() {
    let folder = TempDir::new().unwrap();
    let bytes = fixture();
    let (cut, none) = (folder.path().join("cut.vmr"), folder.path().join("none.vmr"));
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    fs::write(&none, &bytes[..100]).unwrap();
    let out = folder.path().join("out");
    let output = xtask(&["render", &cut.to_string_lossy()], &out).output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("the file was cut in the record at byte "));
    assert!(fs::read_dir(&out).unwrap().count() > 30);
    let output = xtask(&["profile-hypfer", &none.to_string_lossy()], &out).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        (output.status.success(), said.as_str()),
        (false, "error: none.vmr: there is no map in this recording\n")
    );
}
