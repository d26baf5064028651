//! A comparison with an earlier run.

use maud::{Markup, html};

use super::table::{Cell, table};
use crate::compare::{self, Comparison, Row, Side, Verdict};

pub(super) fn rows(comparison: &Comparison) -> Markup {
    let side = |name: &str, side: &Side| format!("{name} {} ({})", side.name, side.description);
    let (changed, others): (Vec<_>, Vec<_>) = comparison
        .rows
        .iter()
        .filter(|row| compare::is_shown(row))
        .partition(|row| matches!(row.verdict, Verdict::Worse | Verdict::Better));
    let table = |rows: Vec<&Row>| {
        let rows: Vec<_> = rows.into_iter().map(row).collect();
        table(&["Of", "Verdict", "Change", "Before", "After", "Figure"], &rows).unwrap_or_default()
    };
    html! {
        ul {
            li { (side("Before:", &comparison.before)) }
            li { (side("After:", &comparison.after)) }
            @for note in &comparison.notes { li { (note) } }
            li { (comparison.summary()) }
        }
        (table(changed))
        @if !others.is_empty() {
            details { summary { (others.len()) " figures without a certain change" } (table(others)) }
        }
    }
}

fn row(row: &Row) -> Vec<Cell> {
    let value = |value: f64| Cell::Shown(value, compare::value(row.figure, value));
    let change = compare::change(row);
    vec![
        Cell::Text(row.label()),
        Cell::text(row.verdict.name()),
        row.ratio.map_or_else(|| Cell::text(&change), |ratio| Cell::Shown(ratio, change.clone())),
        value(row.before),
        value(row.after),
        Cell::text(row.figure.name()),
    ]
}
