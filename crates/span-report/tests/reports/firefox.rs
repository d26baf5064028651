//! The file for the Firefox Profiler, read back.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;
use span_report::export::{Exporter, FirefoxProfile};
use span_report::measurement::{LineProfile, Measurement, SampledFunction, SampledLine};
use span_report::{Pass, Report};

use crate::measured::{baking, empty};

fn decoded(measurements: Vec<Measurement>) -> Value {
    let file = FirefoxProfile { title: "bakery" }.export(&Report::new(measurements)).unwrap().unwrap();
    let mut json = String::new();
    GzDecoder::new(&file[..]).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

fn thread<'a>(profile: &'a Value, process: &str, name: &str) -> &'a Value {
    let threads = profile["threads"].as_array().unwrap();
    threads.iter().find(|thread| thread["processName"] == process && thread["name"] == name).unwrap()
}

/// The text of this index: of the thread, or else of all threads.
fn text<'a>(profile: &'a Value, thread: &'a Value, index: &Value) -> &'a str {
    let texts = thread.get("stringArray").unwrap_or(&profile["shared"]["stringArray"]);
    texts[index.as_u64().unwrap() as usize].as_str().unwrap()
}

/// The weights of a table of samples by stack, outermost frame first.
fn by_stack<'a>(profile: &'a Value, thread: &'a Value, samples: &Value) -> BTreeMap<Vec<&'a str>, f64> {
    let mut sums = BTreeMap::new();
    let stacks = samples["stack"].as_array().unwrap();
    for (stack, weight) in stacks.iter().zip(samples["weight"].as_array().unwrap()) {
        let mut path = Vec::new();
        let mut next = stack;
        while let Some(index) = next.as_u64().map(|index| index as usize) {
            let frame = thread["stackTable"]["frame"][index].as_u64().unwrap() as usize;
            let function = thread["frameTable"]["func"][frame].as_u64().unwrap() as usize;
            path.insert(0, text(profile, thread, &thread["funcTable"]["name"][function]));
            next = &thread["stackTable"]["prefix"][index];
        }
        *sums.entry(path).or_default() += weight.as_f64().unwrap();
    }
    sums
}

const KNEAD: &str = "knead; \"well\" <twice>";

#[test]
fn weights_of_stacks_are_self_times_and_calls_are_markers() {
    let mut spans = baking();
    (spans.pass, spans.operations[0].input) = (Pass::Spans, Some("rye".to_owned()));
    spans.spans[2].operation = Some(span_report::measurement::OperationId(0));
    let profile = decoded(vec![spans]);
    let (main, helper) = (thread(&profile, "spans pass", "main"), thread(&profile, "spans pass", "helper"));
    for thread in [main, helper] {
        assert_eq!(thread["samples"]["weightType"], "tracing-ms");
    }
    let milliseconds = [main, helper].map(|thread| by_stack(&profile, thread, &thread["samples"]));
    // All of the time of a loaf is kneading; a gap between two loaves weighs nothing.
    let expected = |loaves: f64| BTreeMap::from([(Vec::new(), 0.0), (vec!["bake", KNEAD], loaves * 3.0)]);
    assert_eq!(milliseconds, [expected(4.0), expected(1.0)]);

    let markers = |thread: &'static str| {
        let thread = self::thread(&profile, "spans pass", thread);
        let markers = &thread["markers"];
        let names = markers["name"].as_array().unwrap().iter().map(|name| text(&profile, thread, name).to_owned());
        names.zip(markers["data"].as_array().unwrap().clone()).collect::<Vec<_>>()
    };
    let main = markers("main");
    assert_eq!(main.iter().filter(|(name, _)| name == "bake").count(), 4);
    let kneading: Vec<_> = main.iter().filter(|(name, _)| name == KNEAD).collect();
    assert_eq!(kneading.len(), 4 * 3);
    let thread = thread(&profile, "spans pass", "main");
    for (_, data) in kneading {
        let field = |name: &str| text(&profile, thread, &data[name]);
        assert_eq!((field("map"), field("operation"), field("source")), ("rye", "Bake", "src/stage.rs:20"), "{data}");
    }
    let names: Vec<_> = markers("spans pass").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["rye", "Bake", "Bake", "Bake", "Bake"]);
}

#[test]
fn memory_is_counters_and_allocation_sites_are_allocations() {
    let profile = decoded(vec![baking()]);
    let peak = |name: &str| {
        let counter = profile["counters"].as_array().unwrap().iter().find(|counter| counter["name"] == name).unwrap();
        let mut now = 0.0;
        let steps = counter["samples"]["count"].as_array().unwrap().iter().map(|step| step.as_f64().unwrap());
        steps
            .map(|step| {
                now += step;
                now
            })
            .fold(0.0, f64::max)
    };
    assert_eq!((peak("RSS"), peak("live heap")), (f64::from(50 << 20), 20_100.0));

    let thread = thread(&profile, "heap pass", "heap pass");
    let allocations = &thread["nativeAllocations"];
    let site = vec!["bakery::knead", "src/stage.rs:21"];
    assert_eq!(by_stack(&profile, thread, allocations), BTreeMap::from([(site, 100.0)]), "what is live at the end");
    let bytes = allocations["weight"].as_array().unwrap().iter().map(|bytes| bytes.as_i64().unwrap());
    assert_eq!(bytes.filter(|bytes| *bytes > 0).sum::<i64>(), 150_100);
}

#[test]
fn sampled_lines_weigh_their_samples() {
    let line = |line, samples| SampledLine { line, samples, ..SampledLine::default() };
    let mut lines = empty(Pass::Lines);
    lines.lines = Some(LineProfile {
        samples: 100,
        elsewhere: 20,
        functions: vec![SampledFunction {
            function: "bakery::bake".to_owned(),
            file: "src/stage.rs".to_owned(),
            samples: 70,
            lines: vec![line(10, 40), line(11, 0), line(12, 25)],
            ..SampledFunction::default()
        }],
        ..LineProfile::default()
    });
    let profile = decoded(vec![lines]);
    let thread = thread(&profile, "lines pass", "sampled lines");
    assert_eq!(
        by_stack(&profile, thread, &thread["samples"]),
        BTreeMap::from([
            (vec!["(other code)"], 20.0),
            (vec!["(other functions)"], 10.0),
            (vec!["bakery::bake"], 5.0),
            (vec!["bakery::bake", "src/stage.rs:10"], 40.0),
            (vec!["bakery::bake", "src/stage.rs:12"], 25.0),
        ])
    );
}

#[test]
fn a_time_beyond_a_whole_weight_is_one_sample() {
    for (duration_ns, milliseconds) in [(5_000_000_000, 5_000.0), (u64::MAX, u64::MAX as f64 / 1e6)] {
        let mut spans = baking();
        spans.pass = Pass::Spans;
        let events = &mut spans.events.as_mut().unwrap().events;
        events.truncate(1);
        events[0].duration_ns = duration_ns;
        let profile = decoded(vec![spans]);
        let main = thread(&profile, "spans pass", "main");
        let all = by_stack(&profile, main, &main["samples"]);
        assert_eq!(all[&vec!["bake"]], milliseconds);
        assert_eq!(main["samples"]["length"], 2, "one in the span, one behind it");
    }
}
