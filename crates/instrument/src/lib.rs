//! A profiler for programs that use [`tracing`].
//!
//! Python has tracemalloc, psutil and cProfile, and a hundred lines join them into one report: memory over time, the
//! lines that hold it, the functions that take the time. In Rust the same figures lie in four or five tools, each with
//! its own run and its own format, and most know nothing of the spans by which a program already names its stages.
//! This crate gathers them: spans become a call tree with times *and* allocations, allocations are traced to source
//! lines, the operating system's figures are taken at named moments, and all of it becomes one [`Report`].
//!
//! ```
//! use span_instrument::Profiler;
//!
//! #[tracing::instrument]
//! fn work() -> usize {
//!     (0..1000).filter(|number| number % 7 == 0).count()
//! }
//!
//! let profiler = Profiler::builder().memory(true).cpu(true).start()?;
//! profiler.snapshot("Start");
//! {
//!     let _operation = profiler.time("Work");
//!     work();
//! }
//! profiler.snapshot("End");
//! let report = profiler.finish().to_string();
//! assert!(report.contains("Top 15 functions by cumulative time:"));
//! # Ok::<(), span_instrument::StartError>(())
//! ```
//!
//! The central type is [`Profiler`]. It promises that a disabled one does nothing, that its own work is kept out of the
//! operations it times and the allocations it counts, and that nothing is resolved, formatted or written before the
//! last figure is taken.
//!
//! # Passes
//! Every instrument disturbs what the others measure: walking stacks at each allocation slows spans down, and
//! tracing-flame's own allocations appear as the program's. For a first look one process may do everything. For figures
//! to rely on, run the same work once per [`Pass`] in a fresh process, hand each [`Measurement`] to the parent through
//! a [pass file](pass_file), and let [`Report::new`] combine them; each section then comes from the pass that disturbs
//! it least, and a table tells what each pass cost.
//!
//! # Contents
//! | | |
//! |---|---|
//! | [`Profiler`], [`Builder`], [`Operation`] | measuring |
//! | [`heap`] | the global allocator, and how allocations are tracked |
//! | [`SpanLayer`] | span statistics, to compose with a subscriber of one's own |
//! | [`measurement`] | the figures as plain data |
//! | [`pass_file`] | measurements from process to process |
//! | [`Report`] | measurements as text |
//! | [`Baseline`], [`compare`] | measurements kept, and compared with later ones |
//! | [`export`] | measurements for other tools |
#![cfg_attr(feature = "flame", doc = "| [`flame`] | flame graphs |")]
//! | [`outputs`] | the folder that a run leaves behind |
//!
//! # Features
//! All are off unless asked for.
//! * `counters`: [`Builder::counters`] reads the processor's counters (Linux). Costs perf-event2 (6 crates).
//! * `dhat`: the heap switch can forward to dhat, which writes a file for DHAT's viewer. Costs dhat and its JSON writer
//!   (12 crates).
//! * `flame`: [`Builder`] can record tracing-flame's stacks and `export::FlameGraph` makes an SVG of them. Costs tracing-flame
//!   and inferno (14 crates).
//! * `lines`: `Builder::sample_lines` samples source lines (Linux on x86-64). Costs perf-event2 (6 crates).
//!
//! # Limits
//! Page faults, context switches and processor times are read on Linux only. The heap is traced to source lines only as
//! far as the build has line tables: `debug = "line-tables-only"` in the Cargo profile is enough. A span must be closed
//! on the subscriber that opened it, as tracing demands.

#[cfg(feature = "flame")]
pub mod flame;
pub mod heap;

mod builder;
mod counters;
#[cfg(feature = "dhat")]
mod dhat_run;
mod environment;
#[cfg(feature = "lines")]
mod lines;
mod lock;
#[cfg(all(target_os = "linux", any(feature = "counters", feature = "lines")))]
mod perf;
mod process;
mod profiler;
mod retention;
mod sampler;
mod spans;
mod system;

pub use builder::{Builder, StartError};
pub use profiler::{Operation, Profiler};
pub use span_report::{Baseline, FileError, Measurement, Pass, Report, Speed};
pub use span_report::{compare, export, measurement, outputs, pass_file};
pub use spans::SpanLayer;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
