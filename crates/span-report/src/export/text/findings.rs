//! Findings, under their questions.

use super::section::Section;
use crate::columns::wrapped;
use crate::report::Finding;

pub(super) fn section(findings: &[Finding]) -> Option<Section> {
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
    Some(Section::new("times: spans pass; allocations and leaks: heap pass", text))
}
