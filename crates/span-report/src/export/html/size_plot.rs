//! Time against size as pictures: a dot an input, both axes logarithmic.

use maud::{Markup, html};

use super::size_fit::{Line, Point, SizeFit};
use crate::quantity::{duration, rate};

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

    /// Powers of ten, with 2 and 5 times these unless that is more than `most`.
    fn ticks(self, most: usize) -> Vec<f64> {
        let powers = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let of = |parts: &[f64]| -> Vec<f64> {
            let ticks = powers.clone().flat_map(|power| parts.iter().map(move |part| part * 10f64.powi(power)));
            ticks.filter(|tick| (self.low..=self.high).contains(tick)).collect()
        };
        let ticks = of(&[1.0, 2.0, 5.0]);
        if ticks.len() <= most { ticks } else { of(&[1.0]) }
    }
}

/// `None` without any operation of several sizes.
pub(super) fn plots(fits: &[SizeFit]) -> Option<Markup> {
    (!fits.is_empty()).then(|| {
        html! {
            p.soft {
                "A dot an input, both axes logarithmic. The line is fitted by least squares; an exponent of 1 is time in "
                "proportion to size."
            }
            div.plots { @for fit in fits { (plot(fit)) } }
        }
    })
}

fn plot(fit: &SizeFit) -> Markup {
    let x = Axis::around(fit.points.iter().map(|point| point.size as f64), LEFT, WIDTH - RIGHT);
    let y = Axis::around(fit.points.iter().map(|point| point.median_ns), HEIGHT - BOTTOM, TOP);
    let sized = |value: f64| rate(value, if fit.unit == "bytes" { "B" } else { "px" });
    let label = format!("{}: time against {}", fit.operation, fit.unit);
    html! {
        figure {
            figcaption {
                (fit.operation)
                @match fit.line {
                    Some(line) => span.soft { " ∝ " (fit.unit) sup { (format!("{:.2}", line.exponent)) } },
                    None => span.soft { " by " (fit.unit) },
                }
            }
            svg role="img" aria-label=(label) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } {
                @for tick in y.ticks(7) {
                    @let at = pixels(y.at(tick));
                    line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(at) y2=(at) {}
                    text x=(LEFT - 6.0) y=(pixels(y.at(tick) + 4.0)) text-anchor="end" { (without_zeros(&duration(tick))) }
                }
                @for tick in x.ticks(5) {
                    @let at = pixels(x.at(tick));
                    line x1=(at) x2=(at) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
                    text x=(at) y=(HEIGHT - BOTTOM + 18.0) text-anchor="middle" { (without_zeros(&sized(tick))) }
                }
                @if let Some(line) = fit.line { (fitted(line, x, y)) }
                @for point in &fit.points { (dot(point, x, y, &sized)) }
            }
        }
    }
}

fn dot(point: &Point, x: Axis, y: Axis, sized: &dyn Fn(f64) -> String) -> Markup {
    let name = point.input.as_deref().unwrap_or("no input named");
    let said = format!("{name}: {}, {}", duration(point.median_ns), sized(point.size as f64));
    html! {
        circle cx=(pixels(x.at(point.size as f64))) cy=(pixels(y.at(point.median_ns))) r="5" { title { (said) } }
    }
}

/// The part of the line that is inside the picture.
fn fitted(line: Line, x: Axis, y: Axis) -> Markup {
    let end = |size: f64| {
        let time = line.factor * size.powf(line.exponent);
        let inside = time.clamp(y.low, y.high);
        let size = if line.exponent == 0.0 { size } else { (inside / line.factor).powf(line.exponent.recip()) };
        (pixels(x.at(size)), pixels(y.at(inside)))
    };
    let ((x1, y1), (x2, y2)) = (end(x.low), end(x.high));
    html! { line.fit x1=(x1) y1=(y1) x2=(x2) y2=(y2) {} }
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
