//! Numbers with their units.

use crate::measurement::Nanoseconds;

/// Bytes in MiB, which the report calls MB as the tools before it did.
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Nanoseconds in milliseconds.
pub(crate) fn milliseconds(time: f64) -> f64 {
    time / 1e6
}

/// Nanoseconds in seconds.
pub(crate) fn seconds(time: Nanoseconds) -> f64 {
    time as f64 / 1e9
}

/// A size as `tracemalloc` prints it: a decimal below 100 KiB, 100 MiB, …, none in between.
pub(crate) fn size(bytes: f64) -> String {
    scaled(bytes, |value, decimals| format!("{value:.decimals$}"))
}

/// A difference of sizes as `tracemalloc` prints it, with its sign.
pub(crate) fn size_difference(bytes: f64) -> String {
    scaled(bytes, |value, decimals| format!("{value:+.decimals$}"))
}

fn scaled(bytes: f64, format: impl Fn(f64, usize) -> String) -> String {
    let mut value = bytes;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value.abs() < 100.0 && unit != "B" {
            return format!("{} {unit}", format(value, 1));
        }
        if value.abs() < 10.0 * 1024.0 {
            return format!("{} {unit}", format(value, 0));
        }
        value /= 1024.0;
    }
    let decimals = usize::from(value.abs() < 100.0);
    format!("{} TiB", format(value, decimals))
}

/// A duration with four digits or fewer, in the unit that suits it.
pub(crate) fn duration(time: f64) -> String {
    let (value, unit) = match time {
        time if time < 1e3 => (time, "ns"),
        time if time < 1e6 => (time / 1e3, "µs"),
        time if time < 1e9 => (time / 1e6, "ms"),
        _ => (time / 1e9, "s"),
    };
    let decimals = match value {
        value if unit == "ns" || value >= 100.0 => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {unit}")
}

/// A count with its thousands set apart.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share, without decimals.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    format!("{:.0} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// A share with one decimal.
pub(crate) fn tenths_of_percent(part: u64, whole: u64) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// The middle sample, or the mean of the two in the middle.
pub(crate) fn median(samples: &[Nanoseconds]) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len().is_multiple_of(2) {
        let lower = *sorted.get(sorted.len() / 2 - 1)?;
        return Some(f64::midpoint(lower as f64, upper as f64));
    }
    Some(upper as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_printed_as_tracemalloc_does() {
        let mib = 1024.0 * 1024.0;
        assert_eq!(size(0.0), "0 B");
        assert_eq!(size(10_239.0), "10239 B");
        assert_eq!(size(10_240.0), "10.0 KiB");
        assert_eq!(size(14.5 * mib), "14.5 MiB");
        assert_eq!(size(150.0 * mib), "150 MiB");
        assert_eq!(size_difference(-14.5 * mib), "-14.5 MiB");
        assert_eq!(size_difference(0.0), "+0 B");
    }

    #[test]
    fn durations_take_the_unit_that_suits_them() {
        assert_eq!(duration(950.0), "950 ns");
        assert_eq!(duration(1_234.0), "1.23 µs");
        assert_eq!(duration(12_345_678.0), "12.3 ms");
        assert_eq!(duration(2e9), "2.00 s");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([count(7), count(1_000), count(1_234_567)], ["7", "1,000", "1,234,567"]);
    }

    #[test]
    fn the_median_of_an_even_number_of_samples_is_between_the_middle_two() {
        assert_eq!(median(&[4, 1, 3, 2]), Some(2.5));
        assert_eq!(median(&[3, 1, 2]), Some(2.0));
        assert_eq!(median(&[]), None);
    }
}
