//! The page: its data, its size, and its behaviour in a browser.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use span_report::compare::Comparison;
use span_report::export::{Exporter, Html, ReportJson};
use span_report::measurement::{Measurement, NodeId, OperationId, OperationTimes, Pass, RunHeap, Work};
use span_report::{Baseline, Report};

use crate::measured::{baking, empty};
use crate::skipped;

/// The most bytes of hand-written script.
const LARGEST_SCRIPT: usize = 40_000;

const INPUTS: [&str; 3] = ["rye.json", "</script><b>&\"oat\"", "spelt.json"];

/// Two operations on three inputs, a little slower from process to process.
fn operations(process: u64) -> Vec<OperationTimes> {
    let operation = |name: &str, index: u64| OperationTimes {
        name: name.to_owned(),
        input: Some(INPUTS[index as usize].to_owned()),
        work: Work { bytes: Some(1_000 << index), pixels: (name == "Bake").then_some(50_000 << index) },
        samples_ns: (0..8).map(|run| (9_000 << index) + 700 * run + 130 * process + 40_000 / (run + 1)).collect(),
        ..OperationTimes::default()
    };
    ["Knead", "Bake"].into_iter().flat_map(|name| (0..3).map(move |index| operation(name, index))).collect()
}

/// The baking of each input apart: spans and heap are those of [`baking`].
fn by_input(pass: Pass) -> Measurement {
    let one = baking();
    let mut operations = operations(0);
    // When the loaves of each input were baked, as in the events below.
    for (operation, loaves) in operations[3..].iter_mut().zip([0..2u64, 2..4, 4..5]) {
        operation.starts_ns = loaves.map(|loaf| loaf * 4_000_000).collect();
    }
    for operation in &mut operations {
        operation.heap =
            vec![RunHeap { allocations: 12, allocated_bytes: 9_000, peak_bytes: 5_000, ..RunHeap::default() }; 8];
    }
    let mut spans = vec![one.spans[0].clone()];
    for (index, times) in (3..6u32).zip(1u64..) {
        for node in &one.spans[1..] {
            let parent = (node.parent != Some(NodeId::ROOT)).then(|| NodeId(spans.len() as u32 - 1));
            let mut node = node.clone();
            node.parent = parent.or(Some(NodeId::ROOT));
            node.operation = Some(OperationId(index));
            (node.self_ns, node.total_ns) = (node.self_ns * times, node.total_ns * times);
            spans.push(node);
        }
    }
    let mut events = one.events.clone();
    for (number, event) in events.iter_mut().flat_map(|events| &mut events.events).enumerate() {
        // Four calls a loaf: the first two loaves are of the first input.
        event.node = NodeId(event.node.0 + 2 * (number as u32 / 8));
    }
    Measurement { pass, operations, spans, events, ..one }
}

fn measurements() -> Vec<Measurement> {
    let clean = (0..6).map(|process| Measurement { operations: operations(process), ..empty(Pass::Clean) });
    clean.chain([by_input(Pass::Spans), by_input(Pass::Heap)]).collect()
}

/// The page and the JSON of the same report.
fn rendered() -> (String, Value) {
    let baseline = Baseline::now(Vec::new(), Vec::new(), &measurements());
    let comparison = Comparison::stored(("before", &baseline), ("now", &baseline)).unwrap();
    let report = Report::new(measurements());
    let pictures = INPUTS.map(|input| (input, b"no picture".as_slice()));
    let page = Html { title: "Bakery", comparison: Some(&comparison), pictures: &pictures[..1] };
    let page = String::from_utf8(page.export(&report).unwrap().unwrap()).unwrap();
    (page, serde_json::from_str(&ReportJson.encode(&report).unwrap()).unwrap())
}

/// The text of the script element whose tag begins so.
fn script<'a>(page: &'a str, tag: &str) -> &'a str {
    let script = page.split_once(tag).unwrap().1.split_once('>').unwrap().1;
    script.split_once("</script>").unwrap().0
}

#[test]
fn the_data_are_those_of_the_json() {
    let (page, json) = rendered();
    let data: Value = serde_json::from_str(script(&page, "<script id=\"data\"")).unwrap();
    let clean = json["operations"].as_array().unwrap().iter().filter(|row| row["pass"] == "clean");
    assert_eq!(data["operations"], clean.cloned().collect::<Value>());

    let timelines = data["timelines"].as_array().unwrap();
    assert!(!timelines.is_empty() && timelines.iter().all(|line| line.get("snapshots").is_none()));

    let runs = data["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 6 * 6);
    for run in runs {
        let process = &json["measurements"][run["process"].as_u64().unwrap() as usize];
        let operations = process["operations"].as_array().unwrap();
        let same = |of: &&Value| of["name"] == run["operation"] && of["input"] == run["input"];
        assert_eq!(operations.iter().find(same).unwrap()["samples_ns"], run["samples_ns"]);
    }

    let nodes = data["calls"]["nodes"].as_array().unwrap();
    for function in json["functions"].as_array().unwrap() {
        let is_it =
            |node: &&Value| data["calls"]["spans"][node["span"].as_u64().unwrap() as usize]["name"] == function["name"];
        let sum = |field: &str| nodes.iter().filter(is_it).map(|node| node[field].as_u64().unwrap()).sum::<u64>();
        assert_eq!(
            (sum("calls"), sum("self_ns")),
            (function["calls"].as_u64().unwrap(), function["self_ns"].as_u64().unwrap())
        );
        assert_eq!(Some(sum("bytes")), function["heap"]["allocated_bytes"].as_u64());
    }
}

#[test]
fn the_page_loads_nothing_and_its_script_is_small() {
    let (page, _) = rendered();
    let script = script(&page, "<script type=\"module\"");
    assert!(script.len() <= LARGEST_SCRIPT, "{} bytes of script", script.len());
    let head = page.split_once("</head>").unwrap().0;
    assert!(head.contains("default-src 'none'") && !head.contains("connect-src"));
    for loads in
        [" src=\"http", "href=\"http", "url(", "@import", "<link", "<iframe", "fetch(", "import(", "XMLHttpRequest"]
    {
        assert!(!page.contains(loads), "{loads}");
    }
}

/// `false`, with a line that says so, where there is no browser or no node.
fn has_browser() -> bool {
    let runs =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let missing: Vec<&str> = ["chromium", "node"].into_iter().filter(|program| !runs(program)).collect();
    if missing.is_empty() {
        return true;
    }
    skipped(&format!("no browser opened the page, {} is not installed", missing.join(" and ")));
    false
}

#[test]
fn a_browser_shows_the_figures_and_the_controls_work() {
    if !has_browser() {
        return;
    }
    let (page, json) = rendered();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/check.mjs");
    let files = [write("report.html", page), write("report.json", json.to_string())];
    let output = Command::new("node").arg(check).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
