//! Reports, exports, comparisons and files, made from measurements by hand.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod baselines;
mod benchmarks;
mod budgets;
mod exports;
mod firefox;
#[cfg(feature = "flame")]
mod flame_graphs;
mod interleaved;
mod measured;
mod outputs;
mod page;
mod pass_files;
mod passes;
mod polls;
mod pprof;
mod pstats;

/// Says that a test was skipped. Not by `eprintln`, whose text the test runner keeps to itself.
pub(crate) fn skipped(why: &str) {
    use std::io::Write;
    std::io::stderr().write_all(format!("SKIPPED: {why}\n").as_bytes()).unwrap();
}
