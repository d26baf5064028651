//! What a run leaves behind.

use std::path::{Path, PathBuf};

use span_instrument::compare::Comparison;
use span_instrument::export::folded::Weight;
use span_instrument::export::{html, report_json};
use span_instrument::{Baseline, Pass, Report, flame};

use super::Family;
use super::pass::{DHAT_FILE, FOLDED_FILE, PICTURES_FOLDER};
use crate::failure::Failure;
use crate::files;

const TRACE_FILE: &str = "trace.json";
const SPEEDSCOPE_FILE: &str = "speedscope.json";
const HTML_FILE: &str = "report.html";
const JSON_FILE: &str = "report.json";
const FLAME_FILE: &str = "flamegraph.svg";
const HEAP_FLAME_FILE: &str = "flamegraph-heap.svg";
const DIFFERENCE_FILE: &str = "flamegraph-diff.svg";

/// An earlier run, and what became of its figures.
pub(super) struct Earlier<'a> {
    pub(super) baseline: &'a Baseline,
    pub(super) comparison: &'a Comparison,
}

/// The folder of a run's results.
pub(super) struct Outputs {
    family: Family,
    folder: PathBuf,
    /// The maps' names: each gives a picture.
    pictures: Vec<String>,
}

impl Outputs {
    /// Makes the folder, and removes what an earlier run left in it: nothing old shall be taken for new.
    pub(super) fn new(family: Family, folder: PathBuf, pictures: Vec<String>) -> Result<Self, Failure> {
        files::make_folder(&folder)?;
        files::make_folder(&folder.join(PICTURES_FOLDER))?;
        let outputs = Self { family, folder, pictures };
        for file in outputs.list() {
            let path = outputs.folder.join(file);
            if path.is_file() {
                std::fs::remove_file(&path).map_err(|error| Failure::at(&path, error))?;
            }
        }
        Ok(outputs)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn profile_file(&self) -> PathBuf {
        self.folder.join(format!("profile_output_{}.prof", self.family.name()))
    }

    /// Writes what the parent makes of the measurements; what the children made is there already. Gives a line for each
    /// file that could not be written.
    pub(super) fn write(&self, report: &Report, text: &str, earlier: Option<&Earlier>) -> Vec<String> {
        let mut failures = Vec::new();
        if let Err(failure) = files::write(&self.folder.join("report.txt"), text.as_bytes()) {
            failures.push(failure.to_string());
        }
        let passes = report.measurements();
        let json = report_json::encode(report).map_err(|error| failures.push(Failure::of(&error).to_string()));
        let name = format!("profile-{}", self.family.name());
        let made = [
            (self.profile_file(), report.to_pstats()),
            (self.folder.join(TRACE_FILE), report.to_trace_events().map(String::into_bytes)),
            (self.folder.join(SPEEDSCOPE_FILE), report.to_speedscope(&name).map(String::into_bytes)),
            (self.folder.join(JSON_FILE), json.ok().map(String::into_bytes)),
        ];
        for (file, bytes) in made {
            if let Some(Err(failure)) = bytes.map(|bytes| files::write(&file, &bytes)) {
                failures.push(failure.to_string());
            }
        }
        if let Some(folded) = report.to_folded(Weight::AllocatedBytes) {
            let title = format!("{name}: bytes allocated in spans");
            let drawn = flame::draw_folded(&folded, &self.folder.join(HEAP_FLAME_FILE), &title, "bytes");
            failures.extend(drawn.err().map(|error| Failure::of(&error).to_string()));
        }
        if passes.iter().any(|measurement| measurement.pass == Pass::Flame) {
            let title = format!("profile-{}: time in spans", self.family.name());
            let drawn = flame::draw(&self.folder.join(FOLDED_FILE), &self.folder.join(FLAME_FILE), &title);
            failures.extend(drawn.err().map(|error| Failure::of(&error).to_string()));
        }
        let of_spans = |report: &Report| report.to_folded(Weight::SelfTime);
        let before = earlier.and_then(|earlier| of_spans(&Report::new(earlier.baseline.measurements.clone())));
        if let (Some(before), Some(after)) = (before, of_spans(report)) {
            let title = format!("{name}: time in spans, red where it grew");
            let drawn = flame::draw_diff(&before, &after, &self.folder.join(DIFFERENCE_FILE), &title, "ns");
            failures.extend(drawn.err().map(|error| Failure::of(&error).to_string()));
        }
        let page = self.page(report, earlier.map(|earlier| earlier.comparison), &name);
        if let Err(failure) = files::write(&self.folder.join(HTML_FILE), page.as_bytes()) {
            failures.push(failure.to_string());
        }
        failures
    }

    /// The report as a page, with the flame graphs and the pictures that are there.
    fn page(&self, report: &Report, comparison: Option<&Comparison>, title: &str) -> String {
        let graphs = [
            ("Time in spans", FLAME_FILE),
            ("Time in spans, against the baseline", DIFFERENCE_FILE),
            ("Bytes allocated in spans", HEAP_FLAME_FILE),
        ];
        let flames: Vec<(&str, String)> = graphs
            .into_iter()
            .filter_map(|(heading, file)| Some((heading, std::fs::read_to_string(self.folder.join(file)).ok()?)))
            .collect();
        let flames: Vec<(&str, &str)> = flames.iter().map(|(heading, svg)| (*heading, svg.as_str())).collect();
        let pictures: Vec<(&str, Vec<u8>)> = self
            .pictures
            .iter()
            .filter_map(|name| Some((name.as_str(), std::fs::read(picture_file(&self.folder, name)).ok()?)))
            .collect();
        let pictures: Vec<(&str, &[u8])> = pictures.iter().map(|(name, png)| (*name, png.as_slice())).collect();
        html::encode(report, &html::Page { title, comparison, flames: &flames, pictures: &pictures })
    }

    /// The files that are there, as a reader looks for them.
    pub(super) fn list(&self) -> Vec<String> {
        let profile = format!("profile_output_{}.prof", self.family.name());
        let names = [
            "report.txt",
            HTML_FILE,
            JSON_FILE,
            TRACE_FILE,
            SPEEDSCOPE_FILE,
            FOLDED_FILE,
            FLAME_FILE,
            DIFFERENCE_FILE,
            HEAP_FLAME_FILE,
            DHAT_FILE,
            &profile,
            PICTURES_FOLDER,
        ];
        names.into_iter().filter(|name| self.folder.join(name).exists()).map(str::to_owned).collect()
    }
}

/// Where the picture of the map of this name goes.
pub(super) fn picture_file(folder: &Path, map: &str) -> PathBuf {
    folder.join(PICTURES_FOLDER).join(format!("{map}.png"))
}
