//! The next message is parsed in the memory of those before it.
#![allow(clippy::unwrap_used, reason = "tests, and what they share, fail by panicking")]

use valetudo_map_fixtures::files;
use valetudo_map_parser::{Parser, parse};

/// dhat counts every allocation of this process, so there is one test in this file.
#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// The number and the bytes of the blocks that `work` allocates.
fn allocations(work: impl FnOnce()) -> (u64, u64) {
    let before = dhat::HeapStats::get();
    work();
    let after = dhat::HeapStats::get();
    (after.total_blocks - before.total_blocks, after.total_bytes - before.total_bytes)
}

#[test]
fn a_next_message_allocates_little() {
    let _profiler = dhat::Profiler::builder().testing().build();
    // What is left: the nonce, a list for each block of elements of an RR map, and the
    // decompressor's state.
    let cases = [
        ("hypfer/house.json", 12, 4 << 10),
        ("hypfer/house.json.zlib", 20, 64 << 10),
        ("hypfer/studio.png", 20, 64 << 10),
        ("rand256/flat.rr", 40, 8 << 10),
        ("rand256/house-target.rr.gz", 60, 96 << 10),
    ];
    for (name, max_blocks, max_bytes) in cases {
        let message = files::read(name).unwrap();
        let first = allocations(|| drop(parse(&message).unwrap()));
        let mut parser = Parser::default();
        let mut map = parser.parse(&message).unwrap();
        // Rooms of an RR map are found in another order than they are listed: after some maps each list is long enough.
        for _ in 0..16 {
            parser.parse_into(&mut map, &message).unwrap();
        }
        let next = allocations(|| parser.parse_into(&mut map, &message).unwrap());
        println!("{name}: first {first:?}, next {next:?}");
        assert!(next.0 <= max_blocks && next.1 <= max_bytes, "{name}: {next:?}");
    }
}
