//! Parts of a Markdown text.

use std::fmt::{self, Write};

pub(super) fn heading(text: &mut String, anchor: &str, name: &str) -> fmt::Result {
    writeln!(text, "\n<a id=\"{anchor}\"></a>\n## {name}\n")
}

/// A list of lines, if there are any.
pub(super) fn list(
    text: &mut String,
    anchor: &str,
    name: &str,
    lines: impl ExactSizeIterator<Item = String>,
    most: usize,
) -> fmt::Result {
    let all = lines.len();
    if all == 0 {
        return Ok(());
    }
    heading(text, anchor, name)?;
    for line in lines.take(most) {
        writeln!(text, "- {}", line.replace(['\n', '\r'], " "))?;
    }
    more(text, all, most)
}

pub(super) fn more(text: &mut String, all: usize, most: usize) -> fmt::Result {
    match all.saturating_sub(most) {
        0 => Ok(()),
        hidden => writeln!(text, "\n{hidden} more in `report.json`."),
    }
}

/// Text inside a table's cell.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ")
}
