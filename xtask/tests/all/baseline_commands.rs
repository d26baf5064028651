//! Baselines as they are used: stored, listed, compared with, removed.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use span_instrument::{Baseline, Pass, Profiler};
use tempfile::TempDir;

/// What a command exits with and prints.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

fn xtask(folder: &Path, arguments: &[&str]) -> Ran {
    run(&mut command(folder, arguments))
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command.args(arguments).arg("--baselines").arg(folder.join("baselines"));
    command
}

fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn profile(folder: &Path, arguments: &[&str]) -> Ran {
    let out = folder.join("out");
    let fixed =
        ["profile-hypfer", "fixtures/hypfer/studio.json", "--quiet", "--no-cpu", "--out", out.to_str().unwrap()];
    xtask(folder, &[&fixed, arguments].concat())
}

#[test]
fn a_stored_run_is_what_later_ones_are_compared_with() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    assert!(xtask(folder, &["baselines"]).out.starts_with("No baselines."));
    assert_eq!(profile(folder, &["--frames", "2", "--save-baseline", "before"]).status, 0);
    let listed = xtask(folder, &["baselines"]).out;
    assert!(listed.starts_with("hypfer  before  ") && listed.lines().count() == 1, "{listed}");

    let again = profile(folder, &["--frames", "2", "--baseline", "before", "--save-baseline", "after"]);
    assert_eq!(again.status, 0, "{}", again.err);
    let (_, comparison) = again.out.split_once("🆚 Comparison:\n").unwrap();
    assert!(comparison.contains("before before (") && comparison.contains(" 0 worse, "), "{comparison}");
    let page = std::fs::read_to_string(folder.join("out/report.html")).unwrap();
    assert!(page.contains("this run"), "the page has the comparison");

    let compared = xtask(folder, &["compare", "before", "after", "--format", "json"]);
    assert_eq!(compared.status, 0, "{}", compared.err);
    let json: Value = serde_json::from_str(&compared.out).unwrap();
    let rows = json["rows"].as_array().unwrap();
    let is_exact = |row: &&Value| row["figure"] == "allocations" && row["subject"] == "the whole program";
    assert_eq!(rows.iter().find(is_exact).unwrap()["verdict"], "same");
    let markdown = xtask(folder, &["compare", "before", "after", "--format", "markdown"]).out;
    assert!(markdown.starts_with("### No regression: 0 worse, "), "{markdown}");

    assert_eq!(xtask(folder, &["baselines", "--remove", "before", "after"]).status, 0);
    assert!(xtask(folder, &["baselines"]).out.starts_with("No baselines."));
    assert_eq!(xtask(folder, &["baselines", "--remove", "before"]).status, 1);
}

#[test]
fn one_allocation_more_is_a_regression() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    assert_eq!(profile(folder, &["--frames", "1", "--save-baseline", "usual"]).status, 0);
    let stored = folder.join("baselines/hypfer/usual.baseline");
    let mut baseline = Baseline::read(&stored).unwrap();
    let heap = baseline.measurements.iter_mut().find(|measurement| measurement.pass == Pass::Heap).unwrap();
    let parse = heap.spans.iter_mut().find(|node| node.heap.is_some_and(|heap| heap.allocations > 0)).unwrap();
    let name = parse.name.clone();
    parse.heap.as_mut().unwrap().allocations -= 1;
    baseline.write(&stored).unwrap();

    assert_eq!(profile(folder, &["--frames", "1", "--baseline", "usual"]).status, 0, "a report is no judge");
    let judged =
        profile(folder, &["--frames", "1", "--baseline", "usual", "--fail-on-regression", "--save-baseline", "new"]);
    assert_eq!((judged.status, judged.err.as_str()), (1, ""));
    assert!(judged.out.contains("worse     +1 ") && judged.out.contains(&name), "{}", judged.out);
    let files = [stored, folder.join("baselines/hypfer/new.baseline")];
    let compared = xtask(folder, &["compare", files[0].to_str().unwrap(), files[1].to_str().unwrap()]);
    assert_eq!(compared.status, 1, "{}", compared.err);
}

#[test]
fn a_name_beside_a_file_is_of_the_family_of_the_file() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let profiler = Profiler::builder().memory(false).cpu(false).start().unwrap();
    drop(profiler.time("Bake"));
    let report = profiler.finish();
    let baseline = |family: &str, name: &str, work: &str| {
        let path = folder.join(format!("baselines/{family}/{name}.baseline"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        Baseline::now(vec![work.to_owned()], Vec::new(), report.measurements()).write(&path).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let before = baseline("rand", "before", "the maps of rand");
    baseline("rand", "after", "the maps of rand");
    baseline("hypfer", "after", "the maps of hypfer");
    for arguments in [["compare", &before, "after"], ["compare", "after", &before]] {
        let ran = xtask(folder, &arguments);
        assert_eq!(ran.status, 0, "{}", ran.err);
    }
}

#[test]
fn what_cannot_be_compared_is_said_in_a_line() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    assert_eq!(profile(folder, &["--frames", "1", "--no-memory", "--save-baseline", "short"]).status, 0);
    assert_eq!(profile(folder, &["--frames", "2", "--no-memory", "--save-baseline", "long"]).status, 0);
    let says = |arguments: &[&str], line: &str| {
        let ran = xtask(folder, arguments);
        assert_eq!(ran.status, 2, "{}", ran.err);
        assert_eq!((ran.out.as_str(), ran.err.lines().count()), ("", 1), "{}", ran.err);
        assert!(ran.err.contains(line), "{}", ran.err);
    };
    says(&["compare", "short", "long"], "not the same work: 1 frames before, 2 frames after");
    says(&["compare", "short", "nothing"], "there is no baseline nothing");
    says(&["compare", "short", "../short"], "a name has up to");
    let damaged = folder.join("damaged.baseline");
    std::fs::write(&damaged, b"SPANBASE?").unwrap();
    says(&["compare", "short", damaged.to_str().unwrap()], "is not a baseline");
    says(&["compare", "--revisions", "no-such-revision", "."], "there is no revision no-such-revision");
    let ran = profile(folder, &["--frames", "2", "--no-memory", "--baseline", "short"]);
    assert_eq!(ran.status, 2, "{}", ran.err);
    assert!(ran.out.contains("Timing Summary"), "what was measured is reported");
    let ran = profile(folder, &["--frames", "2", "--no-memory", "--baseline", "short", "--save-baseline", "new"]);
    assert_eq!(ran.status, 2, "{}", ran.err);
    assert!(ran.err.ends_with("; the baseline new was not stored\n"), "{}", ran.err);
}

#[test]
fn a_run_is_printed_and_judged_though_its_baseline_and_its_summary_cannot_be_written() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("baselines"), "a file").unwrap();
    let (budgets, out) = (folder.join("budgets.toml"), folder.join("out"));
    std::fs::write(&budgets, "Image.time = \"1 ns\"\n").unwrap();
    let (budgets, out) = (budgets.to_str().unwrap(), out.to_str().unwrap());
    let arguments = ["--frames", "2", "--no-cpu", "--no-memory", "--quiet", "--save-baseline", "new"];
    let fixed = ["profile-hypfer", "fixtures/hypfer/studio.json", "--out", out, "--budgets", budgets];
    let summary = folder.join("missing/summary.md");
    let ran = run(command(folder, &[&fixed[..], &arguments].concat()).env("GITHUB_STEP_SUMMARY", summary));
    assert_eq!((ran.status, ran.err.lines().count()), (1, 1), "{}", ran.err);
    assert!(ran.err.contains("baselines/hypfer: ") && ran.err.contains("missing/summary.md: "), "{}", ran.err);
    assert!(ran.out.contains("Timing Summary") && ran.out.contains("   FAILS     Image.time "), "{}", ran.out);
}

#[test]
fn a_comparison_that_is_not_delivered_is_no_regression() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    assert_eq!(profile(folder, &["--frames", "1", "--no-memory", "--save-baseline", "usual"]).status, 0);
    let compare = || command(folder, &["compare", "usual", "usual"]);
    let ran = run(compare().env("GITHUB_STEP_SUMMARY", folder.join("missing/summary.md")));
    assert!(ran.status == 2 && ran.err.contains("missing/summary.md: "), "{}", ran.err);
    assert!(ran.out.contains(" 0 worse, "), "it is printed all the same: {}", ran.out);
    if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
        assert_eq!(compare().stdout(full).status().unwrap().code(), Some(2));
    }
}
