//! Kinds that the project does not know are said by every command that reads a map, each with its count.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const MAP: &str = r#"{"size":{"x":500,"y":500},"pixelSize":5,
    "layers":[{"type":"segment","metaData":{"segmentId":"1","material":"cork"},"compressedPixels":[10,10,20,10,11,20]},
        {"type":"roof","compressedPixels":[1,1,1]}],
    "entities":[{"type":"lamp","points":[1,2]},{"type":"lamp","points":[3,4]}]}"#;

const WARNINGS: [&str; 3] = [
    "map.json: 1 room of unknown material \"cork\" (at byte ",
    "map.json: 1 layer of unknown type \"roof\" (at byte ",
    "map.json: 2 entities of unknown type \"lamp\" (at byte ",
];

/// Standard output and standard error of a task.
fn xtask(arguments: &[&str], folder: &Path) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    (out.into_owned(), err.into_owned())
}

#[test]
fn render_and_profiles_say_unknown_kinds_with_their_counts() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("map.json"), MAP).unwrap();
    let (_, err) = xtask(&["render", "map.json", "--out", "map.png"], folder.path());
    for warning in WARNINGS {
        assert_eq!(err.matches(&format!("warning: {warning}")).count(), 1, "{err}");
    }
    let arguments =
        ["profile-hypfer", "map.json", "--out", "profile", "--frames", "1", "--no-cpu", "--no-memory", "--quiet"];
    let (out, _) = xtask(&arguments, folder.path());
    let report = fs::read_to_string(folder.path().join("profile/report.json")).unwrap();
    // The terminal breaks lines.
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for warning in WARNINGS {
        assert_eq!(out.matches(warning).count(), 1, "{out}");
        let escaped = warning.replace('"', "\\\"");
        assert!(report.contains(&escaped), "{report}");
    }
}

#[test]
fn a_robot_without_a_map_has_no_picture() {
    let folder = TempDir::new().unwrap();
    let json = MAP.replacen('{', r#"{"metaData":{"defaultMap":true},"#, 1);
    fs::write(folder.path().join("map.json"), json).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder.path()).args(["render", "map.json", "--out", "map.png"]).stdin(Stdio::null());
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && err.contains("map.json: the robot has no map yet"), "{err}");
    assert!(!folder.path().join("map.png").exists());
}
