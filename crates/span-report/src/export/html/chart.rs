//! Memory over time as an inline SVG.

use maud::{Markup, html};

use crate::measurement::Nanoseconds;
use crate::quantity::{duration, size};
use crate::report::Memory;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 116.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 30.0;

/// Maps time and bytes to the picture.
struct Scale {
    last_ns: f64,
    most_bytes: f64,
}

impl Scale {
    fn x(&self, at: Nanoseconds) -> String {
        format!("{:.1}", LEFT + at as f64 / self.last_ns * (WIDTH - LEFT - RIGHT))
    }

    fn y(&self, bytes: f64) -> f64 {
        (HEIGHT - BOTTOM) - bytes / self.most_bytes * (HEIGHT - BOTTOM - TOP)
    }

    fn line(&self, points: &[(Nanoseconds, u64)], colour: &str) -> Markup {
        let points: Vec<String> =
            points.iter().map(|&(at, bytes)| format!("{},{:.1}", self.x(at), self.y(bytes as f64))).collect();
        html! { polyline fill="none" stroke={ "var(--" (colour) ")" } stroke-width="2" points=(points.join(" ")) {} }
    }

    /// Four parts of the axis of bytes.
    fn grid(&self) -> Markup {
        html! {
            @for part in 0..=4 {
                @let bytes = self.most_bytes * f64::from(part) / 4.0;
                @let y = self.y(bytes);
                line x1=(LEFT) x2=(WIDTH) y1=(format!("{y:.1}")) y2=(format!("{y:.1}")) stroke="var(--line)" {}
                text x=(LEFT - 8.0) y=(format!("{:.1}", y + 4.0)) text-anchor="end" { (size(bytes.round())) }
            }
        }
    }
}

/// Resident size and live heap, or nothing with a single reading.
pub(super) fn memory(memory: &Memory) -> Option<Markup> {
    let (rss, heap) = (memory.rss(), memory.live_heap());
    if rss.len() < 2 {
        return None;
    }
    let scale = Scale {
        last_ns: rss.last().map_or(1, |point| point.0).max(1) as f64,
        most_bytes: rss.iter().chain(&heap).map(|point| point.1).max().unwrap_or(1).max(1) as f64,
    };
    let bottom = HEIGHT - 8.0;
    Some(html! {
        svg.chart role="img" aria-label="Memory over time" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } {
            (scale.grid())
            @for snapshot in &memory.snapshots {
                @let y = format!("{:.1}", scale.y(snapshot.rss_bytes as f64));
                circle cx=(scale.x(snapshot.at_ns)) cy=(y) r="4" fill="var(--a)" { title { (snapshot.name) } }
            }
            (scale.line(&rss, "a"))
            (scale.line(&heap, "b"))
            text x=(LEFT) y=(bottom) { "0" }
            text x=(WIDTH - RIGHT) y=(bottom) text-anchor="end" { (duration(scale.last_ns)) }
        }
        p.soft {
            span style="color:var(--a)" { "━" } " resident size"
            @if !heap.is_empty() { ", " span style="color:var(--b)" { "━" } " live heap" }
            " (" (memory.source) "); dots are snapshots."
        }
    })
}
