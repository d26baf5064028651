//! Span statistics, under both faces of the call tree.

mod arithmetic;
mod call_tree;
mod faces;
mod filter;
mod operations;
