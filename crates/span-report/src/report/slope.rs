//! Whether live heap grows from run to run: a line fitted by least squares.
//!
//! It is hand-written because crates for linear regression fit one line, and give neither a slope common to several
//! groups nor its interval.

use crate::measurement::RunHeap;

/// A slope in bytes a run, with half the width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slope {
    pub(super) bytes: f64,
    pub(super) margin: f64,
    pub(super) readings: usize,
}

impl Slope {
    fn rises(self) -> bool {
        self.bytes - self.margin >= 1.0
    }
}

/// The slope common to all groups of readings, and whether it is a leak: above zero with 95 % confidence, and over the
/// later half of each group at least a quarter as steep. A cache that fills once and stays is no leak.
pub(super) fn fit(readings: &[RunHeap]) -> Option<(Slope, bool)> {
    let groups: Vec<Vec<f64>> = readings
        .chunk_by(|a, b| a.group == b.group)
        .map(|group| {
            // The first run of a group warms up.
            let skipped = usize::from(group.len() >= 5);
            group[skipped..].iter().map(|reading| reading.live_bytes as f64).collect()
        })
        .collect();
    let all = common_slope(groups.iter().map(Vec::as_slice))?;
    let later = common_slope(groups.iter().map(|group| &group[group.len() / 2..])).unwrap_or(all);
    Some((all, all.rises() && later.bytes >= all.bytes / 4.0))
}

/// Least squares with one slope and a level for each group. `None` unless there are more readings than parameters.
fn common_slope<'a>(groups: impl Iterator<Item = &'a [f64]>) -> Option<Slope> {
    let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
    let (mut readings, mut levels) = (0, 0);
    for group in groups.filter(|group| group.len() >= 2) {
        let count = group.len() as f64;
        let mean_y = group.iter().sum::<f64>() / count;
        let mean_x = (count - 1.0) / 2.0;
        for (index, y) in group.iter().enumerate() {
            let (dx, dy) = (index as f64 - mean_x, y - mean_y);
            sxx += dx * dx;
            sxy += dx * dy;
            syy += dy * dy;
        }
        readings += group.len();
        levels += 1;
    }
    let freedom = readings.checked_sub(levels + 1).filter(|&freedom| freedom >= 1)?;
    let bytes = sxy / sxx;
    let residual = (syy - bytes * sxy).max(0.0);
    let margin = student(freedom) * (residual / freedom as f64 / sxx).sqrt();
    Some(Slope { bytes, margin, readings })
}

/// The 97.5 % point of Student's t distribution: tabled to ten degrees of freedom, within 0.5 % above.
fn student(freedom: usize) -> f64 {
    const TABLE: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    TABLE.get(freedom.wrapping_sub(1)).copied().unwrap_or(1.96 + 2.6 / freedom as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(bytes: impl IntoIterator<Item = u64>) -> Vec<RunHeap> {
        bytes.into_iter().map(|live_bytes| RunHeap { group: 0, live_bytes, ..RunHeap::default() }).collect()
    }

    #[test]
    fn the_slope_and_its_interval_are_those_of_least_squares() {
        // Checked by hand: Sxx 2, Sxy 3, Syy 14/3; residual 1/6 with one degree of freedom.
        let slope = common_slope([[1.0, 2.0, 4.0].as_slice()].into_iter()).unwrap();
        assert!((slope.bytes - 1.5).abs() < 1e-9);
        assert!((slope.margin - 12.706 * (1.0f64 / 12.0).sqrt()).abs() < 1e-3, "{slope:?}");
    }

    #[test]
    fn a_cache_that_fills_once_is_no_leak_and_endless_growth_is_one() {
        let leaks = |readings: Vec<RunHeap>| fit(&readings).is_some_and(|(_, leak)| leak);
        assert!(leaks(series((0..10).map(|run| 1024 * run))));
        assert!(leaks(series((0..40).map(|run| 5_000_000 + 1024 * run + 3000 * (run % 2)))));
        assert!(!leaks(series([0, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000])));
        assert!(!leaks(series([0, 4_000, 7_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000])));
        assert!(!leaks(series((0..40).map(|run| 3000 * (run % 2)))));
        assert!(!leaks(series([7; 10])));
        assert!(fit(&series([1, 2])).is_none());
    }

    #[test]
    fn another_document_is_no_leak() {
        let readings: Vec<_> = (0..30)
            .map(|run| RunHeap { group: run / 10, live_bytes: u64::from(run / 10) * 1_000_000, ..RunHeap::default() })
            .collect();
        assert_eq!(fit(&readings).map(|(slope, leak)| (slope.bytes, leak)), Some((0.0, false)));
    }
}
