//! The behaviour of the parser: one program, because each costs seconds to compile and link.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the functions that they share, fail by panicking"
)]

mod any_bytes;
mod bytes;
mod decoded_rr_json;
mod envelopes;
mod json_as_serde_reads_it;
mod messages_in_a_row;
mod oracle;
mod real_maps;
mod roborock_maps;
mod rr_maps;
mod valetudo_json;
