//! Every format of a report, in one call.

#[cfg(feature = "flame")]
use std::fs;

#[cfg(feature = "flame")]
use super::FOLDED_FILE;
use super::folder::{OutputError, OutputFolder};
use crate::compare::Comparison;
use crate::export::{
    Brief, Exporter, FirefoxProfile, Folded, Html, Pprof, Pstats, ReportJson, Speedscope, Text, TraceEvents, Weight,
};
#[cfg(feature = "flame")]
use crate::export::{FlameGraph, Stacks};
use crate::{Baseline, Report};

/// Everything that the outputs of a run show beside its report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'a> {
    /// The run's name in file names: `hypfer` gives `profile_output_hypfer.prof`.
    pub name: &'a str,
    /// The heading of the page and of the flame graphs.
    pub title: &'a str,
    /// An earlier run, for `flamegraph-diff.svg`.
    pub baseline: Option<&'a Baseline>,
    /// The comparison with an earlier run, for the text and the page.
    pub comparison: Option<&'a Comparison>,
    /// Pictures for the page: a caption, as a rule the name of an input, and the bytes of a PNG file each.
    pub pictures: &'a [(&'a str, &'a [u8])],
    /// Commands to run next, for `report.md`, each with its purpose behind a `#`.
    pub next: &'a [&'a str],
}

/// The report as text, followed by the comparison: the content of `report.txt`.
#[must_use]
pub fn report_text(report: &Report, comparison: Option<&Comparison>) -> String {
    Text { comparison }.encode(report)
}

/// Writes every output of a report, except those that a pass writes itself ([`super::FOLDED_FILE`],
/// [`super::DHAT_FILE`], pictures). Gives an error for each file that could not be written; the others are there.
#[must_use]
pub fn write_all(folder: &OutputFolder, report: &Report, run: &Run<'_>) -> Vec<OutputError> {
    let mut writer = Writer { folder, report, failures: Vec::new() };
    writer.write(&Text { comparison: run.comparison });
    writer.write(&Brief { title: run.title, next: run.next });
    writer.write(&Pstats { run: run.name });
    writer.write(&TraceEvents);
    writer.write(&Speedscope { title: run.title });
    writer.write(&Pprof { title: run.title });
    writer.write(&FirefoxProfile { title: run.title });
    writer.write(&ReportJson);
    for weight in [Weight::SelfTime, Weight::AllocatedBytes] {
        writer.write(&Folded { weight });
    }
    writer.flame_graphs(run);
    let Run { title, comparison, pictures, .. } = *run;
    writer.write(&Html { title, comparison, pictures });
    writer.failures
}

struct Writer<'a> {
    folder: &'a OutputFolder,
    report: &'a Report,
    failures: Vec<OutputError>,
}

impl Writer<'_> {
    fn write(&mut self, exporter: &dyn Exporter) {
        let name = exporter.file_name();
        match exporter.export(self.report) {
            Ok(Some(bytes)) => self.failures.extend(self.folder.write(&name, &bytes).err()),
            Ok(None) => {}
            Err(error) => self.failures.push(OutputError::new(self.folder.path().join(name), error)),
        }
    }

    #[cfg(feature = "flame")]
    fn flame_graphs(&mut self, run: &Run<'_>) {
        let recorded = fs::read_to_string(self.folder.path().join(FOLDED_FILE)).ok();
        let before = run.baseline.map(|baseline| Report::new(baseline.measurements.clone()));
        let graphs = [
            (recorded.as_deref().map(Stacks::Recorded), "time in spans"),
            (before.as_ref().map(Stacks::Changed), "time in spans, red where it grew"),
            (Some(Stacks::Allocated), "bytes allocated in spans"),
        ];
        for (stacks, title) in graphs {
            let Some(stacks) = stacks else { continue };
            let title = format!("{}: {title}", run.title);
            self.write(&FlameGraph { stacks, title: &title, width: None });
        }
    }

    #[cfg(not(feature = "flame"))]
    #[allow(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "as with the feature")]
    fn flame_graphs(&mut self, _: &Run<'_>) {}
}
