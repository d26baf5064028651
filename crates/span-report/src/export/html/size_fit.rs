//! Time against size: a power law, fitted by least squares of logarithms.

use super::cost_plot::{CostPlot, CostPoint, SizeUnit};
use crate::Report;
use crate::report::{InputRow, OperationRow, Operations};

/// The time of each operation with at least two sized inputs, by their size.
pub(super) fn fits(report: &Report) -> Vec<CostPlot> {
    report.operations.iter().flat_map(Operations::shown).filter_map(fit).collect()
}

fn fit(row: &OperationRow) -> Option<CostPlot> {
    let sized = |size: fn(&InputRow) -> Option<u64>| -> Vec<CostPoint> {
        let point = |row: &InputRow| {
            let time_ns = row.typical_ns().filter(|time| *time > 0.0)?;
            let size = size(row).filter(|size| *size > 0)? as f64;
            Some(CostPoint { label: row.input.clone(), size, time_ns })
        };
        row.inputs.iter().filter_map(point).collect()
    };
    let (unit, points) = match sized(|row| row.work.pixels) {
        points if points.len() > 1 => (SizeUnit::Pixels, points),
        _ => (SizeUnit::Bytes, sized(|row| row.work.bytes)),
    };
    if points.len() < 2 {
        return None;
    }
    let plot = CostPlot { name: row.name.clone(), unit, points, ..CostPlot::default() };
    Some(match line(&plot.points) {
        Some(line) => {
            let growth = format!("exponent {:.2} ({:.2} to {:.2})", line.exponent, line.lowest, line.highest);
            plot.with_curve(growth, |size| line.factor * size.powf(line.exponent))
        }
        None => plot,
    })
}

/// Time in nanoseconds is `factor` × size ^ `exponent`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    factor: f64,
    exponent: f64,
    /// The lowest and the highest exponent when any one point is left out.
    lowest: f64,
    highest: f64,
}

/// `None` unless three sizes differ, whichever point is left out.
fn line(points: &[CostPoint]) -> Option<Line> {
    let logs: Vec<(f64, f64)> = points.iter().map(|point| (point.size.ln(), point.time_ns.ln())).collect();
    let (factor, exponent) = least_squares(&logs)?;
    let (mut lowest, mut highest) = (exponent, exponent);
    for left_out in 0..logs.len() {
        let others = [&logs[..left_out], &logs[left_out + 1..]].concat();
        let (_, exponent) = least_squares(&others)?;
        (lowest, highest) = (lowest.min(exponent), highest.max(exponent));
    }
    Some(Line { factor, exponent, lowest, highest })
}

/// Factor and exponent; `None` unless two sizes differ.
fn least_squares(logs: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = logs.len() as f64;
    let x = logs.iter().map(|log| log.0).sum::<f64>() / count;
    let y = logs.iter().map(|log| log.1).sum::<f64>() / count;
    let sxx: f64 = logs.iter().map(|log| (log.0 - x).powi(2)).sum();
    let sxy: f64 = logs.iter().map(|log| (log.0 - x) * (log.1 - y)).sum();
    let exponent = sxy / sxx;
    // Equal sizes differ from their mean by rounding alone.
    (sxx > 1e-9).then_some(((y - exponent * x).exp(), exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(size: f64, time_ns: f64) -> CostPoint {
        CostPoint { label: None, size, time_ns }
    }

    #[test]
    fn points_of_a_power_law_give_it_back() {
        let of = |size: f64| point(size, 3.0 * size.powf(1.5));
        let fitted = line(&[of(10.0), of(100.0), of(5_000.0), of(5_000.0)]).unwrap();
        assert!((fitted.exponent - 1.5).abs() < 1e-9 && (fitted.factor - 3.0).abs() < 1e-9, "{fitted:?}");
        assert!(fitted.highest - fitted.lowest < 1e-9, "{fitted:?}");
        assert_eq!(line(&[of(10.0), of(10.0), of(20.0)]), None);
    }

    #[test]
    fn the_interval_is_wide_where_one_point_decides() {
        let fitted = line(&[point(10.0, 10.0), point(20.0, 10.0), point(40.0, 10.0), point(80.0, 1_000.0)]).unwrap();
        assert!(fitted.lowest < 0.01 && fitted.highest > fitted.exponent && fitted.exponent > 1.0, "{fitted:?}");
    }
}
