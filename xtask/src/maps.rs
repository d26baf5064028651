//! Which maps and recordings a task is for: files, folders, standard input.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use valetudo_map_render::parser::{Parser, RrDialect};
use valetudo_map_render::{Limits, Map};
use valetudo_map_stream::recording::is_recording;

use crate::failure::Failure;
use crate::files;
use crate::recordings::{self, NamedRecording, Source};

/// More than any map has. Standard input states no size.
const MOST_BYTES: u64 = 64 << 20;

/// The bytes of a map, as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedMap {
    /// The file's name, made different from all others and fit to name another file.
    pub(crate) name: String,
    /// Any envelope.
    pub(crate) bytes: Vec<u8>,
    /// Whether it came from standard input, which can be read once.
    pub(crate) is_standard_input: bool,
}

impl NamedMap {
    /// For the workload.
    pub(crate) fn borrowed(&self) -> valetudo_map_workload::NamedMap<'_> {
        valetudo_map_workload::NamedMap { name: &self.name, bytes: &self.bytes }
    }

    /// Reads it as a map.
    pub(crate) fn parse(&self) -> Result<Map, Failure> {
        self.parse_in(RrDialect::default())
    }

    /// Reads it as a map, an RR map in this dialect.
    pub(crate) fn parse_in(&self, dialect: RrDialect) -> Result<Map, Failure> {
        let map = Parser::new(Limits::DEFAULT).dialect(dialect).parse(&self.bytes);
        map.map_err(|error| Failure::new(format!("{}: {error}", self.name)))
    }

    /// The oddities of the map, each in a line; none when it is no map.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let map = self.parse().ok();
        let warnings = map.into_iter().flat_map(|map| map.warnings);
        warnings.map(|warning| format!("{}: {warning}", self.name)).collect()
    }
}

/// The inputs of a profile.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) maps: Vec<NamedMap>,
    pub(crate) recordings: Vec<NamedRecording>,
}

impl Inputs {
    /// The names of all of them: maps, then recordings.
    pub(crate) fn names(&self) -> Vec<&str> {
        let recordings = self.recordings.iter().map(|recording| recording.name.as_str());
        self.maps.iter().map(|map| map.name.as_str()).chain(recordings).collect()
    }

    /// The maps for the workload.
    pub(crate) fn borrowed_maps(&self) -> Vec<valetudo_map_workload::NamedMap<'_>> {
        self.maps.iter().map(NamedMap::borrowed).collect()
    }

    /// The recordings for the workload.
    pub(crate) fn borrowed_recordings(&self) -> Vec<valetudo_map_workload::NamedRecording<'_>> {
        self.recordings.iter().map(NamedRecording::borrowed).collect()
    }

    /// The bytes that came from standard input.
    pub(crate) fn standard_input(&self) -> Option<&[u8]> {
        let map = self.maps.iter().find(|map| map.is_standard_input).map(|map| map.bytes.as_slice());
        map.or_else(|| {
            self.recordings.iter().find_map(|recording| match &recording.source {
                Source::StandardInput(bytes) => Some(bytes.as_slice()),
                Source::File(_) => None,
            })
        })
    }
}

/// Reads the maps at these paths, and finds the recordings: files, the files in folders (in the order of their names), `-` for
/// standard input.
pub(crate) fn read_inputs(paths: &[PathBuf]) -> Result<Inputs, Failure> {
    let mut inputs = Inputs::default();
    let mut names = BTreeSet::new();
    for path in paths {
        if path == Path::new("-") {
            let (name, bytes) = (unused("stdin", &mut names), read_standard_input()?);
            if is_recording(&bytes) {
                inputs.recordings.push(NamedRecording { name, source: Source::StandardInput(bytes) });
            } else {
                inputs.maps.push(NamedMap { name, bytes, is_standard_input: true });
            }
            continue;
        }
        for file in files_at(path)? {
            let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
            let name = unused(&tame(&name), &mut names);
            if recordings::is_at(&file) {
                inputs.recordings.push(NamedRecording { name, source: Source::File(file) });
            } else {
                inputs.maps.push(NamedMap { name, bytes: files::read(&file)?, is_standard_input: false });
            }
        }
    }
    if inputs.names().is_empty() { Err(Failure::new("there is no map to work on")) } else { Ok(inputs) }
}

/// Reads the maps at these paths, of which none may be a recording.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Vec<NamedMap>, Failure> {
    let inputs = read_inputs(paths)?;
    match inputs.recordings.first() {
        Some(recording) => Err(Failure::new(format!(
            "{}: is a recording, which profile-hypfer, profile-rand and render take",
            recording.name
        ))),
        None => Ok(inputs.maps),
    }
}

/// These paths, or the others if there is none.
pub(crate) fn or_else<'a>(paths: &'a [PathBuf], others: &'a [PathBuf]) -> &'a [PathBuf] {
    if paths.is_empty() { others } else { paths }
}

/// Reads the maps at these paths, or else at the others, and sees that each can be parsed: a bad map is said now, not
/// after a minute, and by one process.
pub(crate) fn read_valid(paths: &[PathBuf], or_else: &[PathBuf]) -> Result<Vec<NamedMap>, Failure> {
    let maps = read_all(self::or_else(paths, or_else))?;
    maps.iter().try_for_each(|map| map.parse().map(drop))?;
    Ok(maps)
}

fn files_at(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| Failure::at(path, error))?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    let is_map = |file: &Path| {
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        file.is_file() && !hidden && file.extension().is_none_or(|extension| extension != "md")
    };
    files.retain(|file| is_map(file));
    files.sort();
    if files.is_empty() { Err(Failure::at(path, "no map is in this folder")) } else { Ok(files) }
}

fn read_standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("standard input: {error}")))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::new(format!("standard input: more than {MOST_BYTES} bytes")));
    }
    Ok(bytes)
}

/// The longest name in bytes. File systems take 255; this leaves room for a number and an ending.
const LONGEST_NAME: usize = 200;

/// The name without characters that lead out of a folder, hide a file, control a terminal or are forbidden on some system.
pub(crate) fn tame(name: &str) -> String {
    let forbidden = |letter: char| letter.is_control() || r#"/\<>:"|?*"#.contains(letter);
    let tame = name.replace(forbidden, "_");
    let tame = tame.strip_prefix('.').map_or(tame.clone(), |rest| format!("_{rest}"));
    let longest = LONGEST_NAME.min(tame.len());
    let end = (0..=longest).rev().find(|&end| tame.is_char_boundary(end)).unwrap_or(0);
    tame[..end].to_owned()
}

/// The name, with a number when it was used before.
fn unused(name: &str, names: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !names.contains(name));
    let free = free.unwrap_or_default();
    names.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_of_the_same_name_are_told_apart() {
        let mut names = BTreeSet::new();
        assert_eq!(["a", "b", "a", "a"].map(|name| unused(name, &mut names)), ["a", "b", "a (2)", "a (3)"]);
    }

    #[test]
    fn names_are_fit_for_files() {
        assert_eq!(tame("map.json"), "map.json");
        assert_eq!(tame("..\\..\\map\u{1b}[2J\n.json"), "_._.._map_[2J_.json");
        assert_eq!(["..", ".", "/", ".hidden"].map(tame), ["_.", "_", "_", "_hidden"]);
        assert_eq!(tame("Küche 🧹.json"), "Küche 🧹.json");
        assert_eq!(tame(&"ü".repeat(150)), "ü".repeat(100));
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read_all(&[PathBuf::from("/nowhere/map.json")]).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/map.json: "), "{error}");
    }
}
