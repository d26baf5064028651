//! `query` on a run of one map, against the run's `report.json`.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::profile_command::{profile, report_json, succeeded, text};

fn query(run: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["query", "--run"]).arg(run).args(arguments).output().unwrap()
}

/// The rows that `--json` prints.
fn rows(run: &Path, arguments: &[&str]) -> Vec<Value> {
    let (out, err) = succeeded(query(run, &[arguments, &["--json"]].concat()));
    assert_eq!(err, "");
    serde_json::from_str(&out).unwrap()
}

/// The sum of a figure over the spans of a name in one operation, by the report.
fn sum(report: &Value, pass: &str, processes: usize, (span, operation): (&str, &str), pointer: &str) -> u64 {
    let measured = report["measurements"].as_array().unwrap().iter().filter(|process| process["pass"] == pass);
    measured
        .take(processes)
        .flat_map(|process| {
            let is_one = move |node: &&Value| {
                let of = node["operation"].as_u64().map(|index| &process["operations"][index as usize]["name"]);
                node["name"] == span && of.is_some_and(|name| name == operation)
            };
            process["spans"].as_array().unwrap().iter().filter(is_one)
        })
        .filter_map(|node| node.pointer(pointer)?.as_u64())
        .sum()
}

#[test]
fn rows_are_those_of_the_report() {
    let folder = TempDir::new().unwrap();
    let run = folder.path();
    succeeded(profile(run, &["--frames", "2", "--quiet"]).output().unwrap());
    let report = report_json(run);

    let clean = report["operations"].as_array().unwrap().iter().filter(|row| row["pass"] == "clean");
    let expected: Vec<[&Value; 4]> = clean
        .flat_map(|operation| operation["inputs"].as_array().unwrap().iter().map(move |input| (operation, input)))
        .map(|(operation, input)| {
            [&operation["name"], &input["input"], &input["later"]["median_ns"], &input["heap"]["peak_bytes"]]
        })
        .collect();
    let all = rows(run, &[]);
    let found: Vec<_> =
        all.iter().map(|row| [&row["operation"], &row["map"], &row["median_ns"], &row["peak_bytes"]]).collect();
    assert!(expected.len() >= 3 && found == expected, "{all:?}");

    let image = rows(run, &["--operation", "Image", "--map", "studio"]);
    assert_eq!((image.len(), &image[0]["operation"]), (1, &Value::from("Image")));

    let spans = rows(run, &["--span", "floor", "--operation", "Image"]);
    assert_eq!((spans.len(), &spans[0]["span"]), (1, &Value::from("floor")));
    let of = ("floor", "Image");
    let expected = [
        ("calls", sum(&report, "spans", usize::MAX, of, "/calls")),
        ("self_ns", sum(&report, "spans", usize::MAX, of, "/self_ns")),
        ("allocations", sum(&report, "heap", 1, of, "/heap/allocations")),
        ("allocated_bytes", sum(&report, "heap", 1, of, "/heap/allocated_bytes")),
    ];
    assert!(expected[0].1 > 0 && expected[1].1 > 0);
    for (field, sum) in expected {
        assert_eq!(spans[0][field], sum, "{field}");
    }

    for field in ["self_ns", "allocated_bytes"] {
        let sorted = rows(run, &["--span", "", "--sort", field]);
        let values: Vec<u64> = sorted.iter().map(|row| row[field].as_u64().unwrap()).collect();
        assert!(values.len() > 5 && values.is_sorted_by(|a, b| a >= b), "{field}: {values:?}");
    }
    // A field of spans alone chooses spans.
    assert_eq!(rows(run, &["--sort", "self_ns"]), rows(run, &["--span", "", "--sort", "self_ns"]));

    let (table, _) = succeeded(query(run, &["--operation", "Image"]));
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("map ") && lines[1].starts_with("studio.json "), "{table}");
    let (spans, _) = succeeded(query(run, &["--span", "floor"]));
    let processes = |pass: &str| {
        report["measurements"].as_array().unwrap().iter().filter(|process| process["pass"] == pass).count()
    };
    let sources =
        format!("processes: {} of the spans pass (calls, self), 1 of the heap pass (allocations)", processes("spans"));
    assert_eq!(spans.lines().last(), Some(sources.as_str()));
    assert!(table.lines().chain(spans.lines()).all(|line| line.chars().count() <= 80), "{table}{spans}");
}

#[test]
fn a_question_without_an_answer_is_an_error_in_a_line() {
    let folder = TempDir::new().unwrap();
    let refused = |arguments: &[&str]| {
        let output = query(folder.path(), arguments);
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        text(&output.stderr)
    };
    let said = refused(&[]);
    assert!(said.contains("report.json") && said.contains("no such run") && said.lines().count() == 1, "{said}");
    let report = r#"{ "operations": [], "measurements": [] }"#;
    std::fs::write(folder.path().join("report.json"), report).unwrap();
    assert!(refused(&["--map", "nowhere"]).contains("nothing in this run matches"));
    let said = refused(&["--sort", "colour"]);
    assert!(said.contains("no field colour; there are map, operation, median_ns"), "{said}");
    std::fs::write(folder.path().join("report.json"), "{").unwrap();
    assert!(refused(&[]).contains("report.json"));
}
