//! How long operations took.

use super::Section;
use crate::quantity::milliseconds;
use crate::report::{OperationRow, Operations};

pub(super) fn section(operations: &Operations) -> Section {
    let mut text = String::from("⏱️  TIMING ANALYSIS\n📊 Timing Summary by Operation:\n");
    for row in operations.shown() {
        text += &line(row);
    }
    Section::new(operations.source, text)
}

fn line(row: &OperationRow) -> String {
    format!(
        "   {:<20} | Avg: {:6.1}ms | Min: {:6.1}ms | Max: {:6.1}ms | Count: {}\n",
        row.name,
        milliseconds(row.mean_ns.unwrap_or(0.0)),
        milliseconds(row.min_ns.unwrap_or(0) as f64),
        milliseconds(row.max_ns.unwrap_or(0) as f64),
        row.count,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::measurement::OperationTimes;
    use crate::measurement::tests::clean;

    #[test]
    fn a_line_has_the_contracts_widths() {
        let samples_ns = vec![2_200_000, 2_190_000, 2_210_000, 2_200_000, 2_180_000, 2_260_000];
        let mut measurement = clean();
        measurement.operations = vec![OperationTimes { name: "Image".into(), samples_ns, ..OperationTimes::default() }];
        let operations = Report::new(vec![measurement]).operations.unwrap();
        assert_eq!(
            line(&operations.rows[0]),
            "   Image                | Avg:    2.2ms | Min:    2.2ms | Max:    2.3ms | Count: 6\n"
        );
    }
}
