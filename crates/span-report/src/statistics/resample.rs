//! The interval of a ratio of sums, by drawing whole processes again.

use oorandom::Rand64;

/// Fewer processes have no interval.
pub const PROCESSES_FOR_AN_INTERVAL: usize = 5;

/// How often processes are drawn.
const DRAWS: usize = 2000;

/// The 99 % interval of the sum of the second values over the sum of the first, from processes drawn with replacement:
/// each side apart, or in pairs. Unbounded with fewer than [`PROCESSES_FOR_AN_INTERVAL`] processes.
pub(crate) fn ratio_of_sums(before: &[f64], after: &[f64], in_pairs: bool) -> (f64, (f64, f64)) {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let ratio = mean(after) / mean(before).max(f64::MIN_POSITIVE);
    if before.len().min(after.len()) < PROCESSES_FOR_AN_INTERVAL {
        return (ratio, (0.0, f64::INFINITY));
    }
    // The same draws each time: a report must not change when it is made again.
    let mut random = Rand64::new(1);
    let mut draw = |count: usize| random.rand_range(0..count as u64) as usize;
    let mut ratios: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let (mut sum_before, mut sum_after) = (0.0, 0.0);
            if in_pairs {
                for _ in 0..before.len() {
                    let pair = draw(before.len().min(after.len()));
                    sum_before += before[pair];
                    sum_after += after[pair];
                }
                sum_after / sum_before.max(f64::MIN_POSITIVE)
            } else {
                before.iter().for_each(|_| sum_before += before[draw(before.len())]);
                after.iter().for_each(|_| sum_after += after[draw(after.len())]);
                (sum_after / after.len() as f64) / (sum_before / before.len() as f64).max(f64::MIN_POSITIVE)
            }
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let outside = DRAWS / 200;
    (ratio, (ratios[outside], ratios[DRAWS - 1 - outside]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_around_the_ratio_and_as_wide_as_the_processes_differ() {
        let before: Vec<f64> = (0..12).map(|process| 1000.0 + f64::from(process % 3)).collect();
        let after: Vec<f64> = before.iter().map(|time| time * 1.5).collect();
        let (ratio, (low, high)) = ratio_of_sums(&before, &after, false);
        assert!((ratio - 1.5).abs() < 1e-9 && low < ratio && ratio < high && high - low < 0.01, "{low} {high}");
        let (_, (low, high)) = ratio_of_sums(&before, &after, true);
        assert!((low - 1.5).abs() < 1e-9 && (high - 1.5).abs() < 1e-9, "in pairs there is no difference: {low} {high}");
        let wild: Vec<f64> = (0..12).map(|process| 1000.0 * f64::from(1 + process % 4)).collect();
        let (_, (low, high)) = ratio_of_sums(&before, &wild, false);
        assert!(high - low > 0.5, "{low} {high}");
    }

    #[test]
    fn few_processes_bound_nothing() {
        assert_eq!(ratio_of_sums(&[1.0; 4], &[2.0; 9], false), (2.0, (0.0, f64::INFINITY)));
    }
}
