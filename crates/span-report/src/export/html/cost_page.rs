//! Cost against size as a page of its own.

use maud::{Markup, html};

use super::cost_plot::CostPlot;
use super::page::{document, section};
use super::size_plot::plots;

/// Plots of time against size, as one self-contained page without a script.
#[derive(Debug, Clone, Copy, Default)]
pub struct CostPage<'a> {
    /// The heading.
    pub title: &'a str,
    /// A sentence below it.
    pub subtitle: &'a str,
    /// Headings, each with its plots.
    pub sections: &'a [(String, Vec<CostPlot>)],
}

impl CostPage<'_> {
    /// The page.
    #[must_use]
    pub fn encode(&self) -> String {
        let body: Markup = html! {
            header { div { h1 { (self.title) } p.soft { (self.subtitle) } } }
            main { @for (heading, of) in self.sections { (section(heading, plots(of))) } }
        };
        document(self.title, &body).into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::cost_plot::{CostPoint, SizeUnit};
    use super::*;

    #[test]
    fn a_page_has_each_point_with_its_figures_and_escapes_names() {
        let points = vec![
            CostPoint { label: Some("<small>".to_owned()), size: 1e4, time_ns: 2e3 },
            CostPoint { label: None, size: 1e6, time_ns: 2e5 },
        ];
        let plot = CostPlot { name: "Bake".to_owned(), unit: SizeUnit::Pixels, points, ..CostPlot::default() };
        let plot = plot.with_curve("exponent 1.00".to_owned(), |size| size / 5.0);
        assert!(plot.curve.iter().all(|(size, time)| (size / 5.0 - time).abs() < 1e-9));
        let page = CostPage { title: "Costs", subtitle: "of baking", sections: &[("By area".to_owned(), vec![plot])] };
        let page = page.encode();
        assert!(page.contains("<title>&lt;small&gt;: 2.00 µs, 10.0 kpx</title>"), "{page}");
        assert!(page.contains("<title>200 µs, 1.00 Mpx</title>") && page.contains("exponent 1.00"));
        assert!(page.contains("id=\"by-area\"") && !page.contains("<script"));
    }
}
