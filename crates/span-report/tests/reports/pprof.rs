//! The file for pprof, read back.

#[path = "../../src/export/pprof/proto.rs"]
mod proto;

use std::collections::BTreeMap;
use std::io::Read;
use std::process::Command;

use flate2::read::GzDecoder;
use prost::Message;
use span_report::export::{Exporter, Pprof};
use span_report::measurement::{Measurement, NodeId, OperationId, OperationTimes, SpanNode};
use span_report::{Pass, Report};

use self::proto::{Profile, Sample};
use crate::measured::{baking, span};

fn file(report: &Report) -> Vec<u8> {
    Pprof { title: "bakery" }.export(report).unwrap().unwrap()
}

fn decoded(report: &Report) -> Profile {
    let mut bytes = Vec::new();
    GzDecoder::new(file(report).as_slice()).read_to_end(&mut bytes).unwrap();
    Profile::decode(bytes.as_slice()).unwrap()
}

impl Profile {
    fn text(&self, index: i64) -> &str {
        &self.string_table[usize::try_from(index).unwrap()]
    }

    fn kinds(&self) -> Vec<(&str, &str)> {
        self.sample_type.iter().map(|kind| (self.text(kind.r#type), self.text(kind.unit))).collect()
    }

    fn sum(&self, kind: &str) -> i64 {
        let index = self.kinds().iter().position(|&(name, _)| name == kind).unwrap();
        self.sample.iter().map(|sample| sample.value[index]).sum()
    }

    /// Name, file and line of each span, innermost first.
    fn stack(&self, sample: &Sample) -> Vec<(&str, &str, i64)> {
        let place = |id: &u64| {
            let location = self.location.iter().find(|location| location.id == *id).unwrap();
            assert_eq!(location.mapping_id, self.mapping[0].id);
            assert_eq!(location.line.len(), 1, "{location:?}");
            let line = location.line[0];
            let function = self.function.iter().find(|function| function.id == line.function_id).unwrap();
            (self.text(function.name), self.text(function.filename), line.line)
        };
        sample.location_id.iter().map(place).collect()
    }

    fn labels(&self, sample: &Sample) -> BTreeMap<&str, &str> {
        sample.label.iter().map(|label| (self.text(label.key), self.text(label.str))).collect()
    }
}

const KNEAD: (&str, &str, i64) = ("knead; \"well\" <twice>", "src/stage.rs", 20);
const BAKE: (&str, &str, i64) = ("bake", "src/stage.rs", 10);

#[test]
fn totals_are_those_of_the_report_and_stacks_begin_at_the_innermost_span() {
    let report = Report::new(vec![baking()]);
    let profile = decoded(&report);
    let kinds = [("time", "nanoseconds"), ("allocations", "count"), ("allocated", "bytes"), ("live_at_peak", "bytes")];
    assert_eq!(profile.kinds(), kinds);
    assert_eq!((profile.text(0), profile.text(profile.default_sample_type)), ("", "time"));

    let nodes = report.span_tree.as_ref().unwrap().tree.nodes();
    let self_ns: u64 = nodes.iter().map(|node| node.self_ns).sum();
    let heap = report.measurements()[0].heap.unwrap();
    let at_peak = report.heap_at_peak.as_ref().unwrap().peak_bytes;
    let expected = [self_ns, heap.allocations, heap.allocated_bytes, at_peak];
    let sums = kinds.map(|(kind, _)| u64::try_from(profile.sum(kind)).unwrap());
    assert_eq!(sums, expected);

    let stacks: Vec<_> = profile.sample.iter().map(|sample| (profile.stack(sample), sample.value.clone())).collect();
    assert_eq!(
        stacks,
        [
            (vec![("(outside spans)", "", 0)], vec![0, 2, 100, 100]),
            (vec![BAKE], vec![1_000, 0, 0, 0]),
            (vec![KNEAD, BAKE], vec![14_999_000, 15, 150_000, 20_000]),
        ]
    );
    assert!(profile.sample.iter().all(|sample| sample.label.is_empty()), "no operation, no labels");
}

/// Two processes that time the same spans in two operations, in another order each.
fn in_operations() -> Vec<Measurement> {
    let process = |inputs: [&str; 2]| {
        let mut process = baking();
        (process.pass, process.heap) = (Pass::Spans, None);
        process.operations = inputs
            .map(|input| OperationTimes {
                name: "Bake".to_owned(),
                input: Some(input.to_owned()),
                ..OperationTimes::default()
            })
            .to_vec();
        let within = |operation, node: SpanNode| SpanNode { operation: Some(OperationId(operation)), ..node };
        process.spans = vec![
            span("(outside spans)", 0, None, 0, 0, 0),
            within(0, span("bake", 10, Some(0), 1, 30, 30)),
            within(1, span("bake", 10, Some(0), 1, 500, 500)),
            within(7, SpanNode { parent: Some(NodeId(9)), ..span("lost", 1, None, 1, 4, 4) }),
        ];
        process
    };
    vec![process(["rye", "wheat"]), process(["wheat", "rye"])]
}

#[test]
fn labels_tell_operations_and_inputs_of_all_processes_apart() {
    let profile = decoded(&Report::new(in_operations()));
    assert_eq!(profile.kinds(), [("time", "nanoseconds")], "the heap was not tracked");
    let of = |input: &str| {
        let labels = BTreeMap::from([("map", input), ("operation", "Bake")]);
        let of_input = profile.sample.iter().filter(|sample| profile.labels(sample) == labels);
        of_input.map(|sample| (profile.stack(sample), sample.value[0])).collect::<Vec<_>>()
    };
    assert_eq!((of("rye"), of("wheat")), (vec![(vec![BAKE], 530)], vec![(vec![BAKE], 530)]));
    assert_eq!(profile.sum("time"), 2 * 534, "a span with impossible indices counts too");
    assert_eq!((profile.function.len(), profile.duration_nanos), (3, 2 * 20_000_000));
}

#[test]
fn heap_alone_has_no_times() {
    let mut heap = baking();
    heap.cpu = false;
    let profile = decoded(&Report::new(vec![heap]));
    let kinds: Vec<_> = profile.kinds().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["allocations", "allocated", "live_at_peak"]);
    assert_eq!((profile.sum("allocated"), profile.text(profile.default_sample_type)), (150_100, "allocations"));
}

/// Another reader than the structs that wrote it.
#[test]
fn pprof_itself_reads_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.pb.gz");
    std::fs::write(&path, file(&Report::new(vec![baking()]))).unwrap();
    let mut command = Command::new("go");
    command.args(["tool", "pprof", "-top", "-sample_index=allocated", "-unit=b"]).arg(&path);
    // Its settings and saved profiles.
    command.env("HOME", folder.path()).env("PPROF_TMPDIR", folder.path());
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no go");
        return;
    };
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("File: bakery") && printed.contains("150100B total"), "{printed}");
    // It shows names without what is in angle brackets, as it does for templates.
    assert!(printed.contains("150000B 99.93% 99.93%    150000B 99.93%  knead; \"well\" \n"), "{printed}");
}
