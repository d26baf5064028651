//! Other builds: of this program from another revision or with other features, and of the program that `bench` measures.
//!
//! The former are built to be compared with each other: by default, a change in one crate moves the loops of others in memory, and
//! these then take up to a third more or less time. So each map crate is optimised as a whole, and inner loops begin where a
//! cache line does. The other commands measure what dependents of the crates get: a plain release build.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use span_instrument::compare::Side;
use span_report::pass_file;

use crate::failure::Failure;
use crate::files;

/// Makes other builds.
pub(crate) struct Builds {
    /// cargo's target folder.
    target: PathBuf,
    quiet: bool,
}

/// The Cargo profile of all of them.
const PROFILE: &str = "comparing";

/// The profile's settings, as arguments of cargo: a revision from before this profile is built with it too. 2^6 bytes are a
/// cache line.
const SETTINGS: [&str; 7] = [
    "profile.comparing.inherits=\"profiling\"",
    "profile.comparing.package.valetudo-map-model.codegen-units=1",
    "profile.comparing.package.valetudo-map-parser.codegen-units=1",
    "profile.comparing.package.valetudo-map-draw.codegen-units=1",
    "profile.comparing.package.valetudo-map-crop.codegen-units=1",
    "profile.comparing.package.valetudo-map-render.codegen-units=1",
    "target.'cfg(target_arch = \"x86_64\")'.rustflags=[\"-C\", \"llvm-args=-x86-experimental-pref-innermost-loop-alignment=6\"]",
];

/// This program as `cargo xtask` builds it.
const XTASK: [&str; 3] = ["--package", "xtask", "--no-default-features"];

/// The variable that tells a child of the pass runner where its pass file goes.
const RESULT_VARIABLE: &str = "SPAN_INSTRUMENT_RESULT";

impl Builds {
    pub(crate) fn new(quiet: bool) -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(|error| Failure::of(&error))?;
        // target/<profile>/xtask
        let target = program.ancestors().nth(2).map(Path::to_owned);
        let target = target.ok_or_else(|| Failure::at(&program, "is not in a target folder"))?;
        let builds = Self { target, quiet };
        files::make_folder(&builds.folder())?;
        Ok(builds)
    }

    /// The folder of the copies.
    fn folder(&self) -> PathBuf {
        self.target.join("other-builds")
    }

    /// This program from the working tree, with features.
    pub(crate) fn with_features(&self, features: &str) -> Result<PathBuf, Failure> {
        let what = [&XTASK[..], &["--features", features]].concat();
        let built = self.comparable(&files::project(), &what)?;
        let name = if features.is_empty() { "as-it-is" } else { features };
        self.keep(&built, name)
    }

    /// The program that `bench` measures, from the working tree, in the profile of `cargo xtask`. Selecting xtask too gives
    /// dependencies the features that they have in a build of the whole project.
    pub(crate) fn camera(&self) -> Result<PathBuf, Failure> {
        let what = ["--package", "xtask", "--package", "valetudo-map-camera", "--bin", "map-camera"];
        self.cargo(&files::project(), &["--profile", "profiling"], &what)
    }

    /// This program, or an example of span-instrument, from a revision.
    pub(crate) fn of_revision(&self, revision: &Revision, example: Option<&str>) -> Result<PathBuf, Failure> {
        let what = match example {
            Some(name) => vec!["--package", "span-instrument", "--example", name],
            None => XTASK.to_vec(),
        };
        let program = example.unwrap_or("xtask");
        let Some(commit) = &revision.commit else {
            let built = self.comparable(&files::project(), &what)?;
            return self.keep(&built, &format!("folder-{program}"));
        };
        let name = format!("{commit}-{program}-{:016x}", fingerprint(&compiler()?, &what));
        let kept = self.folder().join(&name);
        if !kept.exists() {
            let tree = WorkTree::check_out(self.folder().join("tree"), commit)?;
            let built = self.comparable(&tree.0, &what)?;
            self.keep(&built, &name)?;
        }
        Ok(kept)
    }

    /// Copies a program away, before the next build overwrites it.
    fn keep(&self, built: &Path, name: &str) -> Result<PathBuf, Failure> {
        let kept = self.folder().join(name);
        // A temporary name until the copy is whole: nobody must take half a copy for the program.
        let unfinished = self.folder().join(format!("{name}.unfinished"));
        fs::copy(built, &unfinished).map_err(|error| Failure::at(&unfinished, error))?;
        fs::rename(&unfinished, &kept).map_err(|error| Failure::at(&kept, error))?;
        Ok(kept)
    }

    /// Builds a program to be compared with others.
    fn comparable(&self, folder: &Path, what: &[&str]) -> Result<PathBuf, Failure> {
        let settings = SETTINGS.iter().flat_map(|setting| ["--config", setting]);
        self.cargo(folder, &["--profile", PROFILE].into_iter().chain(settings).collect::<Vec<_>>(), what)
    }

    /// Runs `cargo build`, and gives the executable.
    fn cargo(&self, folder: &Path, settings: &[&str], what: &[&str]) -> Result<PathBuf, Failure> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .current_dir(files::project())
            .args(["build", "--message-format", "json-render-diagnostics", "--target-dir"])
            .args([&self.target, Path::new("--manifest-path"), &folder.join("Cargo.toml")])
            .args(settings)
            .args(self.quiet.then_some("--quiet"))
            .args(what)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| Failure::new(format!("cargo: {error}")))?;
        if !output.status.success() {
            return Err(Failure::new(format!("cargo build {} failed in {}", what.join(" "), folder.display())));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let messages = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut executables = messages.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
        executables.next_back().ok_or_else(|| Failure::new("cargo build made no program"))
    }
}

/// The version of the compiler, of its code generator too.
fn compiler() -> Result<String, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").current_dir(files::project()).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::new(format!("rustc: {error}")))?;
    if !output.status.success() {
        return Err(Failure::of_child(&output.stderr, output.status).within("rustc -vV"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A number for everything that a build depends on beside its source: the compiler, the settings and the arguments.
fn fingerprint(compiler: &str, what: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (compiler, SETTINGS, what).hash(&mut hasher);
    hasher.finish()
}

/// A revision that this program can measure.
pub(crate) struct Revision {
    /// As the user named it.
    pub(crate) side: Side,
    /// `None` for the folder as it is.
    commit: Option<String>,
}

impl Revision {
    /// The revision that this name has now; `.` is the folder as it is.
    pub(crate) fn find(name: &str) -> Result<Self, Failure> {
        let side = |description| Side { name: name.to_owned(), description };
        if name == "." {
            return Ok(Self { side: side("the folder as it is".to_owned()), commit: None });
        }
        let commit = git(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])
            .map_err(|_| Failure::new(format!("there is no revision {name}")))?;
        check_protocol(name, &commit)?;
        let subject = git(&["log", "-1", "--format=%h, %s", &commit])?;
        Ok(Self { side: side(subject), commit: Some(commit) })
    }
}

/// Refuses a revision whose program would not hand its measurements to this one, before minutes go into building it: one from
/// before the pass runner, or with pass files of another version.
fn check_protocol(revision: &str, commit: &str) -> Result<(), Failure> {
    let version = format!("VERSION: u32 = {};", pass_file::VERSION);
    let has =
        |text: &str, files: &str| git(&["grep", "--quiet", "--fixed-strings", "-e", text, commit, "--", files]).is_ok();
    if has(RESULT_VARIABLE, "crates/*.rs") && has(&version, "crates/*/pass_file.rs") {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{revision} cannot be compared by this program: it is from before the pass runner, or its pass files are not of version \
         {}. Compare it from a checkout of its own time",
        pass_file::VERSION
    )))
}

/// A work tree of git. Dropping it removes it.
struct WorkTree(PathBuf);

impl WorkTree {
    fn check_out(path: PathBuf, commit: &str) -> Result<Self, Failure> {
        // An earlier run may have been killed before it removed its own.
        drop(Self(path.clone()));
        let tree = Self(path);
        git(&["worktree", "add", "--quiet", "--detach", &tree.0.to_string_lossy(), commit])?;
        Ok(tree)
    }
}

impl Drop for WorkTree {
    fn drop(&mut self) {
        // The next run removes the rest.
        let _ = git(&["worktree", "remove", "--force", &self.0.to_string_lossy()]);
        let _ = git(&["worktree", "prune"]);
    }
}

/// The output of git, without the end of the line.
fn git(arguments: &[&str]) -> Result<String, Failure> {
    let output = Command::new("git").args(arguments).current_dir(files::project()).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::new(format!("git: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("git {}: {}", arguments.join(" "), said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_of_another_compiler_or_with_other_arguments_is_another_one() {
        let usual = fingerprint("rustc 1.95.0", &XTASK);
        assert_eq!(usual, fingerprint("rustc 1.95.0", &XTASK));
        assert_ne!(usual, fingerprint("rustc 1.96.0", &XTASK));
        assert_ne!(usual, fingerprint("rustc 1.95.0", &["--package", "xtask"]));
        assert!(compiler().unwrap().contains("LLVM version: "));
    }
}
