//! Memory over time: the snapshots, and what they amount to.

use super::quantity::{count, duration, mebibytes};
use super::{Report, Section};
use crate::measurement::{Measurement, Pass, Snapshot};

/// The width of a snapshot's name, unless a longer one is among them.
const NAME_COLUMNS: usize = 29;

/// One line a snapshot.
pub(super) fn timeline(report: &Report) -> Option<Section> {
    let measurement = source(report)?;
    let mut text = String::from("🔍 Memory Usage Timeline:\n");
    // A long name makes the column wider, rather than its own line crooked.
    let names = measurement.snapshots.iter().map(|snapshot| snapshot.name.chars().count());
    let width = names.max().unwrap_or(0).max(NAME_COLUMNS);
    for (number, snapshot) in (1..).zip(&measurement.snapshots) {
        text += &timeline_line(number, snapshot, width);
    }
    if measurement.heap.is_some() {
        text += "   (The heap tracker's tables and the line tables are in these; a clean pass is free of them.)\n";
    }
    Some(Section { source: report.source(measurement), text })
}

fn timeline_line(number: usize, snapshot: &Snapshot, width: usize) -> String {
    format!(
        "{number:3}. {:<width$} | RSS: {:6.1}MB | VMS: {:6.1}MB | {:4.1}%\n",
        snapshot.name,
        mebibytes(snapshot.rss_bytes),
        mebibytes(snapshot.vms_bytes),
        snapshot.memory_percent,
    )
}

/// Start, peak and end.
pub(super) fn growth(report: &Report) -> Option<Section> {
    let measurement = source(report)?;
    let rss = |snapshot: &Snapshot| mebibytes(snapshot.rss_bytes);
    let start = measurement.snapshots.first().map(rss)?;
    let end = measurement.snapshots.last().map(rss)?;
    let (peak, seen_by) = peak_rss(measurement)?;
    let peak = mebibytes(peak);
    let text = format!(
        "📈 Memory Growth Analysis:\n   \
         Start RSS: {start:.1}MB\n   \
         Peak RSS:  {peak:.1}MB ({:+.1}MB)\n   \
         End RSS:   {end:.1}MB ({:+.1}MB from start)\n",
        peak - start,
        end - start,
    ) + &seen_by.map(|seen_by| format!("   Peak seen by: {seen_by}\n")).unwrap_or_default();
    Some(Section { source: report.source(measurement), text })
}

/// The largest resident size that anything saw, in bytes, and what saw it if it was asked of more than snapshots.
pub(super) fn peak_rss(measurement: &Measurement) -> Option<(u64, Option<String>)> {
    let snapshots = measurement.snapshots.iter().map(|snapshot| snapshot.rss_bytes).max()?;
    let samples = measurement.samples.as_ref();
    let kernel = measurement.system.filter(|system| system.peak_rss_bytes > 0);
    if samples.is_none() && kernel.is_none() {
        return Some((snapshots, None));
    }
    let mut peak = (snapshots, "a snapshot".to_owned());
    if let Some(samples) = samples.filter(|samples| samples.peak_rss_bytes > peak.0) {
        let every = duration(samples.interval_ns as f64);
        peak =
            (samples.peak_rss_bytes, format!("the sampler ({} readings, one every {every})", count(samples.readings)));
    }
    if let Some(system) = kernel.filter(|system| system.peak_rss_bytes > peak.0) {
        peak = (system.peak_rss_bytes, "the kernel (VmHWM, since the process began)".to_owned());
    }
    Some((peak.0, Some(peak.1)))
}

pub(super) fn source(report: &Report) -> Option<&Measurement> {
    report.first_with(Pass::Clean, |measurement| !measurement.snapshots.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::tests::{clean, snapshot};

    #[test]
    fn a_timeline_line_has_the_contracts_widths() {
        assert_eq!(
            timeline_line(1, &snapshot("Test Setup Start", 45.2, 234.1, 2.1), NAME_COLUMNS),
            "  1. Test Setup Start              | RSS:   45.2MB | VMS:  234.1MB |  2.1%\n"
        );
        assert_eq!(
            timeline_line(2, &snapshot("Before Image Gen - file1.bin", 52.3, 241.2, 2.4), NAME_COLUMNS),
            "  2. Before Image Gen - file1.bin  | RSS:   52.3MB | VMS:  241.2MB |  2.4%\n"
        );
    }

    #[test]
    fn growth_is_told_from_the_start() {
        let mut measurement = clean();
        measurement.snapshots = [45.2, 52.3, 48.1].map(|rss| snapshot("", rss, 0.0, 0.0)).to_vec();
        let section = growth(&Report::new(vec![measurement])).map(|section| section.text);
        assert_eq!(
            section.as_deref(),
            Some(
                "📈 Memory Growth Analysis:\n   Start RSS: 45.2MB\n   Peak RSS:  52.3MB (+7.1MB)\n   \
                 End RSS:   48.1MB (+2.9MB from start)\n"
            )
        );
    }
}
