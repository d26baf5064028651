//! Whatever arrives: bytes as they are, and bytes in an envelope that is whole.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use libfuzzer_sys::fuzz_target;
use valetudo_map_parser::{Limits, parse, unwrap};

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn png(bytes: &[u8]) -> Vec<u8> {
    let text = [b"ValetudoMap\0\0", &zlib(bytes)[..]].concat();
    [b"\x89PNG\r\n\x1a\n", &(text.len() as u32).to_be_bytes()[..], b"zTXt", &text, b"crc!"].concat()
}

fuzz_target!(|bytes: &[u8]| {
    let _ = parse(bytes);
    let Ok(inner) = unwrap(bytes, &Limits::DEFAULT) else { return };
    // What can be unwrapped is the same in every envelope.
    let plain = parse(&inner);
    for wrapped in [zlib(&inner), gzip(&inner), png(&inner)] {
        assert_eq!(parse(&wrapped), plain);
    }
});
