//! The profiling commands as they are typed, run on one small map.

mod schema;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

const MAP: &str = "fixtures/hypfer/studio.json";

/// `cargo xtask profile-hypfer` with one map and its results in `out`.
pub(crate) fn profile(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command.args(["profile-hypfer", MAP, "--out"]).arg(out).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn succeeded(output: Output) -> (String, String) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    (out, err)
}

pub(crate) fn report_json(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

#[test]
fn json_is_printed_as_it_is_written() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--frames", "1", "--no-cpu", "--no-memory", "--format", "json"];
    let (out, err) = succeeded(profile(folder.path(), &arguments).output().unwrap());
    let printed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(printed["schema"], "span-instrument/report");
    assert_eq!(printed, report_json(folder.path()));
    assert!(err.contains("pass 12/12: clean") && err.contains("Written to "), "{err}");
}

#[test]
fn pictures_are_drawn_whichever_passes_run() {
    let folder = TempDir::new().unwrap();
    let mut command = profile(folder.path(), &["--frames", "1", "--quiet"]);
    succeeded(command.env("SPAN_INSTRUMENT", "heap").output().unwrap());
    assert!(image::open(folder.path().join("frames/studio.json.png")).is_ok());
}

#[test]
fn every_field_of_a_whole_report_is_documented() {
    let folder = TempDir::new().unwrap();
    succeeded(profile(folder.path(), &["--frames", "3", "--quiet"]).output().unwrap());
    let report = report_json(folder.path());
    assert!(report["measurements"].as_array().unwrap().iter().any(|measurement| measurement["heap"].is_object()));
    schema::assert_documented(&report);
}

#[test]
fn figures_of_operations_are_those_of_the_samples() {
    let folder = TempDir::new().unwrap();
    succeeded(profile(folder.path(), &["--frames", "4", "--quiet"]).output().unwrap());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recompute_report.py");
    let Ok(output) = Command::new("python3").arg(script).arg(folder.path().join("report.json")).output() else {
        println!("skipped: python3 is not installed; the figures were not computed again");
        return;
    };
    let (out, _) = succeeded(output);
    assert!(out.contains(" figures checked, 0 differ"), "{out}");
}

#[test]
fn formats_for_services_are_printed_alone_and_the_job_has_a_summary() {
    let folder = TempDir::new().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let printed = |format: &str| -> Value {
        let mut command = profile(folder.path(), &["--frames", "2", "--no-memory", "--quiet", "--format", format]);
        let (out, err) = succeeded(command.env("GITHUB_STEP_SUMMARY", &summary).output().unwrap());
        assert_eq!(err, "");
        serde_json::from_str(&out).unwrap()
    };
    assert!(printed("bmf")["Image on studio.json"]["latency"]["value"].as_f64() > Some(100.0));
    let benchmarks = printed("github");
    let is_image = |benchmark: &&Value| benchmark["name"] == "Image on studio.json: latency";
    assert!(benchmarks.as_array().unwrap().iter().any(|benchmark| is_image(&benchmark)), "{benchmarks}");
    let summary = fs::read_to_string(summary).unwrap();
    assert!(
        summary.starts_with("before\n# profile-hypfer\n") && summary.contains("studio.json | Image |"),
        "{summary}"
    );
}

#[test]
fn quiet_prints_the_report_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--frames", "1", "--no-memory", "--quiet", "--top", "3"];
    let (out, err) = succeeded(profile(folder.path(), &arguments).output().unwrap());
    assert_eq!(err, "");
    assert_eq!(out, fs::read_to_string(folder.path().join("report.txt")).unwrap());
    let (_, table) = out.split_once("Top 3 functions by cumulative time:\n").unwrap();
    assert_eq!(table.lines().take_while(|line| !line.is_empty()).count(), 1 + 3, "{table}");
}

#[test]
fn background_load_is_said_in_every_pass() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--frames", "1", "--no-memory", "--background-load", "2"];
    let (out, _) = succeeded(profile(folder.path(), &arguments).output().unwrap());
    assert!(out.contains("   Load:     2 busy threads beside the program, in every pass\n"), "{out}");
    let report = report_json(folder.path());
    let measurements = report["measurements"].as_array().unwrap();
    assert!(measurements.len() >= 3);
    assert!(measurements.iter().all(|measurement| measurement["environment"]["background_threads"] == 2));
}

/// Only in a build with the feature: `cargo test -p xtask --features lines`. Without it, the flag builds one.
#[cfg(feature = "lines")]
#[test]
fn lines_are_shown_with_their_source() {
    let folder = TempDir::new().unwrap();
    let arguments = ["--frames", "1", "--no-cpu", "--no-memory", "--lines"];
    let (out, _) = succeeded(profile(folder.path(), &arguments).output().unwrap());
    if out.contains("lines pass: no source lines: ") {
        eprintln!("nothing to be sampled here: nothing checked");
        return;
    }
    assert!(out.contains("🔬 Hottest Lines: ") && out.contains(" in crates/map-"), "{out}");
    let report = report_json(folder.path());
    let measurements = report["measurements"].as_array().unwrap();
    schema::assert_documented(&report);
    let lines = &measurements.iter().find(|measurement| measurement["pass"] == "lines").unwrap()["lines"];
    assert!(lines["samples"].as_u64() >= Some(100), "{lines}");
    let functions = lines["functions"].as_array().unwrap();
    let mut texts =
        functions.iter().flat_map(|function| function["lines"].as_array().unwrap()).map(|line| &line["text"]);
    assert!(texts.any(|text| text.as_str().unwrap().contains("fn ")), "{lines}");
}

#[test]
fn wrong_flags_are_refused_in_a_line() {
    let folder = TempDir::new().unwrap();
    for wrong in [["--top", "0"], ["--format", "xml"], ["--background-load", "-1"], ["--frames", "0"]] {
        let output = profile(folder.path(), &wrong).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{wrong:?}");
        assert!(text(&output.stderr).starts_with("error: "), "{wrong:?}");
    }
}

/// Starts a run, sends it the signal of Ctrl-C in the pass of this number, and gives its exit status and what it printed.
#[cfg(unix)]
fn interrupted_in(pass: u32, out: &Path, frames: &str) -> (Option<i32>, String, String) {
    let mut running = profile(out, &["--frames", frames]).spawn().unwrap();
    let mut lines = BufReader::new(running.stderr.take().unwrap()).lines().map(Result::unwrap);
    let begun = format!("pass {pass}/39: ");
    assert!(lines.any(|line| line.starts_with(&begun)), "pass {pass} does not begin");
    thread::sleep(Duration::from_millis(300));
    let signal = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let said = lines.collect::<Vec<_>>().join("\n");
    let output = running.wait_with_output().unwrap();
    (output.status.code(), text(&output.stdout), said)
}

#[cfg(unix)]
#[test]
fn what_was_measured_survives_ctrl_c() {
    let folder = TempDir::new().unwrap();
    let (status, out, said) = interrupted_in(2, folder.path(), "1000");
    assert_eq!(status, Some(130), "{said}");
    assert!(out.contains("⏱️  TIMING ANALYSIS") && out.contains("Count: 1000"), "{out}");
    assert_eq!(said, "error: interrupted: the passes spans, flame, a further clean, heap, dhat are missing");
    assert!(folder.path().join("report.html").is_file());
    assert_eq!(report_json(folder.path())["measurements"][0]["pass"], "clean");
}

#[cfg(unix)]
#[test]
fn ctrl_c_before_anything_was_measured_says_so() {
    let folder = TempDir::new().unwrap();
    let (status, out, said) = interrupted_in(1, folder.path(), "1000000");
    assert_eq!((status, out.as_str()), (Some(130), ""));
    assert_eq!(said, "error: interrupted: the passes clean, spans, flame, heap, dhat are missing");
    assert!(!folder.path().join("report.txt").exists());
}
