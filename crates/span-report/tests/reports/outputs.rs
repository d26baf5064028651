//! The folder of a run.

use std::fs;

use span_report::compare::Comparison;
use span_report::outputs::{FOLDED_FILE, OutputFolder, Run, write_all};
use span_report::{Baseline, Pass, Report};

use crate::measured::{baking, timed};

#[test]
fn every_output_of_a_run_is_written() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(temporary.path()).unwrap();
    folder.write(FOLDED_FILE, b"all-threads; bake 7\n").unwrap();
    folder.write("frames/loaf.png", b"png").unwrap();
    let measurements = vec![baking(), timed(Pass::Clean, &[("Bake", &[3_000_000; 12])])];
    let baseline = Baseline::now(Vec::new(), Vec::new(), &measurements);
    let comparison = Comparison::stored(("before", &baseline), ("now", &baseline)).unwrap();
    let run = Run {
        name: "bakery",
        title: "Bakery",
        baseline: Some(&baseline),
        comparison: Some(&comparison),
        pictures: &[("loaf", b"png")],
        next: &[],
    };
    let failures = write_all(&folder, &Report::new(measurements), &run);
    assert!(failures.is_empty(), "{failures:?}");
    let graphs = ["flamegraph.svg", "flamegraph-diff.svg", "flamegraph-heap.svg"];
    let mut expected =
        vec!["report.txt", "report.md", "report.html", "report.json", "trace.json", "speedscope.json", FOLDED_FILE];
    expected.splice(6..6, ["profile.pb.gz", "profiler.json.gz"]);
    expected.extend(["spans.folded", "spans-heap.folded"]);
    expected.extend(graphs.iter().filter(|_| cfg!(feature = "flame")));
    expected.extend(["profile_output_bakery.prof", "frames"]);
    assert_eq!(folder.list(), expected);
    let page = fs::read_to_string(temporary.path().join("report.html")).unwrap();
    assert!(page.contains(">Comparison</h2>") && page.contains(">Pictures</h2>"));
    assert!(!page.contains("<iframe"), "nothing is loaded, not even from the page itself");
    assert!(fs::read_to_string(temporary.path().join("report.txt")).unwrap().contains("🆚 Comparison:"));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_named_and_the_others_are_there() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(temporary.path()).unwrap();
    fs::create_dir(temporary.path().join("report.json")).unwrap();
    let failures = write_all(&folder, &Report::new(vec![baking()]), &Run { name: "bakery", ..Run::default() });
    let failed: Vec<_> = failures.iter().map(|failure| failure.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(failed, ["report.json"]);
    assert!(folder.list().contains(&"report.html".to_owned()));
}
