//! Memory over time as an inline SVG.

use super::html::escaped;
use crate::Report;
use crate::measurement::{Measurement, Nanoseconds};
use crate::report::quantity::{duration, size};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 116.0;
const BOTTOM: f64 = 30.0;

/// Resident size and live heap of the first pass that has several readings, or nothing.
pub(super) fn memory(report: &Report) -> String {
    let points = |measurement: &&Measurement| rss(measurement).len() > 1;
    let Some(measurement) = report.measurements().iter().find(points) else { return String::new() };
    let rss = rss(measurement);
    let heap: Vec<(Nanoseconds, u64)> = measurement
        .samples
        .iter()
        .flat_map(|samples| &samples.samples)
        .filter_map(|sample| Some((sample.at_ns, sample.live_heap_bytes?)))
        .collect();
    let last = rss.last().map_or(1, |point| point.0).max(1) as f64;
    let most = rss.iter().chain(&heap).map(|point| point.1).max().unwrap_or(1).max(1) as f64;
    let x = |at: Nanoseconds| LEFT + at as f64 / last * (WIDTH - LEFT - 10.0);
    let y = |bytes: f64| (HEIGHT - BOTTOM) - bytes / most * (HEIGHT - BOTTOM - 20.0);
    let line = |points: &[(Nanoseconds, u64)], colour: &str| {
        let points: Vec<String> =
            points.iter().map(|&(at, bytes)| format!("{:.1},{:.1}", x(at), y(bytes as f64))).collect();
        let points = points.join(" ");
        format!("<polyline fill=\"none\" stroke=\"var(--{colour})\" stroke-width=\"2\" points=\"{points}\"/>")
    };
    let mut svg =
        format!("<svg class=\"chart\" role=\"img\" aria-label=\"Memory over time\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">");
    for part in 0..=4 {
        let bytes = most * f64::from(part) / 4.0;
        let (at, label) = (y(bytes), size(bytes.round()));
        svg += &format!("<line x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"var(--line)\"/>");
        svg += &format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>", LEFT - 8.0, at + 4.0);
    }
    for snapshot in &measurement.snapshots {
        let (at, bytes) = (x(snapshot.at_ns), y(snapshot.rss_bytes as f64));
        let name = escaped(&snapshot.name);
        svg += &format!(
            "<circle cx=\"{at:.1}\" cy=\"{bytes:.1}\" r=\"4\" fill=\"var(--a)\"><title>{name}</title></circle>"
        );
    }
    svg += &line(&rss, "a");
    svg += &line(&heap, "b");
    let (end, bottom) = (duration(last), HEIGHT - 8.0);
    svg += &format!("<text x=\"{LEFT}\" y=\"{bottom}\">0</text>");
    svg += &format!("<text x=\"{}\" y=\"{bottom}\" text-anchor=\"end\">{end}</text></svg>", WIDTH - 10.0);
    let heap = if heap.is_empty() { "" } else { ", <span style=\"color:var(--b)\">━</span> live heap" };
    format!(
        "{svg}<p class=\"soft\"><span style=\"color:var(--a)\">━</span> resident size{heap} ({} pass); dots are snapshots.</p>",
        measurement.pass
    )
}

/// What the sampler saw and the snapshots, in order.
fn rss(measurement: &Measurement) -> Vec<(Nanoseconds, u64)> {
    let samples = measurement.samples.iter().flat_map(|samples| &samples.samples);
    let samples = samples.map(|sample| (sample.at_ns, sample.rss_bytes));
    let snapshots = measurement.snapshots.iter().map(|snapshot| (snapshot.at_ns, snapshot.rss_bytes));
    let mut points: Vec<_> = samples.chain(snapshots).collect();
    points.sort_unstable();
    points
}
