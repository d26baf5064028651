//! One run in each format, read back.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use span_instrument::export::folded::Weight;
use span_instrument::export::{html, report_json};
use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::{Profiler, Report};
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

fn bake() {
    let _bake = info_span!("bake").entered();
    for _ in 0..3 {
        let _knead = info_span!("knead; \"well\" <twice>").entered();
        drop(black_box(vec![1u8; 10_000]));
        thread::sleep(Duration::from_millis(1));
    }
}

fn report() -> Report {
    let builder = Profiler::builder().heap(HeapMode::Tracking).timeline(true).sample_every(Duration::from_millis(1));
    let profiler = builder.start().unwrap();
    profiler.snapshot("Start");
    for _ in 0..4 {
        let _operation = profiler.time("Bake");
        bake();
    }
    thread::scope(|scope| {
        thread::Builder::new().name("helper".to_owned()).spawn_scoped(scope, bake).unwrap();
    });
    profiler.snapshot("End");
    profiler.finish()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// One test: the heap mode is chosen once per process.
#[test]
fn every_format_has_the_run_in_it() {
    let report = report();

    let trace = parsed(&report.to_trace_events().unwrap());
    let events = trace["traceEvents"].as_array().unwrap();
    let of = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
    assert_eq!(of("X").len(), 5 * 4);
    // What the Trace Event format requires of all, and of each kind.
    for event in events {
        let numbers = ["ts", "pid", "tid"].iter().all(|key| event[key].is_number());
        assert!(
            numbers && event["name"].is_string() && ["X", "M", "C"].contains(&event["ph"].as_str().unwrap()),
            "{event}"
        );
    }
    assert!(of("C").iter().all(|event| event["args"].as_object().unwrap().values().all(Value::is_number)));
    for event in of("X") {
        assert!(event["ts"].is_f64() && event["dur"].as_f64() > Some(900.0), "{event}");
        assert!(event["pid"].is_u64() && event["tid"].is_u64() && event["name"].is_string(), "{event}");
    }
    assert!(of("M").iter().any(|event| event["args"]["name"] == "helper"));
    assert!(of("C").len() >= 2, "the sampler's readings are counters");

    let speedscope = parsed(&report.to_speedscope("baking").unwrap());
    let frames = speedscope["shared"]["frames"].as_array().unwrap().len() as u64;
    let profiles = speedscope["profiles"].as_array().unwrap();
    assert_eq!(profiles.len(), 2);
    // What the format requires, from `file-format-spec.ts` of speedscope.
    assert_eq!(speedscope["$schema"], "https://www.speedscope.app/file-format-schema.json");
    assert_eq!(speedscope["activeProfileIndex"], 0);
    for frame in speedscope["shared"]["frames"].as_array().unwrap() {
        assert!(frame["name"].is_string() && frame.get("line").is_none_or(Value::is_u64), "{frame}");
        assert!(frame.get("file").is_none_or(Value::is_string), "{frame}");
    }
    for profile in profiles {
        let units = ["none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"];
        assert!(profile["type"] == "sampled" && profile["name"].is_string() && profile["startValue"] == 0, "{profile}");
        assert!(units.contains(&profile["unit"].as_str().unwrap()), "{profile}");
        assert_eq!(profile["samples"].as_array().unwrap().len(), profile["weights"].as_array().unwrap().len());
        let weights: u64 = profile["weights"].as_array().unwrap().iter().filter_map(Value::as_u64).sum();
        assert_eq!(profile["endValue"].as_u64(), Some(weights));
        let samples = profile["samples"].as_array().unwrap();
        let mut indices = samples.iter().flat_map(|stack| stack.as_array().unwrap()).filter_map(Value::as_u64);
        assert!(indices.all(|index| index < frames));
    }

    let folded = report.to_folded(Weight::AllocatedBytes).unwrap();
    let kneaded = folded.lines().find_map(|line| line.strip_prefix("bake;knead, \"well\" <twice> ")).unwrap();
    assert_eq!(kneaded.parse::<u64>().ok(), Some(5 * 3 * 10_000));
    assert!(report.to_folded(Weight::SelfTime).unwrap().contains("bake "));
    assert!(report.to_pstats().is_some());

    let json = parsed(&report_json::encode(&report).unwrap());
    assert_eq!((json["schema"].as_str(), json["version"].as_u64()), (Some("span-instrument/report"), Some(1)));
    assert_eq!(json["operations"][0]["name"], "Bake");
    assert_eq!(json["operations"][0]["count"], 4);
    assert!(json["memory"]["peak_rss_bytes"].as_u64() >= json["memory"]["start_rss_bytes"].as_u64());
    assert!(json["functions"].as_array().unwrap().iter().any(|function| function["name"] == "bake"));
    assert!(json["measurements"][0]["heap"]["allocations"].as_u64() > Some(15));
    assert_eq!(json["measurements"][0]["pass"], "heap");

    if let Ok(folder) = std::env::var("KEEP_EXPORTS") {
        let keep = |name: &str, text: String| std::fs::write(format!("{folder}/{name}"), text).unwrap();
        keep("trace.json", report.to_trace_events().unwrap());
        keep("speedscope.json", report.to_speedscope("baking").unwrap());
        let page = html::Page { title: "Baking", ..html::Page::default() };
        keep("report.html", html::encode(&report, &page));
        keep("report.json", report_json::encode(&report).unwrap());
    }

    let nothing = Report::default();
    assert_eq!((nothing.to_trace_events(), nothing.to_speedscope(""), nothing.to_pstats()), (None, None, None));
    assert!(report_json::encode(&nothing).is_ok());
}
