//! Prints the contents of map files, and the time that parsing them takes.
//!
//! `cargo run --release -p valetudo-map-parser --example inspect -- FILE...`

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use valetudo_map_parser::{digest_matches, parse};

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args_os().skip(1) {
        let bytes = std::fs::read(&path)?;
        print!("{}: ", path.display());
        let map = match parse(&bytes) {
            Ok(map) => map,
            Err(error) => {
                println!("{error}");
                continue;
            }
        };
        let mut times: Vec<Duration> = (0..500)
            .map(|_| {
                let start = Instant::now();
                let _ = black_box(parse(black_box(&bytes)));
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        let [best, .., _] = times[..] else { continue };
        let runs: usize = map.layers.iter().map(|layer| layer.runs.len()).sum();
        println!(
            "{}, {} layers of {runs} runs, {} rooms, {} entities; best {best:.1?}, median {:.1?} for {} bytes",
            map.family.name(),
            map.layers.len(),
            map.segments().count(),
            map.entities.len(),
            times[times.len() / 2],
            bytes.len(),
        );
        for warning in &map.warnings {
            println!("    warning: {warning}");
        }
        if digest_matches(&bytes) == Some(false) {
            println!("    warning: the digest is not this map's");
        }
    }
    Ok(())
}
