//! One run in each format, read back.

use serde_json::Value;
use span_report::export::{
    Brief, ExportError, Exporter, FirefoxProfile, Folded, Html, Pprof, Pstats, REPORT_JSON_VERSION, ReportJson,
    Speedscope, Text, TraceEvents, Weight,
};
use span_report::report::{CostGrowth, Fact, Latency, MemoryReading, Recording, Warning};
use span_report::{Pass, Report};

use crate::measured::{baking, timed};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text(exporter: &dyn Exporter, report: &Report) -> String {
    String::from_utf8(exporter.export(report).unwrap().unwrap()).unwrap()
}

#[test]
fn trace_events_are_those_of_the_run() {
    let trace = parsed(&text(&TraceEvents, &Report::new(vec![baking()])));
    let events = trace["traceEvents"].as_array().unwrap();
    let of = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
    let in_lane = |event: &&&Value| event["cat"] == "operations" || event["cat"] == "inputs";
    let (lanes, calls): (Vec<_>, Vec<_>) = of("X").into_iter().partition(|event| in_lane(&event));
    assert_eq!(calls.len(), 5 * 4);
    // The first four of the five loaves are runs of an operation, which begins when its first span does.
    assert_eq!(lanes.len(), 4);
    for (lane, bake) in lanes.iter().zip(calls.iter().filter(|call| call["name"] == "bake")) {
        assert_eq!((&lane["name"], &lane["ts"], &lane["dur"]), (&Value::from("Bake"), &bake["ts"], &bake["dur"]));
        assert!(lane["tid"].as_u64() < bake["tid"].as_u64(), "above the spans");
    }
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
    let counters: Vec<_> = of("C").into_iter().map(|event| (event["name"].as_str().unwrap(), &event["args"])).collect();
    for (name, bytes) in [("RSS", 50 << 20), ("live heap", 20_100)] {
        let readings = counters.iter().filter(|(counter, _)| *counter == name);
        assert!(readings.clone().all(|(_, arguments)| arguments["bytes"] == bytes) && readings.count() == 2, "{name}");
    }
}

#[test]
fn trace_events_have_the_counters_of_other_processes() {
    let mut spans = baking();
    (spans.pass, spans.samples, spans.operations[0].input) = (Pass::Spans, None, Some("rye".to_owned()));
    let mut clean = baking();
    (clean.pass, clean.events) = (Pass::Clean, None);
    clean.samples.as_mut().unwrap().samples.iter_mut().for_each(|sample| sample.live_heap_bytes = None);
    let mut heap = baking();
    heap.events = None;
    let trace = parsed(&text(&TraceEvents, &Report::new(vec![clean.clone(), spans, clean, heap])));
    let events = trace["traceEvents"].as_array().unwrap();
    let names = events.iter().filter(|event| event["name"] == "process_name").map(|event| &event["args"]["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["spans pass", "heap pass", "clean pass"]);
    let process_of = |name: &str| {
        events
            .iter()
            .filter(|event| event["name"] == name)
            .map(|event| event["pid"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((process_of("live heap"), process_of("RSS")), (vec![2, 2], vec![2, 2, 3, 3]));
    assert_eq!((process_of("rye"), process_of("Bake").len()), (vec![1], 3 * 4));
    let rye = events.iter().find(|event| event["name"] == "rye").unwrap();
    assert_eq!((&rye["ts"], &rye["dur"]), (&Value::from(0.0), &Value::from(15_000.0)));
}

#[test]
fn speedscope_has_a_profile_by_time_one_by_bytes_and_each_thread_in_time_order() {
    let report = Report::new(vec![baking()]);
    let speedscope = parsed(&text(&Speedscope { title: "baking" }, &report));
    let frames = speedscope["shared"]["frames"].as_array().unwrap().len() as u64;
    let profiles = speedscope["profiles"].as_array().unwrap();
    let (threads, profiles): (Vec<&Value>, Vec<&Value>) =
        profiles.iter().partition(|profile| profile["type"] == "evented");
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
    // Each call of the run is opened and closed once, properly nested, in time order.
    let mut opened = 0;
    for thread in &threads {
        let mut open = Vec::new();
        let mut last = thread["startValue"].as_u64();
        for event in thread["events"].as_array().unwrap() {
            assert!(event["at"].as_u64() >= last && event["frame"].as_u64() < Some(frames), "{event}");
            last = event["at"].as_u64();
            if event["type"] == "O" {
                opened += 1;
                open.push(&event["frame"]);
            } else {
                assert_eq!(open.pop(), Some(&event["frame"]));
            }
        }
        assert!(open.is_empty() && thread["endValue"].as_u64() == last);
    }
    assert_eq!(opened, report.timeline().unwrap().events.as_ref().unwrap().events.len());
}

#[test]
fn folded_stacks_have_names_that_tools_can_read() {
    let report = Report::new(vec![baking()]);
    let folded = Folded { weight: Weight::AllocatedBytes }.encode(&report).unwrap();
    let kneaded = folded.lines().find_map(|line| line.strip_prefix("bake;knead, \"well\" <twice> ")).unwrap();
    assert_eq!(kneaded.parse::<u64>().ok(), Some(5 * 3 * 10_000));
    assert!(folded.contains("(outside spans) 100\n"), "{folded}");
    assert!(Folded { weight: Weight::SelfTime }.encode(&report).unwrap().contains("bake "));
}

#[test]
fn json_has_the_figures() {
    let report = Report::new(vec![baking()]);
    let json = parsed(&ReportJson.encode(&report).unwrap());
    let version = Some(u64::from(REPORT_JSON_VERSION));
    assert_eq!((json["schema"].as_str(), json["version"].as_u64()), (Some("span-instrument/report"), version));
    assert_eq!(json["operations"][0]["name"], "Bake");
    assert_eq!(json["operations"][0]["runs"]["count"], 4);
    assert_eq!(json["operations"][0]["inputs"][0]["later"]["count"], 3);
    assert!(json["memory"]["peak_rss_bytes"].as_u64() >= json["memory"]["start_rss_bytes"].as_u64());
    assert!(json["functions"].as_array().unwrap().iter().any(|function| function["name"] == "bake"));
    assert!(json["measurements"][0]["heap"]["allocations"].as_u64() > Some(15));
    assert_eq!(json["measurements"][0]["pass"], "heap");
    assert!(json["measurements"][0].get("events").is_none(), "single calls are in trace.json");

    let at_peak = &json["heap_at_peak"];
    assert_eq!(at_peak["lines"][0]["live"]["bytes"], 20_100);
    assert_eq!(at_peak["spans"][0]["span"]["name"], "knead; \"well\" <twice>");
    assert!(
        [&at_peak["lines_sum"]["bytes"], &at_peak["spans_sum_bytes"]].iter().all(|&sum| *sum == at_peak["peak_bytes"])
    );

    let bake = &json["functions"][0];
    assert_eq!((&bake["name"], &bake["durations"]["count"]), (&Value::from("bake"), &Value::from(5)));
    assert_eq!(bake["durations"]["buckets"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_page_shows_the_same_figures_as_the_text() {
    let report = Report::new(vec![baking()]);
    let page = text(&Html { title: "Baking", ..Html::default() }, &report);
    for shown in
        ["<h1>Baking</h1>", "knead; &quot;well&quot; &lt;twice&gt;", "146 KiB", "Live at end", "p99", "19.6 KiB in use"]
    {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("eaked") && !report.to_string().contains("leaked"), "live at the end is no leak");
    let embedded = text(&Text::default(), &report).replace('&', "&amp;").replace('"', "&quot;");
    assert!(page.contains(&embedded.replace('<', "&lt;").replace('>', "&gt;")));
}

#[test]
fn without_figures_there_is_no_file() {
    let nothing = Report::default();
    let exporters: [&dyn Exporter; 6] = [
        &FirefoxProfile { title: "" },
        &TraceEvents,
        &Speedscope { title: "" },
        &Pprof { title: "" },
        &Pstats { run: "" },
        &Folded { weight: Weight::SelfTime },
    ];
    let files: Result<Vec<_>, ExportError> = exporters.iter().map(|exporter| exporter.export(&nothing)).collect();
    assert!(files.unwrap().iter().all(Option::is_none));
    assert!(ReportJson.encode(&nothing).is_ok());
}

#[test]
fn the_brief_report_has_the_figures_of_the_run_in_at_most_150_lines() {
    let report = Report::new(vec![baking()]);
    let brief = text(&Brief { title: "Baking", next: &["bake again # warmer"] }, &report);
    let heap = report.heap_at_peak.as_ref().unwrap();
    let peak = span_report::quantity::size(heap.peak_bytes as f64);
    assert!(brief.contains(&format!("- heap at its peak: {peak} (")), "{brief}");
    let row = &report.operations.as_ref().unwrap().shown().next().unwrap().inputs[0];
    let median = span_report::quantity::duration(row.typical_ns().unwrap());
    assert!(brief.contains(&format!("| Bake | {median} |")), "{brief}");
    for anchor in ["key-figures", "operations", "spans", "heap-at-peak", "findings", "next"] {
        assert!(brief.contains(&format!("<a id=\"{anchor}\"></a>")), "{anchor}");
    }

    let names: Vec<String> = (0..500).map(|index| format!("bake {index}")).collect();
    let operations: Vec<(&str, &[u64])> = names.iter().map(|name| (name.as_str(), &[5, 6][..])).collect();
    let mut many = Report::new(vec![baking(), timed(Pass::Clean, &operations)]);
    many.findings = vec![many.findings[0].clone(); 100];
    many.warnings = vec![Warning { pass: Pass::Clean, text: "hot".to_owned() }; 100];
    let functions = many.functions.as_mut().unwrap();
    functions.rows = vec![functions.rows[0].clone(); 100];
    let heap = many.heap_at_peak.as_mut().unwrap();
    heap.lines = vec![heap.lines[0].clone(); 100];
    heap.spans = vec![heap.spans[0].clone(); 100];
    let commands = ["bake"; 100];
    let recording = Recording {
        name: "home.vmr".to_owned(),
        summary: "4 maps".to_owned(),
        facts: vec![Fact::new("Deadline", "0 of 4 pictures are late"); 100],
        latency: vec![Latency::of("Parse", vec![1e6]).unwrap(); 4],
        growth: vec![CostGrowth { stage: "Frame".to_owned(), ..CostGrowth::default() }; 100],
        memory: vec![MemoryReading { live_bytes: Some(2048), ..MemoryReading::default() }; 100],
        ..Recording::default()
    };
    let with = many.clone().with_recordings(vec![recording; 100]);
    let brief_with = text(&Brief { title: "Baking", next: &commands }, &with);
    assert!(brief_with.lines().count() <= 150, "{brief_with}");
    for part in ["- home.vmr: 4 maps", "- Deadline: 0 of 4", "| Parse | 1.00 ms |", "Frame, a ", "live heap 2048 B to"]
    {
        assert!(brief_with.contains(part), "{part}\n{brief_with}");
    }
    let page = Html { title: "Baking", ..Html::default() }.encode(&with);
    assert!(page.contains("id=\"recording-home-vmr\"") && page.contains("0 of 4 pictures are late"));
    let brief = text(&Brief { title: "Baking", next: &commands }, &many);
    assert!(brief.lines().count() <= 150 && brief.contains("462 more in `report.json`."), "{brief}");
}
