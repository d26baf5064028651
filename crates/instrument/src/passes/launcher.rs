//! Starts child processes, each of which runs one pass.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::time::Duration;

use span_report::measurement::Measurement;
use span_report::outputs::{OutputError, Unfinished, remove_leftovers};
use span_report::{Pass, pass_file};

use super::assignment::Assignment;
use super::child_end::ChildEnd;
use super::error::PassError;
use super::interrupt::Interrupt;
use super::program::Program;

/// How often Ctrl-C and a running child are looked at, which does not disturb the child.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Runs passes, one after the other, each in a fresh child process. Watches Ctrl-C while it lives.
#[derive(Debug)]
pub struct Launcher {
    /// A name in the output folder that no other run has. After a killed run, the next one removes the files under it.
    reserved: Unfinished,
    out: PathBuf,
    standard_input: Option<File>,
    interrupt: Interrupt,
}

impl Launcher {
    /// A launcher of children that leave their files in the folder `out`, which must exist.
    ///
    /// # Errors
    /// [`PassError::Output`] if the folder cannot be written, [`PassError::Signal`] if Ctrl-C cannot be watched.
    pub fn new(out: &Path) -> Result<Self, PassError> {
        let reserved = Unfinished::create(&out.join("pass")).map_err(output_error(out))?;
        let interrupt = Interrupt::watch().map_err(PassError::Signal)?;
        // A child may have another current folder.
        let out = std::path::absolute(out).map_err(output_error(out))?;
        Ok(Self { reserved, out, standard_input: None, interrupt })
    }

    /// Gives each child this standard input, which is empty otherwise.
    ///
    /// # Errors
    /// [`PassError::Output`] if there is no room for a temporary file.
    pub fn with_standard_input(mut self, bytes: &[u8]) -> Result<Self, PassError> {
        let written = tempfile::tempfile().and_then(|mut file| file.write_all(bytes).map(|()| file));
        self.standard_input = Some(written.map_err(output_error(Path::new("a temporary file")))?);
        Ok(self)
    }

    /// Whether Ctrl-C has asked for an end.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.happened()
    }

    /// Runs a pass of a program in a fresh process, and gives its measurement.
    ///
    /// # Errors
    /// [`PassError::Interrupted`] after Ctrl-C; otherwise the child's failure.
    pub fn measure(&self, program: &Program, pass: Pass) -> Result<Measurement, PassError> {
        self.measure_child(program, pass, true).map(|(measurement, _)| measurement)
    }

    /// The same, and what `read` makes of the child's standard error.
    ///
    /// # Errors
    /// As [`Launcher::measure`].
    pub fn measure_with<T>(
        &self,
        program: &Program,
        pass: Pass,
        read: impl FnOnce(&str) -> T,
    ) -> Result<(Measurement, T), PassError> {
        self.measure_child(program, pass, true).map(|(measurement, said)| (measurement, read(&said)))
    }

    /// The same, and the child's standard error. The child leaves the pass's own files only if it `keeps_files`.
    pub(super) fn measure_child(
        &self,
        program: &Program,
        pass: Pass,
        keeps_files: bool,
    ) -> Result<(Measurement, String), PassError> {
        let failed = |source| PassError::Process { program: program.path().to_owned(), source };
        let out = self.out.clone();
        let assignment = Assignment { pass, result: self.result_file(), out, keeps_files };
        // A file, because a full pipe would block the child.
        let said = tempfile::tempfile().map_err(failed)?;
        let mut child = self.start(program, &assignment, &said).map_err(failed)?;
        let status = self.wait(&mut child).map_err(failed)?;
        if !status.is_some_and(|status| status.success()) {
            // Files that the child began. If they cannot be removed now, the next run does it.
            let _ = remove_leftovers(&self.out);
        }
        let status = status.ok_or(PassError::Interrupted)?;
        let said = content(said).map_err(failed)?;
        if !status.success() {
            return Err(PassError::Child { pass, reason: reason(&said, status) });
        }
        let measurement = pass_file::read(&assignment.result);
        // A later child that fails must not leave this result as its own.
        let _ = fs::remove_file(&assignment.result);
        let measurement = measurement.map_err(|source| PassError::NoMeasurement {
            pass,
            program: program.path().to_owned(),
            source,
        })?;
        Ok((measurement, said))
    }

    fn result_file(&self) -> PathBuf {
        let mut name = self.reserved.path().file_name().unwrap_or_default().to_owned();
        name.push("-result");
        self.out.join(name)
    }

    fn start(&self, program: &Program, assignment: &Assignment, said: &File) -> io::Result<Child> {
        let mut command = program.command();
        assignment.give(&mut command);
        let input = match &self.standard_input {
            None => Stdio::null(),
            Some(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                file.into()
            }
        };
        command.stdin(input).stdout(Stdio::null()).stderr(said.try_clone()?);
        // A terminal sends Ctrl-C to its whole foreground process group; the parent decides about its child.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn()
    }

    /// Waits for a child. `None` if Ctrl-C has ended it.
    fn wait(&self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let end = ChildEnd::of(child);
        loop {
            if self.is_interrupted() {
                child.kill()?;
                return child.wait().map(|_| None);
            }
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            end.wait_at_most(LOOK_EVERY);
        }
    }
}

fn output_error(path: &Path) -> impl FnOnce(io::Error) -> PassError {
    |error| PassError::Output(OutputError { path: path.to_owned(), source: error.into() })
}

fn content(mut file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Why a child failed: the message of its panic, or the last line that it printed, or its exit status. After a signal,
/// the status and that line. A line of valgrind, which begins with `==`, is no reason.
fn reason(said: &str, status: ExitStatus) -> String {
    let mut from_panic = said.lines().skip_while(|line| !line.contains(" panicked at "));
    let is_own = |line: &&str| !line.trim().is_empty() && !line.starts_with("==");
    let line = from_panic.nth(1).or_else(|| said.lines().rfind(is_own));
    let line = line.map(|line| line.strip_prefix("error: ").unwrap_or(line));
    match (line, status.code()) {
        (Some(line), Some(_)) => line.to_owned(),
        (Some(line), None) => format!("{status}, after it printed: {line}"),
        (None, _) => status.to_string(),
    }
}
