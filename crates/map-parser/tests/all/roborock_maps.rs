//! RR maps as Roborock means them: what they have beside the reference's reading of the same bytes.

use crate::bytes::{Rr, whole_rr};
use valetudo_map_model::{AreaKind, Entity, Family, LayerKind, Material, PathKind, Point, Run};
use valetudo_map_parser::{Error, Limit, Limits, Map, Parser, RrDialect, parse, parse_roborock};

fn roborock(map: Rr) -> Map {
    parse_roborock(&map.finish(), &Limits::DEFAULT).unwrap()
}

fn warnings(map: &Map) -> Vec<String> {
    map.warnings.iter().map(|warning| warning.what.clone()).collect()
}

/// Two rooms, 16 and 18, each of two cells in a row, the first at the top.
fn rooms() -> Rr {
    Rr::new().image(3, 500, 500, &[&[0b1000_0111, 0b1000_0111], &[0b1001_0111, 0b1001_0111]])
}

/// Four bytes of a position's coordinate, and the angle.
fn pose(kind: u16, angle: i32) -> Rr {
    let data = [&25_600u32.to_le_bytes()[..], &25_600u32.to_le_bytes(), &angle.to_le_bytes()].concat();
    rooms().block(kind, &[], &data)
}

/// An obstacle of 28 bytes.
fn with_photo(x: u16, y: u16, kind: u16, confidence: u16, photo: &[u8]) -> Vec<u8> {
    let mut record: Vec<u8> =
        [x, y, kind, confidence, 1001, 0].iter().flat_map(|number| number.to_le_bytes()).collect();
    record.extend(photo);
    record.resize(28, 0);
    record
}

#[test]
fn the_dialect_is_the_parsers_choice_and_changes_no_other_map() {
    let bytes = whole_rr().finish();
    let mut parser = Parser::new(Limits::DEFAULT).dialect(RrDialect::Roborock);
    assert_eq!(parser.parse(&bytes).unwrap(), parse_roborock(&bytes, &Limits::DEFAULT).unwrap());
    assert_eq!(parse(&bytes).unwrap().family, Family::Rand256);
    assert_eq!(Parser::default().parse(&bytes).unwrap(), parse(&bytes).unwrap());
    let json = crate::bytes::valetudo();
    assert_eq!(parser.parse(&json).unwrap(), parse(&json).unwrap());
}

#[test]
fn what_both_dialects_read_is_the_same() {
    let bytes = whole_rr().finish();
    let (reference, roborock) = (parse(&bytes).unwrap(), parse_roborock(&bytes, &Limits::DEFAULT).unwrap());
    assert_eq!(reference.layers, roborock.layers);
    let same = |entity: &&Entity| !matches!(entity, Entity::Obstacle(_));
    let shared = |map: &Map| map.entities.iter().filter(same).cloned().collect::<Vec<_>>();
    assert_eq!(shared(&reference), shared(&roborock));
    assert_eq!((reference.id, reference.size), (roborock.id, roborock.size));
}

#[test]
fn robot_and_dock_have_the_angles_that_they_state() {
    for (stated, expected) in [(0, 90.0), (90, 0.0), (-90, 180.0), (180, 270.0), (-2, 92.0), (i32::MIN, 218.0)] {
        assert_eq!(roborock(pose(8, stated)).robot().unwrap().angle, Some(expected), "{stated}");
        assert_eq!(roborock(pose(1, stated)).charger().unwrap().angle, Some(expected), "{stated}");
    }
    // Without one, the robot has that of its path, and the dock none.
    let silent = rooms().position(8, 1, 1).position(1, 1, 1).path(3, &[[25_600, 25_600], [25_700, 25_600]]);
    let map = roborock(silent);
    assert_eq!((map.robot().unwrap().angle, map.charger().unwrap().angle), (Some(90.0), None));
}

#[test]
fn obstacles_have_labels_confidence_and_photos_and_may_be_ignored() {
    let map = roborock(
        rooms()
            .records(13, 1, &[100, 200, 3, 5049])
            .records(14, 1, &[300, 400, 26])
            .block(
                15,
                &2u32.to_le_bytes(),
                &[with_photo(1, 2, 48, 9300, b"1a.jpg"), with_photo(3, 4, 999, 5050, b"")].concat(),
            )
            .block(16, &1u32.to_le_bytes(), &with_photo(5, 6, 0, 100, b"0123456789abcdef"))
            .block(13, &1u32.to_le_bytes(), &[7, 0, 8, 0, 1]),
    );
    assert_eq!(map.warnings, []);
    let found: Vec<_> = map
        .obstacles()
        .map(|obstacle| {
            let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or("-").to_owned();
            (text(&obstacle.label), obstacle.confidence, text(&obstacle.image), obstacle.is_ignored)
        })
        .collect();
    let expected = [
        ("Pedestal (50%)", Some(5049), "-", false),
        ("Furniture", None, "-", true),
        ("Cable (93%)", Some(9300), "1a.jpg", false),
        ("Type 999 (51%)", Some(5050), "-", false),
        ("Cable (1%)", Some(100), "0123456789abcdef", true),
        ("-", None, "-", false),
    ];
    assert_eq!(
        found,
        expected.map(|(label, confidence, image, ignored)| (label.to_owned(), confidence, image.to_owned(), ignored))
    );
    assert_eq!(map.obstacles().nth(2).unwrap().position, Point::new(1, 51_198));
}

#[test]
fn rooms_have_materials_with_directions_and_are_active_when_cleaned() {
    let mut materials = [0; 32];
    (materials[16], materials[18]) = (3, 4);
    let material = |map: &Map| map.segments().map(|(segment, _)| segment.material).collect::<Vec<_>>();
    // The list comes before the image.
    let base = Rr::new().block(24, &[], &materials);
    let image = |map: Rr| map.image(3, 500, 500, &[&[0b1000_0111], &[0b1001_0111]]);
    assert_eq!(material(&roborock(image(base.clone()))), [Material::Tile, Material::Wood]);
    for (degrees, expected) in [(0u8, Material::WoodHorizontal), (90, Material::WoodVertical), (45, Material::Wood)] {
        let record = base.clone().block(32, &[], &[18, 0, 0, 16, degrees, 0]);
        assert_eq!(material(&roborock(image(record)))[1], expected, "{degrees}");
        let mut a_byte_each = [7; 32];
        a_byte_each[16] = degrees;
        assert_eq!(material(&roborock(image(base.clone().block(32, &[], &a_byte_each))))[1], expected, "{degrees}");
    }
    let unknown = roborock(image(Rr::new().block(24, &[], &[9; 32])));
    assert_eq!(material(&unknown), [Material::Unknown; 2]);
    assert_eq!(warnings(&unknown), ["2 rooms of unknown material \"9\""]);

    let active = |map: &Map| map.segments().map(|(segment, _)| segment.active).collect::<Vec<_>>();
    assert_eq!(active(&roborock(rooms().block(11, &1u32.to_le_bytes(), &[16]))), [false, true]);
    assert_eq!(active(&roborock(rooms())), [false, false]);
    assert_eq!(active(&parse(&rooms().block(11, &1u32.to_le_bytes(), &[16]).finish()).unwrap()), [false, false]);
}

#[test]
fn carpets_are_a_layer_after_the_others() {
    let map = roborock(rooms().block(17, &[], &[1, 1, 0, 1]));
    assert_eq!(map.warnings, []);
    let carpet = map.layers.last().unwrap();
    assert_eq!(carpet.kind, LayerKind::Carpet);
    // The file's first row is the lower one.
    assert_eq!(carpet.runs.as_slice(), [Run::new(501, 500, 1).unwrap(), Run::new(500, 501, 2).unwrap()]);
    assert_eq!(roborock(rooms().block(17, &[], &[0; 4])).layers, roborock(rooms()).layers);
    let odd = roborock(rooms().block(17, &[], &[9, 8, 0, 0]));
    assert_eq!(odd.layers.last().unwrap().runs.pixels(), 1);
    assert_eq!(warnings(&odd), ["block 17 (carpets) marks 2 cells as something other than carpet"]);
    let short = roborock(rooms().block(17, &[], &[1, 1, 0]));
    assert_eq!(warnings(&short), ["block 17 (carpets) has 3 cells, the image has 4"]);
    assert_eq!(short.layers, roborock(rooms()).layers);
}

#[test]
fn stretches_of_the_path_that_were_mopped_are_paths_of_their_own() {
    let path = || rooms().path(3, &[[0, 0], [10, 0], [20, 0], [30, 0], [40, 0]]);
    let mopped = |map: &Map| {
        let xs = |path: &valetudo_map_model::Path| path.points.iter().map(|point| point.x).collect::<Vec<_>>();
        map.paths(PathKind::Mopped).map(xs).collect::<Vec<_>>()
    };
    let map = roborock(path().block(18, &[], &[1, 12, 0, 0, 8]));
    assert_eq!(map.warnings, []);
    assert_eq!(mopped(&map), [vec![0, 10], vec![40]]);
    assert_eq!(map.paths(PathKind::Driven).next().unwrap().points.len(), 5);
    // The list comes before the path, and does not fit it.
    let early = rooms().block(18, &[], &[0, 1, 1]).path(3, &[[0, 0], [10, 0]]);
    let map = roborock(early);
    assert_eq!(mopped(&map), [[10]]);
    assert_eq!(warnings(&map), ["block 18 (mop path) has 3 bytes for 2 points"]);
    assert!(mopped(&roborock(rooms().block(18, &[], &[1]))).is_empty());
}

#[test]
fn areas_without_carpet_are_areas() {
    let map = roborock(rooms().records(19, 1, &[1, 2, 3, 4, 5, 6, 7, 8]));
    let corners = |map: &Map| map.areas(AreaKind::NoCarpet).map(|area| area.corners.clone()).collect::<Vec<_>>();
    let expected = [(1, 51_198), (3, 51_196), (5, 51_194), (7, 51_192)].map(|(x, y)| Point::new(x, y));
    assert_eq!(corners(&map), [expected]);
    assert_eq!(map.warnings, []);
}

#[test]
fn floor_of_a_first_generation_map_is_floor() {
    let map = roborock(Rr::new().image(1, 500, 500, &[&[255, 255, 1]]));
    let kinds: Vec<_> = map.layers.iter().map(|layer| (&layer.kind, layer.runs.pixels())).collect();
    assert_eq!(kinds, [(&LayerKind::Floor, 2), (&LayerKind::Wall, 1)]);
}

#[test]
fn blocks_that_nobody_reads_are_counted_when_they_have_data() {
    let map = roborock(rooms().block(29, &[], &[]).block(31, &[], &[1]).block(999, &[], &[2]).block(31, &[], &[3]));
    assert_eq!(warnings(&map), ["2 blocks of unknown type \"31\"", "1 block of unknown type \"999\""]);
    assert_eq!(parse(&rooms().block(31, &[], &[1]).finish()).unwrap().warnings, []);
}

#[test]
fn carpets_and_mopping_are_within_the_limits() {
    let bytes = rooms().path(3, &[[0, 0], [1, 0]]).block(18, &[], &[1, 1]).block(17, &[], &[1, 0, 0, 1]).finish();
    let map = parse_roborock(&bytes, &Limits::DEFAULT).unwrap();
    let runs = map.layers.iter().map(|layer| layer.runs.len()).sum::<usize>();
    for (limit, limits) in [
        (Limit::Runs, Limits { runs: runs - 1, ..Limits::DEFAULT }),
        (Limit::Layers, Limits { layers: map.layers.len() - 1, ..Limits::DEFAULT }),
        (Limit::Entities, Limits { entities: map.entities.len() - 1, ..Limits::DEFAULT }),
        (Limit::Points, Limits { points: 3, ..Limits::DEFAULT }),
    ] {
        let error = parse_roborock(&bytes, &limits).unwrap_err();
        assert_eq!(error, Error::LimitExceeded { limit, max: limits.get(limit) });
    }
}
