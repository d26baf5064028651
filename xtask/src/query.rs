//! `cargo xtask query`: rows of the last run's `report.json`, filtered and sorted.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;
use span_report::quantity::{count, duration, size};

use crate::failure::Failure;
use crate::family::Family;
use crate::output::shortened;
use crate::{files, output};

/// Look up figures of the last run.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only maps with this in their name
    #[arg(long, value_name = "M")]
    map: Option<String>,
    /// Rows are spans, those with this in their name
    #[arg(long, value_name = "S")]
    span: Option<String>,
    /// Only operations with this in their name
    #[arg(long, value_name = "O")]
    operation: Option<String>,
    /// Largest first (names: by alphabet); a field of spans alone, such as `self_ns`, makes spans the rows
    #[arg(long, value_name = "FIELD")]
    sort: Option<String>,
    /// Print an array of objects with all fields
    #[arg(long)]
    json: bool,
    /// The folder of the run [default: the last one in profiles/]
    #[arg(long, value_name = "DIR")]
    run: Option<PathBuf>,
}

/// A column: its field, its width in columns, and how its values are shown.
type Column = (&'static str, usize, Shown);

#[derive(Clone, Copy)]
enum Shown {
    Name,
    Count,
    Time,
    Size,
}

const OPERATIONS: [Column; 6] = [
    ("map", 24, Shown::Name),
    ("operation", 12, Shown::Name),
    ("median_ns", 9, Shown::Time),
    ("p95_ns", 9, Shown::Time),
    ("allocations", 11, Shown::Count),
    ("peak_bytes", 10, Shown::Size),
];

const SPANS: [Column; 5] = [
    ("span", 32, Shown::Name),
    ("calls", 9, Shown::Count),
    ("self_ns", 9, Shown::Time),
    ("allocations", 11, Shown::Count),
    ("allocated_bytes", 15, Shown::Size),
];

type Row = BTreeMap<&'static str, Value>;

/// The part of `report.json` that is looked at.
#[derive(Deserialize)]
struct Run {
    operations: Vec<Value>,
    measurements: Vec<Measured>,
}

#[derive(Deserialize)]
struct Measured {
    pass: String,
    cpu: bool,
    operations: Vec<Ran>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Ran {
    name: String,
    input: Option<String>,
}

#[derive(Deserialize)]
struct Span {
    name: String,
    operation: Option<usize>,
    calls: u64,
    self_ns: u64,
    heap: Option<Heap>,
}

#[derive(Deserialize)]
struct Heap {
    allocations: u64,
    allocated_bytes: u64,
}

/// Prints the rows.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = arguments.run.clone().map_or_else(last_run, Ok)?.join("report.json");
    let bytes = fs::read(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::at(&path, "no such run; `cargo xtask profile-hypfer` makes one"),
        _ => Failure::at(&path, error),
    })?;
    let run: Run = serde_json::from_slice(&bytes).map_err(|error| Failure::at(&path, error))?;
    let found = arguments.rows(&run)?;
    if found.rows.is_empty() {
        return Err(Failure::at(&path, "nothing in this run matches"));
    }
    output::print(&if arguments.json { json(&found.rows)? } else { table(found.columns, &found.rows) + &found.sources })
}

/// The rows that match.
struct Found {
    columns: &'static [Column],
    rows: Vec<Row>,
    /// A line below the table about the processes that the columns come from, if these differ.
    sources: String,
}

/// The folder of the run that ended last.
fn last_run() -> Result<PathBuf, Failure> {
    let folders = Family::ALL.map(|family| files::project().join("profiles").join(family.name()));
    let ended = |folder: &PathBuf| fs::metadata(folder.join("report.json")).and_then(|file| file.modified()).ok();
    let last = folders.into_iter().filter_map(|folder| Some((ended(&folder)?, folder))).max();
    let none = || Failure::new("there is no run in profiles/; `cargo xtask profile-hypfer` makes one");
    last.map(|(_, folder)| folder).ok_or_else(none)
}

impl Run {
    /// The processes whose span times count: all of the spans pass, or else of the first pass that timed spans.
    fn timed(&self) -> impl Iterator<Item = &Measured> {
        let timed = |measured: &&Measured| measured.cpu && measured.spans.len() > 1;
        let spans_pass = self.measurements.iter().filter(timed).find(|measured| measured.pass == "spans");
        let times = spans_pass.or_else(|| self.measurements.iter().find(timed)).map(|measured| &measured.pass);
        self.measurements.iter().filter(move |measured| Some(&measured.pass) == times && measured.cpu)
    }

    /// The process whose allocations count.
    fn tracked(&self) -> Option<&Measured> {
        self.measurements.iter().find(|measured| measured.spans.iter().any(|span| span.heap.is_some()))
    }

    /// A line below spans: their columns come from different numbers of processes.
    fn sources_of_spans(&self) -> String {
        let times = self
            .timed()
            .next()
            .map(|first| format!("{} of the {} pass (calls, self)", self.timed().count(), first.pass));
        let heap = self.tracked().map(|of| format!("1 of the {} pass (allocations)", of.pass));
        format!("processes: {}\n", times.into_iter().chain(heap).collect::<Vec<_>>().join(", "))
    }
}

impl Arguments {
    fn rows(&self, run: &Run) -> Result<Found, Failure> {
        let has = |columns: &[Column], field: &str| columns.iter().any(|(name, ..)| *name == field);
        let of_spans = |field: &String| has(&SPANS, field) && !has(&OPERATIONS, field);
        let spans = self.span.is_some() || self.sort.as_ref().is_some_and(of_spans);
        let columns: &'static [Column] = if spans { &SPANS } else { &OPERATIONS };
        if let Some(unknown) = self.sort.as_ref().filter(|field| !has(columns, field)) {
            let fields: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
            return Err(Failure::new(format!("no field {unknown}; there are {}", fields.join(", "))));
        }
        let mut rows = if spans { self.spans(run) } else { self.operations(run) };
        if let Some(field) = &self.sort {
            rows.sort_by(|one, other| order(&one[field.as_str()], &other[field.as_str()]));
        }
        let sources = if spans { run.sources_of_spans() } else { String::new() };
        Ok(Found { columns, rows, sources })
    }

    fn matches(&self, operation: &str, map: &str) -> bool {
        contains(self.operation.as_ref(), operation) && contains(self.map.as_ref(), map)
    }

    /// The operations of the clean pass, or of the first there is.
    fn operations(&self, run: &Run) -> Vec<Row> {
        let pass = |row: &&Value| row["pass"] == "clean";
        let shown = run.operations.iter().find(pass).or_else(|| run.operations.first());
        let Some(pass) = shown.map(|row| &row["pass"]) else { return Vec::new() };
        let mut rows = Vec::new();
        for operation in run.operations.iter().filter(|row| row["pass"] == *pass) {
            for input in operation["inputs"].as_array().into_iter().flatten() {
                let names = [&operation["name"], &input["input"]].map(|name| name.as_str().unwrap_or_default());
                if !self.matches(names[0], names[1]) {
                    continue;
                }
                let later = &input["later"];
                let median = if later["median_ns"].is_null() { &input["first_ns"] } else { &later["median_ns"] };
                let values = [
                    &input["input"],
                    &operation["name"],
                    median,
                    &later["p95_ns"],
                    &input["heap"]["allocations"],
                    &input["heap"]["peak_bytes"],
                ];
                rows.push(OPERATIONS.iter().map(|column| column.0).zip(values.map(Value::clone)).collect());
            }
        }
        rows
    }

    /// Spans summed by name: times over all processes of the spans pass, allocations of one process of the heap pass.
    fn spans(&self, run: &Run) -> Vec<Row> {
        let mut sums: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
        for measured in run.timed() {
            for span in self.matching(measured) {
                let sum = sums.entry(&span.name).or_default();
                sum[0] = sum[0].saturating_add(span.calls);
                sum[1] = sum[1].saturating_add(span.self_ns);
            }
        }
        if let Some(measured) = run.tracked() {
            for (span, heap) in self.matching(measured).filter_map(|span| Some((span, span.heap.as_ref()?))) {
                let sum = sums.entry(&span.name).or_default();
                sum[2] = sum[2].saturating_add(heap.allocations);
                sum[3] = sum[3].saturating_add(heap.allocated_bytes);
            }
        }
        let row = |(name, sums): (&str, [u64; 4])| {
            let values = [Value::from(name)].into_iter().chain(sums.map(Value::from));
            SPANS.iter().map(|column| column.0).zip(values).collect()
        };
        sums.into_iter().map(row).collect()
    }

    fn matching<'a>(&'a self, measured: &'a Measured) -> impl Iterator<Item = &'a Span> {
        measured.spans.iter().filter(|span| {
            let ran = span.operation.and_then(|index| measured.operations.get(index));
            let (operation, map) = ran.map_or(("", ""), |ran| (&ran.name, ran.input.as_deref().unwrap_or_default()));
            contains(self.span.as_ref(), &span.name) && self.matches(operation, map)
        })
    }
}

fn contains(wanted: Option<&String>, name: &str) -> bool {
    wanted.is_none_or(|wanted| name.contains(wanted.as_str()))
}

/// Names by alphabet, numbers largest first, unknown ones last.
fn order(one: &Value, other: &Value) -> Ordering {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one.cmp(other),
        _ => other.as_f64().unwrap_or(-1.0).total_cmp(&one.as_f64().unwrap_or(-1.0)),
    }
}

fn json(rows: &[Row]) -> Result<String, Failure> {
    serde_json::to_string_pretty(rows).map(|text| text + "\n").map_err(|error| Failure::of(&error))
}

fn table(columns: &[Column], rows: &[Row]) -> String {
    let titles = columns.iter().map(|&(name, width, shown)| padded(name.trim_end_matches("_ns"), width, shown));
    let mut lines = vec![titles.collect::<Vec<_>>()];
    for row in rows {
        lines
            .push(columns.iter().map(|&(name, width, shown)| padded(&cell(&row[name], shown), width, shown)).collect());
    }
    lines.iter().map(|line| line.join(" ").trim_end().to_owned() + "\n").collect()
}

fn cell(value: &Value, shown: Shown) -> String {
    let text = match shown {
        Shown::Name => value.as_str().map(str::to_owned),
        Shown::Count => value.as_u64().map(count),
        Shown::Time => value.as_f64().map(duration),
        Shown::Size => value.as_f64().map(size),
    };
    text.unwrap_or_else(|| "-".to_owned())
}

/// Cut and padded to a width. `…` stands for the cut end of a name.
fn padded(text: &str, width: usize, shown: Shown) -> String {
    if matches!(shown, Shown::Name) { format!("{:<width$}", shortened(text, width)) } else { format!("{text:>width$}") }
}
