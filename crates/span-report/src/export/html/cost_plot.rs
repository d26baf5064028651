//! The data of a plot of cost against size.

use std::fmt;

use crate::quantity::rate;

/// The time of something by size, both axes logarithmic.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CostPlot {
    /// An operation or a span.
    pub name: String,
    /// The unit of sizes.
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

/// The unit of a size.
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
