//! Indexes the words of some generated text, and reports where time and memory went.
//!
//! ```text
//! cargo run --profile profiling -p span-instrument --example word_index
//! ```
//!
//! The indexer has a flaw for the report to find: it keeps every text it has seen.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use span_instrument::Profiler;
use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::measurement::Build;
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

fn main() -> Result<(), Box<dyn Error>> {
    let profiler = Profiler::builder()
        .heap(HeapMode::Tracking)
        .source_root(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .build_info(Build { profile: option_env!("PROFILE").map(str::to_owned), ..Build::default() })
        .start()?;

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

    print!("{}", profiler.finish());
    println!("\n{} words indexed, {} texts kept", indexer.lines_of.len(), indexer.seen.len());
    Ok(())
}
