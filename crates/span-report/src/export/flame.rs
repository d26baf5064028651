//! Flame graphs: folded stacks as a picture that zooms and searches in a browser.

use std::collections::BTreeMap;

use inferno::{differential, flamegraph};

use super::{ExportError, Exporter, Folded, Weight};
use crate::Report;

/// The stacks of a flame graph.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Stacks<'a> {
    /// Nanoseconds, as tracing-flame recorded them: the content of `tracing.folded`.
    Recorded(&'a str),
    /// Bytes allocated in the spans of the report.
    Allocated,
    /// Nanoseconds in the spans of the report: red where they are more than in an earlier report, blue where they are
    /// less.
    Changed(&'a Report),
}

/// A flame graph as SVG. There is none without stacks.
#[derive(Debug, Clone, Copy)]
pub struct FlameGraph<'a> {
    /// The stacks.
    pub stacks: Stacks<'a>,
    /// The heading.
    pub title: &'a str,
    /// The width in pixels; `None` for the width of the browser's window.
    pub width: Option<usize>,
}

impl FlameGraph<'_> {
    /// The unit of the weights.
    const fn unit(&self) -> &'static str {
        match self.stacks {
            Stacks::Recorded(_) | Stacks::Changed(_) => "ns",
            Stacks::Allocated => "bytes",
        }
    }

    /// Lines for inferno: a stack with its weight, or with the weights before and after.
    fn lines(&self, report: &Report) -> Result<String, ExportError> {
        Ok(match self.stacks {
            Stacks::Recorded(folded) => merged(folded),
            Stacks::Allocated => Folded { weight: Weight::AllocatedBytes }.encode(report).unwrap_or_default(),
            Stacks::Changed(before) => {
                let folded = |report| Folded { weight: Weight::SelfTime }.encode(report).unwrap_or_default();
                let [before, after] = [before, report].map(|report| merged(&folded(report)));
                if before.is_empty() || after.is_empty() {
                    return Ok(String::new());
                }
                let mut both = Vec::new();
                let options = differential::Options::default();
                differential::from_readers(options, before.as_bytes(), after.as_bytes(), &mut both)?;
                String::from_utf8(both)?
            }
        })
    }
}

impl Exporter for FlameGraph<'_> {
    fn file_name(&self) -> String {
        match self.stacks {
            Stacks::Recorded(_) => "flamegraph.svg",
            Stacks::Allocated => "flamegraph-heap.svg",
            Stacks::Changed(_) => "flamegraph-diff.svg",
        }
        .to_owned()
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        let lines = self.lines(report)?;
        if lines.is_empty() {
            return Ok(None);
        }
        let mut options = flamegraph::Options::default();
        options.title = self.title.to_owned();
        options.count_name = self.unit().to_owned();
        options.name_type = "Span:".to_owned();
        options.deterministic = true;
        options.image_width = self.width;
        let mut picture = Vec::new();
        flamegraph::from_lines(&mut options, without_comments(&lines).lines(), &mut picture)?;
        Ok(Some(picture))
    }
}

/// The same stacks, none of which inferno takes for a comment: it skips lines that begin with a hash and a space, as a span's
/// name may. The space becomes one that does not break, which looks the same.
fn without_comments(stacks: &str) -> String {
    format!("\n{stacks}").replace("\n# ", "\n#\u{a0}")
}

/// tracing-flame's first frame when it collapses threads.
const ALL_THREADS: &str = "all-threads";

/// Adds up equal stacks. tracing-flame begins each stack with a frame for the threads, which is the same in all once they
/// are collapsed, and puts a space before each name.
fn merged(folded: &str) -> String {
    let mut stacks: BTreeMap<String, u64> = BTreeMap::new();
    for line in folded.lines() {
        let Some((stack, weight)) = line.rsplit_once(' ') else { continue };
        let Ok(weight) = weight.parse::<u64>() else { continue };
        let names: Vec<&str> = stack.split(';').map(str::trim).skip_while(|name| *name == ALL_THREADS).collect();
        if !names.is_empty() {
            let sum = stacks.entry(names.join(";")).or_default();
            *sum = sum.saturating_add(weight);
        }
    }
    stacks.iter().map(|(stack, weight)| format!("{stack} {weight}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_a_comment_has_its_frame() {
        let graph = FlameGraph { stacks: Stacks::Recorded("all-threads; # odd; inner 5\n"), title: "odd", width: None };
        let picture = graph.export(&Report::new(Vec::new())).unwrap().unwrap();
        assert!(String::from_utf8(picture).unwrap().contains("#\u{a0}odd"));
    }

    #[test]
    fn equal_stacks_are_added_up_and_the_thread_frame_is_dropped() {
        let merged = merged("all-threads 5\nall-threads; frame 3\nall-threads; frame; draw 7\nall-threads; frame 4\n");
        assert_eq!(merged, "frame 7\nframe;draw 7\n");
    }
}
