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
mod exporter;
mod firefox;
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

pub use self::benchmarks::{Bencher, GithubBenchmark};
pub use self::brief::Brief;
pub use self::exporter::{ExportError, Exporter};
pub use self::firefox::FirefoxProfile;
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
pub use crate::columns::wrapped;
