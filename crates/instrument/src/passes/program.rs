//! Programs that run passes.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::PassError;

/// A program that calls [`run`](crate::run) or [`measure`](super::measure()), and its arguments.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
}

impl Program {
    /// The program at a path, without arguments.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), arguments: Vec::new() }
    }

    /// The running program with its own arguments.
    ///
    /// # Errors
    /// [`PassError::Process`] if the system does not tell where the program is.
    pub fn this() -> Result<Self, PassError> {
        Ok(Self::this_executable()?.arguments(env::args_os().skip(1)))
    }

    /// The running program without arguments.
    ///
    /// # Errors
    /// [`PassError::Process`] if the system does not tell where the program is.
    pub fn this_executable() -> Result<Self, PassError> {
        let path = env::current_exe();
        path.map(Self::new).map_err(|source| PassError::Process { program: PathBuf::from("this program"), source })
    }

    /// Adds arguments.
    #[must_use]
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A command of it under another program, which gets its own arguments, then the path and the arguments of this one.
    /// The other program must become this one (`exec`, as `nice`, `taskset` and `valgrind` do): one that starts it as a
    /// child of its own (`sudo`, `time`) gets no measurement, because a child knows its pass by its parent's process id.
    #[must_use]
    pub fn under(&self, outer: Self) -> Self {
        outer.arguments([self.path.clone().into_os_string()]).arguments(self.arguments.clone())
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments);
        command
    }
}
