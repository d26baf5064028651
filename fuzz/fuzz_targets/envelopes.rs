//! Any bytes as they are; and bytes that can be decompressed, if they are few, in each of the envelopes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_fixtures::envelope::{gzip, png, zlib};
use valetudo_map_parser::{Limits, decompress, parse};

/// Compressing takes nearly all the time of this target, and is not what it tests. The smallest fixtures are shorter.
const LONGEST_WRAPPED: usize = 6000;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse(bytes);
    let Ok(inner) = decompress(bytes, &Limits::DEFAULT) else { return };
    if inner.len() > LONGEST_WRAPPED {
        return;
    }
    // Every envelope gives the same map.
    let plain = parse(&inner);
    for wrapped in [zlib(&inner).unwrap(), gzip(&inner).unwrap(), png(&inner).unwrap()] {
        assert_eq!(parse(&wrapped), plain);
    }
});
