//! The report as one self-contained page: nothing is fetched, and a content security policy says so to the browser.
//!
//! The page is a template beside this file. All that comes from the program (names of spans, files, operations) is
//! escaped; flame graphs are put in frames of their own.

mod comparison;
mod lines;

use super::chart;
use crate::Report;
use crate::compare::Comparison;
use crate::functions;
use crate::measurement::Pass;
use crate::report::findings;
use crate::report::quantity::{count, duration, median, size};

const TEMPLATE: &str = include_str!("page.html");

/// What the caller adds to the figures of a report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Page<'a> {
    /// The heading.
    pub title: &'a str,
    /// What became of an earlier run's figures.
    pub comparison: Option<&'a Comparison>,
    /// Flame graphs: a heading, and the SVG as [`flame`](crate#features) draws it.
    pub flames: &'a [(&'a str, &'a str)],
    /// Pictures: a caption, and the bytes of a PNG file.
    pub pictures: &'a [(&'a str, &'a [u8])],
}

/// The page as HTML.
#[must_use]
pub fn encode(report: &Report, page: &Page<'_>) -> String {
    let flames: String = page.flames.iter().map(|(heading, svg)| flame(heading, svg)).collect();
    let pictures: String = page.pictures.iter().map(|(caption, png)| picture(caption, png)).collect();
    let parts = [
        ("title", escaped(page.title)),
        ("subtitle", escaped(&subtitle(report))),
        ("summary", summary(report)),
        ("findings", section("Findings", &sentences(report))),
        ("timeline", section("Memory over time", &chart::memory(report))),
        ("comparison", section("Comparison", &page.comparison.map(comparison::rows).unwrap_or_default())),
        ("operations", section("Operations", &operations(report))),
        ("spans", section("Spans", &spans(report))),
        ("lines", section("Source lines", &lines::functions(report))),
        ("allocations", section("Top allocations", &allocations(report))),
        ("sizes", section("Allocations by size", &sizes(report))),
        ("flames", section("Flame graphs", &flames)),
        ("pictures", section("Pictures", &wrapped("<div class=\"pictures\">", &pictures, "</div>"))),
        ("text", escaped(&report.to_string())),
    ];
    // In one walk over the template, so that what is put in is not looked at again.
    let mut out = String::with_capacity(TEMPLATE.len() * 4);
    let mut rest = TEMPLATE;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, from)| Some((before, from.split_once("}}")?)))
    {
        out += before;
        out += parts.iter().find(|(part, _)| *part == name).map_or("", |(_, text)| text);
        rest = after;
    }
    out + rest
}

/// Text for an element or an attribute in double quotes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn wrapped(before: &str, text: &str, after: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{before}{text}{after}") }
}

fn section(heading: &str, body: &str) -> String {
    wrapped(&format!("<section><h2>{heading}</h2>\n"), body, "</section>\n")
}

fn subtitle(report: &Report) -> String {
    let Some(first) = report.measurements().first() else { return "Nothing was measured.".to_owned() };
    let environment = &first.environment;
    let build = &environment.build;
    let known = [Some(&environment.cpu), Some(&environment.os), build.compiler.as_ref(), build.commit.as_ref()];
    let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).filter(|text| !text.is_empty()).collect();
    known.join(" · ")
}

fn summary(report: &Report) -> String {
    let mut cards = Vec::new();
    let bytes = |bytes: u64| size(bytes as f64);
    if let Some((start, peak, _, end)) = report.growth() {
        cards.push(("Peak RSS", bytes(peak)));
        cards.push(("RSS, start to end", format!("{} → {}", bytes(start), bytes(end))));
    }
    if let Some(heap) = report.measurements().iter().find_map(|measurement| measurement.heap) {
        cards.push(("Peak heap", bytes(heap.peak_bytes)));
        cards.push(("Allocations", count(heap.allocations)));
    }
    let operations = report.operations_of(report.passes().first().copied().unwrap_or(Pass::Clean));
    let times: Vec<(String, String)> = operations
        .iter()
        .filter_map(|operation| Some((format!("{}, median", operation.name), duration(median(&operation.samples_ns)?))))
        .collect();
    let times = times.iter().map(|(name, time)| (name.as_str(), time.clone()));
    let card = |(name, value): (&str, String)| {
        format!("<div class=\"card\"><span class=\"soft\">{}</span><b>{}</b></div>", escaped(name), escaped(&value))
    };
    cards.into_iter().chain(times).map(card).collect()
}

fn sentences(report: &Report) -> String {
    let all = findings::all(report);
    all.chunk_by(|a, b| a.topic == b.topic)
        .map(|same| {
            let items: String = same.iter().map(|finding| format!("<li>{}</li>", escaped(&finding.text))).collect();
            format!("<h3>{}</h3><ul>{items}</ul>", same.first().map_or("", |finding| finding.topic))
        })
        .collect()
}

/// A cell: what is sorted by, and what is shown.
type Cell = (String, String);

fn table(heads: &[&str], rows: Vec<Vec<Cell>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = heads.iter().map(|head| format!("<th><button>{head}</button></th>")).collect();
    let cell = |(value, shown): &Cell| format!("<td data-value=\"{}\">{}</td>", escaped(value), escaped(shown));
    let row = |row: &Vec<Cell>| format!("<tr>{}</tr>\n", row.iter().map(cell).collect::<String>());
    let body: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"wide\"><table class=\"sortable\"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
}

fn text_cell(text: &str) -> Cell {
    (text.to_owned(), text.to_owned())
}

fn count_cell(number: u64) -> Cell {
    (number.to_string(), count(number))
}

fn time_cell(time: f64) -> Cell {
    (time.to_string(), duration(time))
}

fn bytes_cell(bytes: u64) -> Cell {
    (bytes.to_string(), size(bytes as f64))
}

fn operations(report: &Report) -> String {
    let pass = report.passes().first().copied().unwrap_or(Pass::Clean);
    let row = |operation: &crate::measurement::OperationTimes| {
        let extreme = |sample: Option<&u64>| time_cell(sample.copied().unwrap_or(0) as f64);
        let samples = &operation.samples_ns;
        let median = time_cell(median(samples).unwrap_or(0.0));
        let (min, max) = (extreme(samples.iter().min()), extreme(samples.iter().max()));
        vec![text_cell(&operation.name), count_cell(samples.len() as u64), median, min, max]
    };
    let rows = report.operations_of(pass).iter().map(row).collect();
    table(&["Operation", "Runs", "Median", "Min", "Max"], rows)
}

fn spans(report: &Report) -> String {
    let heap = report.heap_spans();
    let functions = functions::flatten(report.timed_spans());
    let mut rows: Vec<_> = functions.into_iter().collect();
    rows.sort_by_key(|(_, function)| std::cmp::Reverse(function.figures.self_ns));
    let row = |(key, function): (functions::FunctionKey, functions::Function)| {
        let is = |node: &&crate::measurement::SpanNode| {
            (&node.name, &node.file, node.line) == (&key.name, &key.file, key.line)
        };
        let mut durations = crate::measurement::DurationHistogram::default();
        for of in report.timed_spans().iter().filter(is).filter_map(|node| node.durations.as_ref()) {
            durations.merge(of);
        }
        let (p95, max) = (durations.percentile(95.0), durations.max_ns);
        let of = |of: fn(crate::measurement::SpanHeap) -> u64| {
            heap.iter().filter(is).filter_map(|node| node.heap).map(of).sum::<u64>()
        };
        let figures = function.figures;
        vec![
            text_cell(&key.name),
            count_cell(figures.calls),
            time_cell(figures.self_ns as f64),
            time_cell(figures.cumulative_ns as f64),
            time_cell(p95 as f64),
            time_cell(max as f64),
            count_cell(of(|heap| heap.allocations)),
            bytes_cell(of(|heap| heap.allocated_bytes)),
            bytes_cell(of(|heap| heap.live_bytes)),
        ]
    };
    let heads = ["Span", "Calls", "Self", "Total", "p95", "Max", "Allocs", "Bytes", "Leaked"];
    table(&heads, rows.into_iter().map(row).collect())
}

fn allocations(report: &Report) -> String {
    let Some(heap) = report.measurements().iter().find(|measurement| measurement.heap.is_some()) else {
        return String::new();
    };
    let mut sites: Vec<_> = heap.sites.iter().filter(|site| site.allocations > 0).collect();
    sites.sort_by_key(|site| std::cmp::Reverse(site.allocated_bytes));
    let row = |site: &crate::measurement::Site| {
        let place = text_cell(&format!("{}:{}", site.file, site.line));
        vec![place, count_cell(site.allocations), bytes_cell(site.allocated_bytes), bytes_cell(site.live.bytes)]
    };
    table(&["Line", "Allocations", "Bytes", "Live at end"], sites.into_iter().take(report.shown()).map(row).collect())
}

fn sizes(report: &Report) -> String {
    let classes = report.measurements().iter().flat_map(|measurement| &measurement.size_classes);
    let row = |class: &crate::measurement::SizeClass| {
        vec![
            bytes_cell(class.largest_bytes),
            count_cell(class.allocations),
            bytes_cell(class.allocated_bytes),
            bytes_cell(class.peak_live_bytes),
            bytes_cell(class.live.bytes),
        ]
    };
    table(&["Up to", "Allocations", "Bytes", "Peak live", "Live at end"], classes.map(row).collect())
}

/// In a frame, so that the ids and scripts of several pictures do not meet; in one of the page's own origin, because
/// browsers do not lay out others before they are looked at, and the graph's script asks how wide it is.
fn flame(heading: &str, svg: &str) -> String {
    let heading = escaped(heading);
    let svg = svg.find("<svg").and_then(|start| svg.get(start..)).unwrap_or_default();
    let height = attribute(svg, "height").and_then(|height| height.parse().ok()).unwrap_or(420).clamp(100, 2000) + 2;
    // The script's first look is too early all the same, and its mistake would be in the console.
    let svg = svg.replace("svg.width.baseVal.value - xpad * 2", "Math.max(1, svg.width.baseVal.value - xpad * 2)");
    let document = format!("<!doctype html><style>body{{margin:0}}svg{{display:block;width:100%}}</style>{svg}");
    let document = escaped(&document);
    format!("<h3>{heading}</h3><iframe title=\"{heading}\" height=\"{height}\" srcdoc=\"{document}\"></iframe>")
}

/// An attribute of the first element.
fn attribute<'a>(markup: &'a str, name: &str) -> Option<&'a str> {
    let (element, _) = markup.split_once('>')?;
    element.split_once(&format!(" {name}=\""))?.1.split_once('"').map(|(value, _)| value)
}

fn picture(caption: &str, png: &[u8]) -> String {
    let caption = escaped(caption);
    let data = base64(png);
    format!(
        "<figure><img alt=\"{caption}\" src=\"data:image/png;base64,{data}\"><figcaption class=\"soft\">{caption}</figcaption></figure>"
    )
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, index| bits << 8 | u32::from(chunk.get(index).copied().unwrap_or(0)));
        for digit in 0..4 {
            let known = digit <= chunk.len();
            let value = (bits >> (18 - 6 * digit)) as usize % DIGITS.len();
            text.push(if known { char::from(DIGITS[value]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }

    #[test]
    fn markup_in_what_the_program_says_stays_text() {
        let page = Page { title: "<script>{{text}}", pictures: &[("\"><b>", b"x")], ..Page::default() };
        let html = encode(&Report::default(), &page);
        assert_eq!(attribute("<svg a=\"1\" height=\"150\">", "height"), Some("150"));
        assert!(html.contains("<h1>&lt;script&gt;{{text}}</h1>") && html.contains("alt=\"&quot;&gt;&lt;b&gt;\""));
    }
}
