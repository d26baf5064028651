//! RR maps: the meaning of each block; oddities, contradictions and truncations.

use crate::bytes::{Rr, whole_rr};
use valetudo_map_model::{AreaKind, Family, Line, Millimetre, PathKind, Point, Room, Segment, Size};
use valetudo_map_parser::{Error, Limit, Limits, Map, digest_matches, parse, parse_rr_map, parse_with};

/// The kind of a layer, and its runs: x, y, length.
type Named = (String, Vec<(u16, u16, u16)>);

fn layers(map: &Map) -> Vec<Named> {
    let name = |kind: &valetudo_map_model::LayerKind| match kind.segment() {
        Some(segment) => segment.id.to_string(),
        None => format!("{kind:?}"),
    };
    map.layers
        .iter()
        .map(|layer| (name(&layer.kind), layer.runs.iter().map(|run| (run.x(), run.y(), run.length())).collect()))
        .collect()
}

fn points(list: &[(i32, i32)]) -> Vec<Point<Millimetre>> {
    list.iter().map(|&(x, y)| Point::new(x, y)).collect()
}

#[test]
fn every_kind_of_block_becomes_its_entity() {
    let map = parse(&whole_rr().finish()).unwrap();
    assert_eq!((map.family, map.size, map.id), (Family::Rand256, Size::new(5120, 5120), Some(876)));
    // Block 11 was written with a count and no data; nobody reads it.
    assert_eq!(map.warnings, []);
    // The room of the lower row comes first in the file.
    assert_eq!(
        layers(&map),
        [
            ("Floor".to_owned(), vec![(502, 502, 1)]),
            ("18".to_owned(), vec![(501, 502, 1)]),
            ("16".to_owned(), vec![(501, 501, 2)]),
            ("Wall".to_owned(), vec![(501, 500, 2), (500, 501, 1), (503, 501, 1), (500, 502, 1), (503, 502, 1)]),
        ]
    );
    assert_eq!(map.charger().unwrap().position, Point::new(25_600, 25_600));
    let robot = map.robot().unwrap();
    // The last step leads down.
    assert_eq!((robot.position, robot.angle), (Point::new(25_700, 25_700), Some(180.0)));
    let path = |kind| map.paths(kind).map(|path| path.points.clone()).collect::<Vec<_>>();
    assert_eq!(path(PathKind::Driven), [points(&[(25_600, 25_600), (25_700, 25_600), (25_700, 25_700)])]);
    assert_eq!(path(PathKind::Predicted), [points(&[(25_700, 25_700), (25_800, 25_700)])]);
    let areas = |kind| map.areas(kind).map(|area| area.corners.clone()).collect::<Vec<_>>();
    assert_eq!(
        areas(AreaKind::ActiveZone),
        [points(&[(25_000, 26_200), (25_000, 27_200), (26_000, 27_200), (26_000, 26_200)])]
    );
    assert_eq!(areas(AreaKind::NoGo), [points(&[(1, 51_198), (3, 51_196), (5, 51_194), (7, 51_192)])]);
    assert_eq!(areas(AreaKind::NoMop), areas(AreaKind::NoGo));
    let wall = Line { from: Point::new(10, 51_180), to: Point::new(30, 51_160) };
    assert_eq!(map.virtual_walls().collect::<Vec<_>>(), [wall]);
    assert_eq!(map.go_to_target(), Some(Point::new(25_800, 25_700)));
    // The ignored one, block 16, is not there.
    let obstacles: Vec<_> = map.obstacles().map(|obstacle| obstacle.position).collect();
    assert_eq!(obstacles, points(&[(100, 51_000), (300, 50_800), (500, 50_600)]));
}

#[test]
fn generation_1_is_the_placeholder_room() {
    let map = parse(&Rr::new().image(1, 0, 0, &[&[1, 255, 255]]).finish()).unwrap();
    assert_eq!(map.rooms().first().map(|room| room.name()).as_deref(), Some(Room::PLACEHOLDER_NAME));
    let id = Segment::PLACEHOLDER_ID.to_owned();
    assert_eq!(layers(&map), [(id, vec![(1, 0, 2)]), ("Wall".to_owned(), vec![(0, 0, 1)])]);
}

#[test]
fn block_headers_may_be_longer_than_usual() {
    let image: Vec<u8> = [0i32, 1022, 0, 1, 2, 77].iter().flat_map(|number| number.to_le_bytes()).collect();
    let map = Rr::new().block(2, &image, &[1, 1]).block(1, &[9; 5], &[1, 0, 0, 0, 2, 0, 0, 0, 3, 3, 3, 3]).finish();
    let map = parse(&map).unwrap();
    assert_eq!(layers(&map), [("Wall".to_owned(), vec![(0, 1, 2)])]);
    assert_eq!(map.charger().unwrap().position, Point::new(1, 51_198));
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = whole_rr().finish();
    for length in 2..bytes.len() {
        let error = parse(&bytes[..length]).unwrap_err();
        assert!(matches!(error, Error::Truncated { .. }), "{length}: {error}");
    }
    let error = parse(&bytes[..30]).unwrap_err().to_string();
    assert_eq!(error, "truncated RR map: block 2 (image) at byte 20 needs 40 bytes, 10 are there");
}

#[test]
fn oddities_are_warnings_with_a_place() {
    let warnings = |bytes: &[u8]| {
        let warnings = parse(bytes).unwrap().warnings;
        warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let image = || Rr::new().image(1, 0, 0, &[&[1]]);
    assert_eq!(warnings(&image().finish()), [""; 0]);
    assert_eq!(warnings(&image().bare()), ["the digest is missing (at byte 45)"]);
    let longer = [image().finish(), vec![0; 3]].concat();
    assert_eq!(warnings(&longer), ["3 bytes after the digest are ignored (at byte 73)"]);
    let count = image().records(10, 2, &[1, 2, 3, 4]).finish();
    assert_eq!(warnings(&count), ["block 10 (virtual walls) states 2 records and has 1 (at byte 45)"]);
    let nowhere = image().position(1, u32::MAX, u32::MAX).finish();
    assert_eq!(
        warnings(&nowhere),
        ["block 1 (charger) at (4294967295, 4294967295) mm lies on no map, and is left out (at byte 45)"]
    );
    assert_eq!(warnings(&Rr::new().finish()), ["the map has no image"]);
}

#[test]
fn digest_matches_tells_any_flipped_bit() {
    let image = || Rr::new().image(1, 0, 0, &[&[1]]);
    let right = image().finish();
    assert_eq!(digest_matches(&right), Some(true));
    // Each bit counts, of map and digest; those of block headers decide where the digest is.
    for at in (8..20).chain(28..45).chain(53..right.len()) {
        let mut wrong = right.clone();
        wrong[at] ^= 1;
        assert_eq!(digest_matches(&wrong), Some(false), "byte {at}");
    }
    assert_eq!(digest_matches(&image().bare()), None);
    assert_eq!(digest_matches(&right[..right.len() - 1]), None);
    assert_eq!(digest_matches(b"{}"), None);
}

#[test]
fn a_map_of_another_length_than_stated_needs_a_right_digest() {
    let bytes = whole_rr().finish();
    let mut longer = bytes.clone();
    longer[4] = longer[4].wrapping_add(1);
    // The header is under the digest, which is wrong now.
    assert!(matches!(parse(&longer), Err(Error::Truncated { .. })));
    let data = longer.len() - 20;
    let digest = <sha1::Sha1 as sha1::Digest>::digest(&longer[..data]);
    longer[data..].copy_from_slice(&digest);
    assert_eq!(parse(&longer), parse(&bytes));
}

#[test]
fn blocks_that_contradict_themselves_are_errors() {
    let numbers = |list: [i32; 4]| list.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>();
    let cases = [
        (Rr::new().block(2, &numbers([0, 0, 2, 2]), &[1]), "it has 1 cells, expected 4 (width x height)"),
        (
            Rr::new().block(2, &numbers([0, 1000, 1, 25]), &[0; 25]),
            "25 x 1 cells at left 1000, top 0 do not fit the grid",
        ),
        (Rr::new().block(2, &numbers([i32::MIN; 4]), &[]), "do not fit the grid of 1024 x 1024"),
        (Rr::new().block(2, &[0; 8], &[]), "its header has 16 bytes, expected 24 or 28"),
        (Rr::new().image(1, 0, 0, &[&[1]]).image(1, 0, 0, &[&[1]]), "a second image, the first is at byte 20"),
        (Rr::new().block(1, &[], &[0; 7]), "block 1 (charger) at byte 20: it has 7 bytes of data, expected 8 or more"),
        (Rr::new().block(3, &[], &[0; 7]), "7 bytes of data are not whole records of 4 bytes"),
        (Rr::new().block(3, &[1, 0, 0, 0, 6, 0, 0, 0], &[0; 6]), "its points have 6 bytes each, expected 4"),
        (Rr::new().block(7, &[], &[0; 3]), "it has 3 bytes of data, expected 4 or more"),
        (Rr::new().records(9, 1, &[0; 7]), "14 bytes of data are not whole records of 16 bytes"),
        (Rr::new().records(13, 0, &[1, 2]), "4 bytes are not 0 records of one size, 4 bytes or more"),
        (Rr::new().records(13, 3, &[1, 2, 3, 4]), "8 bytes are not 3 records of one size, 4 bytes or more"),
    ];
    for (map, message) in cases {
        let error = parse(&map.finish()).unwrap_err().to_string();
        assert!(error.starts_with("RR map: block ") && error.contains(message), "{error}");
    }
    let mut short = Rr::new().block(1, &[], &[0; 8]).finish();
    short[22] = 7;
    let error = parse(&short).unwrap_err().to_string();
    assert_eq!(
        error,
        "RR map: block 1 (charger) at byte 20: its header states a length of 7 bytes, expected 8 or more"
    );
}

#[test]
fn the_robot_looks_along_its_last_step_wherever_the_path_comes() {
    let angle = |points: &[[u16; 2]]| {
        let map = Rr::new().position(8, 1, 1).path(3, points).finish();
        parse(&map).unwrap().robot().unwrap().angle
    };
    assert_eq!(angle(&[[26_327, 24_558], [26_139, 24_741]]), Some(315.0));
    assert_eq!(angle(&[[5, 5], [5, 9]]), Some(0.0));
    assert_eq!(angle(&[[5, 5]]), Some(90.0));
}

#[test]
fn limits_hold_for_rr_maps() {
    let bytes = whole_rr().finish();
    let cases = [
        (Limit::MapSide, Limits { map_side: 1023, ..Limits::DEFAULT }),
        (Limit::Layers, Limits { layers: 3, ..Limits::DEFAULT }),
        (Limit::Runs, Limits { runs: 4, ..Limits::DEFAULT }),
        (Limit::Entities, Limits { entities: 4, ..Limits::DEFAULT }),
        (Limit::Points, Limits { points: 4, ..Limits::DEFAULT }),
        (Limit::DecompressedBytes, Limits { decompressed_bytes: 40, ..Limits::DEFAULT }),
    ];
    for (limit, limits) in cases {
        let expected = Err(Error::LimitExceeded { limit, max: limits.get(limit) });
        assert_eq!(parse_with(&bytes, &limits), expected);
        assert_eq!(parse_rr_map(&bytes, &limits), expected);
    }
}
