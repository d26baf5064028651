//! A message of a recording with its times.

use serde::Serialize;

use super::facts::MapMessage;

/// The stages of a message, in order.
pub(super) const STAGES: [&str; 3] = ["Parse", "Frame", "Encode"];

/// A message with its times: medians over plays and processes.
#[derive(Debug, Serialize)]
pub(super) struct Timed {
    #[serde(flatten)]
    pub(super) message: MapMessage,
    /// Parse, frame, encode. 0 for a stage that it did not come to.
    pub(super) stages_ns: [f64; 3],
    /// Their sum.
    pub(super) total_ns: f64,
    /// The resident size after it, bytes, in the first play of a process.
    pub(super) resident_bytes: Option<u64>,
    /// The live heap after it, bytes, in the first play of a process.
    pub(super) live_bytes: Option<u64>,
}
