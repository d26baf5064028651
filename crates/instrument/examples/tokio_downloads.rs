//! Downloads on tokio's multi-threaded runtime, with spans across `.await`. The report counts calls and polls, and tells
//! the time at work from the time of waiting.
//!
//! ```text
//! cargo run --profile profiling -p span-instrument --example tokio_downloads
//! ```

use std::time::Duration;

use span_instrument::heap::HeapSwitch;
use span_instrument::{Options, Outcome, Profiler, run};
use tokio::runtime;
use tokio::time::sleep;
use tracing::instrument;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// A page in three packets, 5 ms apart.
#[instrument(skip_all)]
async fn download(page: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    for packet in 0..3u8 {
        sleep(Duration::from_millis(5)).await;
        bytes.extend(std::iter::repeat_n(page ^ packet, 20_000));
    }
    bytes
}

#[instrument(skip_all)]
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(1, |sum: u32, &byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}

/// Eight pages at once, each in a task of its own.
async fn all_pages() -> u32 {
    let page = |number| async move { checksum(&download(number).await) };
    let tasks: Vec<_> = (0..8).map(|number| tokio::spawn(page(number))).collect();
    let mut sum = 0;
    for task in tasks {
        sum ^= task.await.unwrap_or_default();
    }
    sum
}

fn work(profiler: &Profiler) -> std::io::Result<()> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    profiler.snapshot("Start");
    for _ in 0..10 {
        runtime.block_on(profiler.time_future("Download all", all_pages()));
    }
    profiler.snapshot("End");
    Ok(())
}

fn main() -> Outcome {
    run(Options::new("tokio-downloads").source_root(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")), work)
}
