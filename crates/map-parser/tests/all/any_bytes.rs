//! Properties of all bytes: no panic, and maps are read as they were written.

use crate::bytes::{self, gzip, png, valetudo, whole_rr, zlib};
use proptest::collection::vec;
use proptest::prelude::*;
use valetudo_map_model::{Run, Runs};
use valetudo_map_parser::{
    Limits, decompress, parse, parse_conga, parse_decoded_rr, parse_roborock, parse_rr_map, parse_valetudo,
};

/// All entry points.
fn read_all(bytes: &[u8]) {
    let limits = Limits { decompressed_bytes: 1 << 20, ..Limits::DEFAULT };
    let _ = parse(bytes);
    let _ = decompress(bytes, &limits);
    for read in [parse_valetudo, parse_conga, parse_decoded_rr, parse_rr_map, parse_roborock] {
        if let Err(error) = read(bytes, &limits) {
            assert!(!error.to_string().contains('\n'), "more than a line: {error}");
        }
    }
}

fn decoded() -> Vec<u8> {
    br#"{"robot":[1,2],"robot_angle":-180,"path":{"points":[[1,2],[3,4]]},"virtual_walls":[[1,2,3,4]],"image":{"segments":
        {"pixels_seg_3":[1,2,3]},"pixels":{"floor":[4],"walls":[5,6]},"position":{"top":1,"left":2},"dimensions":{"height":2,"width":4}}}"#
        .to_vec()
}

proptest! {
    #[test]
    fn any_bytes_are_a_map_or_an_error(mut bytes in vec(any::<u8>(), 0..400), kind in 0usize..6) {
        let start: &[u8] = [&b""[..], b"rr", b"\x1f\x8b\x08\0", b"\x78\x9c", b"\x89PNG\r\n\x1a\n", b"{\""][kind];
        bytes.splice(0..0, start.iter().copied());
        read_all(&bytes);
    }

    #[test]
    fn any_damage_to_a_map_is_survived(
        which in 0usize..6, cut in any::<prop::sample::Index>(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = match which {
            0 => whole_rr().finish(),
            1 => valetudo(),
            2 => decoded(),
            3 => gzip(&whole_rr().finish()),
            4 => zlib(&valetudo()),
            _ => png(&valetudo()),
        };
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        read_all(&bytes);
        read_all(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn numbers_in_rr_headers_are_survived(header in vec(any::<i32>(), 0..6), data in vec(any::<u8>(), 0..40), kind in 0u16..36) {
        let header: Vec<u8> = header.iter().flat_map(|number| number.to_le_bytes()).collect();
        read_all(&bytes::Rr::new().block(kind, &header, &data).finish());
        read_all(&whole_rr().block(kind, &header, &data).finish());
    }

    #[test]
    fn json_runs_are_read_as_they_were_written(runs in vec((0u16..2000, 0u16..2000, 1u16..300), 0..200), singly in any::<bool>()) {
        let runs: Runs = runs.into_iter().filter_map(|(x, y, length)| Run::new(x, y, length)).collect();
        let numbers: Vec<String> = if singly {
            runs.iter().flat_map(|run| (run.x()..run.end()).map(move |x| format!("{x},{}", run.y()))).collect()
        } else {
            runs.iter().map(|run| format!("{}, {},{}", run.x(), run.y(), run.length())).collect()
        };
        let key = if singly { "pixels" } else { "compressedPixels" };
        let json = format!(
            r#"{{"size":{{"x":1,"y":1}},"pixelSize":5,"layers":[{{"{key}":[{}],"type":"floor"}}]}}"#,
            numbers.join(",")
        );
        let map = parse(json.as_bytes()).unwrap();
        prop_assert_eq!(map.layers[0].runs.pixels(), runs.pixels());
        prop_assert_eq!(&map.layers[0].runs, &runs);
    }

    #[test]
    fn rr_images_are_read_cell_by_cell(
        (width, cells) in (1usize..40).prop_flat_map(|width| (Just(width), vec(vec(prop::sample::select(vec![0u8, 0, 0, 1, 7, 8, 15, 255, 130]), width), 1..20))),
        left in 0i32..900, top in 0i32..900, generation in prop::sample::select(vec![1u8, 3]),
    ) {
        let rows: Vec<&[u8]> = cells.iter().map(Vec::as_slice).collect();
        let map = parse(&bytes::Rr::new().image(generation, left, top, &rows).finish()).unwrap();
        let mut found = vec![vec!["0".to_owned(); width]; rows.len()];
        for layer in &map.layers {
            let name = layer.kind.segment().map_or_else(|| format!("{:?}", layer.kind), |segment| segment.id.to_string());
            for run in &layer.runs {
                for x in run.x()..run.end() {
                    found[usize::from(run.y()) - top as usize][usize::from(x) - left as usize].clone_from(&name);
                }
            }
        }
        for (row, found) in rows.iter().zip(&found) {
            for (cell, found) in row.iter().zip(found) {
                let expected = match (cell & 7, cell >> 3) {
                    (0, _) => "0".to_owned(),
                    (1, _) => "Wall".to_owned(),
                    (_, 0) => "Floor".to_owned(),
                    (_, room) => room.to_string(),
                };
                prop_assert_eq!(found, &expected);
            }
        }
    }
}

#[test]
fn deep_nesting_is_an_error() {
    let nested = |open: &str| open.repeat(100_000).into_bytes();
    read_all(&nested("{\"a\":"));
    read_all(&nested("{\"path\":{\"points\":["));
    read_all(&[b"{\"robot\":".to_vec(), nested("[")].concat());
}
