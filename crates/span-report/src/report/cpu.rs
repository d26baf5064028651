//! Where the time went, by span, in cProfile's columns.

use super::quantity::seconds;
use super::{Report, Section, cost};
use crate::functions::{self, Figures, FunctionKey};
use crate::measurement::Pass;

/// The spans with the most cumulative time.
pub(super) fn section(report: &Report) -> Option<Section> {
    let measurement = report.first_with(Pass::Spans, |measurement| measurement.cpu && measurement.spans.len() > 1)?;
    let mut functions: Vec<_> = functions::flatten(&measurement.spans).into_iter().collect();
    functions.sort_by_key(|(_, function)| std::cmp::Reverse(function.figures.cumulative_ns));

    let rows = report.rows;
    let mut text = format!(
        "⚡ CPU USAGE ANALYSIS\n\
         Top {rows} functions by cumulative time:\n   \
         ncalls  tottime  percall  cumtime  percall filename:lineno(function)\n"
    );
    for (key, function) in functions.iter().take(rows) {
        text += &function_line(key, function.figures);
    }
    let mut source = report.source(measurement);
    if let Some(ratio) = cost::overall(report, measurement.pass) {
        source += &format!(": operations took {ratio:.2} × their clean time");
    }
    Some(Section { source, text })
}

/// A line as `pstats` prints it. Recursion shows as `calls/primitive calls`.
fn function_line(key: &FunctionKey, figures: Figures) -> String {
    let Figures { calls, primitive_calls, self_ns, cumulative_ns } = figures;
    let number = if calls == primitive_calls { calls.to_string() } else { format!("{calls}/{primitive_calls}") };
    let total = seconds(self_ns);
    let cumulative = seconds(cumulative_ns);
    let per_call = |time: f64, calls: u64| match calls {
        0 => " ".repeat(8),
        calls => format!("{:8.3}", time / calls as f64),
    };
    let place = if key.file.is_empty() {
        format!("{{{}}}", key.name)
    } else {
        format!("{}:{}({})", key.file, key.line, key.name)
    };
    format!(
        "{number:>9} {total:8.3} {} {cumulative:8.3} {} {place}\n",
        per_call(total, calls),
        per_call(cumulative, primitive_calls),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> FunctionKey {
        FunctionKey { file: "src/crop.rs".into(), line: 391, name: "zoom".into() }
    }

    #[test]
    fn a_line_is_what_pstats_prints() {
        let figures = Figures { calls: 12, primitive_calls: 12, self_ns: 262_000_000, cumulative_ns: 2_103_000_000 };
        assert_eq!(
            function_line(&key(), figures),
            "       12    0.262    0.022    2.103    0.175 src/crop.rs:391(zoom)\n"
        );
    }

    #[test]
    fn recursion_shows_both_counts() {
        let figures = Figures { calls: 6, primitive_calls: 2, self_ns: 600_000_000, cumulative_ns: 1_000_000_000 };
        assert_eq!(
            function_line(&key(), figures),
            "      6/2    0.600    0.100    1.000    0.500 src/crop.rs:391(zoom)\n"
        );
    }
}
