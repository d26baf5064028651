//! The source lines of an address.

use std::ffi::c_void;
use std::path::Path;

use super::source_roots::SourceRoots;

/// A source line of an address. Inlining gives an address several.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) function: String,
    pub(super) origin: Origin,
}

/// The origin of a line's code, the most interesting first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Under a source root.
    Program,
    /// Elsewhere on the machine.
    Elsewhere,
    /// A published crate.
    Registry,
    /// The standard library, measuring code, or an unknown file.
    Ignored,
}

/// Reads the lines of a return address from the line tables, innermost first.
pub(super) fn lines_at(address: usize, roots: &SourceRoots) -> Vec<Line> {
    let mut lines = Vec::new();
    backtrace::resolve(address as *mut c_void, |symbol| {
        let Some(path) = symbol.filename() else { return };
        let function = symbol.name().map(|name| format!("{name:#}")).unwrap_or_default();
        let (file, mut origin) = classify(path, roots);
        // The expansion of `#[global_allocator]` has the line of that attribute, in the program's own source.
        if function.contains("__rust_alloc") || function.contains("__rust_realloc") {
            origin = Origin::Ignored;
        }
        lines.push(Line { file, line: symbol.lineno().unwrap_or(0), function, origin });
    });
    lines
}

fn classify(path: &Path, roots: &SourceRoots) -> (String, Origin) {
    let text = path.to_string_lossy().replace('\\', "/");
    if roots.ignores(&text) || text.starts_with("/rustc/") || text.contains("/lib/rustlib/src/rust/library/") {
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
