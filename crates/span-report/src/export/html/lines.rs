//! The hottest functions with their source.

use super::escaped;
use crate::Report;
use crate::measurement::{LineProfile, SampledFunction};
use crate::report::lines::{FUNCTIONS, excerpt, headline, indent, source};
use crate::report::quantity::{count, tenths_of_percent};

pub(super) fn functions(report: &Report) -> String {
    let Some((measurement, profile)) = source(report) else { return String::new() };
    let functions = profile.functions.iter().take(FUNCTIONS);
    let functions: String = functions.map(|of| function(of, profile)).collect();
    let cost = report.cost_of(measurement.pass).map(|ratio| format!("; operations took {ratio:.2} × their clean time"));
    let headline = format!("{}{}.", headline(profile), cost.unwrap_or_default());
    format!("<p class=\"soft\">{}</p>{functions}", escaped(&headline))
}

/// A table of lines, each with a bar as long as its share of the function's hottest line.
fn function(function: &SampledFunction, profile: &LineProfile) -> String {
    let share = tenths_of_percent(function.samples, profile.samples);
    let excerpt = excerpt(function);
    let indent = indent(&excerpt);
    let most = function.lines.iter().map(|line| line.samples).max().unwrap_or(0).max(1);
    let rows: String = excerpt
        .into_iter()
        .map(|line| {
            let Some(line) = line else {
                return "<tr class=\"soft\"><td>⋮</td><td></td><td></td><td></td></tr>\n".to_owned();
            };
            let (samples, share) = match line.samples {
                0 => Default::default(),
                samples => (count(samples), tenths_of_percent(samples, profile.samples)),
            };
            let heat = 100 * line.samples / most;
            let text = escaped(line.text.get(indent..).unwrap_or_default());
            format!(
                "<tr><td>{}</td><td>{samples}</td><td>{share}</td><td style=\"--heat:{heat}%\"><code>{text}</code></td></tr>\n",
                line.line
            )
        })
        .collect();
    format!(
        "<h3>{} <span class=\"soft\">{} · {share}</span></h3>\n<div class=\"wide\"><table class=\"source\">\
         <thead><tr><th>Line</th><th>Samples</th><th>Share</th><th>Source</th></tr></thead><tbody>{rows}</tbody></table></div>",
        escaped(&function.function),
        escaped(&function.file),
    )
}
