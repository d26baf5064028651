//! Time against size: a power law, fitted by least squares of logarithms.

use crate::Report;
use crate::report::{InputRow, OperationRow, Operations};

/// The time of an operation by the size of its inputs.
#[derive(Debug, PartialEq)]
pub(super) struct SizeFit {
    pub(super) operation: String,
    /// `bytes` or `pixels`.
    pub(super) unit: &'static str,
    pub(super) points: Vec<Point>,
    /// Time in nanoseconds is `factor` × size ^ `exponent`. `None` unless three sizes differ.
    pub(super) line: Option<Line>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Point {
    pub(super) input: Option<String>,
    pub(super) size: u64,
    pub(super) median_ns: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) factor: f64,
    pub(super) exponent: f64,
}

/// Of operations with at least two sized inputs.
pub(super) fn fits(report: &Report) -> Vec<SizeFit> {
    report.operations.iter().flat_map(Operations::shown).filter_map(fit).collect()
}

fn fit(row: &OperationRow) -> Option<SizeFit> {
    let sized = |size: fn(&InputRow) -> Option<u64>| -> Vec<Point> {
        let point = |row: &InputRow| {
            let median_ns = row.typical_ns().filter(|time| *time > 0.0)?;
            Some(Point { input: row.input.clone(), size: size(row).filter(|size| *size > 0)?, median_ns })
        };
        row.inputs.iter().filter_map(point).collect()
    };
    let (unit, points) = match sized(|row| row.work.pixels) {
        points if points.len() > 1 => ("pixels", points),
        _ => ("bytes", sized(|row| row.work.bytes)),
    };
    let line = line(&points);
    (points.len() > 1).then(|| SizeFit { operation: row.name.clone(), unit, points, line })
}

fn line(points: &[Point]) -> Option<Line> {
    let mut sizes: Vec<u64> = points.iter().map(|point| point.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.len() < 3 {
        return None;
    }
    let logs: Vec<(f64, f64)> = points.iter().map(|point| ((point.size as f64).ln(), point.median_ns.ln())).collect();
    let count = logs.len() as f64;
    let x = logs.iter().map(|log| log.0).sum::<f64>() / count;
    let y = logs.iter().map(|log| log.1).sum::<f64>() / count;
    let sxx: f64 = logs.iter().map(|log| (log.0 - x).powi(2)).sum();
    let sxy: f64 = logs.iter().map(|log| (log.0 - x) * (log.1 - y)).sum();
    let exponent = sxy / sxx;
    Some(Line { factor: (y - exponent * x).exp(), exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_a_power_law_give_it_back() {
        let point = |size: u64| Point { input: None, size, median_ns: 3.0 * (size as f64).powf(1.5) };
        let fitted = line(&[point(10), point(100), point(5_000), point(5_000)]).unwrap();
        assert!((fitted.exponent - 1.5).abs() < 1e-9 && (fitted.factor - 3.0).abs() < 1e-9, "{fitted:?}");
        assert_eq!(line(&[point(10), point(10), point(20)]), None);
    }
}
