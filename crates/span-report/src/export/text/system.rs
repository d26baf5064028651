//! Counts of the kernel and the processor.

use super::section::Section;
use crate::columns::wrapped;
use crate::measurement::HardwareCounters;
use crate::quantity::{count, duration, mebibytes, percent};
use crate::report::System;

/// Page faults, context switches, processor time, peak size, and the processor's own counters.
pub(super) fn section(system: &System) -> Section {
    let figures = system.figures;
    let mut text = format!(
        "🖥️  System Figures:\n   \
         Page faults:      {} minor, {} major (read from disk)\n   \
         Context switches: {} voluntary, {} involuntary\n   \
         Processor time:   {} user, {} kernel, in {} of wall time\n   \
         CPU utilisation:  {}\n   \
         Peak RSS:         {:.1}MiB (since the process began)\n",
        count(figures.minor_faults),
        count(figures.major_faults),
        count(figures.voluntary_switches),
        count(figures.involuntary_switches),
        duration(figures.user_ns as f64),
        duration(figures.system_ns as f64),
        duration(system.duration_ns as f64),
        utilisation(system),
        mebibytes(figures.peak_rss_bytes),
    );
    for line in system.counters.iter().flat_map(counters) {
        text += &line
            .lines()
            .map(|line| {
                wrapped(
                    line.trim_start(),
                    if line.starts_with(' ') { "                        " } else { "   " },
                    "                        ",
                )
            })
            .collect::<String>();
    }
    Section::new(system.source, text)
}

/// Processor time over wall time, of one core and of all.
fn utilisation(system: &System) -> String {
    let cores = u64::from(system.cores);
    let (used, duration) = (system.figures.cpu_ns, system.duration_ns);
    format!("{} of one core, {} of all {cores}", percent(used, duration), percent(used, duration.saturating_mul(cores)))
}

/// A line for each counter, and one for the reason why there is none or not all.
fn counters(counters: &HardwareCounters) -> Vec<String> {
    let HardwareCounters { instructions, cycles, cache_references, cache_misses, branch_misses, unavailable } =
        counters;
    let mut lines = Vec::new();
    if let Some(instructions) = instructions {
        let rate = cycles.filter(|&cycles| cycles > 0).map(|cycles| *instructions as f64 / cycles as f64);
        let rate = rate.map(|rate| format!(" ({rate:.2} a cycle)")).unwrap_or_default();
        lines.push(format!("Instructions:     {}{rate}", count(*instructions)));
    }
    if let Some(cycles) = cycles {
        lines.push(format!("Cycles:           {}", count(*cycles)));
    }
    if let Some(misses) = cache_misses {
        let share = cache_references.map(|all| format!(" of {} references, {}", count(all), percent(*misses, all)));
        lines.push(format!("Cache misses:     {}{}", count(*misses), share.unwrap_or_default()));
    }
    if let Some(misses) = branch_misses {
        lines.push(format!("Branch misses:    {}", count(*misses)));
    }
    if let Some(reason) = unavailable {
        let missing = if lines.is_empty() { "not available here" } else { "not all available here" };
        lines.push(format!("Hardware counters: {missing}:\n                     {reason}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;
    use crate::measurement::SystemFigures;
    use crate::measurement::tests::clean;

    #[test]
    fn counters_are_told_and_missing_ones_explained() {
        let some = HardwareCounters {
            instructions: Some(3_000),
            cycles: Some(2_000),
            cache_references: Some(200),
            cache_misses: Some(50),
            branch_misses: None,
            unavailable: Some("no more counters".to_owned()),
        };
        let lines = counters(&some).join("\n");
        assert!(lines.contains("3,000 (1.50 a cycle)") && lines.contains("50 of 200 references, 25 %"), "{lines}");
        assert!(lines.contains("not all available here:\n                     no more counters"), "{lines}");
        let none = HardwareCounters { unavailable: Some("no unit".to_owned()), ..HardwareCounters::default() };
        assert_eq!(counters(&none), ["Hardware counters: not available here:\n                     no unit"]);
    }

    #[test]
    fn utilisation_is_of_all_cores() {
        let mut measurement = clean();
        (measurement.duration_ns, measurement.environment.cores) = (2_000, 4);
        measurement.system = Some(SystemFigures { cpu_ns: 3_000, ..SystemFigures::default() });
        let system = Report::new(vec![measurement]).system.unwrap();
        assert_eq!(utilisation(&system), "150 % of one core, 38 % of all 4");
    }
}
