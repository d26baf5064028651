//! Child processes, each of which runs one pass.

use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use span_instrument::measurement::Measurement;
use span_instrument::outputs::Unfinished;
use span_instrument::{Pass, pass_file};
use tempfile::TempDir;

use super::interrupt::Interrupt;
use super::pass::SUBCOMMAND;
use crate::failure::Failure;
use crate::maps::NamedMap;

/// A program that runs passes.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    /// Whether it is a build of this one. Otherwise it has work of its own.
    takes_maps: bool,
}

impl Program {
    /// This one.
    pub(crate) fn this() -> Result<Self, Failure> {
        std::env::current_exe().map(Self::maps).map_err(|error| Failure::of(&error))
    }

    /// Another build of this one.
    pub(crate) fn maps(path: PathBuf) -> Self {
        Self { path, takes_maps: true }
    }

    /// One that is started as `PROGRAM PASS FILE`, and leaves a pass file.
    pub(crate) fn example(path: PathBuf) -> Self {
        Self { path, takes_maps: false }
    }

    /// Whether it does the work that it is told to, as often as it is told.
    pub(crate) fn takes_maps(&self) -> bool {
        self.takes_maps
    }

    /// Its file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// What children of one run share. Its files go with it, or when it is killed, with the next run.
pub(crate) struct Session {
    maps: Unfinished,
    frames: u32,
    background_load: u32,
    no_limits: bool,
    out: PathBuf,
    /// If nobody wants the other outputs, they are here.
    _apart: Option<TempDir>,
}

/// How often a running child is looked at. It is not disturbed by this: a wait that Ctrl-C ends at once.
const LOOK_EVERY: Duration = Duration::from_millis(10);

impl Session {
    /// Children that leave their pictures and profiles in a folder.
    pub(crate) fn new(maps: &[NamedMap], frames: u32, background_load: u32, out: &Path) -> Result<Self, Failure> {
        let bytes = bincode::encode_to_vec(maps, bincode::config::standard()).map_err(|error| Failure::of(&error))?;
        let failed = |error: io::Error| Failure::at(out, error);
        let maps = Unfinished::create(&out.join("maps")).map_err(failed)?;
        maps.file().write_all(&bytes).map_err(failed)?;
        Ok(Self { maps, frames, background_load, no_limits: false, out: out.to_owned(), _apart: None })
    }

    /// Children whose pictures and profiles nobody wants.
    pub(crate) fn apart(maps: &[NamedMap], frames: u32) -> Result<Self, Failure> {
        let folder = TempDir::new().map_err(|error| Failure::new(format!("temporary folder: {error}")))?;
        let session = Self::new(maps, frames, 0, folder.path())?;
        Ok(Self { _apart: Some(folder), ..session })
    }

    /// Children that draw pictures of any size, in memory that costs the same whatever the size: in small pages, more
    /// and more of a larger picture's are unknown to the processor when they are needed again.
    pub(crate) fn without_limits(self) -> Self {
        Self { no_limits: true, ..self }
    }

    fn result_file(&self) -> PathBuf {
        let mut name = self.maps.path().as_os_str().to_owned();
        name.push("-result");
        name.into()
    }

    /// Adds what a program has to be told to run a pass.
    pub(crate) fn order(&self, command: &mut Command, program: &Program, pass: Pass, frames: u32) {
        if !program.takes_maps {
            command.arg(pass.to_string()).arg(self.result_file());
            return;
        }
        command
            .args([SUBCOMMAND, &pass.to_string(), "--frames", &frames.to_string()])
            .args([Path::new("--maps"), self.maps.path(), Path::new("--result"), &self.result_file()])
            .args([Path::new("--out"), &self.out]);
        // Other revisions need not know what is not asked of them.
        if self.no_limits {
            command.arg("--no-limits");
        }
        if self.background_load > 0 {
            command.args(["--background-load", &self.background_load.to_string()]);
        }
    }

    /// Runs a pass in a fresh process, and gives what it measured, or nothing if Ctrl-C ended it.
    pub(crate) fn measure(
        &self,
        program: &Program,
        pass: Pass,
        interrupt: &Interrupt,
    ) -> Result<Option<Measurement>, Failure> {
        let failed = |error: io::Error| Failure::at(&program.path, error);
        let result = self.result_file();
        // A file, as nobody would empty a pipe while the child runs.
        let mut said = tempfile::tempfile().map_err(failed)?;
        let mut command = Command::new(&program.path);
        self.order(&mut command, program, pass, self.frames);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone().map_err(failed)?);
        // A terminal sends Ctrl-C to its whole foreground group, but this process decides about the child.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        if interrupt.within(Duration::ZERO) {
            return Ok(None);
        }
        let mut child = command.spawn().map_err(failed)?;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if interrupt.within(LOOK_EVERY) {
                end(&mut child).map_err(failed)?;
                return Ok(None);
            }
        };
        if !status.success() {
            let mut bytes = Vec::new();
            said.rewind().and_then(|()| said.read_to_end(&mut bytes)).map_err(failed)?;
            return Err(Failure::of_child(&bytes, status));
        }
        let measurement = pass_file::read(&result).map_err(|error| Failure::of(&error));
        // A later child that fails must not leave this one's result as its own.
        std::fs::remove_file(&result).map_err(|error| Failure::at(&result, error))?;
        measurement.map(Some)
    }
}

fn end(child: &mut Child) -> io::Result<()> {
    child.kill()?;
    child.wait().map(drop)
}
