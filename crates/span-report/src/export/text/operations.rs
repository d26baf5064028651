//! How long operations took: in all, and on each input.

use super::section::Section;
use crate::columns::{WIDTH, start};
use crate::quantity::{compact_duration, count, duration, rate, size};
use crate::report::{InputRow, OperationRow, Operations};

/// The width of the names in the table of inputs: the rest of a line beside the other columns.
const NAME_COLUMNS: usize = WIDTH - 3 * 9 - 11 - 7 - 9;

pub(super) fn section(operations: &Operations) -> Section {
    let mut text = String::from("⏱️  TIMING ANALYSIS\n📊 Timing Summary by Operation:\n");
    let runs = operations.shown().map(|row| row.runs.count).max().unwrap_or(0);
    // The table of the Python tool is for seconds, and two columns wider than a terminal.
    let is_of_seconds = operations.shown().any(|row| row.runs.max_ns >= Some(1_000_000_000));
    let width = if is_of_seconds { 20 } else { WIDTH - 61 - runs.to_string().len().max(3) };
    for row in operations.shown() {
        text += &line(row, width);
    }
    Section::new(operations.source, text)
}

/// The columns are those of the Python tool that printed milliseconds; a shorter time has a smaller unit.
fn line(row: &OperationRow, width: usize) -> String {
    let time = |time: Option<f64>| compact_duration(time.unwrap_or(0.0));
    format!(
        "   {:<width$} | Avg: {:>8} | Min: {:>8} | Max: {:>8} | Count: {}\n",
        start(&row.name, width),
        time(row.runs.mean_ns),
        time(row.runs.min_ns.map(|time| time as f64)),
        time(row.runs.max_ns.map(|time| time as f64)),
        row.runs.count,
    )
}

/// A row for each operation on each input. `None` if no operation names an input.
pub(super) fn by_input(operations: &Operations) -> Option<Section> {
    if !operations.shown().any(OperationRow::has_inputs) {
        return None;
    }
    let mut text = String::from("🗺️  Operations by Input:\n");
    text += "   (first: the first run of a process; median, p95 and rate: the later ones;\n    allocs and peak: allocations and most live heap of one later run)\n";
    for operation in operations.shown().filter(|operation| operation.has_inputs()) {
        let names = operation.inputs.len();
        text += &row(&operation.name, "", ["first", "median", "p95", "rate"].map(str::to_owned), "allocs", "peak");
        for input in &operation.inputs {
            text += &input_row(input);
        }
        if names > 1 {
            let times = [operation.first_total_ns, operation.total_ns].map(duration);
            let [first, median] = times;
            text += &row("all together", "", [first, median, String::new(), String::new()], "", "");
        }
    }
    Some(Section::new(operations.source.beside_heap("times", operations.heap), text))
}

fn input_row(input: &InputRow) -> String {
    let time = |time: Option<f64>| time.map(duration).unwrap_or_default();
    let rate = input.rate().map(|(value, unit)| rate(value, unit)).unwrap_or_default();
    let times = [time(input.first_ns), time(input.later.median_ns), time(input.later.p95_ns), rate];
    let (allocations, peak) = match input.heap {
        Some(heap) => (count(heap.allocations), size(heap.peak_bytes as f64)),
        None => Default::default(),
    };
    row("  ", input.input.as_deref().unwrap_or("(no input)"), times, &allocations, &peak)
}

/// A name that is too long has a line of its own.
fn row(indent: &str, name: &str, times: [String; 4], allocations: &str, peak: &str) -> String {
    let name = format!("   {indent}{name}");
    let width = NAME_COLUMNS;
    let name = if name.chars().count() > width { format!("{name}\n{:width$}", "") } else { format!("{name:<width$}") };
    let [first, median, p95, rate] = times;
    let line = format!("{name}{first:>9}{median:>9}{p95:>9}{rate:>11}{allocations:>7}{peak:>9}");
    format!("{}\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::measurement::tests::clean;
    use crate::measurement::{OperationTimes, RunHeap, Work};

    fn operations(input: Option<&str>, samples_ns: Vec<u64>) -> Operations {
        let mut measurement = clean();
        let heap = samples_ns.iter().map(|_| RunHeap { allocations: 1_234, peak_bytes: 8 << 20, ..RunHeap::default() });
        measurement.operations = vec![OperationTimes {
            name: "Image".into(),
            input: input.map(str::to_owned),
            work: Work { bytes: Some(1 << 20), pixels: Some(1_000_000) },
            heap: heap.collect(),
            samples_ns,
            ..OperationTimes::default()
        }];
        Report::new(vec![measurement]).operations.unwrap()
    }

    #[test]
    fn a_line_of_milliseconds_is_the_contracts() {
        let samples = vec![2_247_300_000, 2_198_700_000, 2_310_000_000];
        assert_eq!(
            line(&operations(None, samples).rows[0], 20),
            "   Image                | Avg: 2252.0ms | Min: 2198.7ms | Max: 2310.0ms | Count: 3\n"
        );
    }

    #[test]
    fn a_short_time_has_three_digits() {
        assert_eq!(
            section(&operations(None, vec![1_710, 1_700, 1_720])).text.lines().last(),
            Some("   Image            | Avg:   1.71µs | Min:   1.70µs | Max:   1.72µs | Count: 3")
        );
    }

    #[test]
    fn the_table_of_inputs_fits_a_terminal() {
        let samples = vec![999_000_000, 123_000, 124_000];
        let name = "a-map-whose-name-is-longer-than-the-column.json";
        for input in ["house.json", name] {
            let text = by_input(&operations(Some(input), samples.clone())).unwrap().text;
            assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
            assert!(text.contains("   999 ms   124 µs   124 µs 8.10 Gpx/s  1,234 8192 KiB"), "{text}");
        }
        assert!(by_input(&operations(None, samples)).is_none());
    }
}
