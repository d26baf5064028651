//! The file format of speedscope (<https://www.speedscope.app>).
//!
//! One sampled profile by self time, and one by bytes allocated if the heap was tracked: each node of the call tree is a
//! sample with its weight. Behind them, the single calls of each thread in time order.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::exporter::{ExportError, Exporter};
use super::folded::{Weight, stacks, tree};
use crate::Report;
use crate::measurement::{Nanoseconds, SpanEvent};
use crate::report::CallTree;

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
                .chain(threads(report, &spans.tree))
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

/// A profile of each thread in time order, if single calls were recorded. A call that outlasts the one around it, as
/// guards dropped out of order make it, is cut there: the format wants calls nested.
fn threads(report: &Report, nodes: &CallTree) -> Vec<Value> {
    let Some(measurement) = report.timeline() else { return Vec::new() };
    let Some(events) = &measurement.events else { return Vec::new() };
    let known: HashMap<(&str, u32, &str), usize> = nodes
        .nodes()
        .iter()
        .enumerate()
        .map(|(frame, node)| ((node.span.file.as_str(), node.span.line, node.span.name.as_str()), frame))
        .collect();
    let frame = |call: &SpanEvent| {
        let node = measurement.spans.get(call.node.index())?;
        known.get(&(node.file.as_str(), node.line, node.name.as_str())).copied()
    };
    let of_thread = |(index, name): (usize, &String)| {
        let calls = events.events.iter().filter(|call| call.thread.index() == index);
        let (mut written, mut open) = (Vec::new(), Vec::new());
        for call in calls {
            let Some(frame) = frame(call) else { continue };
            close(&mut open, &mut written, call.start_ns);
            let around = open.last().map_or(Nanoseconds::MAX, |&(_, end)| end);
            written.push(json!({ "type": "O", "frame": frame, "at": call.start_ns }));
            open.push((frame, call.start_ns.saturating_add(call.duration_ns).min(around)));
        }
        close(&mut open, &mut written, Nanoseconds::MAX);
        let (start, end) = (written.first()?["at"].clone(), written.last()?["at"].clone());
        Some(json!({
            "type": "evented", "name": format!("thread {name}"), "unit": "nanoseconds",
            "startValue": start, "endValue": end, "events": written,
        }))
    };
    events.threads.iter().enumerate().filter_map(of_thread).collect()
}

/// Closes the calls that are over at `now`, innermost first.
fn close(open: &mut Vec<(usize, Nanoseconds)>, written: &mut Vec<Value>, now: Nanoseconds) {
    while let Some((frame, end)) = open.pop_if(|&mut (_, end)| end <= now) {
        written.push(json!({ "type": "C", "frame": frame, "at": end }));
    }
}
