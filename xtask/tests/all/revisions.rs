//! The comparison of two revisions, without their builds: a script stands for cargo.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

fn script(path: PathBuf, lines: &str) -> PathBuf {
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn ctrl_c_leaves_the_comparison_as_far_as_it_is_known() {
    let folder = TempDir::new().unwrap();
    let runs = folder.path().join("runs");
    let xtask = env!("CARGO_BIN_EXE_xtask");
    let lines = format!("echo run >> '{}'\nexec '{xtask}' \"$@\"", runs.display());
    let program = script(folder.path().join("program"), &lines);
    let lines = format!("echo '{{\"executable\": \"{}\"}}'", program.display());
    let cargo = script(folder.path().join("cargo"), &lines);

    let mut command = Command::new(xtask);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).env("CARGO", cargo);
    command.args(["compare", "--revisions", ".", ".", "--quiet", "--frames", "1", "--seconds", "600"]);
    command.args(["--map", "fixtures/hypfer/studio.json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = command.spawn().unwrap();
    // Both revisions in the heap, the clean and the spans pass, and the first process of the second round.
    let begun = Instant::now();
    while fs::read_to_string(&runs).unwrap_or_default().lines().count() < 7 {
        assert!(begun.elapsed() < Duration::from_secs(120), "the rounds do not begin");
        thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap().success());
    let output = running.wait_with_output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    // One round makes no verdict but on what is exact, which is the same.
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains(" until it was interrupted, which are too few for an interval"), "{out}");
}
