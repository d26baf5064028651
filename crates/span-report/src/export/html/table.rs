//! Tables that a click on a head sorts.

use std::fmt;

use maud::{Markup, html};

use crate::quantity::{count, duration, size};

/// A cell: a value with its unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Text(String),
    /// Nanoseconds.
    Duration(f64),
    Bytes(u64),
    Count(u64),
    /// A number to sort by, shown in other words.
    Shown(f64, String),
    Nothing,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Nanoseconds, if there are any.
    pub(super) fn duration(nanoseconds: Option<f64>) -> Self {
        nanoseconds.map_or(Self::Nothing, Self::Duration)
    }

    fn sorts_as(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Duration(value) | Self::Shown(value, _) => value.to_string(),
            Self::Bytes(value) | Self::Count(value) => value.to_string(),
            Self::Nothing => String::new(),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Text(text) | Self::Shown(_, text) => text.clone(),
            Self::Duration(nanoseconds) => duration(*nanoseconds),
            Self::Bytes(bytes) => size(*bytes as f64),
            Self::Count(number) => count(*number),
            Self::Nothing => String::new(),
        })
    }
}

/// A table with these heads, or nothing without rows. Its rows become cards on a narrow page.
pub(super) fn table(heads: &[&str], rows: &[Vec<Cell>]) -> Option<Markup> {
    table_of("", heads, rows)
}

/// The same with a name for screen readers.
pub(super) fn table_of(name: &str, heads: &[&str], rows: &[Vec<Cell>]) -> Option<Markup> {
    let name = Some(name).filter(|name| !name.is_empty());
    (!rows.is_empty()).then(|| {
        html! {
            div.wide {
                table.sortable aria-label=[name] {
                    thead { tr { @for head in heads { th scope="col" { button type="button" { (head) } } } } }
                    tbody {
                        @for row in rows {
                            tr {
                                @for (head, cell) in heads.iter().zip(row) {
                                    td.long[cell.to_string().len() > LONG] data-label=(head) data-value=(cell.sorts_as()) { (cell) }
                                }
                            }
                            "\n"
                        }
                    }
                }
            }
        }
    })
}

/// A longer text needs a line of its own on a narrow page.
const LONG: usize = 12;

/// A name as an id of an element.
pub(super) fn slug(name: &str) -> String {
    name.chars()
        .map(|character| if character.is_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
        .collect()
}
