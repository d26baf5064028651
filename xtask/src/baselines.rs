//! `cargo xtask baselines`: lists and removes stored runs.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use span_instrument::Baseline;

use crate::failure::Failure;
use crate::family::Family;
use crate::{files, output};

/// List stored baselines, or remove some.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Remove the baselines of these names instead
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = Name::parse)]
    remove: Vec<Name>,
    #[command(flatten)]
    store: Store,
}

/// The name of a baseline, which is a valid file name on every system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// Takes letters, digits, `-`, `_` and inner `.`.
    pub(crate) fn parse(name: &str) -> Result<Self, String> {
        let is_fit = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.chars().all(is_fit) {
            return Err("a name has up to 100 letters, digits, -, _ and . and does not begin with a .".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

const ENDING: &str = "baseline";

/// The first second of the year 10000, which has no date of four digits, since 1970.
const YEAR_10000_S: u64 = 253_402_300_800;

/// The folder of baselines.
#[derive(clap::Args)]
pub(crate) struct Store {
    /// The folder of stored runs [default: profiles/baselines of the project]
    #[arg(long = "baselines", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Store {
    /// The folder of a family.
    fn folder(&self, family: Family) -> PathBuf {
        let folder = self.folder.clone().unwrap_or_else(|| files::project().join("profiles/baselines"));
        folder.join(family.name())
    }

    /// The file of a baseline, which need not exist.
    pub(crate) fn path(&self, family: Family, name: &Name) -> PathBuf {
        self.folder(family).join(format!("{}.{ENDING}", name.as_str()))
    }

    /// Stores a baseline, replacing an older one of the same name.
    pub(crate) fn store(&self, family: Family, name: &Name, baseline: &Baseline) -> Result<PathBuf, Failure> {
        let path = self.path(family, name);
        files::make_folder(&self.folder(family))?;
        baseline.write(&path).map_err(|error| Failure::of(&error))?;
        Ok(path)
    }

    /// Reads the baseline of this name.
    pub(crate) fn load(&self, family: Family, name: &Name) -> Result<Baseline, Failure> {
        let path = self.path(family, name);
        if !path.exists() {
            let (name, family) = (name.as_str(), family.name());
            let line = format!("there is no baseline {name} of profile-{family}: cargo xtask baselines lists what is");
            return Err(Failure::new(line));
        }
        Baseline::read(&path).map_err(|error| Failure::of(&error))
    }

    /// All baselines of a family, by name.
    fn all(&self, family: Family) -> Result<Vec<PathBuf>, Failure> {
        let folder = self.folder(family);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| Failure::at(&folder, error))?,
        };
        let is_baseline = |path: &PathBuf| path.extension().is_some_and(|extension| extension == ENDING);
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_baseline).collect();
        paths.sort();
        Ok(paths)
    }
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let store = &arguments.store;
    if arguments.remove.is_empty() {
        return list(store);
    }
    arguments.remove.iter().try_for_each(|name| remove(store, name))
}

fn list(store: &Store) -> Result<(), Failure> {
    let mut text = String::new();
    for family in Family::ALL {
        for path in store.all(family)? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // Writing to a string does not fail.
            let _ = writeln!(text, "{:<7} {name:<24} {}", family.name(), description(&path));
        }
    }
    if text.is_empty() {
        text.push_str("No baselines. cargo xtask profile-hypfer --save-baseline NAME stores one.\n");
    }
    output::print(&text)
}

/// Its time, commit and processor.
fn description(path: &Path) -> String {
    let baseline = match Baseline::read(path) {
        Ok(baseline) => baseline,
        Err(error) => return format!("cannot be read: {}", Failure::of(&error)),
    };
    if baseline.taken_at_s >= YEAR_10000_S {
        return "cannot be read: it was taken after the year 9999".to_owned();
    }
    let taken = humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(baseline.taken_at_s));
    let environment = baseline.environment();
    let commit = environment.and_then(|known| known.build.commit.clone());
    let known = [commit, environment.map(|known| known.cpu.clone())];
    let known: Vec<String> = known.into_iter().flatten().filter(|known| !known.is_empty()).collect();
    format!("{taken}  {}", known.join(", "))
}

fn remove(store: &Store, name: &Name) -> Result<(), Failure> {
    let mut removed = Vec::new();
    for path in Family::ALL.map(|family| store.path(family, name)) {
        match fs::remove_file(&path) {
            Ok(()) => removed.push(path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::at(&path, error)),
        }
    }
    if removed.is_empty() {
        return Err(Failure::new(format!("there is no baseline {}", name.as_str())));
    }
    output::print(&format!("Removed {}\n", removed.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for name in ["", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "ü", &"x".repeat(101)] {
            assert!(Name::parse(name).is_err(), "{name}");
        }
        assert_eq!(Name::parse("before-2.1_x").map(|name| name.0), Ok("before-2.1_x".to_owned()));
    }

    #[test]
    fn a_time_without_a_date_is_said_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("odd.baseline");
        let described = |taken_at_s| {
            let baseline = Baseline { taken_at_s, ..Baseline::now(Vec::new(), Vec::new(), &[]) };
            baseline.write(&path).unwrap();
            description(&path)
        };
        for time in [YEAR_10000_S, 1 << 63, u64::MAX] {
            assert_eq!(described(time), "cannot be read: it was taken after the year 9999");
        }
        assert_eq!(described(YEAR_10000_S - 1), "9999-12-31T23:59:59Z  ");
    }
}
