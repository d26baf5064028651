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
