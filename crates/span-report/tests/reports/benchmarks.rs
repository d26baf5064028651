//! Formats of services that follow benchmarks.

use serde_json::{Map, Value};
use span_report::export::{Bencher, GithubBenchmark};
use span_report::measurement::{OperationTimes, RunHeap};
use span_report::{Measurement, Pass, Report};

use crate::measured::{baking, empty};

fn report() -> Report {
    let operation = |name: &str, input: &str| OperationTimes {
        name: name.to_owned(),
        input: Some(input.to_owned()),
        samples_ns: vec![9_000, 1_000, 3_000, 2_000],
        heap: vec![RunHeap { allocations: 7, allocated_bytes: 900, peak_bytes: 512, ..RunHeap::default() }; 4],
        ..OperationTimes::default()
    };
    let operations = vec![operation("Image", "house.json"), operation("Image", "x-bencher-ignore")];
    let clean = Measurement { operations: operations.clone(), ..empty(Pass::Clean) };
    Report::new(vec![clean, Measurement { operations, ..baking() }])
}

/// What the published schema of the format (`bencher.dev/bmf.json`) demands, and what a reader expects of bounds.
fn assert_is_bmf(benchmarks: &Map<String, Value>) {
    assert!(!benchmarks.is_empty());
    for (name, measures) in benchmarks {
        assert!(!name.is_empty() && name.len() <= 1024 && !name.ends_with("-bencher-ignore"), "{name}");
        let measures = measures.as_object().unwrap();
        assert!(!measures.is_empty(), "{name}");
        for (slug, metric) in measures {
            let is_slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            assert!(!slug.is_empty() && slug.len() <= 64 && slug.chars().all(is_slug), "{slug}");
            let metric = metric.as_object().unwrap();
            let keys = ["value", "lower_value", "upper_value"];
            assert!(metric.iter().all(|(key, value)| keys.contains(&key.as_str()) && value.is_number()), "{metric:?}");
            let value = metric["value"].as_f64().unwrap();
            assert!(metric.get("lower_value").is_none_or(|lower| lower.as_f64().unwrap() <= value));
            assert!(metric.get("upper_value").is_none_or(|upper| upper.as_f64().unwrap() >= value));
        }
    }
}

#[test]
fn bencher_has_each_operation_on_each_input() {
    let file: Value = serde_json::from_str(&Bencher.encode(&report()).unwrap()).unwrap();
    let benchmarks = file.as_object().unwrap();
    assert_is_bmf(benchmarks);
    let image = &benchmarks["Image on house.json"];
    let latency = serde_json::json!({"value": 2_000.0, "lower_value": 1_000.0, "upper_value": 3_000.0});
    assert_eq!(image["latency"], latency);
    assert_eq!((&image["first-latency"]["value"], &image["allocations"]["value"]), (&9_000.0.into(), &7.0.into()));
    assert_eq!(image["peak-heap"]["value"], 512.0);
    assert_eq!(benchmarks["whole program"]["allocations"]["value"], 17.0);
    assert_eq!(benchmarks.len(), 3);
}

#[test]
fn the_action_has_one_value_for_each_figure() {
    let file: Value = serde_json::from_str(&GithubBenchmark.encode(&report()).unwrap()).unwrap();
    let benchmarks = file.as_array().unwrap();
    // What the action reads of each.
    for benchmark in benchmarks {
        assert!(benchmark["name"].is_string() && benchmark["unit"].is_string() && benchmark["value"].is_number());
        assert!(["range", "extra"].iter().all(|key| benchmark.get(key).is_none_or(Value::is_string)), "{benchmark}");
    }
    let latency = benchmarks.iter().find(|benchmark| benchmark["name"] == "Image on house.json: latency").unwrap();
    assert_eq!((&latency["value"], &latency["range"]), (&2_000.0.into(), &"1000 to 3000".into()));
    let mut names: Vec<&str> = benchmarks.iter().filter_map(|benchmark| benchmark["name"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), benchmarks.len(), "a name is a series of its own");
}
