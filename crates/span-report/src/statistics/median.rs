//! The median and other percentiles.

/// The middle of the values in order, or the mean of the two in the middle. Sorts the values. `None` without a value.
///
/// ```
/// assert_eq!(span_report::median(&mut [3.0, 1.0]), Some(2.0));
/// ```
#[must_use]
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(lower.midpoint(*upper))
}

/// The median of times in nanoseconds, in their unit.
pub(crate) fn median_time(samples: &[u64]) -> Option<f64> {
    median(&mut samples.iter().map(|&sample| sample as f64).collect::<Vec<f64>>())
}

/// The median of counts as one that occurs: the upper of two in the middle.
pub(crate) fn upper_median(counts: impl Iterator<Item = u64>) -> Option<u64> {
    let mut counts: Vec<u64> = counts.collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied()
}

/// The value that `percent` of all values do not exceed: the smallest such value. Sorts the values. `None` without a value.
#[must_use]
pub fn percentile(values: &mut [f64], percent: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let rank = (values.len() as f64 * percent / 100.0).ceil().max(1.0);
    values.get(rank as usize - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_two() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [3.0, 1.0]), Some(2.0));
        assert_eq!(median(&mut [3.0, 1.0, 9.0]), Some(3.0));
    }

    #[test]
    fn a_percentile_is_a_value_that_occurs() {
        let mut values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(percentile(&mut values, 95.0), Some(19.0));
        assert_eq!(percentile(&mut values, 100.0), Some(20.0));
        assert_eq!(percentile(&mut values, 0.0), Some(1.0));
        assert_eq!(percentile(&mut [], 50.0), None);
    }
}
