//! Spans as functions, in the columns of cProfile.

use super::section::{Section, with_cost};
use crate::columns::{WIDTH, end};
use crate::quantity::seconds;
use crate::report::{CallTimes, Functions, SpanKey};

pub(super) fn section(functions: &Functions) -> Section {
    let mut text = format!(
        "⚡ CPU USAGE ANALYSIS\n\
         Top {} functions by cumulative time:\n   \
         ncalls  tottime  percall  cumtime  percall filename:lineno(function)\n",
        functions.most_rows
    );
    for function in functions.shown() {
        text += &line(&function.span, function.times);
    }
    Section::new(with_cost(functions.source, functions.cost), text)
}

/// A line as `pstats` prints it. Recursion shows as `calls/primitive calls`.
fn line(span: &SpanKey, times: CallTimes) -> String {
    let CallTimes { calls, primitive_calls, self_ns, cumulative_ns } = times;
    let number = if calls == primitive_calls { calls.to_string() } else { format!("{calls}/{primitive_calls}") };
    let total = seconds(self_ns);
    let cumulative = seconds(cumulative_ns);
    let per_call = |time: f64, calls: u64| match calls {
        0 => " ".repeat(8),
        calls => column(time / calls as f64),
    };
    let function = if span.file.is_empty() {
        format!("{{{}}}", span.name)
    } else {
        format!("{}:{}({})", span.file, span.line, span.name)
    };
    let [total_column, cumulative_column] = [total, cumulative].map(column);
    let figures = format!(
        "{number:>9} {total_column} {} {cumulative_column} {} ",
        per_call(total, calls),
        per_call(cumulative, primitive_calls),
    );
    let room = WIDTH.saturating_sub(figures.chars().count());
    format!("{figures}{}\n", end(&function, room))
}

/// Seconds in eight columns: milliseconds are the last digits from a tenth of a second on, microseconds below.
fn column(seconds: f64) -> String {
    if (seconds * 1e3).round() >= 100.0 { format!("{seconds:8.3}") } else { format!("{seconds:8.6}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zoom() -> SpanKey {
        SpanKey { file: "src/crop.rs".into(), line: 391, name: "zoom".into() }
    }

    #[test]
    fn a_line_is_what_pstats_prints() {
        let times = CallTimes { calls: 12, primitive_calls: 12, self_ns: 262_000_000, cumulative_ns: 2_103_000_000 };
        assert_eq!(line(&zoom(), times), "       12    0.262 0.021833    2.103    0.175 src/crop.rs:391(zoom)\n");
    }

    #[test]
    fn recursion_shows_both_counts() {
        let times = CallTimes { calls: 6, primitive_calls: 2, self_ns: 600_000_000, cumulative_ns: 1_000_000_000 };
        assert_eq!(line(&zoom(), times), "      6/2    0.600    0.100    1.000    0.500 src/crop.rs:391(zoom)\n");
    }
}
