//! Flame graphs: folded stacks as a picture.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use inferno::{differential, flamegraph};
use thiserror::Error;

use crate::outputs::write_whole;

/// Why a flame graph could not be drawn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FlameError {
    /// The stacks could not be read, or the picture not be written.
    #[error("{action} {}", path.display())]
    Io {
        /// What was being done: `reading`, `writing`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// No span was recorded, so there is nothing to draw.
    #[error("no stacks for {}", path.display())]
    Empty {
        /// The file that holds none, or the picture that has none to show.
        path: PathBuf,
    },
}

/// Draws the flame graph of the stacks in `folded` (nanoseconds in each) to `svg`. The picture is
/// a self-contained SVG that zooms and searches in a browser.
///
/// # Errors
/// [`FlameError::Io`] if a file cannot be read or written, [`FlameError::Empty`] if there is
/// nothing to draw.
pub fn draw(folded: &Path, svg: &Path, title: &str) -> Result<(), FlameError> {
    let text = fs::read_to_string(folded).map_err(|source| FlameError::Io {
        action: "reading",
        path: folded.to_owned(),
        source,
    })?;
    let stacks = merge(&text);
    if stacks.is_empty() {
        return Err(FlameError::Empty { path: folded.to_owned() });
    }
    draw_lines(lines_of(&stacks).lines(), svg, title, "ns")
}

/// Draws the flame graph of folded stacks (see [`export::folded`](super::folded)) to `svg`, whose weights are in
/// `unit`.
///
/// # Errors
/// [`FlameError::Io`] if the file cannot be written, [`FlameError::Empty`] if there is nothing to draw.
pub fn draw_folded(folded: &str, svg: &Path, title: &str, unit: &str) -> Result<(), FlameError> {
    if folded.trim().is_empty() {
        return Err(FlameError::Empty { path: svg.to_owned() });
    }
    draw_lines(folded.lines(), svg, title, unit)
}

/// Draws what changed between two runs to `svg`: the flame graph of `after`, red where more time or bytes went than in
/// `before` and blue where less. Both are folded stacks, from [`Report::to_folded`](crate::Report::to_folded) or as
/// tracing-flame wrote them, with weights in `unit`.
///
/// # Errors
/// [`FlameError::Io`] if the file cannot be written, [`FlameError::Empty`] if either run has no stacks.
pub fn draw_diff(before: &str, after: &str, svg: &Path, title: &str, unit: &str) -> Result<(), FlameError> {
    let [before, after] = [before, after].map(|folded| lines_of(&merge(folded)));
    if before.is_empty() || after.is_empty() {
        return Err(FlameError::Empty { path: svg.to_owned() });
    }
    let mut both = Vec::new();
    differential::from_readers(differential::Options::default(), before.as_bytes(), after.as_bytes(), &mut both)
        .map_err(writing(svg))?;
    // The weights of one run that the other does not have are 0 there.
    draw_lines(String::from_utf8_lossy(&both).lines(), svg, title, unit)
}

/// Stacks as lines again.
fn lines_of(stacks: &BTreeMap<String, u64>) -> String {
    stacks.iter().map(|(stack, weight)| format!("{stack} {weight}\n")).collect()
}

fn draw_lines<'a>(lines: impl Iterator<Item = &'a str>, svg: &Path, title: &str, unit: &str) -> Result<(), FlameError> {
    let mut options = flamegraph::Options::default();
    options.title = title.to_owned();
    options.count_name = unit.to_owned();
    options.name_type = "Span:".to_owned();
    options.deterministic = true;
    let mut picture = Vec::new();
    flamegraph::from_lines(&mut options, lines, &mut picture)
        .and_then(|()| write_whole(svg, &picture))
        .map_err(writing(svg))
}

/// tracing-flame's first frame when it collapses threads.
const ALL_THREADS: &str = "all-threads";

/// Adds up equal stacks. tracing-flame begins each with a frame for the threads, which says nothing
/// once they are collapsed, and puts a space before each name.
fn merge(folded: &str) -> BTreeMap<String, u64> {
    let mut stacks = BTreeMap::new();
    for line in folded.lines() {
        let Some((stack, time)) = line.rsplit_once(' ') else { continue };
        let Ok(time_ns) = time.parse::<u64>() else { continue };
        let names: Vec<&str> = stack.split(';').map(str::trim).skip_while(|name| *name == ALL_THREADS).collect();
        if !names.is_empty() {
            *stacks.entry(names.join(";")).or_insert(0) += time_ns;
        }
    }
    stacks
}

fn writing(path: &Path) -> impl FnOnce(io::Error) -> FlameError {
    |source| FlameError::Io { action: "writing", path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stacks_are_added_up_and_the_thread_frame_is_dropped() {
        let merged = merge("all-threads 5\nall-threads; frame 3\nall-threads; frame; draw 7\nall-threads; frame 4\n");
        let expected = [("frame".to_owned(), 7), ("frame;draw".to_owned(), 7)];
        assert_eq!(merged.into_iter().collect::<Vec<_>>(), expected);
    }
}
