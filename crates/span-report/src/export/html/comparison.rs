//! A comparison with what was measured before.

use super::{Cell, escaped, table, text_cell};
use crate::compare::{self, Comparison, Row};

pub(super) fn rows(comparison: &Comparison) -> String {
    let side = |of: &str, side: &compare::Side| format!("{of} {} ({})", side.name, side.description);
    let sides = [side("Before:", &comparison.before), side("After:", &comparison.after)];
    let notes = sides
        .iter()
        .chain(&comparison.notes)
        .chain([&comparison.summary()])
        .fold(String::new(), |notes, note| notes + "<li>" + &escaped(note) + "</li>");
    let shown = comparison.rows.iter().filter(|row| compare::is_shown(row));
    let heads = ["Of", "Verdict", "Change", "Before", "After", "Figure"];
    format!("<ul>{notes}</ul>{}", table(&heads, shown.map(row).collect()))
}

fn row(row: &Row) -> Vec<Cell> {
    let value = |value: f64| (value.to_string(), compare::value(row.figure, value));
    let change = row.ratio.map_or_else(String::new, |ratio| ratio.to_string());
    vec![
        text_cell(&row.of),
        text_cell(row.verdict.name()),
        (change, compare::change(row)),
        value(row.before),
        value(row.after),
        text_cell(row.figure.name()),
    ]
}
