//! What a run leaves behind.

use std::path::{Path, PathBuf};

use span_instrument::export::pstats;
use span_instrument::{Pass, Report, flame};

use super::Family;
use super::pass::{DHAT_FILE, FOLDED_FILE, PICTURES_FOLDER};
use crate::failure::Failure;
use crate::files;

/// The folder of a run's results.
pub(super) struct Outputs {
    family: Family,
    folder: PathBuf,
}

impl Outputs {
    pub(super) fn new(family: Family, folder: PathBuf) -> Result<Self, Failure> {
        let made = std::fs::create_dir_all(folder.join(PICTURES_FOLDER));
        made.map_err(|error| Failure::at(&folder, error))?;
        Ok(Self { family, folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn profile_file(&self) -> PathBuf {
        self.folder.join(format!("profile_output_{}.prof", self.family.name()))
    }

    /// Writes what the parent makes of the measurements; what the children made is there already. Gives a line for each
    /// file that could not be written.
    pub(super) fn write(&self, report: &Report, text: &str) -> Vec<String> {
        let mut failures = Vec::new();
        if let Err(failure) = files::write(&self.folder.join("report.txt"), text.as_bytes()) {
            failures.push(failure.to_string());
        }
        let passes = report.measurements();
        if let Some(spans) = passes.iter().find(|measurement| measurement.pass == Pass::Spans) {
            let file = self.profile_file();
            if let Err(failure) = files::write(&file, &pstats::encode(&spans.spans)) {
                failures.push(failure.to_string());
            }
        }
        if passes.iter().any(|measurement| measurement.pass == Pass::Flame) {
            let title = format!("profile-{}: time in spans", self.family.name());
            let drawn = flame::draw(&self.folder.join(FOLDED_FILE), &self.folder.join("flamegraph.svg"), &title);
            if let Err(error) = drawn {
                failures.push(Failure::of(&error).to_string());
            }
        }
        failures
    }

    /// The files that are there, as a reader looks for them.
    pub(super) fn list(&self) -> Vec<String> {
        let profile = format!("profile_output_{}.prof", self.family.name());
        let names = ["report.txt", FOLDED_FILE, "flamegraph.svg", DHAT_FILE, &profile, PICTURES_FOLDER];
        names.into_iter().filter(|name| self.folder.join(name).exists()).map(str::to_owned).collect()
    }
}
