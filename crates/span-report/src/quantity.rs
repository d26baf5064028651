//! Numbers with their units, as text: one format for each kind, used by every report and comparison.

use crate::measurement::Nanoseconds;

/// Bytes in MiB, which the Python tools that the report stands in for call MB.
#[must_use]
pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Nanoseconds in milliseconds.
#[must_use]
pub fn milliseconds(time: f64) -> f64 {
    time / 1e6
}

/// Nanoseconds in seconds.
#[must_use]
pub fn seconds(time: Nanoseconds) -> f64 {
    time as f64 / 1e9
}

/// A size as `tracemalloc` prints it: a decimal below 100 KiB, 100 MiB, …, none in between.
#[must_use]
pub fn size(bytes: f64) -> String {
    scaled(bytes, |value, decimals| format!("{value:.decimals$}"))
}

/// A difference of sizes as `tracemalloc` prints it, with its sign.
#[must_use]
pub fn size_difference(bytes: f64) -> String {
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

/// A duration in nanoseconds: three significant digits, whole nanoseconds, and the largest unit that it reaches.
#[must_use]
pub fn duration(nanoseconds: f64) -> String {
    // A value that rounds up to the next unit has that unit.
    let (value, unit) = match nanoseconds {
        time if time < 999.5 => (time, "ns"),
        time if time < 999.5e3 => (time / 1e3, "µs"),
        time if time < 999.5e6 => (time / 1e6, "ms"),
        time => (time / 1e9, "s"),
    };
    let decimals = match value {
        value if unit == "ns" || value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {unit}")
}

/// A duration without a space: milliseconds with a decimal from one second on, as the Python tools print all of them;
/// otherwise three significant digits.
#[must_use]
pub fn compact_duration(nanoseconds: f64) -> String {
    if nanoseconds >= 1e9 {
        format!("{:.1}ms", milliseconds(nanoseconds))
    } else {
        duration(nanoseconds).replace(' ', "")
    }
}

/// A rate with three significant digits, and the prefix of its unit.
#[must_use]
pub fn rate(a_second: f64, unit: &str) -> String {
    let (value, prefix) = match a_second {
        rate if rate < 1e3 => (rate, ""),
        rate if rate < 1e6 => (rate / 1e3, "k"),
        rate if rate < 1e9 => (rate / 1e6, "M"),
        rate => (rate / 1e9, "G"),
    };
    let decimals = match value {
        value if value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {prefix}{unit}")
}

/// A count with commas between thousands.
#[must_use]
pub fn count(value: u64) -> String {
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

/// A share in per cent, without decimals.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    format!("{:.0} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// A share in per cent, with one decimal.
#[must_use]
pub fn tenths_of_percent(part: u64, whole: u64) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
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
    fn durations_have_three_digits_and_the_largest_unit() {
        assert_eq!(duration(950.0), "950 ns");
        assert_eq!(duration(1_234.0), "1.23 µs");
        assert_eq!(duration(12_345_678.0), "12.3 ms");
        assert_eq!(duration(2e9), "2.00 s");
        assert_eq!([999.6, 9_999.0, 999_999.0].map(duration), ["1.00 µs", "10.0 µs", "1.00 ms"]);
        assert_eq!([1_710.0, 2_247_300_000.0].map(compact_duration), ["1.71µs", "2247.3ms"]);
    }

    #[test]
    fn rates_have_three_digits_and_a_prefix() {
        assert_eq!([5.0, 12_345.0, 8.1e9].map(|value| rate(value, "px/s")), ["5.00 px/s", "12.3 kpx/s", "8.10 Gpx/s"]);
    }

    #[test]
    fn commas_stand_between_thousands() {
        assert_eq!([count(7), count(1_000), count(1_234_567)], ["7", "1,000", "1,234,567"]);
    }
}
