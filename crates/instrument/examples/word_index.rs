//! Indexes the words of some generated text, and reports where time and memory went. The indexer has a flaw for the
//! report to find: it keeps every text that it has seen.
//!
//! ```text
//! cargo run --profile profiling -p span-instrument --example word_index
//! cargo run --profile profiling -p span-instrument --features flame,dhat --example word_index     # more outputs
//! ```

use std::collections::BTreeMap;

use span_instrument::heap::HeapSwitch;
use span_instrument::{Options, Outcome, run};
use tracing::instrument;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

#[derive(Default)]
struct Indexer {
    lines_of: BTreeMap<String, Vec<usize>>,
    seen: Vec<String>,
}

impl Indexer {
    #[instrument(skip_all)]
    fn index(&mut self, text: &str) {
        self.seen.push(text.to_owned());
        for (number, words) in self.split(text) {
            self.file(number, words);
        }
    }

    #[instrument(skip_all)]
    fn split<'a>(&self, text: &'a str) -> Vec<(usize, Vec<&'a str>)> {
        text.lines().map(|line| line.split_whitespace().collect()).enumerate().collect()
    }

    #[instrument(skip_all)]
    fn file(&mut self, number: usize, words: Vec<&str>) {
        for word in words {
            match self.lines_of.get_mut(word) {
                Some(lines) => lines.push(number),
                None => {
                    self.lines_of.insert(word.to_owned(), vec![number]);
                }
            }
        }
    }
}

/// Lines of numbers spelled in a made-up language.
#[instrument]
fn generate(seed: usize) -> String {
    const SYLLABLES: [&str; 8] = ["ka", "lo", "mi", "ne", "pu", "ra", "si", "to"];
    let word = |number: usize| [number, number / 8, number / 64].map(|digit| SYLLABLES[digit % 8]).concat();
    (0..400).map(|line| (0..12).map(|column| word(seed + line * column) + " ").collect::<String>() + "\n").collect()
}

fn main() -> Outcome {
    run(Options::new("word-index").source_root(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")), |profiler| {
        profiler.snapshot("Test Setup Start");
        let mut indexer = Indexer::default();
        profiler.snapshot("Test Setup Complete");
        for seed in 0..6 {
            let text = {
                let _operation = profiler.time("Generate");
                generate(seed)
            };
            profiler.snapshot(format!("Before Index - text {seed}"));
            {
                let _operation = profiler.time("Index");
                indexer.index(&text);
            }
            profiler.snapshot(format!("After Index - text {seed}"));
        }
        profiler.snapshot("Test Complete");
    })
}
