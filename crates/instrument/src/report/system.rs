//! What the kernel counted.

use super::quantity::{count, duration, mebibytes};
use super::{Report, Section};
use crate::measurement::Pass;

/// Page faults, context switches, processor time and peak size.
pub(super) fn section(report: &Report) -> Option<Section> {
    let measurement = report.first_with(Pass::Clean, |measurement| measurement.system.is_some())?;
    let system = measurement.system?;
    let text = format!(
        "🖥️  System Figures:\n   \
         Page faults:      {} minor, {} major (read from disk)\n   \
         Context switches: {} voluntary, {} involuntary\n   \
         Processor time:   {} user, {} kernel, in {} of wall time\n   \
         Peak RSS:         {:.1}MB (since the process began)\n",
        count(system.minor_faults),
        count(system.major_faults),
        count(system.voluntary_switches),
        count(system.involuntary_switches),
        duration(system.user_ns as f64),
        duration(system.system_ns as f64),
        duration(measurement.duration_ns as f64),
        mebibytes(system.peak_rss_bytes),
    );
    Some(Section { source: report.source(measurement), text })
}
