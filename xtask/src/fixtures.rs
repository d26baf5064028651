//! `cargo xtask fixtures`: writes the project's own test maps and its recording, or compares them with the disk.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use valetudo_map_fixtures::Home;
use valetudo_map_fixtures::committed::{self, Fixture};
use valetudo_map_fixtures::formats::valetudo_json::{self, PixelForm};
use valetudo_map_fixtures::stream::{self, BEGINNING, Published};
use valetudo_map_stream::recording::{Entry, Message, QoS, WriteError, Writer};

use crate::failure::Failure;
use crate::files;

/// Which maps, and where to.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The folder for all maps [default: fixtures/ of the project], or the file for the map of one home
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write nothing; list the maps that differ from the generated ones, and fail if any does
    #[arg(long, conflicts_with = "home")]
    check: bool,
    /// Write the home of this seed as Valetudo JSON to the file --out
    #[arg(long, value_name = "SEED", requires = "square_metres", requires = "out")]
    home: Option<u64>,
    /// The floor area of that home
    #[arg(long, value_name = "N", requires = "home", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    square_metres: Option<u32>,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let (Some(seed), Some(square_metres), Some(out)) = (arguments.home, arguments.square_metres, &arguments.out) {
        let map = Home::generate(seed, square_metres).valetudo_map();
        let bytes = valetudo_json::write(&map, PixelForm::Runs).map_err(|error| Failure::of(&error))?;
        return files::write(out, &bytes);
    }
    let committed = files::project().join("fixtures");
    let folder = arguments.out.as_deref().unwrap_or(&committed);
    let maps = all()?;
    if arguments.check { check(folder, &maps) } else { write(folder, &maps) }
}

/// The maps, and the recording.
fn all() -> Result<Vec<Fixture>, Failure> {
    let mut all = committed::all().map_err(|error| Failure::of(&error))?;
    let messages = stream::cleaning().map_err(|error| Failure::of(&error))?;
    let bytes = recording(&messages).map_err(|error| Failure::of(&error))?;
    all.push(Fixture { path: "recordings/cleaning.vmr", bytes });
    Ok(all)
}

fn recording(messages: &[Published]) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::new(Vec::new())?;
    for message in messages {
        writer.write(&Entry::Message(Message {
            at: message.at,
            wall: BEGINNING + message.at,
            topic: &message.topic,
            payload: &message.payload,
            qos: QoS::AtMostOnce,
            retained: message.retained,
        }))?;
    }
    Ok(writer.into_output())
}

fn write(folder: &Path, maps: &[Fixture]) -> Result<(), Failure> {
    maps.iter().try_for_each(|map| files::write(&folder.join(map.path), &map.bytes))
}

fn check(folder: &Path, maps: &[Fixture]) -> Result<(), Failure> {
    let differences = differences(folder, maps);
    for difference in &differences {
        eprintln!("{difference}");
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} of {} maps differ from the generated ones; `cargo xtask fixtures` writes them anew",
        differences.len(),
        maps.len()
    )))
}

/// One line for each map whose file is missing, unreadable or different.
fn differences(folder: &Path, maps: &[Fixture]) -> Vec<String> {
    maps.iter().filter_map(|map| difference(&folder.join(map.path), &map.bytes)).collect()
}

fn difference(path: &Path, generated: &[u8]) -> Option<String> {
    let found = match fs::read(path) {
        Ok(found) => found,
        Err(error) => return Some(format!("{}: {error}", path.display())),
    };
    let same = found.iter().zip(generated).take_while(|(found, generated)| found == generated).count();
    (found != generated).then(|| {
        format!(
            "{}: differs from byte {same} on ({} bytes, generated: {})",
            path.display(),
            found.len(),
            generated.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_maps_equal_the_generated_ones() {
        let maps = all().unwrap();
        assert_eq!(differences(&files::project().join("fixtures"), &maps), Vec::<String>::new());
    }

    #[test]
    fn changed_and_missing_maps_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let maps = all().unwrap();
        write(folder.path(), &maps).unwrap();
        assert!(check(folder.path(), &maps).is_ok());
        fs::write(folder.path().join(maps[0].path), b"{").unwrap();
        fs::remove_file(folder.path().join(maps[1].path)).unwrap();
        let differences = differences(folder.path(), &maps);
        assert_eq!(differences.len(), 2);
        assert!(differences[0].contains("differs from byte 1 on (1 bytes"), "{differences:?}");
        assert!(check(folder.path(), &maps).unwrap_err().to_string().starts_with("2 of 24 maps differ"));
    }
}
