//! From raw call stacks to source lines.

use std::collections::HashMap;
use std::ffi::c_void;
use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::capture::{self, Stack};
use crate::figures::{Live, Site};
use crate::switch::{HeapMode, HeapSwitch};
use crate::{frames, stacks};

/// The folders whose files count as the program's own source.
#[derive(Debug, Clone, Default)]
pub struct SourceRoots {
    own: Vec<PathBuf>,
    /// What paths of measuring code begin with.
    ignored: Vec<&'static str>,
}

impl SourceRoots {
    /// Adds a folder.
    pub fn add(&mut self, root: &Path) {
        // Line tables hold absolute paths without symbolic links in them. A root that cannot be
        // resolved is kept as given: the program may run far from where it was built.
        self.own.push(root.canonicalize().unwrap_or_else(|_| root.to_owned()));
    }

    /// Passes over lines of files whose paths begin with `prefix`: code that measures, not the program.
    pub fn ignore(&mut self, prefix: &'static str) {
        self.ignored.push(prefix);
    }

    /// The text of a file that is named relative to a root.
    pub fn read(&self, file: &str) -> Option<String> {
        // A file may have gone, or the program be run elsewhere than it was built.
        self.own.iter().find_map(|root| std::fs::read_to_string(root.join(file)).ok())
    }

    /// `file` relative to the root it is under. A path that the build made relative is taken for the program's own, and
    /// any path if no root was given.
    fn strip<'a>(&self, file: &'a Path) -> Option<&'a Path> {
        if self.own.is_empty() {
            return Some(file);
        }
        if file.is_relative() {
            // Those of C libraries, whose line tables say `./nptl/…` and `../sysdeps/…`, are not.
            return file.components().all(|part| matches!(part, Component::Normal(_))).then_some(file);
        }
        self.own.iter().find_map(|root| file.strip_prefix(root).ok())
    }
}

/// A source line of the program's own code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnLine {
    /// The source file, relative to its source root.
    pub file: String,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// The function, with its path.
    pub function: String,
}

/// A line that an address stands for. Inlining makes several of one address.
#[derive(Clone)]
struct Line {
    file: String,
    line: u32,
    function: String,
    origin: Origin,
}

/// Whose code a line is, the most interesting first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// Under a source root.
    Program,
    /// Elsewhere on the machine.
    Elsewhere,
    /// A published crate.
    Registry,
    /// The standard library, this crate, or no file known.
    Ignored,
}

/// The source lines that allocated, and which of them each stack number belongs to.
pub struct ResolvedSites {
    /// The source lines, in no order.
    pub sites: Vec<Site>,
    by_stack: HashMap<u32, u32>,
    other: u32,
}

impl ResolvedSites {
    /// The index into `sites` for a stack number.
    pub fn site_of(&self, stack: u32) -> u32 {
        self.by_stack.get(&stack).copied().unwrap_or(self.other)
    }
}

/// Turns stacks into source lines, and remembers what it has read from the line tables.
#[derive(Default)]
pub struct Resolver {
    roots: SourceRoots,
    lines_of: HashMap<usize, Vec<Line>>,
    /// Stacks with smaller numbers were learned from.
    learned: u32,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl Resolver {
    /// A resolver for the source under `roots`. If the heap is tracked it opens the line tables, so that their memory
    /// is there before the first snapshot and does not look like the program's growth.
    pub fn new(roots: SourceRoots) -> Self {
        let mut resolver = Self { roots, ..Self::default() };
        if HeapSwitch::mode() == HeapMode::Tracking {
            let mut stack = Stack::EMPTY;
            capture::capture(&mut stack);
            for &address in stack.addresses() {
                resolver.lines(address);
            }
        }
        resolver
    }

    /// Finds the program's own frames in the stacks that are new since the last time, so that later walks can stop
    /// there.
    pub fn learn(&mut self) {
        let known = std::mem::replace(&mut self.learned, stacks::count());
        for (_, addresses) in stacks_from(known) {
            for address in addresses {
                if self.lines(address).iter().any(|line| line.origin == Origin::Program) {
                    frames::mark_own(address);
                    break;
                }
            }
        }
    }

    /// Resolves every stack seen up to now.
    pub fn resolve(mut self) -> ResolvedSites {
        let mut sites = vec![site("(other)", 0, "")];
        let mut by_line: HashMap<(String, u32, String), u32> = HashMap::new();
        let mut by_stack = HashMap::new();
        for (number, addresses) in stacks_from(0) {
            let line = self.innermost_own_line(&addresses);
            let key = (line.file, line.line, line.function);
            let index = *by_line.entry(key).or_insert_with_key(|(file, line, function)| {
                sites.push(site(file, *line, function));
                (sites.len() - 1) as u32
            });
            by_stack.insert(number, index);
        }
        ResolvedSites { sites, by_stack, other: 0 }
    }

    /// The innermost line of the program's own code, else the innermost of the next best origin.
    fn innermost_own_line(&mut self, addresses: &[usize]) -> Line {
        let mut best: Option<Line> = None;
        for &address in addresses {
            for line in self.lines(address) {
                if best.as_ref().is_none_or(|best| line.origin < best.origin) {
                    best = Some(line.clone());
                }
            }
            if best.as_ref().is_some_and(|best| best.origin == Origin::Program) {
                break;
            }
        }
        best.filter(|line| line.origin != Origin::Ignored).unwrap_or_else(|| Line {
            file: "?".to_owned(),
            line: 0,
            function: String::new(),
            origin: Origin::Ignored,
        })
    }

    /// The innermost line of the program's own code, if one of the addresses lies in it.
    pub fn own_line(&mut self, addresses: &[usize]) -> Option<OwnLine> {
        let line = self.innermost_own_line(addresses);
        let own = OwnLine { file: line.file, line: line.line, function: line.function };
        (line.origin == Origin::Program).then_some(own)
    }

    /// The folders of the program's own source.
    pub fn roots(&self) -> &SourceRoots {
        &self.roots
    }

    fn lines(&mut self, address: usize) -> &[Line] {
        self.lines_of.entry(address).or_insert_with(|| lines_at(address, &self.roots))
    }
}

/// Number and addresses of the stacks with a number not below `first`, by number.
fn stacks_from(first: u32) -> Vec<(u32, Vec<usize>)> {
    let mut copied = Vec::new();
    stacks::for_each(|stack| {
        if stack.number >= first {
            copied.push((stack.number, stack.addresses.to_vec()));
        }
    });
    copied.sort_unstable();
    copied
}

fn site(file: &str, line: u32, function: &str) -> Site {
    Site {
        file: file.to_owned(),
        line,
        function: function.to_owned(),
        allocations: 0,
        allocated_bytes: 0,
        live: Live::default(),
    }
}

fn lines_at(address: usize, roots: &SourceRoots) -> Vec<Line> {
    let mut lines = Vec::new();
    backtrace::resolve(address as *mut c_void, |symbol| {
        let Some(path) = symbol.filename() else { return };
        let function = symbol.name().map(|name| format!("{name:#}")).unwrap_or_default();
        let (file, mut origin) = classify(path, roots);
        // What `#[global_allocator]` expands to lies at that attribute, in the program's own source.
        if function.contains("__rust_alloc") || function.contains("__rust_realloc") {
            origin = Origin::Ignored;
        }
        lines.push(Line { file, line: symbol.lineno().unwrap_or(0), function, origin });
    });
    lines
}

fn classify(path: &Path, roots: &SourceRoots) -> (String, Origin) {
    let text = path.to_string_lossy().replace('\\', "/");
    let this_crate = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
    let measures = text.starts_with(this_crate) || roots.ignored.iter().any(|prefix| text.starts_with(prefix));
    if measures || text.starts_with("/rustc/") || text.contains("/lib/rustlib/src/rust/library/") {
        return (text, Origin::Ignored);
    }
    // `…/registry/src/<index>/<crate>-<version>/…` and `…/git/checkouts/<repository>/<commit>/…`
    for cache in ["/registry/src/", "/git/checkouts/"] {
        if let Some((_, below)) = text.split_once(cache) {
            let short = below.split_once('/').map_or(below, |(_, rest)| rest);
            return (short.to_owned(), Origin::Registry);
        }
    }
    match roots.strip(path) {
        Some(relative) => (relative.to_string_lossy().replace('\\', "/"), Origin::Program),
        None => (text, Origin::Elsewhere),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_under_a_root_are_shown_relative_to_it() {
        let mut roots = SourceRoots::default();
        roots.add(Path::new("/nonexistent/project"));
        let classified = |path: &str| classify(Path::new(path), &roots);
        assert!(classified("/nonexistent/project/src/a.rs") == ("src/a.rs".into(), Origin::Program));
        assert!(classified("src/a.rs") == ("src/a.rs".into(), Origin::Program));
        assert!(classified("/elsewhere/b.rs") == ("/elsewhere/b.rs".into(), Origin::Elsewhere));
        assert!(classified("./nptl/pthread_create.c").1 == Origin::Elsewhere);
        let registry = "/home/me/.cargo/registry/src/index.crates.io-1949/png-0.18.1/src/lib.rs";
        assert!(classified(registry) == ("png-0.18.1/src/lib.rs".into(), Origin::Registry));
        assert!(classified("/rustc/abc/library/alloc/src/vec/mod.rs").1 == Origin::Ignored);
    }
}
