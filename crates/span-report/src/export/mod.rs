//! A report in each format, a file each.
//!
//! | exporter | file | for |
//! |---|---|---|
//! | [`Text`] | `report.txt` | terminals, scripts that know `tracemalloc` and `cProfile` |
//! | [`Brief`] | `report.md` | terminals and language models: at most 150 lines |
//! | [`Html`] | `report.html` | a browser, without network |
//! | [`CostPage`] | none | a browser: cost against size |
//! | [`ReportJson`] | `report.json` | scripts |
//! | [`Bencher`], [`GithubBenchmark`] | none | services that follow benchmarks from commit to commit |
//! | [`Pprof`] | `profile.pb.gz` | pprof, Pyroscope, Parca, Grafana |
//! | [`FirefoxProfile`] | `profiler.json.gz` | the Firefox Profiler |
//! | [`Pstats`] | `profile_output_<run>.prof` | Python's `pstats`, snakeviz |
//! | [`TraceEvents`] | `trace.json` | Perfetto |
//! | [`Speedscope`] | `speedscope.json` | speedscope |
//! | [`Folded`] | `spans.folded`, `spans-heap.folded` | flame graph tools |
#![cfg_attr(
    feature = "flame",
    doc = "| [`FlameGraph`] | `flamegraph.svg`, `flamegraph-heap.svg`, `flamegraph-diff.svg` | a browser |"
)]
//!
//! [`Exporter`] is their common face. The formats of `pstats`, speedscope and trace events are hand-written: each is a
//! page of code, and their crates write no aggregated spans.

mod benchmarks;
mod brief;
mod firefox;
pub(crate) mod fit;
#[cfg(feature = "flame")]
mod flame;
mod folded;
mod html;
mod pprof;
mod pstats;
mod report_json;
mod speedscope;
mod text;
mod time_axis;
mod trace_event;

use std::error::Error;

use crate::Report;

pub use self::benchmarks::{Bencher, GithubBenchmark};
pub use self::brief::Brief;
pub use self::firefox::FirefoxProfile;
pub use self::fit::wrapped;
#[cfg(feature = "flame")]
pub use self::flame::{FlameGraph, Stacks};
pub use self::folded::{Folded, Weight};
pub use self::html::{CostPage, CostPlot, CostPoint, Html, SizeUnit};
pub use self::pprof::Pprof;
pub use self::pstats::Pstats;
pub use self::report_json::{ReportJson, VERSION as REPORT_JSON_VERSION};
pub use self::speedscope::Speedscope;
pub use self::text::Text;
pub use self::trace_event::TraceEvents;

/// Why a report could not be rendered.
pub type ExportError = Box<dyn Error + Send + Sync>;

/// Renders a report in one format.
pub trait Exporter {
    /// The name of the file in the folder of a run.
    fn file_name(&self) -> String;

    /// The content of the file, or `None` if the report has no figures for it.
    ///
    /// # Errors
    /// The reason of the library that renders.
    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError>;
}
