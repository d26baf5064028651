//! What is measured, and how it is printed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::median::median;

/// What one map cost. As JSON: the keys and units of the reference's benchmark, and three more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Figures {
    /// The map's name.
    pub(super) map: String,
    /// The picture's width and height, pixels.
    pub(super) size: [u32; 2],
    /// Bytes to [`Map`](valetudo_map_render::Map), milliseconds.
    pub(super) parse: f64,
    /// A new session's first frame, and its pixels as RGBA, milliseconds.
    pub(super) first: f64,
    /// A later frame of the same map (median), milliseconds.
    pub(super) steady: f64,
    /// The last picture as PNG (median of five), milliseconds.
    pub(super) png: f64,
    /// How long the PNG is.
    pub(super) png_bytes: usize,
    /// Most resident memory of the process, MiB, as the system tells; `None` where it does not.
    pub(super) peak_rss: Option<f64>,
    /// As `first`, of further sessions (median): `first` is mostly the price of memory that the process never had before.
    pub(super) again: f64,
    /// A frame whose layers changed (median), milliseconds.
    pub(super) changed: f64,
    /// Most live heap, MiB; `None` unless the process tracked it.
    pub(super) peak_heap: Option<f64>,
}

/// Over a table of [`Figures`].
pub(super) const HEADING: &str = "map                    size parse first again steady change   png   kB  RSS heap";
/// Under it.
pub(super) const LEGEND: &str = "\
times: milliseconds; kB: of the PNG; RSS and heap: the most of a process that does just this, MiB
first: a new session's first picture, and again: that of later sessions in the same process
steady: a further frame of the same map, and change: of a map whose layers changed";

impl Figures {
    /// The median of each figure; `None` of none.
    pub(super) fn median(runs: &[Self]) -> Option<Self> {
        let first = runs.first()?;
        let of =
            |figure: fn(&Self) -> f64| median(&mut runs.iter().map(figure).collect::<Vec<f64>>()).unwrap_or_default();
        let known =
            |figure: fn(&Self) -> Option<f64>| median(&mut runs.iter().filter_map(figure).collect::<Vec<f64>>());
        Some(Self {
            map: first.map.clone(),
            size: first.size,
            parse: of(|run| run.parse),
            first: of(|run| run.first),
            steady: of(|run| run.steady),
            png: of(|run| run.png),
            png_bytes: first.png_bytes,
            peak_rss: known(|run| run.peak_rss),
            again: of(|run| run.again),
            changed: of(|run| run.changed),
            peak_heap: known(|run| run.peak_heap),
        })
    }
}

impl fmt::Display for Figures {
    /// A line of the heading's columns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [width, height] = self.size;
        write!(f, "{:<17}{:>10}", shortened(&self.map, 17), format!("{width}×{height}"))?;
        let [parse, first, again, steady, changed, png] =
            [self.parse, self.first, self.again, self.steady, self.changed, self.png]
                .map(|time| Short(time).to_string());
        write!(f, "{parse:>6}{first:>6}{again:>6}{steady:>7}{changed:>7}{png:>6}{:>5.0}", self.png_bytes as f64 / 1e3)?;
        for memory in [self.peak_rss, self.peak_heap] {
            let text = memory.map_or_else(|| "–".to_owned(), |memory| format!("{memory:.1}"));
            write!(f, "{text:>5}")?;
        }
        Ok(())
    }
}

/// A number in five columns.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = match self.0 {
            ..10.0 => 3,
            ..100.0 => 2,
            ..1000.0 => 1,
            _ => 0,
        };
        write!(f, "{:.decimals$}", self.0)
    }
}

/// The text, or its start with a mark that there is more.
fn shortened(text: &str, columns: usize) -> String {
    match text.char_indices().nth(columns) {
        None => text.to_owned(),
        Some(_) => text.chars().take(columns - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(map: &str, parse: f64) -> Figures {
        Figures {
            map: map.to_owned(),
            size: [1994, 1824],
            parse,
            first: 12.3,
            steady: 0.012,
            png: 1234.5,
            png_bytes: 62_867,
            peak_rss: Some(27.34),
            again: 1.5,
            changed: 1.0,
            peak_heap: None,
        }
    }

    #[test]
    fn medians_are_taken_of_each_figure() {
        let runs = [figures("a", 3.0), figures("a", 1.0), figures("a", 2.0)];
        assert_eq!(Figures::median(&runs), Some(figures("a", 2.0)));
        assert_eq!(Figures::median(&[]), None);
    }

    #[test]
    fn lines_are_as_long_as_their_heading() {
        let line = figures("a_map_with_a_long_name.json", 0.5).to_string();
        assert_eq!(line, "a_map_with_a_lon… 1994×1824 0.500 12.30 1.500  0.012  1.000  1234   63 27.3    –");
        assert_eq!(line.chars().count(), HEADING.chars().count());
    }
}
