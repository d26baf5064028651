//! The format of pprof (<https://github.com/google/pprof>), which Pyroscope, Parca and Grafana read too.
//!
//! A sample is a node of the call tree in one operation on one input: its own time and its own allocations. The operation
//! and the input are its labels `operation` and `map`.

mod proto;

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;

use self::proto::{Function, Label, Line, Location, Mapping, Profile, Sample, ValueType};
use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::measurement::{Measurement, OperationTimes, SpanNode};
use crate::report::{CallTree, SpanKey, SpanTree};

/// The kinds of values, with their units. The first is of the pass that times spans, the others of the one that tracks the
/// heap.
const KINDS: [(&str, &str); 4] =
    [("time", "nanoseconds"), ("allocations", "count"), ("allocated", "bytes"), ("live_at_peak", "bytes")];

/// The only program of a profile.
const PROGRAM: u64 = 1;

/// A file for pprof.
#[derive(Debug, Clone, Copy)]
pub struct Pprof<'a> {
    /// The name of the program.
    pub title: &'a str,
}

impl Exporter for Pprof<'_> {
    fn file_name(&self) -> String {
        "profile.pb.gz".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        let Some(spans) = &report.span_tree else { return Ok(None) };
        let Some(profile) = profile(self.title, report, spans) else { return Ok(None) };
        let mut file = GzEncoder::new(Vec::new(), Compression::default());
        file.write_all(&profile.encode_to_vec())?;
        Ok(Some(file.finish()?))
    }
}

/// A node of the call tree, the operation and the input.
type Key<'a> = (usize, Option<&'a str>, Option<&'a str>);

/// The source of the samples: the processes of the tables of spans.
#[derive(Default)]
struct Stacks<'a> {
    /// The chains of spans. Its figures are not used: they are not apart by operation.
    tree: CallTree,
    values: BTreeMap<Key<'a>, [u64; KINDS.len()]>,
}

impl<'a> Stacks<'a> {
    fn add(&mut self, measurement: &'a Measurement, values: impl Fn(&SpanNode) -> [u64; KINDS.len()]) {
        let nodes = self.tree.add_times(&measurement.spans);
        for (node, span) in nodes.into_iter().zip(&measurement.spans) {
            let operation = measurement.operation_of(span);
            let name = operation.map(|OperationTimes { name, .. }| name.as_str());
            let input = operation.and_then(|operation| operation.input.as_deref());
            let sums = self.values.entry((node, name, input)).or_default();
            for (sum, value) in sums.iter_mut().zip(values(span)) {
                *sum = sum.saturating_add(value);
            }
        }
    }
}

fn profile(title: &str, report: &Report, spans: &SpanTree) -> Option<Profile> {
    let has_spans = |measurement: &&Measurement| measurement.spans.len() > 1;
    let measurements = || report.measurements().iter().filter(has_spans);
    let mut stacks = Stacks::default();
    let mut duration_ns = 0u64;
    let (mut kinds, mut sources) = (Vec::new(), Vec::new());
    if spans.has_cpu {
        kinds.push(0);
        sources.push(format!("time: {}", spans.times));
        for process in measurements().filter(|process| process.pass == spans.times.pass && process.cpu) {
            duration_ns = duration_ns.saturating_add(process.duration_ns);
            stacks.add(process, |span| [span.self_ns, 0, 0, 0]);
        }
    }
    if let Some(heap) = spans.heap {
        kinds.extend(1..KINDS.len());
        sources.push(format!("allocations: {heap}"));
        let process = measurements().find(|process| process.pass == heap.pass && process.heap.is_some())?;
        stacks.add(process, |span| {
            let heap = span.heap.unwrap_or_default();
            [0, heap.allocations, heap.allocated_bytes, heap.live_at_peak_bytes]
        });
    }
    let mut texts = Texts::default();
    let samples = samples(&stacks, &kinds, &mut texts);
    if samples.is_empty() {
        return None;
    }
    let (location, function) = places(&stacks.tree, &mut texts);
    let kind = |&kind: &usize| KINDS[kind];
    Some(Profile {
        sample_type: kinds
            .iter()
            .map(kind)
            .map(|(kind, unit)| ValueType { r#type: texts.index(kind), unit: texts.index(unit) })
            .collect(),
        sample: samples,
        mapping: vec![Mapping {
            id: PROGRAM,
            filename: texts.index(title),
            has_functions: true,
            has_filenames: true,
            has_line_numbers: true,
        }],
        location,
        function,
        duration_nanos: signed(duration_ns),
        comment: sources.iter().map(|source| texts.index(source)).collect(),
        default_sample_type: kinds.first().map(kind).map_or(0, |(kind, _)| texts.index(kind)),
        string_table: texts.all,
    })
}

/// The stacks that have a value of one of these kinds.
fn samples(stacks: &Stacks<'_>, kinds: &[usize], texts: &mut Texts) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (&(node, operation, input), values) in &stacks.values {
        let value: Vec<i64> = kinds.iter().map(|&kind| signed(values[kind])).collect();
        if value.iter().all(|&value| value == 0) {
            continue;
        }
        let mut location_id: Vec<u64> = stacks.tree.path(node).into_iter().map(number).collect();
        location_id.reverse();
        let labels = [("operation", operation), ("map", input)];
        let label = labels.into_iter().filter_map(|(key, text)| Some((key, text?)));
        let label = label.map(|(key, text)| Label { key: texts.index(key), str: texts.index(text) }).collect();
        samples.push(Sample { location_id, value, label });
    }
    samples
}

/// A location for each node of the tree, and a function for each span. A span's only known line is its first.
fn places(tree: &CallTree, texts: &mut Texts) -> (Vec<Location>, Vec<Function>) {
    let mut functions = Vec::new();
    let mut known: HashMap<&SpanKey, u64> = HashMap::new();
    let mut locations = Vec::with_capacity(tree.nodes().len());
    for (index, node) in tree.nodes().iter().enumerate() {
        let span = &node.span;
        let line = i64::from(span.line);
        let function_id = *known.entry(span).or_insert_with(|| {
            let (id, name, filename) = (number(functions.len()), texts.index(&span.name), texts.index(&span.file));
            functions.push(Function { id, name, system_name: name, filename, start_line: line });
            id
        });
        let line = vec![Line { function_id, line }];
        locations.push(Location { id: number(index), mapping_id: PROGRAM, line });
    }
    (locations, functions)
}

/// The table of texts.
struct Texts {
    all: Vec<String>,
    known: HashMap<String, i64>,
}

/// The format wants the first text empty.
impl Default for Texts {
    fn default() -> Self {
        Self { all: vec![String::new()], known: HashMap::from([(String::new(), 0)]) }
    }
}

impl Texts {
    fn index(&mut self, text: &str) -> i64 {
        if let Some(&index) = self.known.get(text) {
            return index;
        }
        let index = signed(self.all.len() as u64);
        self.all.push(text.to_owned());
        self.known.insert(text.to_owned(), index);
        index
    }
}

/// Numbers begin at 1: 0 is none.
fn number(index: usize) -> u64 {
    index as u64 + 1
}

/// The format has signed values.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
