//! A recording as an input of a profile: played in every pass, and reported as a whole cleaning.
//!
//! The passes time each message. The parent plays the recording once more for the facts of each message ([`facts`]),
//! joins both ([`figures`], [`growth`]), makes the report's section of them ([`section`]), and saves them as JSON with the
//! slowest map.

mod facts;
mod figures;
mod growth;
mod section;
mod timed;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use span_instrument::Measurement;
use span_instrument::outputs::{hand_over, picture_file};
use span_report::report::Recording;
use valetudo_map_render::PictureLimits;
use valetudo_map_render::parser::{Envelope, Format, Kind};
use valetudo_map_stream::recording::Entry;

pub(super) use self::facts::check;

use self::facts::Facts;
use self::figures::Figures;
use crate::failure::Failure;
use crate::files;
use crate::recordings::NamedRecording;

/// The folder of the outputs, within that of the run.
const FOLDER: &str = "recordings";

/// Makes the folder of the outputs.
pub(super) fn make_folder(folder: &Path) -> Result<(), Failure> {
    files::make_folder(&folder.join(FOLDER))
}

/// All outputs that a recording of this name may have left.
pub(super) fn outputs(folder: &Path, name: &str) -> Vec<PathBuf> {
    let slowest = ENDINGS.iter().map(|ending| slowest_file(folder, name, ending));
    slowest.chain([figures_file(folder, name), resident_file(folder, name)]).collect()
}

/// Whether a process has kept the resident sizes.
pub(super) fn has_sizes(folder: &Path, name: &str) -> bool {
    resident_file(folder, name).exists()
}

/// Keeps the resident sizes after each map, for the parent. The process is still measured, so nobody waits for the disk.
pub(super) fn keep_sizes(folder: &Path, name: &str, sizes: &[u64]) -> Result<(), Failure> {
    let text = serde_json::to_vec(sizes).map_err(|error| Failure::of(&error))?;
    let path = resident_file(folder, name);
    hand_over(&path, &text).map_err(|error| Failure::at(&path, error))
}

fn figures_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("{name}.json"))
}

fn slowest_file(folder: &Path, name: &str, ending: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("{name}.slowest.{ending}"))
}

fn resident_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("{name}.resident.json"))
}

/// Reports a recording: saves its last picture, its figures and its slowest map below `folder`, and gives the report's section.
/// `None` if no pass played it to its end.
pub(super) fn report(
    recording: &NamedRecording,
    measurements: &[Measurement],
    limits: &PictureLimits,
    deadline: Duration,
    folder: &Path,
) -> Result<Option<Recording>, Failure> {
    let facts = Facts::of(recording, limits)?;
    if !facts.picture.is_empty() {
        files::write(&folder.join(picture_file(&recording.name)), &facts.picture)?;
    }
    let resident = fs::read(resident_file(folder, &recording.name)).ok();
    let resident = resident.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let Some(figures) = Figures::of(facts, measurements, resident, deadline) else {
        return Ok(None);
    };
    let slowest = match figures.slowest_message() {
        None => None,
        Some(message) => {
            let bytes = payload(recording, message.number)?;
            let file = slowest_file(folder, &recording.name, ending(&bytes));
            files::write(&file, &bytes)?;
            Some(file.strip_prefix(folder).map_or_else(|_| file.clone(), Path::to_owned))
        }
    };
    let json = serde_json::to_string_pretty(&figures).map_err(|error| Failure::of(&error))?;
    files::write(&figures_file(folder, &recording.name), (json + "\n").as_bytes())?;
    Ok(Some(section::of(&figures, slowest.as_deref())))
}

/// The payload of the message of this number.
fn payload(recording: &NamedRecording, number: u64) -> Result<Vec<u8>, Failure> {
    let (mut at, mut found) = (0, Vec::new());
    recording.borrowed().entries(|entry| {
        if let Entry::Message(message) = entry {
            at += 1;
            if at == number {
                found = message.payload.to_vec();
            }
        }
        Ok::<_, Failure>(())
    })?;
    Ok(found)
}

/// The endings of maps by their envelopes, as those in `fixtures/` have them.
const ENDINGS: [&str; 5] = ["json", "json.zlib", "png", "rr", "rr.gz"];

fn ending(bytes: &[u8]) -> &'static str {
    match Kind::sniff(bytes) {
        Ok(Kind::Map(Format::RrMap)) => "rr",
        Ok(Kind::Envelope(Envelope::Gzip)) => "rr.gz",
        Ok(Kind::Envelope(Envelope::Zlib)) => "json.zlib",
        Ok(Kind::Envelope(Envelope::Png)) => "png",
        _ => "json",
    }
}
