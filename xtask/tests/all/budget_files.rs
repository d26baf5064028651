//! Budgets as they are used: a file, the section, the exit status.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// The exit status and both outputs of a run with these budgets.
fn profile(folder: &Path, budgets: &str) -> (i32, String, String) {
    let file = folder.join("budgets.toml");
    std::fs::write(&file, budgets).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command.args(["profile-hypfer", "fixtures/hypfer/studio.json", "--frames", "2", "--no-cpu", "--quiet", "--out"]);
    let output = command.arg(folder.join("out")).arg("--budgets").arg(file).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_run_within_its_budgets_succeeds_and_one_beyond_fails() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let holding =
        "peak_heap = \"1 GiB\"\nSteady.allocations = 0\nImage.ratio_to_baseline = 1.05\nImage.time = \"1 s\"\n";
    let (status, out, err) = profile(folder, holding);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    let (_, section) = out.split_once("📏 Budgets:\n").unwrap();
    assert!(section.contains("   holds     Steady.allocations ≤ 0: 0"), "{section}");
    assert!(section.contains("≤ 1.050: there is no baseline\n") && section.contains("1 cannot be judged"), "{section}");
    assert!(section.lines().all(|line| line.chars().count() <= 80), "{section}");

    let (status, out, err) = profile(folder, "\"studio.json\".allocations = 0\npeak_heap = \"1 KiB\"\n");
    assert_eq!((status, err.as_str()), (1, ""), "{out}");
    assert!(out.contains("   FAILS     peak_heap ≤ 1024 B: "), "{out}");
}

#[test]
fn errors_in_the_file_are_said_in_a_line() {
    let folder = TempDir::new().unwrap();
    for (budgets, reason) in [
        ("Image.tiem = 1", "line 1: unknown figure Image.tiem"),
        ("Image.time = 1", "line 1: Image.time is a time"),
        ("\nImagine.allocations = 1", "line 2: Imagine is no operation and no input of this run: it has "),
    ] {
        let (status, _, err) = profile(folder.path(), budgets);
        assert_eq!((status, err.lines().count()), (1, 1), "{err}");
        assert!(err.starts_with("error: ") && err.contains("budgets.toml: ") && err.contains(reason), "{err}");
    }
}
