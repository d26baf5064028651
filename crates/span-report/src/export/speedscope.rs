//! The file format of speedscope (<https://www.speedscope.app>).
//!
//! One sampled profile by self time, and one by bytes allocated if the heap was tracked: each place in the call tree is
//! a sample with its weight.

use serde_json::{Value, json};

use super::folded::{Weight, stacks};
use crate::measurement::SpanNode;

const SCHEMA: &str = "https://www.speedscope.app/file-format-schema.json";

/// The spans as a speedscope file with the given name. `heap` may be the spans of another pass than `times`, and either
/// may be empty.
#[must_use]
pub fn encode(name: &str, times: &[SpanNode], heap: &[SpanNode]) -> String {
    let mut frames = Vec::new();
    let profiles: Vec<Value> = [
        (times, "self time", "nanoseconds", Weight::SelfTime),
        (heap, "bytes allocated", "bytes", Weight::AllocatedBytes),
    ]
    .into_iter()
    .filter_map(|(spans, name, unit, weight)| profile(&mut frames, spans, name, unit, weight))
    .collect();
    let mut file = json!({
        "$schema": SCHEMA,
        "name": name,
        "exporter": concat!("span-instrument ", env!("CARGO_PKG_VERSION")),
        "shared": { "frames": frames },
        "profiles": profiles,
    });
    if !profiles.is_empty() {
        file["activeProfileIndex"] = json!(0);
    }
    file.to_string()
}

/// A profile of what weighs something, with its frames added to `frames`.
fn profile(frames: &mut Vec<Value>, spans: &[SpanNode], name: &str, unit: &str, weight: Weight) -> Option<Value> {
    let first = frames.len();
    let (samples, weights): (Vec<Vec<usize>>, Vec<u64>) = stacks(spans, weight)
        .into_iter()
        .map(|(path, weight)| (path.into_iter().map(|index| first + index).collect(), weight))
        .unzip();
    if samples.is_empty() {
        return None;
    }
    frames.extend(spans.iter().map(|span| match span.file.as_str() {
        "" => json!({ "name": span.name }),
        file => json!({ "name": span.name, "file": file, "line": span.line }),
    }));
    let sum: u64 = weights.iter().sum();
    Some(json!({
        "type": "sampled", "name": name, "unit": unit,
        "startValue": 0, "endValue": sum, "samples": samples, "weights": weights,
    }))
}
