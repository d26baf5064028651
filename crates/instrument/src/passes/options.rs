//! The options of a run.

use std::env;
use std::path::{Path, PathBuf};

use span_report::Pass;
use span_report::measurement::Build;

use super::background::{BackgroundLoad, BackgroundWork};
use super::variables::OUT;

/// What [`run`](crate::run) measures, and where the results go. Parent and children must make the same options, which
/// they do if these follow from the program's arguments.
#[derive(Debug, Clone)]
#[must_use]
pub struct Options {
    pub(super) name: String,
    pub(super) title: String,
    /// `None`: the default ones.
    pub(super) passes: Option<Vec<Pass>>,
    pub(super) processes: usize,
    pub(super) speeds: bool,
    pub(super) quiet: bool,
    pub(super) rows: usize,
    pub(super) background: Option<BackgroundLoad>,
    pub(super) standard_input: Option<Vec<u8>>,
    pub(super) source_roots: Vec<PathBuf>,
    pub(super) filter: Option<String>,
    pub(super) build: Build,
    out: Option<PathBuf>,
}

impl Options {
    /// All passes that this program can run but lines, into the folder `span-profile/NAME`.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            title: name.clone(),
            name,
            passes: None,
            processes: 3,
            speeds: false,
            quiet: false,
            rows: 15,
            background: None,
            standard_input: None,
            source_roots: Vec::new(),
            filter: None,
            build: Build::default(),
            out: None,
        }
    }

    /// The heading of the page and of the flame graphs: the name, unless this says otherwise.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The passes, in their order. Without this, those that the features of this crate and the program's global allocator
    /// allow; a line says which one the allocator rules out. Clean children beyond the first are not listed here.
    pub fn passes(mut self, passes: impl Into<Vec<Pass>>) -> Self {
        self.passes = Some(passes.into());
        self
    }

    /// How many processes run each of the two passes whose times are judged, clean and spans (3). They run in turn, so
    /// that a machine that becomes slower or faster shows in the spread of both, and not in the cost of one. With five
    /// processes or more, the cost of measuring has an interval. With twelve, a comparison of two stored runs can find a
    /// change on one of a hundred inputs.
    pub fn processes(mut self, processes: usize) -> Self {
        self.processes = processes.max(1);
        self
    }

    /// The folder of the outputs. Files that an earlier run left there are removed.
    pub fn out(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Adds a folder of the program's own source, as [`Builder::source_root`](crate::Builder::source_root) does.
    pub fn source_root(mut self, root: impl AsRef<Path>) -> Self {
        self.source_roots.push(root.as_ref().to_owned());
        self
    }

    /// Measures only some spans, as [`Builder::filter`](crate::Builder::filter) does.
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = Some(directives.into());
        self
    }

    /// Describes the build for the report. The parent's description counts, so children (see
    /// [`is_child`](crate::passes::is_child)) need not look up the compiler or the commit.
    pub fn build_info(mut self, build: Build) -> Self {
        self.build = build;
        self
    }

    /// The most rows of each table (15).
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// Shows no progress.
    pub fn quiet(mut self, quiet: bool) -> Self {
        self.quiet = quiet;
        self
    }

    /// Measures the machine's speed before each pass, for a [`Baseline`](crate::Baseline).
    pub fn speeds(mut self, speeds: bool) -> Self {
        self.speeds = speeds;
        self
    }

    /// The standard input of each child, which is empty otherwise.
    pub fn standard_input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.standard_input = Some(bytes.into());
        self
    }

    /// Runs `work` on so many threads of the parent beside each pass: a busy machine. `work` gets the thread's number,
    /// and returns when the flag is true. Nothing of these threads is in the figures but the time and the caches that
    /// they take.
    pub fn background_load(mut self, threads: u32, work: BackgroundWork) -> Self {
        self.background = (threads > 0).then_some(BackgroundLoad { threads, work });
        self
    }

    /// The folder of the outputs, the environment considered.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        let named = || self.out.clone().unwrap_or_else(|| Path::new("span-profile").join(&self.name));
        env::var_os(OUT).filter(|folder| !folder.is_empty()).map_or_else(named, PathBuf::from)
    }

    pub(super) fn background_threads(&self) -> u32 {
        self.background.map_or(0, |load| load.threads)
    }
}
