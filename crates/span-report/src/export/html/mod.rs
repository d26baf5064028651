//! The report as one self-contained page: nothing is fetched, and a content security policy tells the browser so.
//!
//! Tables and cards are built with maud, which escapes every text. The script draws the call tree, the runs and the time
//! lines from one JSON value in the page; it reads nothing else.

mod calls;
mod comparison;
mod cost_page;
mod cost_plot;
mod data;
mod heap_at_peak;
mod key_figures;
mod lines;
mod links;
mod maps;
mod page;
mod recordings;
mod sections;
mod size_fit;
mod size_plot;
mod table;
mod timelines;
mod trust;

use maud::{Markup, PreEscaped, html};

pub use self::cost_page::CostPage;
pub use self::cost_plot::{CostPlot, CostPoint, SizeUnit};
pub use self::page::Html;
use self::page::{document, section};
use super::exporter::{ExportError, Exporter};
use super::text::Text;
use crate::Report;

/// The script, as one module.
const SCRIPT: &str = concat!(
    include_str!("script/format.js"),
    include_str!("script/state.js"),
    include_str!("script/tree.js"),
    include_str!("script/icicle.js"),
    include_str!("script/calls.js"),
    include_str!("script/strips.js"),
    include_str!("script/timeline.js"),
    include_str!("script/page.js"),
);

impl Html<'_> {
    /// The page.
    #[must_use]
    pub fn encode(&self, report: &Report) -> String {
        let body = html! {
            a.skip href="#calls" { "To the call tree" }
            header {
                div { h1 { (self.title) } p.soft { (sections::subtitle(report)) } }
                button #theme type="button" hidden { "Theme: automatic" }
            }
            main { (self.sections(report)) }
            div #tip role="status" hidden {}
            script #data type="application/json" { (data::encode(report, self.comparison)) }
            script type="module" { (PreEscaped(SCRIPT)) }
        };
        document(self.title, &body).into_string()
    }

    fn sections(&self, report: &Report) -> Markup {
        let functions = report.functions.as_ref().map(sections::functions);
        let allocator = report.allocator.as_ref();
        html! {
            (section("Findings", links::findings(report)))
            (section("Key figures", Some(key_figures::tiles(report))))
            (drawn("Timeline", report.memory.is_some() || report.timeline().is_some()))
            (section("Maps", report.operations.as_ref().and_then(|operations| maps::cards(operations, self))))
            (section("Pictures", maps::other_pictures(report.operations.as_ref(), self)))
            (section("Recordings", recordings::cards(&report.recordings)))
            (section("Comparison", self.comparison.map(comparison::rows)))
            (drawn("Calls", report.span_tree.is_some()))
            (drawn("Runs", report.operations.is_some()))
            (section("Cost against size", cost_against_size(report)))
            (section("Spans", functions))
            (section("Source lines", report.hot_lines.as_ref().map(|lines| lines::functions(lines, report))))
            (section("Top allocations", allocator.and_then(sections::sites)))
            (section("Heap at the peak", report.heap_at_peak.as_ref().map(heap_at_peak::tables)))
            (section("Allocations by size", allocator.and_then(sections::sizes)))
            (section("Trust", trust::section(report)))
            section {
                details {
                    summary { h2 { "Full report as text" } }
                    pre tabindex="0" { (Text { comparison: self.comparison }.encode(report)) }
                }
            }
        }
    }
}

impl Exporter for Html<'_> {
    fn file_name(&self) -> String {
        "report.html".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(Some(self.encode(report).into_bytes()))
    }
}

fn cost_against_size(report: &Report) -> Option<Markup> {
    let plots = size_plot::plots(&size_fit::fits(report))?;
    Some(html! {
        p.soft {
            "A dot an input: the median of later runs. The line is fitted by least squares; an exponent of 1 is time in "
            "proportion to size. In brackets: the exponents when any one input is left out."
        }
        (plots)
    })
}

/// A section that the script fills.
fn drawn(heading: &str, is_known: bool) -> Markup {
    section(heading, is_known.then(|| html! { div.drawn { noscript { p.soft { "The script draws this." } } } }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::tests::clean;
    use crate::measurement::{Measurement, OperationTimes};

    #[test]
    fn markup_in_names_stays_text() {
        let operation =
            OperationTimes { input: Some("\"><b>".to_owned()), samples_ns: vec![7], ..OperationTimes::default() };
        let report = Report::new(vec![Measurement { operations: vec![operation], ..clean() }]);
        let page = Html { title: "<script>{{text}}", pictures: &[("\"><b>", b"foobar".as_slice())], ..Html::default() };
        let html = page.encode(&report);
        assert!(html.contains("<h1>&lt;script&gt;{{text}}</h1>"));
        assert!(html.contains("alt=\"Picture of &quot;&gt;&lt;b&gt;\"") && html.contains("base64,Zm9vYmFy\""));
        assert!(html.contains("\"input\":\"\\\">\\u003cb>\""), "a name cannot end the data");
    }
}
