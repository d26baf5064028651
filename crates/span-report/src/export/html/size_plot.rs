//! Time against size as pictures: a dot an input, both axes logarithmic.

use maud::{Markup, html};

use super::cost_plot::{CostPlot, CostPoint, SizeUnit};
use crate::quantity::duration;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;

/// A logarithmic axis: values from `low` to `high` lie from `start` to `end`, in pixels.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Axis {
    /// With room beside the outermost values, which are positive.
    fn around(values: impl Iterator<Item = f64> + Clone, start: f64, end: f64) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        Self { low: low / 1.3, high: values.fold(low, f64::max) * 1.3, start, end }
    }

    fn at(self, value: f64) -> f64 {
        self.start + (self.end - self.start) * (value / self.low).ln() / (self.high / self.low).ln()
    }

    fn holds(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Powers of ten, with 2 and 5 times these unless that is more than `most`.
    fn ticks(self, most: usize) -> Vec<f64> {
        let powers = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let of = |parts: &[f64]| -> Vec<f64> {
            let ticks = powers.clone().flat_map(|power| parts.iter().map(move |part| part * 10f64.powi(power)));
            ticks.filter(|tick| self.holds(*tick)).collect()
        };
        let ticks = of(&[1.0, 2.0, 5.0]);
        if ticks.len() <= most { ticks } else { of(&[1.0]) }
    }
}

/// `None` without any plot.
pub(super) fn plots(plots: &[CostPlot]) -> Option<Markup> {
    (!plots.is_empty()).then(|| html! { div.plots { @for plot in plots { (picture(plot)) } } })
}

fn picture(plot: &CostPlot) -> Markup {
    let x = Axis::around(plot.points.iter().map(|point| point.size), LEFT, WIDTH - RIGHT);
    let y = Axis::around(plot.points.iter().map(|point| point.time_ns), HEIGHT - BOTTOM, TOP);
    let medians = plot.points.iter().map(|point| said(point, plot.unit)).collect::<Vec<_>>().join("; ");
    let label = format!("{}: time against {}, {}. {medians}", plot.name, plot.unit, plot.growth);
    html! {
        figure data-operation=(plot.name) {
            figcaption { (plot.name) " " span.soft { "by " (plot.unit) @if !plot.growth.is_empty() { ", " (plot.growth) } } }
            svg role="img" aria-label=(label) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } {
                @for tick in y.ticks(7) {
                    @let at = pixels(y.at(tick));
                    line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(at) y2=(at) {}
                    text x=(LEFT - 6.0) y=(pixels(y.at(tick) + 4.0)) text-anchor="end" { (without_zeros(&duration(tick))) }
                }
                @for tick in x.ticks(5) {
                    @let at = pixels(x.at(tick));
                    line x1=(at) x2=(at) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
                    text x=(at) y=(HEIGHT - BOTTOM + 18.0) text-anchor="middle" { (without_zeros(&plot.unit.value(tick))) }
                }
                @if !plot.curve.is_empty() { polyline.fit points=(curve(plot, x, y)) {} }
                @for point in &plot.points {
                    circle data-input=[point.label.as_deref()] cx=(pixels(x.at(point.size))) cy=(pixels(y.at(point.time_ns))) r="5" {
                        title { (said(point, plot.unit)) }
                    }
                }
            }
        }
    }
}

fn said(point: &CostPoint, unit: SizeUnit) -> String {
    let name = point.label.iter().map(|name| format!("{name}: ")).collect::<String>();
    format!("{name}{}, {}", duration(point.time_ns), unit.value(point.size))
}

/// The part of the curve that is inside the picture.
fn curve(plot: &CostPlot, x: Axis, y: Axis) -> String {
    let inside = plot.curve.iter().filter(|(size, time)| x.holds(*size) && y.holds(*time));
    inside.map(|(size, time)| format!("{},{} ", pixels(x.at(*size)), pixels(y.at(*time)))).collect()
}

fn pixels(at: f64) -> String {
    format!("{at:.1}")
}

/// `20.0 µs` as `20 µs`.
fn without_zeros(text: &str) -> String {
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        let axis = Axis { low: 15.0, high: 800.0, start: 0.0, end: 100.0 };
        assert_eq!(axis.ticks(5), [20.0, 50.0, 100.0, 200.0, 500.0]);
        assert_eq!(axis.ticks(4), [100.0]);
        assert!((axis.at(15.0), axis.at(800.0)) == (0.0, 100.0));
        assert_eq!(["20.0 µs", "1.50 ms", "100 ns"].map(without_zeros), ["20 µs", "1.5 ms", "100 ns"]);
    }
}
