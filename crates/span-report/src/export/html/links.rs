//! The place on the page that a sentence speaks of.

use maud::{Markup, html};

use super::table::slug;
use crate::Report;
use crate::report::{Finding, Operations, Topic};

/// As many sentences of a question are open to begin with.
const SHOWN: usize = 6;

/// Sentences under their questions, each a link.
pub(super) fn findings(report: &Report) -> Option<Markup> {
    let findings = &report.findings;
    (!findings.is_empty()).then(|| {
        html! {
            div.findings {
                @for same in findings.chunk_by(|a, b| a.topic == b.topic) {
                    div {
                        h3 { (same.first().map_or("", |finding| finding.topic.name())) }
                        (list(report, &same[..same.len().min(SHOWN)]))
                        @if let Some(others @ [_, ..]) = same.get(SHOWN..) {
                            details { summary { (others.len()) " more" } (list(report, others)) }
                        }
                    }
                }
            }
        }
    })
}

fn list(report: &Report, findings: &[Finding]) -> Markup {
    html! { ul { @for finding in findings { li { a href={ "#" (target(report, finding)) } { (finding.text) } } } } }
}

/// The longest name in the sentence decides: a span, an input or a source line. Without any, the section of its question.
fn target(report: &Report, finding: &Finding) -> String {
    let spans = report.functions.iter().flat_map(|functions| &functions.rows).map(|function| &function.span);
    let spans = spans.filter(|span| span.line > 0).map(|span| {
        let name = span.name.as_str();
        (name.to_owned(), format!("span={}", percent_encoded(name)))
    });
    let inputs = report.operations.iter().flat_map(Operations::inputs);
    let inputs = inputs.map(|input| (input.to_owned(), format!("map-{}", slug(input))));
    let lines = report.allocator.iter().flat_map(|allocator| &allocator.sites).map(|site| {
        let line = format!("{}:{}", site.file, site.line);
        (line, "top-allocations".to_owned())
    });
    let named = spans.chain(inputs).chain(lines).filter(|(name, _)| contains_word(&finding.text, name));
    let section = match finding.topic {
        Topic::Hotspots => "top-allocations",
        Topic::Leaks => "timeline",
        Topic::Time => "maps",
        Topic::Bottlenecks | Topic::CostlyCalls => "calls",
    };
    named.max_by_key(|(name, _)| name.len()).map_or_else(|| section.to_owned(), |(_, target)| target)
}

/// Whether a text has a name in it that is not a part of a longer one.
fn contains_word(text: &str, name: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    !name.is_empty()
        && text.match_indices(name).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let after = text[start + name.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

/// For the part of an address after `#`, in which the script keeps its state.
fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_longer_name_is_not_the_name() {
        assert!(contains_word("parse took 3 ms", "parse") && contains_word("in (parse)", "parse"));
        assert!(!contains_word("parse_map took 3 ms", "parse") && !contains_word("reparse", "parse"));
        assert_eq!(percent_encoded("a b&é"), "a%20b%26%C3%A9");
    }
}
