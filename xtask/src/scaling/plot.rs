//! The measured points and the fitted curves, on logarithmic axes: a linear cost rises by one decade in a decade.

use std::ops::Range;

use plotters::prelude::*;
use span_report::export::{CostPage, CostPlot, CostPoint, SizeUnit};

use super::homes::Axis;
use super::series::{Growth, Kind, Series};
use crate::failure::Failure;

/// Image pixels.
const SIZE: (u32, u32) = (900, 620);

/// The palette of Okabe and Ito, for colour-blind readers too.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(0, 0, 0),
];

/// The operations of a series as an SVG.
pub(super) fn draw(series: &Series) -> Result<String, Failure> {
    let mut svg = String::new();
    let operations: Vec<&Growth> = series.growth.iter().filter(|growth| growth.kind == Kind::Operation).collect();
    draw_into(&mut svg, series, &operations).map_err(|error| Failure::new(format!("drawing a plot: {error}")))?;
    Ok(svg)
}

/// All figures as a page, a plot each.
pub(super) fn page(all: &[Series]) -> String {
    let mut sections = Vec::new();
    for series in all {
        for (kind, name) in [(Kind::Operation, "Operations"), (Kind::Span, "Self time of spans")] {
            let of_kind = series.growth.iter().filter(|growth| growth.kind == kind);
            let plots = of_kind.map(|growth| plot(series.axis, growth)).collect();
            sections.push((format!("{name} by {}", series.axis.name()), plots));
        }
    }
    let subtitle = "Generated homes of growing size. The curve is fixed + factor × size ^ exponent; in brackets the \
                    exponents when any one size is left out.";
    CostPage { title: "How cost grows with size", subtitle, sections: &sections }.encode()
}

fn plot(axis: Axis, growth: &Growth) -> CostPlot {
    let unit = match axis {
        Axis::Area => SizeUnit::Pixels,
        Axis::PathPoints => SizeUnit::Points,
    };
    let points = growth.points.iter().filter(|(size, time)| *size > 0.0 && *time > 0.0);
    let points = points.map(|&(size, time_ns)| CostPoint { label: None, size, time_ns }).collect();
    let plot = CostPlot { name: growth.of.clone(), unit, points, growth: "flat".to_owned(), ..CostPlot::default() };
    match growth.fit {
        Some(fit) => {
            let words = format!("exponent {:.2} ({:.2} to {:.2})", fit.exponent, fit.exponent_from, fit.exponent_to);
            plot.with_curve(words, |size| fit.at(size))
        }
        None => plot,
    }
}

fn draw_into(svg: &mut String, series: &Series, growth: &[&Growth]) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let sizes = range(series.sizes.iter().copied());
    let times = range(growth.iter().flat_map(|growth| growth.points.iter().map(|(_, time)| time / 1e6)));
    let mut chart = ChartBuilder::on(&root)
        .caption(format!("Cost by {}", series.axis.name()), ("sans-serif", 22))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(sizes.clone().log_scale(), times.log_scale())?;
    chart
        .configure_mesh()
        .x_desc(series.axis.name())
        .y_desc("milliseconds")
        .light_line_style(RGBColor(240, 240, 240))
        .draw()?;
    for (growth, colour) in growth.iter().zip(COLOURS.iter().cycle()) {
        let exponent = growth.fit.map_or("flat".to_owned(), |fit| format!("exponent {:.2}", fit.exponent));
        let points = growth.points.iter().map(|(size, time)| Circle::new((*size, time / 1e6), 4, colour.filled()));
        chart
            .draw_series(points)?
            .label(format!("{} ({exponent})", growth.of))
            .legend(move |(x, y)| Circle::new((x + 10, y), 4, colour.filled()));
        if let Some(fit) = &growth.fit {
            let steps = (0..=60).map(|step| sizes.start * (sizes.end / sizes.start).powf(f64::from(step) / 60.0));
            chart.draw_series(LineSeries::new(steps.map(|size| (size, fit.at(size) / 1e6)), colour.stroke_width(1)))?;
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    root.present()?;
    Ok(())
}

/// From the minimum to the maximum, with a margin.
fn range(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (least, most) = values
        .filter(|value| *value > 0.0)
        .fold((f64::INFINITY, 0.0f64), |(least, most), value| (least.min(value), most.max(value)));
    if least.is_finite() { least / 1.5..most * 1.5 } else { 1.0..10.0 }
}
