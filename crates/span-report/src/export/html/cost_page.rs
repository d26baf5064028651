//! Cost against size as a page of its own.

use std::fmt;

use maud::{Markup, html};

use super::size_plot::plots;
use super::{document, section};
use crate::quantity::rate;

/// Plots of time against size, as one self-contained page without a script.
#[derive(Debug, Clone, Copy, Default)]
pub struct CostPage<'a> {
    /// The heading.
    pub title: &'a str,
    /// A sentence below it.
    pub subtitle: &'a str,
    /// Headings, each with its plots.
    pub sections: &'a [(String, Vec<CostPlot>)],
}

impl CostPage<'_> {
    /// The page.
    #[must_use]
    pub fn encode(&self) -> String {
        let body: Markup = html! {
            header { div { h1 { (self.title) } p.soft { (self.subtitle) } } }
            main { @for (heading, of) in self.sections { (section(heading, plots(of))) } }
        };
        document(self.title, &body).into_string()
    }
}

/// The time of something by size, both axes logarithmic.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CostPlot {
    /// An operation or a span.
    pub name: String,
    /// What sizes count.
    pub unit: SizeUnit,
    /// The measured times, which must be positive, as must the sizes.
    pub points: Vec<CostPoint>,
    /// The growth in words; empty if it is not known.
    pub growth: String,
    /// Sizes and times in nanoseconds of the fitted curve.
    pub curve: Vec<(f64, f64)>,
}

impl CostPlot {
    /// The plot with a fitted curve: the time in nanoseconds of a size.
    #[must_use]
    pub fn with_curve(mut self, growth: String, time_ns: impl Fn(f64) -> f64) -> Self {
        const STEPS: u32 = 120;
        let sizes = || self.points.iter().map(|point| point.size);
        // A little beyond the outermost points.
        let (from, to) = (sizes().fold(f64::INFINITY, f64::min) / 1.3, sizes().fold(0.0, f64::max) * 1.3);
        let size = |step: u32| from * (to / from).powf(f64::from(step) / f64::from(STEPS));
        self.curve = (0..=STEPS).map(size).map(|size| (size, time_ns(size))).collect();
        self.growth = growth;
        self
    }
}

/// A measured time.
#[derive(Debug, Clone, PartialEq)]
pub struct CostPoint {
    /// The input that it was measured on.
    pub label: Option<String>,
    /// Its size.
    pub size: f64,
    /// The time in nanoseconds.
    pub time_ns: f64,
}

/// What a size counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SizeUnit {
    /// Bytes of an input.
    #[default]
    Bytes,
    /// Pixels of a picture.
    Pixels,
    /// Points of a path.
    Points,
}

impl SizeUnit {
    /// A size as text.
    pub(super) fn value(self, size: f64) -> String {
        let unit = match self {
            Self::Bytes => "B",
            Self::Pixels => "px",
            Self::Points => "",
        };
        rate(size, unit).trim_end().to_owned()
    }
}

impl fmt::Display for SizeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
            Self::Points => "points",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_each_point_with_its_figures_and_escapes_names() {
        let points = vec![
            CostPoint { label: Some("<small>".to_owned()), size: 1e4, time_ns: 2e3 },
            CostPoint { label: None, size: 1e6, time_ns: 2e5 },
        ];
        let plot = CostPlot { name: "Bake".to_owned(), unit: SizeUnit::Pixels, points, ..CostPlot::default() };
        let plot = plot.with_curve("exponent 1.00".to_owned(), |size| size / 5.0);
        assert!(plot.curve.iter().all(|(size, time)| (size / 5.0 - time).abs() < 1e-9));
        let page = CostPage { title: "Costs", subtitle: "of baking", sections: &[("By area".to_owned(), vec![plot])] };
        let page = page.encode();
        assert!(page.contains("<title>&lt;small&gt;: 2.00 µs, 10.0 kpx</title>"), "{page}");
        assert!(page.contains("<title>200 µs, 1.00 Mpx</title>") && page.contains("exponent 1.00"));
        assert!(page.contains("id=\"by-area\"") && !page.contains("<script"));
    }
}
