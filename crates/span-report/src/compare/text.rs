//! A comparison as text, at most 80 columns wide.

use std::fmt;

use super::{Comparison, Figure, Row, Side, Verdict};
use crate::columns::{WIDTH, end, wrapped};
use crate::quantity::{count, duration, size, size_difference};

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "🆚 Comparison:")?;
        for (title, Side { name, description }) in [("before", &self.before), ("after", &self.after)] {
            let description = if description.is_empty() { String::new() } else { format!(" ({description})") };
            f.write_str(&wrapped(&format!("{title:<6} {name}{description}"), "   ", "          "))?;
        }
        for note in &self.notes {
            f.write_str(&wrapped(note, "   ", "     "))?;
        }
        for rows in self.rows.chunk_by(|a, b| a.figure == b.figure) {
            let Some(figure) = rows.first().map(|row| row.figure) else { continue };
            writeln!(f, "\n   {}:", capitalised(figure.name()))?;
            let mut undecided = 0;
            for row in rows.iter().filter(|row| is_shown(row)) {
                undecided += usize::from(is_minor(row));
                if undecided <= MOST_UNDECIDED || !is_minor(row) {
                    write_row(f, row)?;
                }
            }
            let hidden = undecided.saturating_sub(MOST_UNDECIDED);
            if hidden > 0 {
                writeln!(f, "   … and {hidden} more that are undecided")?;
            }
            let same = rows.iter().filter(|row| !is_shown(row)).count();
            if same > 0 {
                writeln!(f, "   … and {same} that are the same")?;
            }
        }
        write!(f, "\n{}", wrapped(&capitalised(&self.summary()), "   ", "   "))
    }
}

impl Comparison {
    /// The verdicts counted, in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let counted = |verdict: Verdict| format!("{} {}", self.count(verdict), verdict.name());
        let counts = [Verdict::Worse, Verdict::Better, Verdict::Same, Verdict::Undecided].map(counted).join(", ");
        let outcome = match self.worst() {
            Some(worst) => {
                format!("a regression, worst in {} of {} ({})", worst.figure.name(), worst.label(), change(worst))
            }
            None => "no regression".to_owned(),
        };
        format!("{outcome}: {counts}, of {} figures", self.rows.len())
    }
}

/// Whether a reader wants to see the row: times of all inputs always, other figures when they changed.
pub(crate) fn is_shown(row: &Row) -> bool {
    let is_total_time = row.interval.is_some() && row.input.is_none();
    row.verdict != Verdict::Same
        || is_total_time
        || (row.interval.is_none() && row.before.to_bits() != row.after.to_bits())
}

/// Of so many inputs, undecided times are shown; on a busy machine they may be most.
const MOST_UNDECIDED: usize = 5;

/// Whether it is an undecided time of a single input.
fn is_minor(row: &Row) -> bool {
    row.verdict == Verdict::Undecided && row.input.is_some()
}

fn write_row(f: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
    let (before, after) = (value(row.figure, row.before), value(row.figure, row.after));
    let figures = format!("   {:<9} {:<18} {before:>9} → {after:<9}", row.verdict.name(), change(row));
    let label = row.label();
    if figures.chars().count() + 1 + label.chars().count() <= WIDTH {
        writeln!(f, "{figures} {label}")
    } else {
        writeln!(f, "{}\n      {}", figures.trim_end(), end(&label, WIDTH - 6))
    }
}

/// A value with its unit.
pub(crate) fn value(figure: Figure, value: f64) -> String {
    match figure {
        Figure::TotalTime | Figure::OperationTime | Figure::SelfTime => duration(value),
        Figure::Instructions | Figure::Allocations => count(value as u64),
        Figure::AllocatedBytes | Figure::LiveBytes | Figure::PeakLiveBytes | Figure::RunPeakBytes | Figure::PeakRss => {
            size(value)
        }
    }
}

/// The change: a ratio with its interval, or an exact difference.
pub(crate) fn change(row: &Row) -> String {
    let difference = row.after - row.before;
    match (row.figure, row.ratio, row.interval) {
        (_, Some(ratio), Some((low, high))) if low.is_finite() && high.is_finite() => {
            format!("{ratio:.3} ({low:.2}–{high:.2})")
        }
        (_, Some(ratio), Some(_)) => format!("{ratio:.3} (too few)"),
        (Figure::Allocations, ..) => {
            let sign = if difference < 0.0 { "-" } else { "+" };
            format!("{sign}{}", count(difference.abs() as u64))
        }
        (Figure::Instructions, Some(ratio), None) => format!("{ratio:.4}"),
        (Figure::AllocatedBytes | Figure::LiveBytes, ..)
        | (Figure::PeakLiveBytes | Figure::RunPeakBytes | Figure::PeakRss, ..) => size_difference(difference),
        (_, ratio, _) => ratio.map(|ratio| format!("{ratio:.3}")).unwrap_or_default(),
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
