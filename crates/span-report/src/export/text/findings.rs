//! Findings, under their questions.

use super::section::Section;
use crate::Report;
use crate::columns::wrapped;
use crate::report::{Source, Topic};

pub(super) fn section(report: &Report) -> Option<Section> {
    let findings = &report.findings;
    if findings.is_empty() {
        return None;
    }
    let mut text = String::from("🎯 Findings:\n");
    for findings in findings.chunk_by(|a, b| a.topic == b.topic) {
        text += &findings.first().map(|finding| format!("   {}:\n", finding.topic.name())).unwrap_or_default();
        for finding in findings {
            text += &wrapped(&finding.text, "      ", "        ");
        }
    }
    Some(Section::new(sources(report), text))
}

/// Where the figures of the findings come from: one source if it is the same for all.
fn sources(report: &Report) -> String {
    let operations = report.operations.as_ref();
    let heap = report.allocator.as_ref().map(|allocator| allocator.source);
    let known: [(&str, &[Topic], Option<Source>); 3] = [
        ("operations", &[Topic::Time], operations.map(|operations| operations.source)),
        ("spans", &[Topic::Bottlenecks, Topic::CostlyCalls], report.functions.as_ref().map(|spans| spans.source)),
        ("heap", &[Topic::Hotspots, Topic::Leaks], heap.or_else(|| operations?.heap)),
    ];
    let is_answered = |topics: &[Topic]| report.findings.iter().any(|finding| topics.contains(&finding.topic));
    let known = known.into_iter().filter(|(_, topics, _)| is_answered(topics));
    let sources: Vec<(&str, String)> =
        known.filter_map(|(figures, _, source)| Some((figures, source?.to_string()))).collect();
    match sources.as_slice() {
        [(_, first), others @ ..] if others.iter().all(|(_, other)| other == first) => first.clone(),
        _ => sources.iter().map(|(figures, source)| format!("{figures}: {source}")).collect::<Vec<_>>().join("; "),
    }
}
