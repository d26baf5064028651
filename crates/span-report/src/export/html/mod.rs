//! The report as one self-contained page: nothing is fetched, and a content security policy tells the browser so.
//!
//! The page is built with maud, which escapes every text. Flame graphs are in frames of their own.

mod chart;
mod comparison;
mod heap_at_peak;
mod lines;
mod sections;
mod table;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{ExportError, Exporter, Text};
use crate::Report;
use crate::compare::Comparison;

/// The policy: styles, script and pictures of the page itself, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; frame-src 'self'";

/// The report as a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html<'a> {
    /// The heading.
    pub title: &'a str,
    /// The comparison with an earlier run.
    pub comparison: Option<&'a Comparison>,
    /// Flame graphs: a heading and the SVG of a `FlameGraph` with [`Html::FLAME_GRAPH_WIDTH`] each.
    pub flame_graphs: &'a [(&'a str, String)],
    /// Pictures: a caption and the bytes of a PNG file each.
    pub pictures: &'a [(&'a str, &'a [u8])],
}

impl Html<'_> {
    /// The width of flame graphs on the page, in pixels. They have a fixed width because a browser may not have laid out
    /// a frame when the graph's script asks for its width.
    pub const FLAME_GRAPH_WIDTH: usize = 1180;

    /// The page.
    #[must_use]
    pub fn encode(&self, report: &Report) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    title { (self.title) }
                    style { (PreEscaped(include_str!("page.css"))) }
                }
                body {
                    h1 { (self.title) }
                    p.soft { (sections::subtitle(report)) }
                    div.cards { (sections::cards(report)) }
                    (section("Comparison", self.comparison.map(comparison::rows)))
                    (section("Findings", sections::findings(&report.findings)))
                    (section("Memory over time", report.memory.as_ref().and_then(chart::memory)))
                    (section("Operations", report.operations.as_ref().map(sections::operations)))
                    (section("Spans", report.functions.as_ref().map(sections::functions)))
                    (section("Source lines", report.hot_lines.as_ref().map(lines::functions)))
                    (section("Top allocations", report.allocator.as_ref().and_then(sections::sites)))
                    (section("Heap at the peak", report.heap_at_peak.as_ref().map(heap_at_peak::tables)))
                    (section("Allocations by size", report.allocator.as_ref().and_then(sections::sizes)))
                    (section("Flame graphs", self.flame_graphs()))
                    (section("Pictures", self.pictures()))
                    section {
                        h2 { "Full report" }
                        div.wide tabindex="0" { pre { (Text { comparison: self.comparison }.encode(report)) } }
                    }
                    script { (PreEscaped(include_str!("page.js"))) }
                }
            }
        };
        page.into_string()
    }

    /// In frames, so that the ids and scripts of several graphs do not meet.
    fn flame_graphs(&self) -> Option<Markup> {
        let frame = |heading: &str, svg: &str| {
            let svg = svg.find("<svg").and_then(|start| svg.get(start..)).unwrap_or_default();
            let height = attribute(svg, "height").and_then(|height| height.parse().ok()).unwrap_or(420u32);
            let document = format!("<!doctype html><style>body{{margin:0}}svg{{display:block}}</style>{svg}");
            html! {
                h3 { (heading) }
                iframe title=(heading) height=(height.clamp(100, 2000) + SCROLL_BAR) srcdoc=(document) {}
            }
        };
        let graphs = self.flame_graphs;
        (!graphs.is_empty()).then(|| html! { @for (heading, svg) in graphs { (frame(heading, svg)) } })
    }

    fn pictures(&self) -> Option<Markup> {
        let figure = |caption: &str, png: &[u8]| {
            html! {
                figure {
                    img alt=(caption) src={ "data:image/png;base64," (BASE64_STANDARD.encode(png)) };
                    figcaption.soft { (caption) }
                }
            }
        };
        let pictures = self.pictures;
        (!pictures.is_empty())
            .then(|| html! { div.pictures { @for (caption, png) in pictures { (figure(caption, png)) } } })
    }
}

/// Room for the scroll bar of a frame that is narrower than its graph, in pixels.
const SCROLL_BAR: u32 = 18;

impl Exporter for Html<'_> {
    fn file_name(&self) -> String {
        "report.html".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report).into_bytes()))
    }
}

/// A section, unless it has no content.
fn section(heading: &str, content: Option<Markup>) -> Markup {
    html! {
        @if let Some(content) = content {
            section { h2 { (heading) } (content) }
        }
    }
}

/// An attribute of the first element.
fn attribute<'a>(markup: &'a str, name: &str) -> Option<&'a str> {
    let (element, _) = markup.split_once('>')?;
    element.split_once(&format!(" {name}=\""))?.1.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_stays_text() {
        assert_eq!(attribute("<svg a=\"1\" height=\"150\">", "height"), Some("150"));
        let page = Html { title: "<script>{{text}}", pictures: &[("\"><b>", b"foobar".as_slice())], ..Html::default() };
        let html = page.encode(&Report::default());
        assert!(html.contains("<h1>&lt;script&gt;{{text}}</h1>") && html.contains("alt=\"&quot;&gt;&lt;b&gt;\""));
        assert!(html.contains("src=\"data:image/png;base64,Zm9vYmFy\""));
    }
}
