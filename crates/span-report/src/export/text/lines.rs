//! The hottest functions, source line by source line.

use super::section::{Section, with_cost};
use crate::columns::{WIDTH, end, start, wrapped};
use crate::measurement::SampledLine;
use crate::quantity::{count, tenths_of_percent};
use crate::report::HotLines;

/// Each function with its lines: number, samples, share of all samples, page faults if they are known, source.
pub(super) fn section(lines: &HotLines) -> Section {
    let mut text = format!("🔬 Hottest Lines: {}\n", lines.headline);
    for function in &lines.functions {
        let share = tenths_of_percent(function.samples, lines.samples);
        let faults = lines.page_faults.map_or("", |_| "  faults");
        text += &wrapped(&format!("{} in {}: {share}", function.name, end(&function.file, WIDTH / 2)), "   ", "     ");
        text += &format!("     line samples   share{faults}\n");
        for line in &function.lines {
            text += &line.as_ref().map_or_else(|| format!("{:>9}\n", "⋮"), |line| source_line(line, lines));
        }
    }
    Section::new(with_cost(lines.source, lines.cost), text)
}

fn source_line(line: &SampledLine, all: &HotLines) -> String {
    let (samples, share) = match line.samples {
        0 => Default::default(),
        samples => (count(samples), tenths_of_percent(samples, all.samples)),
    };
    let faults = match line.page_faults {
        0 => String::new(),
        faults => count(faults),
    };
    let faults = all.page_faults.map(|_| format!(" {faults:>7}")).unwrap_or_default();
    let text = format!("{:>9} {samples:>7} {share:>7}{faults}  {}", line.line, line.text);
    start(&text, WIDTH).trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::measurement::tests::clean;
    use crate::measurement::{LineProfile, PageFaults, SampledFunction};

    fn hot_lines(page_faults: Option<PageFaults>, lines: Vec<SampledLine>) -> HotLines {
        let function = SampledFunction {
            function: "a::work".to_owned(),
            file: "a.rs".to_owned(),
            samples: 115,
            page_faults: 64,
            lines,
        };
        let mut measurement = clean();
        measurement.lines =
            Some(LineProfile { samples: 1000, page_faults, functions: vec![function], ..LineProfile::default() });
        Report::new(vec![measurement]).hot_lines.unwrap_or_else(|| unreachable!())
    }

    fn line(samples: u64, page_faults: u64, text: &str) -> SampledLine {
        SampledLine { line: 42, samples, page_faults, text: text.to_owned() }
    }

    #[test]
    fn a_line_fits_the_width() {
        let all = hot_lines(None, Vec::new());
        assert_eq!(source_line(&line(115, 0, "line 42"), &all), "       42     115  11.5 %  line 42\n");
        let printed = source_line(&line(0, 0, &"é".repeat(100)), &all);
        assert_eq!(printed.trim_end().chars().count(), WIDTH);
        assert!(printed.ends_with("…\n"));
    }

    #[test]
    fn page_faults_have_a_column_if_the_kernel_allows_them() {
        let lines = || vec![line(115, 0, "let a = new();"), line(0, 64, "a.fill(1);")];
        let faults = PageFaults { counted: 100, elsewhere: 26, lost: 10 };
        let text = section(&hot_lines(Some(faults), lines())).text;
        assert!(
            text.contains("   100 page faults, 26.0 % outside the program's own source, 10 not placed\n"),
            "{text}"
        );
        assert!(
            text.ends_with(
                "     line samples   share  faults\n       42     115  11.5 %          let a = new();\n       \
                 42                      64  a.fill(1);\n"
            ),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(!section(&hot_lines(None, lines())).text.contains("faults"));
    }
}
