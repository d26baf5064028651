//! The hottest functions, source line by source line.

use super::quantity::{count, duration, tenths_of_percent};
use super::{Report, Section, WIDTH, cost};
use crate::measurement::{LineProfile, Measurement, Pass, SampledFunction, SampledLine};

/// Functions shown.
pub(crate) const FUNCTIONS: usize = 5;
/// Of a run of lines without samples, as many are shown at each end.
const CONTEXT: usize = 2;

/// Each function with its lines: number, samples, share of all samples, source.
pub(super) fn section(report: &Report) -> Option<Section> {
    let (measurement, profile) = source(report)?;
    let mut text = format!("🔬 Hottest Lines: {}\n", headline(profile));
    for function in profile.functions.iter().take(FUNCTIONS) {
        text += &format!(
            "   {} in {}: {}\n     line samples   share\n",
            function.function,
            function.file,
            tenths_of_percent(function.samples, profile.samples)
        );
        let excerpt = excerpt(function);
        let indent = indent(&excerpt);
        for line in excerpt {
            text += &line.map_or_else(|| format!("{:>9}\n", "⋮"), |line| source_line(line, indent, profile));
        }
    }
    let mut source = report.source(measurement);
    if let Some(ratio) = cost::overall(report, measurement.pass) {
        source += &format!(": operations took {ratio:.2} × their clean time");
    }
    Some(Section { source, text })
}

/// The samples, and the measurement that they are of.
pub(crate) fn source(report: &Report) -> Option<(&Measurement, &LineProfile)> {
    let measurement = report.first_with(Pass::Lines, |measurement| measurement.lines.is_some())?;
    Some((measurement, measurement.lines.as_ref()?))
}

/// How many samples there are, how they were taken, and how many are not in the program's own lines.
pub(crate) fn headline(profile: &LineProfile) -> String {
    let LineProfile { asked_hz, cpu_ns, samples, elsewhere, lost, .. } = *profile;
    let hz = samples as f64 * 1e9 / cpu_ns.max(1) as f64;
    let mut text = format!(
        "{} samples in {} of processor time,\n   {hz:.0} a second ({asked_hz} were asked for)",
        count(samples),
        duration(cpu_ns as f64)
    );
    if elsewhere > 0 {
        text += &format!(", {} outside the program's own source", tenths_of_percent(elsewhere, samples));
    }
    if lost > 0 {
        text += &format!(", {} more lost", count(lost));
    }
    text
}

/// A function's lines, `None` where lines without samples are left out.
pub(crate) fn excerpt(function: &SampledFunction) -> Vec<Option<&SampledLine>> {
    let lines = &function.lines;
    let mut shown = vec![false; lines.len()];
    for index in (0..lines.len()).filter(|&index| index == 0 || lines[index].samples > 0) {
        let context = index.saturating_sub(CONTEXT)..(index + CONTEXT + 1).min(lines.len());
        shown[context].fill(true);
    }
    let mut excerpt: Vec<Option<&SampledLine>> = Vec::new();
    let mut last = None;
    for (index, line) in lines.iter().enumerate().filter(|(index, _)| shown[*index]) {
        if last.is_some_and(|last: u32| last + 1 < line.line) {
            excerpt.push(None);
        }
        last = Some(line.line);
        excerpt.push(Some(&lines[index]));
    }
    excerpt
}

/// Spaces that all lines begin with.
pub(crate) fn indent(excerpt: &[Option<&SampledLine>]) -> usize {
    let texts = excerpt.iter().flatten().map(|line| line.text.as_str()).filter(|text| !text.is_empty());
    texts.map(|text| text.len() - text.trim_start_matches(' ').len()).min().unwrap_or(0)
}

fn source_line(line: &SampledLine, indent: usize, profile: &LineProfile) -> String {
    let (samples, share) = match line.samples {
        0 => Default::default(),
        samples => (count(samples), tenths_of_percent(samples, profile.samples)),
    };
    let text = format!("{:>9} {samples:>7} {share:>7}  {}", line.line, line.text.get(indent..).unwrap_or_default());
    let cut: String = text.chars().take(WIDTH - 1).collect();
    let more = if text.chars().count() > WIDTH { "…" } else { text.get(cut.len()..).unwrap_or_default() };
    format!("{cut}{more}").trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: u32, samples: u64) -> SampledLine {
        SampledLine { line, samples, text: format!("    line {line}") }
    }

    #[test]
    fn long_stretches_without_samples_are_left_out() {
        let lines = (10..30).map(|number| line(number, u64::from(number == 25))).collect();
        let function = SampledFunction { lines, ..SampledFunction::default() };
        let shown: Vec<u32> = excerpt(&function).into_iter().map(|line| line.map_or(0, |line| line.line)).collect();
        assert_eq!(shown, [10, 11, 12, 0, 23, 24, 25, 26, 27]);
    }

    #[test]
    fn a_line_fits_the_width() {
        let profile = LineProfile { samples: 1000, ..LineProfile::default() };
        assert_eq!(source_line(&line(42, 115), 4, &profile), "       42     115  11.5 %  line 42\n");
        let long = SampledLine { line: 1, samples: 0, text: "é".repeat(100) };
        let printed = source_line(&long, 0, &profile);
        assert_eq!(printed.trim_end().chars().count(), WIDTH);
        assert!(printed.ends_with("…\n"));
    }
}
