//! Maps arrive in any envelope, and none of them is a way to fill the memory.

use std::borrow::Cow;

use crate::bytes::{Rr, gzip, png, valetudo, whole_rr, zlib};
use valetudo_map_parser::{Envelope, Error, Limit, Limits, decompress, parse, parse_with};

#[test]
fn one_map_in_every_envelope_is_the_same_map() {
    let json = valetudo();
    let plain = parse(&json).unwrap();
    for wrapped in [zlib(&json), gzip(&json), png(&json), [b" \r\n", &json[..]].concat()] {
        assert_eq!(parse(&wrapped).unwrap(), plain);
    }
    let rr = whole_rr().finish();
    assert_eq!(parse(&gzip(&rr)), parse(&rr));
}

#[test]
fn bytes_without_an_envelope_are_borrowed() {
    let json = valetudo();
    assert!(matches!(decompress(&json, &Limits::DEFAULT), Ok(Cow::Borrowed(same)) if same == json));
    assert!(matches!(decompress(&zlib(&json), &Limits::DEFAULT), Ok(Cow::Owned(same)) if same == json));
}

/// The three envelopes around the same bytes.
fn envelopes(inner: &[u8]) -> [Vec<u8>; 3] {
    [gzip(inner), png(inner), zlib(inner)]
}

#[test]
fn bombs_are_errors_that_name_the_limit() {
    // 10 MB of white space in 10 kB, and the same as a picture.
    for bomb in envelopes(&vec![b' '; 10 << 20]) {
        assert!(bomb.len() < 11_000);
        let error = parse(&bomb).unwrap_err();
        assert_eq!(error, Error::LimitExceeded { limit: Limit::Expansion, max: 128 });
        assert_eq!(error.to_string(), "the map exceeds the limit `expansion` of 128");
    }
    // Who sends more may send larger ones.
    for bomb in envelopes(&vec![b' '; 97 << 20]) {
        let patient = Limits { expansion: usize::MAX, ..Limits::DEFAULT };
        let error = decompress(&bomb, &patient).unwrap_err();
        assert_eq!(error.to_string(), "the map exceeds the limit `decompressed_bytes` of 100663296");
        let small = Limits { decompressed_bytes: 1 << 20, ..Limits::DEFAULT };
        assert_eq!(
            decompress(&bomb, &small).unwrap_err(),
            Error::LimitExceeded { limit: Limit::DecompressedBytes, max: 1 << 20 }
        );
    }
}

#[test]
fn an_rr_map_of_nothing_may_shrink_as_far_as_deflate_goes() {
    let outside = [0u8; 1024];
    let map = Rr::new().image(3, 0, 0, &[&outside[..]; 1024]).finish();
    let wrapped = gzip(&map);
    assert!(map.len() / wrapped.len() > 500);
    assert_eq!(parse(&wrapped), parse(&map));
}

#[test]
fn bytes_after_an_envelope_are_passed_over() {
    let json = valetudo();
    for whole in envelopes(&json) {
        assert_eq!(parse(&[&whole[..], b"\0\0garbage"].concat()), parse(&json));
    }
}

#[test]
fn bytes_without_an_envelope_are_limited_too() {
    let json = valetudo();
    let limits = Limits { decompressed_bytes: json.len() - 1, ..Limits::DEFAULT };
    assert!(matches!(parse_with(&json, &limits), Err(Error::LimitExceeded { .. })));
    let limits = Limits { decompressed_bytes: json.len(), ..Limits::DEFAULT };
    assert!(parse_with(&zlib(&json), &limits).is_ok());
}

#[test]
fn damaged_envelopes_are_errors_with_a_reason() {
    let json = valetudo();
    let picture = png(&json);
    let keyword = picture.windows(11).position(|window| window == b"ValetudoMap").unwrap();
    let comment = [&picture[..keyword], b"ValetudoMop", &picture[keyword + 11..]].concat();
    let cases = [
        (
            b"hello, world"[..].to_vec(),
            "not a map: it begins with \"hello, w\"; expected JSON, zlib, gzip, PNG or an RR map",
        ),
        (Vec::new(), "not a map: it begins with nothing (no bytes); expected JSON, zlib, gzip, PNG or an RR map"),
        (gzip(b"hello"), "damaged gzip file: its content is not a map: it begins with \"hello\""),
        (gzip(&gzip(&json)), "damaged gzip file: it holds a gzip file, expected a map"),
        (comment, "damaged PNG picture: it has no text chunk (zTXt) `ValetudoMap`"),
        (picture[..60].to_vec(), "damaged PNG picture: the chunk at byte 33 states"),
    ];
    for (bytes, message) in cases {
        let error = parse(&bytes).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    for (whole, name) in [(gzip(&json), Envelope::Gzip), (zlib(&json), Envelope::Zlib)] {
        for length in 2..whole.len() {
            let error = parse(&whole[..length]).unwrap_err();
            assert!(matches!(error, Error::Envelope { envelope, .. } if envelope == name), "{length}: {error}");
        }
    }
}

#[test]
fn a_map_of_20_000_square_metres_is_within_the_limits() {
    // 2,829 map pixels either way, all of them floor, each listed by itself.
    let side = 2829;
    let mut json = format!(
        "{{\"size\":{{\"x\":{0},\"y\":{0}}},\"pixelSize\":5,\"layers\":[{{\"type\":\"floor\",\"pixels\":[",
        side * 5
    );
    for y in 0..side {
        for x in 0..side {
            json.push_str(&format!("{x},{y},"));
        }
    }
    json.pop();
    json.push_str("]}],\"entities\":[{\"type\":\"path\",\"points\":[");
    json.push_str(&"7,8,".repeat(1_000_000));
    json.push_str("9,9]}]}");
    let map = parse(json.as_bytes()).unwrap();
    assert_eq!(map.layers[0].runs.pixels(), side * side);
    assert_eq!(map.layers[0].runs.len(), 2829);
}

#[test]
fn rr_maps_may_be_nothing_but_a_header() {
    let map = parse(&Rr::new().bare()).unwrap();
    assert_eq!(map.warnings.len(), 2, "{:?}", map.warnings);
}
