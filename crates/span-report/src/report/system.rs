//! What the kernel and the processor counted.

use super::quantity::{count, duration, mebibytes, percent};
use super::{Report, Section};
use crate::measurement::{HardwareCounters, Measurement, Pass, SystemFigures};

/// Page faults, context switches, processor time, peak size, and the processor's own counters.
pub(super) fn section(report: &Report) -> Option<Section> {
    let measurement = report.first_with(Pass::Clean, |measurement| measurement.system.is_some())?;
    let system = measurement.system?;
    let mut text = format!(
        "🖥️  System Figures:\n   \
         Page faults:      {} minor, {} major (read from disk)\n   \
         Context switches: {} voluntary, {} involuntary\n   \
         Processor time:   {} user, {} kernel, in {} of wall time\n   \
         CPU utilisation:  {}\n   \
         Peak RSS:         {:.1}MB (since the process began)\n",
        count(system.minor_faults),
        count(system.major_faults),
        count(system.voluntary_switches),
        count(system.involuntary_switches),
        duration(system.user_ns as f64),
        duration(system.system_ns as f64),
        duration(measurement.duration_ns as f64),
        utilisation(measurement, system),
        mebibytes(system.peak_rss_bytes),
    );
    for line in measurement.counters.iter().flat_map(counters) {
        text += &format!("   {line}\n");
    }
    Some(Section { source: report.source(measurement), text })
}

/// Processor time over wall time, of one core and of all.
fn utilisation(measurement: &Measurement, system: SystemFigures) -> String {
    let cores = u64::from(measurement.environment.cores.max(1));
    let of_one = percent(system.cpu_ns, measurement.duration_ns);
    format!("{of_one} of one core, {} of all {cores}", percent(system.cpu_ns, measurement.duration_ns * cores))
}

/// A line for each figure that there is, and one for what there is not.
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
        let of = cache_references.map(|all| format!(" of {} references, {}", count(all), percent(*misses, all)));
        lines.push(format!("Cache misses:     {}{}", count(*misses), of.unwrap_or_default()));
    }
    if let Some(misses) = branch_misses {
        lines.push(format!("Branch misses:    {}", count(*misses)));
    }
    if let Some(reason) = unavailable {
        let which = if lines.is_empty() { "not available here" } else { "not all available here" };
        lines.push(format!("Hardware counters: {which}:\n                     {reason}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::tests::clean;

    #[test]
    fn what_was_counted_is_told_and_what_was_not_is_explained() {
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
        let system = SystemFigures { cpu_ns: 3_000, ..SystemFigures::default() };
        assert_eq!(utilisation(&measurement, system), "150 % of one core, 38 % of all 4");
    }
}
