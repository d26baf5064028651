//! A comparison as Markdown, for a pull request.

use super::text::{capitalised, change, is_shown, value};
use super::{Comparison, Side, Verdict};

impl Comparison {
    /// The comparison as Markdown: the verdict, a table of changes, and the other rows folded away.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("### {}\n\n", capitalised(&self.summary()));
        for (title, Side { name, description }) in [("Before", &self.before), ("After", &self.after)] {
            let description =
                if description.is_empty() { String::new() } else { format!(" ({})", escaped(description)) };
            text += &format!("{title}: `{}`{description}  \n", name.replace('`', "'"));
        }
        for note in &self.notes {
            text += &format!("\n> {}\n", escaped(note));
        }
        let is_change = |verdict| matches!(verdict, Verdict::Worse | Verdict::Better);
        let changed = self.table(is_change);
        if !changed.is_empty() {
            text += &format!("\n{changed}");
        }
        let others = self.table(|verdict| !is_change(verdict));
        if !others.is_empty() {
            text += &format!("\n<details><summary>Same and undecided</summary>\n\n{others}\n</details>\n");
        }
        text
    }

    fn table(&self, wanted: impl Fn(Verdict) -> bool) -> String {
        let mut text = String::new();
        for row in self.rows.iter().filter(|row| wanted(row.verdict) && is_shown(row)) {
            if text.is_empty() {
                text += "| | figure | of | before | after | change |\n|---|---|---|---:|---:|---|\n";
            }
            let (before, after) = (value(row.figure, row.before), value(row.figure, row.after));
            let (verdict, figure) = (row.verdict.name(), row.figure.name());
            text += &format!(
                "| {verdict} | {figure} | {} | {before} | {after} | {} |\n",
                escaped(&row.label()),
                change(row)
            );
        }
        text
    }
}

/// Escapes the syntax of Markdown and HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '|' | '*' | '_' | '`' | '\\' => escaped.extend(['\\', letter]),
            '\n' | '\r' => escaped.push(' '),
            _ => escaped.push(letter),
        }
    }
    escaped
}
