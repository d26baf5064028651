//! The hottest functions, source line by source line.

use super::{Section, WIDTH, with_cost};
use crate::measurement::SampledLine;
use crate::quantity::{count, tenths_of_percent};
use crate::report::HotLines;

/// Each function with its lines: number, samples, share of all samples, source.
pub(super) fn section(lines: &HotLines) -> Section {
    let mut text = format!("🔬 Hottest Lines: {}\n", lines.headline);
    for function in &lines.functions {
        let share = tenths_of_percent(function.samples, lines.samples);
        text += &format!("   {} in {}: {share}\n     line samples   share\n", function.name, function.file);
        for line in &function.lines {
            text += &line.as_ref().map_or_else(|| format!("{:>9}\n", "⋮"), |line| source_line(line, lines.samples));
        }
    }
    Section::new(with_cost(lines.source, lines.cost), text)
}

fn source_line(line: &SampledLine, all: u64) -> String {
    let (samples, share) = match line.samples {
        0 => Default::default(),
        samples => (count(samples), tenths_of_percent(samples, all)),
    };
    let text = format!("{:>9} {samples:>7} {share:>7}  {}", line.line, line.text);
    let cut: String = text.chars().take(WIDTH - 1).collect();
    let more = if text.chars().count() > WIDTH { "…" } else { text.get(cut.len()..).unwrap_or_default() };
    format!("{cut}{more}").trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_the_width() {
        let line = SampledLine { line: 42, samples: 115, text: "line 42".to_owned() };
        assert_eq!(source_line(&line, 1000), "       42     115  11.5 %  line 42\n");
        let long = SampledLine { line: 1, samples: 0, text: "é".repeat(100) };
        let printed = source_line(&long, 1000);
        assert_eq!(printed.trim_end().chars().count(), WIDTH);
        assert!(printed.ends_with("…\n"));
    }
}
