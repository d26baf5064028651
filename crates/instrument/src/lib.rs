//! A profiler for programs that use [`tracing`].
//!
//! Heap profilers know call stacks but not spans, flame graphs know spans but not allocations, and neither knows the
//! figures of the operating system. This crate joins them by the names that a program already has: its spans become a
//! call tree with times *and* allocations, allocations are traced to source lines, memory is read at named moments, and
//! all of it becomes one [`Report`].
//!
#![cfg_attr(feature = "runner", doc = "[`run`] does everything in one call: see [`passes`]. ")]
//! A [`Profiler`] measures one process:
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
//! # Passes
//! Every instrument disturbs what the others measure: walking stacks at each allocation slows spans down, and
//! tracing-flame's own allocations appear as the program's. For a first look, one process may do everything. For figures
//! to rely on, the same work runs once a [`Pass`], each in a fresh process. [`Report::new`] combines their measurements:
//! each section comes from the pass that disturbs it least, and a table tells the cost of every pass.
//!
//! # Contents
//! | | |
//! |---|---|
#![cfg_attr(feature = "runner", doc = "| [`run`], [`Options`], [`passes`] | a program in all passes |")]
//! | [`Profiler`], [`Builder`], [`Operation`] | one process |
//! | [`heap`] | the global allocator, and how allocations are tracked |
//! | [`SpanLayer`] | span statistics, to compose with a subscriber of one's own |
//! | [`Report`], [`measurement`], [`outputs`], [`export`], [`Baseline`], [`compare`] | of [`span_report`]: the figures, and what shows and compares them |
//!
//! # Spans of futures
//! A span that is entered once a poll, as `#[instrument]` on an `async fn` makes it, has its calls counted apart from its
//! polls, and its busy time (entered) apart from its idle time (between a poll and the next), on whatever thread it is
//! polled. Allocations belong to the span that is entered on their thread.
//! [`Profiler::time_future`] times an operation across `.await`.
//!
//! # Features
//! The numbers of crates are those that a feature adds to this crate on Linux (`cargo tree --edges normal`).
//!
//! * `runner` (default): `run`. Costs signal-hook (3 crates).
//! * `counters`: [`Builder::counters`] reads the processor's counters (Linux). Costs perf-event2 (6 crates).
//! * `dhat`: the heap switch can forward to dhat, which writes a file for DHAT's viewer. Costs dhat and its JSON writer
//!   (9 crates).
//! * `flame`: records tracing-flame's stacks and draws flame graphs. Costs tracing-flame and inferno (13 crates).
//! * `otlp`: `otlp` sends runs, and a share of the frames of a program in production, to an OpenTelemetry collector.
//!   Costs the OpenTelemetry SDK, an HTTP client and TLS (38 crates).
//! * `lines`: `Builder::sample_lines` samples source lines (Linux on x86-64). Costs perf-event2 (6 crates).
//!
//! # Limits
//! Page faults, context switches, processor times, the peak of resident memory, the processor's counters and source lines
//! are read on Linux only. The heap is traced to source lines only as far as the build has line tables:
//! `debug = "line-tables-only"` in the Cargo profile is enough. A span must be closed on the subscriber that opened it, as
//! tracing demands.

pub mod heap;

mod lock;
#[cfg(feature = "otlp")]
pub mod otlp;
#[cfg(feature = "runner")]
pub mod passes;
mod profiler;
mod samplers;
mod spans;

#[cfg(feature = "runner")]
pub use passes::{Options, Outcome, run};
pub use profiler::{Builder, Operation, OperationName, Profiler, StartError};
pub use samplers::flame::RecordError;
pub use span_report::{Baseline, FileError, Measurement, Pass, Report, Speed};
pub use span_report::{compare, export, measurement, outputs, pass_file};
pub use spans::SpanLayer;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
