//! The file format of speedscope (<https://www.speedscope.app>).
//!
//! One sampled profile by self time, and one by bytes allocated if the heap was tracked: each node of the call tree is a
//! sample with its weight.

use serde_json::{Value, json};

use super::folded::{Weight, stacks, tree};
use super::{ExportError, Exporter};
use crate::Report;

const SCHEMA: &str = "https://www.speedscope.app/file-format-schema.json";

/// A file for speedscope.
#[derive(Debug, Clone, Copy)]
pub struct Speedscope<'a> {
    /// The title.
    pub title: &'a str,
}

impl Exporter for Speedscope<'_> {
    fn file_name(&self) -> String {
        "speedscope.json".to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        let Some(spans) = &report.span_tree else { return Ok(None) };
        let frames: Vec<Value> = spans
            .tree
            .nodes()
            .iter()
            .map(|node| match node.span.file.as_str() {
                "" => json!({ "name": node.span.name }),
                file => json!({ "name": node.span.name, "file": file, "line": node.span.line }),
            })
            .collect();
        let profiles: Vec<Value> =
            [("self time", "nanoseconds", Weight::SelfTime), ("bytes allocated", "bytes", Weight::AllocatedBytes)]
                .into_iter()
                .filter_map(|(name, unit, weight)| profile(report, name, unit, weight))
                .collect();
        if profiles.is_empty() {
            return Ok(None);
        }
        let file = json!({
            "$schema": SCHEMA,
            "name": self.title,
            "exporter": concat!("span-instrument ", env!("CARGO_PKG_VERSION")),
            "activeProfileIndex": 0,
            "shared": { "frames": frames },
            "profiles": profiles,
        });
        Ok(Some(serde_json::to_vec(&file)?))
    }
}

/// The nodes with a weight; frames have the numbers of nodes.
fn profile(report: &Report, name: &str, unit: &str, weight: Weight) -> Option<Value> {
    let (samples, weights): (Vec<Vec<usize>>, Vec<u64>) = stacks(tree(report, weight)?, weight).into_iter().unzip();
    if samples.is_empty() {
        return None;
    }
    let sum = weights.iter().fold(0u64, |sum, &weight| sum.saturating_add(weight));
    Some(json!({
        "type": "sampled", "name": name, "unit": unit,
        "startValue": 0, "endValue": sum, "samples": samples, "weights": weights,
    }))
}
