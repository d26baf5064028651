//! The folders of the program's own source.

use std::path::{Component, Path, PathBuf};

/// The folders whose files are the program's own source.
#[derive(Debug, Clone, Default)]
pub struct SourceRoots {
    own: Vec<PathBuf>,
    /// Beginnings of the paths of measuring code.
    ignored: Vec<&'static str>,
}

impl SourceRoots {
    /// Adds a folder.
    pub fn add(&mut self, root: &Path) {
        // Line tables hold absolute paths without symbolic links. A root that cannot be resolved is kept as given: the
        // program may run on another machine than it was built on.
        self.own.push(root.canonicalize().unwrap_or_else(|_| root.to_owned()));
    }

    /// Excludes files whose paths begin with `prefix`: the source of a profiler, which is not the program.
    pub fn ignore(&mut self, prefix: &'static str) {
        self.ignored.push(prefix);
    }

    /// The text of a file, given relative to a root. `None` if no root has it, as on another machine.
    pub fn read(&self, file: &str) -> Option<String> {
        self.own.iter().find_map(|root| std::fs::read_to_string(root.join(file)).ok())
    }

    /// `file` relative to its root. Without roots, every path is the program's own; with roots, also a path that the build
    /// made relative.
    pub(super) fn strip<'a>(&self, file: &'a Path) -> Option<&'a Path> {
        if self.own.is_empty() {
            return Some(file);
        }
        if file.is_relative() {
            // Line tables of C libraries say `./nptl/…` and `../sysdeps/…`.
            return file.components().all(|part| matches!(part, Component::Normal(_))).then_some(file);
        }
        self.own.iter().find_map(|root| file.strip_prefix(root).ok())
    }

    /// Whether a path is that of measuring code.
    pub(super) fn ignores(&self, path: &str) -> bool {
        let this_crate = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
        path.starts_with(this_crate) || self.ignored.iter().any(|prefix| path.starts_with(prefix))
    }
}
