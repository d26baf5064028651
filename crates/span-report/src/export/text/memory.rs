//! Memory over time.

use super::section::Section;
use crate::columns::{WIDTH, start};
use crate::measurement::Snapshot;
use crate::quantity::mebibytes;
use crate::report::Memory;

/// The width of a snapshot's name. A longer one has a line of its own.
const NAME_COLUMNS: usize = 29;

/// A line for each snapshot.
pub(super) fn timeline(memory: &Memory) -> Section {
    let mut text = String::from("🔍 Memory Usage Timeline:\n");
    for (number, snapshot) in (1..).zip(&memory.snapshots) {
        text += &line(number, snapshot);
    }
    if memory.has_tracker {
        text += "   (The heap tracker's tables and the line tables are in these; a clean pass is\n    free of them.)\n";
    }
    Section::new(memory.source, text)
}

fn line(number: usize, snapshot: &Snapshot) -> String {
    let is_long = snapshot.name.chars().count() > NAME_COLUMNS;
    let own_line = if is_long { format!("{number:3}. {}\n", start(&snapshot.name, WIDTH - 5)) } else { String::new() };
    let before = if is_long { String::new() } else { format!("{number:3}. {}", snapshot.name) };
    format!(
        "{own_line}{before:<width$} | RSS: {:6.1}MiB | VMS: {:6.1}MiB | {:4.1}%\n",
        mebibytes(snapshot.rss_bytes),
        mebibytes(snapshot.vms_bytes),
        snapshot.memory_percent,
        width = NAME_COLUMNS + 5,
    )
}

/// Start, peak and end.
pub(super) fn growth(memory: &Memory) -> Section {
    let growth = &memory.growth;
    let [start, peak, end] = [growth.start_rss_bytes, growth.peak_rss_bytes, growth.end_rss_bytes].map(mebibytes);
    let seen_by = growth.peak_seen_by.as_ref().map(|seen_by| format!("   Peak seen by: {seen_by}\n"));
    let text = format!(
        "📈 Memory Growth Analysis:\n   \
         Start RSS: {start:.1}MiB\n   \
         Peak RSS:  {peak:.1}MiB ({:+.1}MiB)\n   \
         End RSS:   {end:.1}MiB ({:+.1}MiB from start)\n",
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
            line(1, &snapshot("Test Setup Start", 45.2, 234.1, 2.1)),
            "  1. Test Setup Start              | RSS:   45.2MiB | VMS:  234.1MiB |  2.1%\n"
        );
        assert_eq!(
            line(2, &snapshot("Before Image Gen - file1.bin", 52.3, 241.2, 2.4)),
            "  2. Before Image Gen - file1.bin  | RSS:   52.3MiB | VMS:  241.2MiB |  2.4%\n"
        );
        let long = format!("Before Image Gen - {}.json", "long-".repeat(20));
        let text = line(3, &snapshot(&long, 52.3, 241.2, 2.4));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(
            text.ends_with("\n                                   | RSS:   52.3MiB | VMS:  241.2MiB |  2.4%\n"),
            "{text}"
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
                "📈 Memory Growth Analysis:\n   Start RSS: 45.2MiB\n   Peak RSS:  52.3MiB (+7.1MiB)\n   \
                 End RSS:   48.1MiB (+2.9MiB from start)\n"
            )
        );
    }
}
