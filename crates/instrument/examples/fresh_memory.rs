//! What memory costs that a process never had before, in small pages and in huge ones.
//!
//! `cargo run --profile profiling -p span-instrument --example fresh_memory`

use std::hint::black_box;
use std::time::{Duration, Instant};

use span_instrument::heap::HeapSwitch;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// So much that every allocator gives it back to the system when it is freed: the next block is fresh again.
const MIB: usize = 64;
const ROUNDS: usize = 15;

fn main() {
    for (pages, are_huge) in [("4 KiB", false), ("2 MiB", true)] {
        HeapSwitch::set_huge_pages(are_huge);
        let rounds = (0..ROUNDS).map(|_| {
            let mut block = vec![0u8; MIB << 20];
            let fresh = filling(&mut block, 1);
            (fresh, filling(&mut block, 2))
        });
        let (mut fresh, mut again): (Vec<Duration>, Vec<Duration>) = rounds.unzip();
        fresh.sort_unstable();
        again.sort_unstable();
        let (fresh, again) = (fresh[ROUNDS / 2], again[ROUNDS / 2]);
        println!("{MIB} MiB in pages of {pages}: filled first in {fresh:.2?}, again in {again:.2?}");
    }
}

/// How long it takes to fill the block.
fn filling(block: &mut [u8], value: u8) -> Duration {
    let start = Instant::now();
    black_box(block).fill(value);
    start.elapsed()
}
