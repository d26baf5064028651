//! Memory over time.

use super::Section;
use crate::measurement::Snapshot;
use crate::quantity::mebibytes;
use crate::report::Memory;

/// The width of a snapshot's name, unless a longer one is among them.
const NAME_COLUMNS: usize = 29;

/// A line for each snapshot.
pub(super) fn timeline(memory: &Memory) -> Section {
    let mut text = String::from("🔍 Memory Usage Timeline:\n");
    // A long name widens the column for all.
    let names = memory.snapshots.iter().map(|snapshot| snapshot.name.chars().count());
    let width = names.max().unwrap_or(0).max(NAME_COLUMNS);
    for (number, snapshot) in (1..).zip(&memory.snapshots) {
        text += &line(number, snapshot, width);
    }
    if memory.has_tracker {
        text += "   (The heap tracker's tables and the line tables are in these; a clean pass is free of them.)\n";
    }
    Section::new(memory.source, text)
}

fn line(number: usize, snapshot: &Snapshot, width: usize) -> String {
    format!(
        "{number:3}. {:<width$} | RSS: {:6.1}MB | VMS: {:6.1}MB | {:4.1}%\n",
        snapshot.name,
        mebibytes(snapshot.rss_bytes),
        mebibytes(snapshot.vms_bytes),
        snapshot.memory_percent,
    )
}

/// Start, peak and end.
pub(super) fn growth(memory: &Memory) -> Section {
    let growth = &memory.growth;
    let [start, peak, end] = [growth.start_rss_bytes, growth.peak_rss_bytes, growth.end_rss_bytes].map(mebibytes);
    let seen_by = growth.peak_seen_by.as_ref().map(|seen_by| format!("   Peak seen by: {seen_by}\n"));
    let text = format!(
        "📈 Memory Growth Analysis:\n   \
         Start RSS: {start:.1}MB\n   \
         Peak RSS:  {peak:.1}MB ({:+.1}MB)\n   \
         End RSS:   {end:.1}MB ({:+.1}MB from start)\n",
        peak - start,
        end - start,
    );
    Section::new(memory.source, text + &seen_by.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::measurement::tests::{clean, snapshot};

    #[test]
    fn a_timeline_line_has_the_contracts_widths() {
        assert_eq!(
            line(1, &snapshot("Test Setup Start", 45.2, 234.1, 2.1), NAME_COLUMNS),
            "  1. Test Setup Start              | RSS:   45.2MB | VMS:  234.1MB |  2.1%\n"
        );
        assert_eq!(
            line(2, &snapshot("Before Image Gen - file1.bin", 52.3, 241.2, 2.4), NAME_COLUMNS),
            "  2. Before Image Gen - file1.bin  | RSS:   52.3MB | VMS:  241.2MB |  2.4%\n"
        );
    }

    #[test]
    fn growth_is_told_from_the_start() {
        let mut measurement = clean();
        measurement.snapshots = [45.2, 52.3, 48.1].map(|rss| snapshot("", rss, 0.0, 0.0)).to_vec();
        let section = Report::new(vec![measurement]).memory.as_ref().map(growth);
        assert_eq!(
            section.map(|section| section.text).as_deref(),
            Some(
                "📈 Memory Growth Analysis:\n   Start RSS: 45.2MB\n   Peak RSS:  52.3MB (+7.1MB)\n   \
                 End RSS:   48.1MB (+2.9MB from start)\n"
            )
        );
    }
}
