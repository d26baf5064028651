//! Spans and metrics at a collector, which decodes OTLP's messages.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail as tests do")]

mod messages;
mod tls;

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use prost::Message;
use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::otlp::{FrameLayer, OtlpError, send_run};
use span_instrument::{Measurement, Pass, Profiler, Report};
use tracing::{dispatcher, info_span};
use tracing_subscriber::layer::SubscriberExt;

use self::messages::{MetricsRequest, Span, TraceRequest, Value};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// What a collector received: spans, and the names of metrics.
#[derive(Debug, Default)]
struct Received {
    spans: Vec<Span>,
    metrics: Vec<String>,
    services: Vec<String>,
}

/// A collector on a port of its own.
fn collector() -> (String, Arc<Mutex<Received>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(Received::default()));
    let kept = Arc::clone(&received);
    thread::spawn(move || listener.incoming().for_each(|stream| answer(stream.unwrap(), &kept)));
    (url, received)
}

/// Reads one request and answers it.
fn answer(stream: impl Read + Write, received: &Mutex<Received>) {
    let mut stream = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        // A client that refuses a certificate is gone.
        if stream.read_line(&mut line).is_err() {
            return;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push(line.to_lowercase());
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap()];
    stream.read_exact(&mut body).unwrap();
    let mut kept = received.lock().unwrap();
    if head[0].starts_with("post /v1/traces ") {
        for of in TraceRequest::decode(&body[..]).unwrap().resource_spans {
            let attributes = of.resource.unwrap().attributes;
            kept.services.extend(attributes.into_iter().map(|attribute| text(attribute.value.unwrap().value)));
            kept.spans.extend(of.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    } else {
        assert!(head[0].starts_with("post /v1/metrics "), "{head:?}");
        let all = MetricsRequest::decode(&body[..]).unwrap().resource_metrics;
        let all = all.into_iter().flat_map(|of| of.scope_metrics).flat_map(|scope| scope.metrics);
        kept.metrics.extend(all.map(|metric| metric.name));
    }
    drop(kept);
    stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    stream.get_mut().flush().unwrap();
}

/// The address of a collector that is gone.
fn gone() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn text(value: Option<Value>) -> String {
    match value.unwrap() {
        Value::String(text) => text,
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Bool(_) => panic!("no attribute is true or false"),
    }
}

fn attributes(span: &Span) -> BTreeMap<String, String> {
    span.attributes.iter().map(|of| (of.key.clone(), text(of.value.clone().unwrap().value))).collect()
}

/// Names from the outermost span to this one. Each span is in the trace and the time of its parent.
fn chain(spans: &HashMap<&[u8], &Span>, span: &Span) -> String {
    if span.parent_span_id.is_empty() {
        return span.name.clone();
    }
    let parent = spans[&span.parent_span_id[..]];
    assert_eq!(parent.trace_id, span.trace_id);
    assert!(parent.start_time_unix_nano <= span.start_time_unix_nano, "{} before {}", span.name, parent.name);
    format!("{} > {}", chain(spans, parent), span.name)
}

/// How often each chain is there. No id is there twice.
fn chains(spans: &[Span]) -> BTreeMap<String, usize> {
    let by_id: HashMap<&[u8], &Span> = spans.iter().map(|span| (&span.span_id[..], span)).collect();
    assert_eq!(by_id.len(), spans.len());
    let mut counts = BTreeMap::new();
    for span in spans {
        *counts.entry(chain(&by_id, span)).or_default() += 1;
    }
    counts
}

/// `heap.allocations`, `heap.allocated_bytes` and `heap.peak_bytes` of a span.
fn heap(span: &Span) -> [u64; 3] {
    let of = attributes(span);
    ["heap.allocations", "heap.allocated_bytes", "heap.peak_bytes"].map(|key| of[key].parse().unwrap())
}

fn knead() {
    let _knead = info_span!("knead").entered();
    drop(black_box(vec![0u8; 1000]));
}

fn bake() {
    let bake = info_span!("bake").entered();
    let id = bake.id();
    (0..3).for_each(|_| knead());
    let dispatch = dispatcher::get_default(Clone::clone);
    thread::scope(|scope| {
        scope.spawn(|| dispatcher::with_default(&dispatch, || drop(info_span!(parent: id, "cool").entered())));
    });
}

fn measured(pass: Pass) -> Measurement {
    let mode = if pass == Pass::Heap { HeapMode::Tracking } else { HeapMode::System };
    let builder = Profiler::builder().pass(pass).heap(mode).timeline(pass == Pass::Spans);
    let (profiler, dispatch) = builder.start_with_dispatch().unwrap();
    dispatcher::with_default(&dispatch, || {
        drop(info_span!("open").entered());
        for input in ["rye", "wheat", "rye"] {
            let _operation = profiler.time("Bake").input(input);
            bake();
        }
    });
    profiler.into_measurement().unwrap()
}

#[test]
fn each_span_of_a_run_arrives_once_under_its_parent() {
    let (url, received) = collector();
    let report = Report::new(vec![measured(Pass::Spans), measured(Pass::Heap)]);
    let delivery = send_run(&report, &url, "bakery").unwrap();
    let received = received.lock().unwrap();
    assert_eq!((delivery.sent_spans, delivery.lost_spans, delivery.is_whole()), (received.spans.len() as u64, 0, true));
    assert_eq!(delivery.to_string(), format!("{} spans and the metrics sent", received.spans.len()));
    assert!(received.services.iter().all(|service| service == "bakery") && !received.services.is_empty());
    // A trace each run of both passes, and one of what is outside operations.
    assert_eq!(
        chains(&received.spans),
        BTreeMap::from([
            ("Bake".to_owned(), 2 * 3),
            ("Bake > bake".to_owned(), 3),
            ("Bake > bake > knead".to_owned(), 9),
            ("Bake > bake > cool".to_owned(), 3),
            ("spans pass".to_owned(), 1),
            ("spans pass > open".to_owned(), 1),
        ])
    );
    let heap = report.measurements().iter().find(|process| process.pass == Pass::Heap).unwrap();
    for span in received.spans.iter().filter(|span| span.name != "spans pass" && span.name != "open") {
        let of = attributes(span);
        assert_eq!(of["operation"], "Bake", "{of:?}");
        assert!(["rye", "wheat"].contains(&of["input"].as_str()) && ["spans", "heap"].contains(&of["pass"].as_str()));
        if span.name == "knead" {
            assert_eq!((of["heap.allocations.mean"].as_str(), of["heap.allocated_bytes.mean"].as_str()), ("1", "1000"));
        }
        if span.name == "Bake" && of["pass"] == "heap" {
            let run = heap.operation("Bake", Some(&of["input"])).unwrap().heap[of["run"].parse::<usize>().unwrap()];
            assert_eq!(of["heap.allocated_bytes"], run.allocated_bytes.to_string());
        }
    }
    let duration = |name: &str| received.metrics.iter().filter(|metric| *metric == name).count();
    assert_eq!(duration("span_instrument.operation.duration"), 1);
    assert_eq!(duration("span_instrument.peak_heap"), 1);
}

#[test]
fn a_run_whose_collector_is_gone_ends_in_time_and_says_what_was_lost() {
    let report = Report::new(vec![measured(Pass::Spans)]);
    let begun = Instant::now();
    let delivery = send_run(&report, &gone(), "bakery").unwrap();
    assert!(begun.elapsed() < Duration::from_secs(12));
    // Three runs, fifteen calls in them, one outside, and the process.
    assert_eq!((delivery.sent_spans, delivery.lost_spans, delivery.metrics), (0, 20, Some(false)));
    assert!(delivery.to_string().starts_with("20 of 20 spans and the metrics lost: "), "{delivery}");
    assert!(matches!(send_run(&report, "no url", "bakery"), Err(OtlpError::Url { .. })));
}

#[test]
fn a_collector_that_does_not_answer_is_left_in_time() {
    // Connections wait here, and nobody accepts them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let begun = Instant::now();
    let delivery = send_run(&Report::new(vec![measured(Pass::Spans)]), &url, "bakery").unwrap();
    assert_eq!((delivery.sent_spans, delivery.lost_spans), (0, 20), "{delivery}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_refusal_is_said_with_its_status() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The request's head, which may come in parts; its body is not of interest.
            let _ = stream.read(&mut [0; 65_536]).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    let delivery = send_run(&Report::new(vec![measured(Pass::Spans)]), &url, "bakery").unwrap();
    assert_eq!(delivery.to_string(), "20 of 20 spans and the metrics lost: the collector answers 404 Not Found");
}

#[test]
fn a_share_of_frames_is_sent_with_its_allocations() {
    let (url, received) = collector();
    let (layer, sender) = FrameLayer::start(&url, "oven", "bake", 0.25).unwrap();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(layer));
    let of_program = dispatcher::with_default(&dispatch, || {
        // Neither of the first two frames is sent.
        bake();
        let (_, of_program) = span_heap::count(bake).unwrap();
        for _ in 2..8 {
            bake();
            drop(info_span!("other", loaf = "rye").entered());
        }
        of_program
    });
    let delivery = sender.finish();
    let received = received.lock().unwrap();
    assert_eq!((delivery.sent_spans, delivery.lost_spans), (10, 0), "{delivery}");
    let expected = [("bake", 2), ("bake > cool", 2), ("bake > knead", 6)];
    assert_eq!(chains(&received.spans), expected.map(|(chain, count)| (chain.to_owned(), count)).into());
    for span in &received.spans {
        let expected = match span.name.as_str() {
            "knead" => [1, 1000, 1000],
            // With a thread.
            "bake" => [of_program.allocations, of_program.allocated_bytes, of_program.peak_bytes],
            _ => [0, 0, 0],
        };
        assert_eq!(heap(span), expected, "{}", span.name);
    }
}

#[test]
fn layers_of_one_subscriber_send_their_own_frames_with_their_own_allocations() {
    let collectors = [collector(), collector(), collector()];
    let of = |index: usize, frame, share| FrameLayer::start(&collectors[index].0, "oven", frame, share).unwrap();
    let (every, every_sender) = of(0, "bake", 1.0);
    let (second, second_sender) = of(1, "bake", 0.5);
    let (other, other_sender) = of(2, "other", 1.0);
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(every).with(second).with(other));
    dispatcher::with_default(&dispatch, || {
        knead();
        for _ in 0..4 {
            let bake = info_span!("bake", loaf = "rye").entered();
            drop(black_box(vec![0u8; 5000]));
            knead();
            drop(bake);
            let _other = info_span!("other").entered();
            knead();
        }
    });
    let sent = [every_sender, second_sender, other_sender].map(|sender| sender.finish().sent_spans);
    assert_eq!(sent, [2 * 4, 2 * 2, 2 * 4]);
    for ((_, received), (frame, count)) in collectors.iter().zip([("bake", 4), ("bake", 2), ("other", 4)]) {
        let received = received.lock().unwrap();
        let expected = [(frame.to_owned(), count), (format!("{frame} > knead"), count)];
        assert_eq!(chains(&received.spans), expected.into());
        for span in &received.spans {
            let expected = if span.name == "bake" { [2, 6000, 5000] } else { [1, 1000, 1000] };
            assert_eq!(heap(span), expected, "{}", span.name);
        }
    }
}

#[test]
fn a_program_whose_collector_is_gone_goes_on_and_counts_what_was_lost() {
    let (layer, sender) = FrameLayer::start(&gone(), "oven", "bake", 1.0).unwrap();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(layer));
    let begun = Instant::now();
    dispatcher::with_default(&dispatch, || (0..100).for_each(|_| bake()));
    assert!(begun.elapsed() < Duration::from_secs(5), "a frame waited");
    let delivery = sender.finish();
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!((delivery.sent_spans, delivery.lost_spans), (0, 500), "{delivery}");
    assert!(delivery.reason.is_some());
    assert!(matches!(FrameLayer::start("http://localhost:1", "oven", "bake", 1.5), Err(OtlpError::Share(_))));
}
