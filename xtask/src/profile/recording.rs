//! A recording as an input of a profile: played in every pass, and reported as a whole cleaning.
//!
//! The passes time each message. The parent plays the recording once more for the facts of each message ([`facts`]),
//! joins both ([`figures`]), and writes them beside the other outputs ([`text`], JSON, the slowest map).

mod facts;
mod figures;
mod text;

use std::fs;
use std::path::Path;
use std::time::Duration;

use span_instrument::outputs::picture_file;
use span_instrument::{Measurement, Profiler};
use valetudo_map_render::{Options, PictureLimits};

pub(super) use self::facts::check;

use self::facts::Facts;
use self::figures::Figures;
use crate::failure::Failure;
use crate::files;
use crate::recordings::{self, NamedRecording, Player, Source};

/// A recording is played so often in each pass, or as often as there are frames, if these are fewer: three readings are the
/// fewest that tell a leak.
const PLAYS: u32 = 3;

/// The folder of the outputs, within that of the run.
const FOLDER: &str = "recordings";

/// Plays a recording in a pass. In the clean pass, writes the last picture and the resident size after each map below
/// `folder`, outside of all timed operations.
pub(super) fn run(
    profiler: &Profiler,
    recording: &NamedRecording,
    frames: u32,
    limits: &PictureLimits,
    folder: Option<&Path>,
) -> Result<(), Failure> {
    profiler.snapshot(format!("Before Recording - {}", recording.name));
    let mut resident = Vec::new();
    for number in 0..frames.min(PLAYS) {
        let mut last = Vec::new();
        {
            let _operation = profiler.time("Play").input(&recording.name);
            let mut player = Player::new(Options::default(), limits.clone());
            recordings::play(recording, &mut player, profiler, |_, played| {
                if number == 0 && folder.is_some() {
                    resident.push(resident_bytes());
                    last.clear();
                    last.extend_from_slice(played.png);
                }
                Ok(())
            })?;
        }
        if let Some(folder) = folder.filter(|_| number == 0 && !last.is_empty()) {
            files::write(&folder.join(picture_file(&recording.name)), &last)?;
        }
    }
    profiler.snapshot(format!("After Recording - {}", recording.name));
    if let Some(folder) = folder {
        let text = serde_json::to_vec(&resident).map_err(|error| Failure::of(&error))?;
        files::write(&resident_file(folder, &recording.name), &text)?;
    }
    Ok(())
}

fn resident_file(folder: &Path, name: &str) -> std::path::PathBuf {
    folder.join(FOLDER).join(format!("{name}.resident.json"))
}

/// The resident size of this process, bytes; 0 where the system does not tell.
fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_else(|_| String::new());
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Reports a recording: writes its figures and its slowest map below `folder`, and gives the text.
pub(super) fn report(
    recording: &NamedRecording,
    measurements: &[Measurement],
    limits: &PictureLimits,
    deadline: Duration,
    folder: &Path,
) -> Result<String, Failure> {
    let facts = Facts::of(recording, limits)?;
    let resident = fs::read(resident_file(folder, &recording.name)).ok();
    let resident = resident.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let Some(figures) = Figures::of(facts, measurements, resident, deadline) else {
        return Ok(String::new());
    };
    let outputs = folder.join(FOLDER);
    let slowest = match figures.slowest_message() {
        None => None,
        Some(message) => {
            let bytes = payload(recording, message.number)?;
            let file = outputs.join(format!("{}.slowest.{}", recording.name, ending(&bytes)));
            remove_slowest(&outputs, &recording.name);
            files::write(&file, &bytes)?;
            Some(file)
        }
    };
    let json = serde_json::to_string_pretty(&figures).map_err(|error| Failure::of(&error))?;
    files::write(&outputs.join(format!("{}.json", recording.name)), (json + "\n").as_bytes())?;
    let text = text::of(&figures, slowest.as_deref());
    files::write(&outputs.join(format!("{}.txt", recording.name)), text.as_bytes())?;
    Ok(text)
}

/// The payload of the message of this number.
fn payload(recording: &NamedRecording, number: u64) -> Result<Vec<u8>, Failure> {
    let (mut at, mut found) = (0, Vec::new());
    recording.entries(|entry| {
        if let valetudo_map_stream::recording::Entry::Message(message) = entry {
            at += 1;
            if at == number {
                found = message.payload.to_vec();
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// The endings of maps by their envelopes, as those in `fixtures/` have them.
const ENDINGS: [&str; 5] = ["json", "json.zlib", "png", "rr", "rr.gz"];

fn ending(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'r', b'r', ..] => "rr",
        [0x1f, 0x8b, ..] => "rr.gz",
        [0x78, ..] => "json.zlib",
        [0x89, ..] => "png",
        _ => "json",
    }
}

/// Removes the slowest map of an earlier run, which may have had another envelope.
fn remove_slowest(folder: &Path, name: &str) {
    for ending in ENDINGS {
        // Mostly there is none.
        let _ = fs::remove_file(folder.join(format!("{name}.slowest.{ending}")));
    }
}

/// The recording in one line: two runs that played it have the same one.
pub(super) fn described(recording: &NamedRecording) -> Result<String, Failure> {
    use sha1::{Digest, Sha1};
    let mut digest = Sha1::new();
    let mut bytes = recording.bytes()?;
    let (mut length, mut part) = (0, vec![0; 1 << 16]);
    loop {
        let failed = |error| match &recording.source {
            Source::File(path) => Failure::at(path, error),
            Source::StandardInput(_) => Failure::new(format!("standard input: {error}")),
        };
        let count = bytes.read(&mut part).map_err(failed)?;
        if count == 0 {
            break;
        }
        length += count;
        digest.update(part.get(..count).unwrap_or_default());
    }
    let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{} ({length} bytes, SHA-1 {digest})", recording.name))
}
