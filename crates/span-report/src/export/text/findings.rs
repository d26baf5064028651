//! Findings, under their questions.

use super::{Section, WIDTH};
use crate::report::Finding;

pub(super) fn section(findings: &[Finding]) -> Option<Section> {
    if findings.is_empty() {
        return None;
    }
    let mut text = String::from("🎯 Findings:\n");
    for findings in findings.chunk_by(|a, b| a.topic == b.topic) {
        text += &findings.first().map(|finding| format!("   {}:\n", finding.topic.name())).unwrap_or_default();
        for finding in findings {
            text += &wrapped(&finding.text);
        }
    }
    Some(Section::new("times: spans pass; allocations and leaks: heap pass", text))
}

/// A sentence, broken between words into lines of [`WIDTH`].
fn wrapped(sentence: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("     ");
    for word in sentence.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &(line + "\n");
            line = String::from("       ");
        }
        line = line + " " + word;
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_broken_between_words() {
        let sentence = "word ".repeat(30) + &"w".repeat(90);
        let text = wrapped(&sentence);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("      word") && lines[1].starts_with("        word"), "{text}");
        assert_eq!(lines.iter().filter(|line| line.chars().count() > WIDTH).count(), 1, "a word is not broken: {text}");
        assert_eq!(text.split_whitespace().count(), 31);
    }
}
