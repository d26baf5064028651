//! The figures of one map, and how they are printed.

use std::fmt;

use serde::{Deserialize, Serialize};

use span_report::median;

use crate::output::shortened;

/// The cost of one map. As JSON: the keys and units of the reference's benchmark, and more. Times are milliseconds, sizes
/// of memory MiB.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Figures {
    /// The map's name.
    pub(super) map: String,
    /// The picture's width and height, image pixels.
    pub(super) size: [u32; 2],
    #[serde(flatten)]
    pub(super) camera: Camera,
    #[serde(flatten)]
    pub(super) stages: Stages,
    /// Maximum of live heap in a process that does the work of a camera and tracks its heap.
    pub(super) peak_heap: Option<f64>,
}

/// The work of a camera: from the bytes of a message to the bytes of a PNG file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Camera {
    /// The first message of a process.
    pub(super) whole_first: f64,
    /// A next message, whose layers changed (median).
    pub(super) whole_changed: f64,
    /// A next message, in which the robot moved and its path grew (median).
    pub(super) whole_steady: f64,
    /// Length of the first PNG file, bytes.
    pub(super) png_bytes: usize,
    /// Page faults of the first message.
    pub(super) faults_first: u64,
    /// Page faults of all later messages together.
    pub(super) faults_later: u64,
    /// Maximum resident size of the process, as the system tells; `None` where it does not.
    pub(super) peak_rss: Option<f64>,
}

/// The stages of that work, each timed by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Stages {
    /// Bytes to [`Map`](valetudo_map_render::Map), the first of a process.
    pub(super) parse: f64,
    /// `Map` to a new session's first frame, the first of a process.
    pub(super) first: f64,
    /// That frame copied as RGBA into new memory.
    pub(super) rgba: f64,
    /// A later frame of the same map (median).
    pub(super) steady: f64,
    /// A later frame of a map whose layers changed (median).
    pub(super) changed: f64,
    /// A whole frame to PNG, in a session that has encoded nothing before (median).
    pub(super) png: f64,
}

/// Heads a table of [`Figures`].
pub(super) const HEADING: &str = "\
                            message to PNG         Map to frame
map                     first change steady  parse first change steady   png  kB  RSS";
/// Explains the table.
pub(super) const LEGEND: &str = "\
Times in milliseconds: medians of processes that do nothing else. RSS: MiB, the maximum of
a camera's process; kB: of the PNG file. first: the first of a process; change: the
layers changed; steady: the robot moved and its path grew (to frame: the same map again).";

/// Bytes.
pub(super) const MIB: f64 = 1024.0 * 1024.0;

impl From<valetudo_map_camera::Camera> for Camera {
    fn from(run: valetudo_map_camera::Camera) -> Self {
        Self {
            whole_first: rounded(run.first, 3),
            whole_changed: rounded(typical(run.changed), 3),
            whole_steady: rounded(typical(run.steady), 4),
            png_bytes: run.png_bytes,
            faults_first: run.faults_first,
            faults_later: run.faults_later,
            peak_rss: run.peak_rss.map(|bytes| rounded(bytes as f64 / MIB, 1)),
        }
    }
}

impl From<valetudo_map_camera::Stages> for Stages {
    fn from(run: valetudo_map_camera::Stages) -> Self {
        Self {
            parse: rounded(run.parse, 3),
            first: rounded(run.first, 3),
            rgba: rounded(run.rgba, 3),
            steady: rounded(typical(run.steady), 4),
            changed: rounded(typical(run.changed), 3),
            png: rounded(typical(run.png), 3),
        }
    }
}

/// The median; 0 if there is no time.
fn typical(mut times: Vec<f64>) -> f64 {
    median(&mut times).unwrap_or(0.0)
}

/// To a number of decimals.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}

impl Figures {
    /// The median of each figure over processes; `None` if there is none.
    pub(super) fn median(cameras: &[Camera], stages: &[Stages]) -> Option<(Camera, Stages)> {
        let (camera, _) = cameras.first().zip(stages.first())?;
        let camera = Camera {
            whole_first: of(cameras, |run| run.whole_first),
            whole_changed: of(cameras, |run| run.whole_changed),
            whole_steady: of(cameras, |run| run.whole_steady),
            png_bytes: camera.png_bytes,
            faults_first: of(cameras, |run| run.faults_first as f64) as u64,
            faults_later: of(cameras, |run| run.faults_later as f64) as u64,
            peak_rss: median(&mut cameras.iter().filter_map(|run| run.peak_rss).collect::<Vec<f64>>()),
        };
        let stages = Stages {
            parse: of(stages, |run| run.parse),
            first: of(stages, |run| run.first),
            rgba: of(stages, |run| run.rgba),
            steady: of(stages, |run| run.steady),
            changed: of(stages, |run| run.changed),
            png: of(stages, |run| run.png),
        };
        Some((camera, stages))
    }
}

/// The median of a figure; 0 if there is no run.
fn of<T>(runs: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    median(&mut runs.iter().map(figure).collect::<Vec<f64>>()).unwrap_or(0.0)
}

impl fmt::Display for Figures {
    /// A line with the heading's columns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (camera, stages) = (&self.camera, &self.stages);
        let [first, change, steady] =
            [camera.whole_first, camera.whole_changed, camera.whole_steady].map(|time| Short(time).to_string());
        write!(f, "{:<23}{first:>6}{change:>7}{steady:>7}", shortened(&self.map, 23))?;
        let [parse, first, change, steady, png] =
            [stages.parse, stages.first, stages.changed, stages.steady, stages.png].map(|time| Short(time).to_string());
        write!(f, "{parse:>7}{first:>6}{change:>7}{steady:>7}{png:>6}{:>4.0}", camera.png_bytes as f64 / 1e3)?;
        let rss = camera.peak_rss.map_or_else(|| "–".to_owned(), |memory| format!("{memory:.1}"));
        write!(f, "{rss:>5}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_taken_of_each_figure() {
        let camera = |whole_first| Camera { whole_first, peak_rss: Some(9.0), ..Camera::default() };
        let stages = |parse| Stages { parse, ..Stages::default() };
        let median = Figures::median(&[camera(3.0), camera(1.0), camera(2.0)], &[stages(5.0)]);
        assert_eq!(median, Some((camera(2.0), stages(5.0))));
        assert_eq!(Figures::median(&[], &[]), None);
    }

    #[test]
    fn lines_are_as_long_as_their_heading() {
        let figures = Figures {
            map: "a_map_with_a_long_name_to_cut.json".to_owned(),
            size: [1994, 1824],
            camera: Camera { whole_first: 12.3, png_bytes: 62_867, peak_rss: Some(17.34), ..Camera::default() },
            stages: Stages { parse: 0.5, png: 1234.5, ..Stages::default() },
            peak_heap: None,
        };
        let line = figures.to_string();
        let heading = HEADING.lines().last().unwrap_or_default();
        assert_eq!(line, "a_map_with_a_long_name… 12.30  0.000  0.000  0.500 0.000  0.000  0.000  1234  63 17.3");
        assert_eq!(line.chars().count(), heading.chars().count());
    }
}
