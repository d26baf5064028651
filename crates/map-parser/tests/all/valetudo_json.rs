//! Valetudo JSON is read leniently where nothing is lost by it, and strictly where the picture would be wrong.

use std::time::{Duration, Instant};

use crate::bytes;
use valetudo_map_model::{
    Area, AreaKind, Entity, Family, LayerKind, Material, Millimetre, Other, PathKind, Point, Run, Size, Stated,
};
use valetudo_map_parser::{Error, Limit, Limits, Map, parse, parse_conga, parse_valetudo, parse_with};

/// A map with these layers and entities.
fn map(layers: &str, entities: &str) -> Result<Map, Error> {
    let json = format!(r#"{{"size":{{"x":100,"y":100}},"pixelSize":5,"layers":[{layers}],"entities":[{entities}]}}"#);
    parse(json.as_bytes())
}

fn runs(layers: &str) -> Vec<(u16, u16, u16)> {
    let map = map(layers, "").unwrap();
    map.layers[0].runs.iter().map(|run| (run.x(), run.y(), run.length())).collect()
}

#[test]
fn everything_on_a_map_is_read() {
    let map = parse(&bytes::valetudo()).unwrap();
    assert_eq!((map.family, map.size, map.id), (Family::Valetudo, Size::new(5120, 5117), Some(7)));
    let [floor, room, wall] = &map.layers[..] else { panic!("{:?}", map.layers) };
    assert_eq!((&floor.kind, floor.runs.as_slice()), (&LayerKind::Floor, &[Run::new(10, 20, 3).unwrap()][..]));
    let segment = room.kind.segment().unwrap();
    assert_eq!((&*segment.id, segment.name.as_deref(), segment.active), ("17", Some("Hall"), true));
    assert_eq!(segment.material, Material::Tile);
    assert_eq!(room.runs.as_slice(), [Run::new(10, 5, 3).unwrap()]);
    assert_eq!((&wall.kind, wall.runs.pixels()), (&LayerKind::Wall, 65_535));

    let robot = map.robot().unwrap();
    assert_eq!((robot.position.x, robot.position.y, robot.angle), (2550, 1000, Some(182.5)));
    assert_eq!(map.charger().unwrap().angle, None);
    assert_eq!(map.go_to_target().unwrap().y, 20);
    let obstacle = map.obstacles().next().unwrap();
    assert_eq!((obstacle.label.as_deref(), obstacle.id.as_deref()), (Some("Cable (93%)"), Some("12")));
    assert_eq!(map.paths(PathKind::Driven).next().unwrap().points.len(), 2);
    assert_eq!(map.paths(PathKind::Predicted).next().unwrap().points, []);
    assert_eq!(map.areas(AreaKind::Carpet).next().unwrap().corners.len(), 3);
    assert_eq!(map.virtual_walls().next().unwrap().to.y, 40);
}

#[test]
fn keys_come_in_any_order() {
    let reversed =
        br#"{"entities":[{"points":[1,2],"type":"robot_position","metaData":{"angle":9},"__class":"PointMapEntity"}],
        "layers":[{"compressedPixels":[1,2,3],"metaData":{"segmentId":4},"type":"segment"}],
        "pixelSize":5,"size":{"y":100,"x":200}}"#;
    let map = parse(reversed).unwrap();
    assert_eq!(map.size, Size::new(200, 100));
    assert_eq!(map.robot().unwrap().position.x, 10);
    assert_eq!(&*map.layers[0].kind.segment().unwrap().id, "4");

    let conga = String::from_utf8(reversed.to_vec()).unwrap().replace("\"pixelSize\":5", "\"pixelSize\":1");
    let map = parse(conga.as_bytes()).unwrap();
    assert_eq!(map.size, Size::new(1000, 500));
    assert_eq!(map.robot().unwrap().position.x, 50);
}

#[test]
fn pixels_come_in_three_forms() {
    assert_eq!(runs(r#"{"type":"wall","compressedPixels":[1,2,3,4,2,1]}"#), [(1, 2, 4)]);
    assert_eq!(runs(r#"{"type":"wall","pixels":[4,2,1,2,2,2,3,2]}"#), [(1, 2, 4)]);
    assert_eq!(runs(r#"{"type":"wall","congaPixels":[1,2,2,2],"pixels":[]}"#), [(1, 2, 2)]);
    // Both lists say the same; reading both would draw translucent walls twice.
    assert_eq!(runs(r#"{"type":"wall","pixels":[1,2],"compressedPixels":[1,2,1]}"#), [(1, 2, 1)]);
    assert_eq!(runs(r#"{"type":"wall","compressedPixels":[],"pixels":null}"#), []);
}

#[test]
fn numbers_may_be_written_loosely() {
    assert_eq!(runs(r#"{"type":"wall","compressedPixels":[1.0,2e0,3,7,7,0]}"#), [(1, 2, 3)]);
    let map = map(
        r#"{"type":"segment","metaData":{"segmentId":16.0,"active":1,"name":""},"pixels":[1,1]}"#,
        r#"{"type":"robot_position","points":[1.25,-3]}"#,
    )
    .unwrap();
    let segment = map.layers[0].kind.segment().unwrap();
    assert_eq!((&*segment.id, segment.active, segment.name.as_deref()), ("16", true, None));
    assert_eq!((map.robot().unwrap().position.x, map.robot().unwrap().position.y), (13, -30));
}

fn warnings(map: &Map) -> Vec<String> {
    map.warnings.iter().map(|warning| warning.what.clone()).collect()
}

#[test]
fn unknown_types_are_kept_and_counted_and_unknown_keys_passed_over() {
    let map = map(
        r#"{"type":"ceiling","pixels":"none","metaData":{"active":{}}},{"pixels":[1]},null,{"type":7},
           {"type":"wall","type":"floor","lamps":{"a":[1,{"b":null}]},"pixels":[1,1],"metaData":null},
           {"type":"ceiling","pixels":[4,5,5,5],"compressedPixels":[]}"#,
        r#"{"__class":"CircleMapEntity","type":"no_go_area","points":[1,2,3]},
           {"__class":"PointMapEntity","type":"lamp","points":{"x":[1]},"metaData":{"angle":"up"}},
           {"type":"carpet","points":[1,2],"points":[3,4],"new":true},
           {"__class":"PointMapEntity","type":"lamp","points":[7,8]},{"points":[1,2]}"#,
    )
    .unwrap();
    let layers: Vec<_> = map.layers.iter().map(|layer| (&layer.kind, layer.runs.pixels())).collect();
    let ceiling = LayerKind::Other("ceiling".into());
    assert_eq!(layers, [(&ceiling, 0), (&LayerKind::Floor, 1), (&ceiling, 2)]);
    let other = |name: &str, points: Vec<Point<Millimetre>>| Entity::Other(Other { name: name.into(), points });
    let carpet = Area { kind: AreaKind::Carpet, corners: vec![Point::new(30, 40)] };
    assert_eq!(
        map.entities,
        [
            other("CircleMapEntity", vec![]),
            other("lamp", vec![]),
            Entity::Area(carpet),
            other("lamp", vec![Point::new(70, 80)])
        ]
    );
    assert_eq!(
        warnings(&map),
        [
            "2 layers of unknown type \"ceiling\"",
            "3 layers without a type",
            "1 entity of unknown type \"CircleMapEntity\"",
            "2 entities of unknown type \"lamp\"",
            "1 entity without a type",
        ]
    );
}

#[test]
fn materials_are_told_apart_and_unknown_ones_counted() {
    let names = ["generic", "tile", "wood", "wood_horizontal", "wood_vertical", "carpet", "carpet_low", "carpet_high"];
    let layer = |name: &&str| format!(r#"{{"type":"segment","metaData":{{"segmentId":"1","material":"{name}"}}}}"#);
    let layers = |names: &[&str]| names.iter().map(layer).collect::<Vec<_>>().join(",");
    let known = map(&layers(&names), "").unwrap();
    assert_eq!(known.warnings, []);
    assert_eq!(
        known.segments().map(|(segment, _)| segment.material).collect::<Vec<_>>(),
        [
            Material::Generic,
            Material::Tile,
            Material::Wood,
            Material::WoodHorizontal,
            Material::WoodVertical,
            Material::Carpet,
            Material::CarpetLow,
            Material::CarpetHigh
        ]
    );
    let unknown = map(&layers(&["cork", "tile", "cork"]), "").unwrap();
    assert_eq!(warnings(&unknown), ["2 rooms of unknown material \"cork\""]);
    assert_eq!(unknown.segments().filter(|(segment, _)| segment.material == Material::Unknown).count(), 2);
}

#[test]
fn what_newer_valetudo_adds_is_read() {
    let json = br#"{"metaData":{"nonce":"n","defaultMap":true,"pendingMapChange":true},"size":{"x":100,"y":100},"pixelSize":5,
        "layers":[{"type":"segment","metaData":{"segmentId":"1","source":"rism","area":75},"compressedPixels":[1,2,3],
            "dimensions":{"x":{"min":1,"max":3,"mid":2,"avg":2},"y":{"min":2,"max":2,"mid":2,"avg":2},"pixelCount":3}}],
        "entities":[{"__class":"LineMapEntity","type":"threshold","points":[1,2,3,4]},
            {"__class":"LineMapEntity","type":"curtain","points":[5,6,7,8]},
            {"__class":"PolygonMapEntity","type":"ramp","points":[1,1,2,1,2,2]},
            {"__class":"PointMapEntity","type":"obstacle","points":[1,2],"metaData":{"label":"Shoe","image":"/img/1.jpg"}},
            {"__class":"PathMapEntity","type":"path","points":[1,2,3,4],"metaData":{"vendorPathType":17}}]}"#;
    let map = parse(json).unwrap();
    assert_eq!(map.warnings, []);
    assert!(map.is_placeholder && map.has_pending_change);
    let room = &map.layers[0];
    assert_eq!(room.kind.segment().unwrap().source.as_deref(), Some("rism"));
    let dimensions = room.dimensions().unwrap();
    assert_eq!((dimensions.x.min, dimensions.x.max, dimensions.pixels, room.area(map.pixel_size)), (1, 3, 3, 75));
    assert_eq!(map.stated, [Stated { dimensions: Some(dimensions), area: Some(75) }]);
    let [
        Entity::Threshold(sill),
        Entity::Curtain(curtain),
        Entity::Area(ramp),
        Entity::Obstacle(shoe),
        Entity::Path(path),
    ] = &map.entities[..]
    else {
        panic!("{:?}", map.entities);
    };
    assert_eq!((sill.from, curtain.to), (Point::new(10, 20), Point::new(70, 80)));
    assert_eq!((ramp.kind, ramp.corners.len()), (AreaKind::Ramp, 3));
    assert_eq!((shoe.label.as_deref(), shoe.image.as_deref()), (Some("Shoe"), Some("/img/1.jpg")));
    assert_eq!(path.vendor_type.as_deref(), Some("17"));
}

#[test]
fn odd_values_of_what_is_new_refuse_no_map() {
    let json = br#"{"metaData":{"defaultMap":"yes","pendingMapChange":[1]},"size":{"x":100,"y":100},"pixelSize":5,
        "layers":[{"type":"segment","metaData":{"segmentId":"1","source":{},"area":-1},"pixels":[1,2],"dimensions":7},
            {"type":"wall","pixels":[1,2],"metaData":{"area":50},"dimensions":{"x":{"min":1,"max":1,"mid":1,"avg":1},
                "y":{"min":2,"max":2,"mid":2},"pixelCount":2}}],
        "entities":[{"type":"obstacle","points":[1,2],"metaData":{"image":[]}},
            {"type":"path","points":[1,2],"metaData":{"vendorPathType":true}},{"type":"curtain","points":[1,2]}]}"#;
    let map = parse(json).unwrap();
    assert!(!map.is_placeholder && !map.has_pending_change);
    assert_eq!(map.stated, [Stated::default(), Stated { dimensions: None, area: Some(50) }]);
    assert_eq!(warnings(&map), ["a curtain of 1 points is left out, expected 2"]);
}

#[test]
fn bytes_after_the_map_are_a_warning() {
    for (start, end, warning) in [
        ("", "", None),
        ("", " \r\n\t", None),
        ("", "\0", Some("1 bytes after the map are ignored (at byte 48)")),
        ("\n \n", "\n{}", Some("2 bytes after the map are ignored (at byte 52)")),
        ("\u{feff}", "{\"size\":[", Some("9 bytes after the map are ignored (at byte 51)")),
    ] {
        let json = format!(r#"{start}{{"size":{{"x":1,"y":1}},"layers":[],"pixelSize":5}}{end}"#);
        let warnings = parse(json.as_bytes()).unwrap().warnings;
        assert_eq!(warnings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::from_iter(warning), "{json:?}");
    }
}

#[test]
fn runs_may_come_in_any_order_overlap_and_lie_outside_the_map() {
    let list = r#"{"type":"wall","compressedPixels":[9,9,2,1,2,3,2,2,5,60000,60000,5535,1,2,3]}"#;
    assert_eq!(runs(list), [(1, 2, 3), (1, 2, 3), (2, 2, 5), (9, 9, 2), (60_000, 60_000, 5535)]);
}

#[test]
fn long_texts_are_not_repeated_in_errors() {
    let long = "\\u0001x".repeat(1 << 20);
    for json in [
        format!(r#"{{"layers":"{long}"}}"#),
        format!(r#"{{"layers":["{long}"]}}"#),
        format!(r#"{{"size":"{long}"}}"#),
        format!(r#"{{"image":{{"pixels":"{long}"}}}}"#),
        format!(r#"{{"robot":["{long}"]}}"#),
        format!(r#"{{"robot":{{"{long}":0}}}}"#),
        format!(r#"{{"size":{{"x":1,"y":1}},"layers":[],"pixelSize":"{long}"}}"#),
        format!("\"{long}\""),
    ] {
        let error = parse_valetudo(json.as_bytes(), &Limits::DEFAULT).unwrap_err().to_string();
        assert!(error.len() < 400, "{error}");
        let error = parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.len() < 400, "{error}");
    }
    let layer = format!(r#"{{"type":"segment","metaData":{{"segmentId":"1","name":"{}"}}}}"#, "ü".repeat(513));
    assert_eq!(map(&layer, "").unwrap_err().to_string(), "the map exceeds the limit `name_bytes` of 1024");
    let label = format!(r#"{{"type":"obstacle","points":[1,2],"metaData":{{"label":"{long}"}}}}"#);
    assert_eq!(map("", &label).unwrap_err(), Error::LimitExceeded { limit: Limit::NameBytes, max: 1024 });
    let decoded = format!(r#"{{"image":{{"segments":{{"pixels_seg_{long}":[]}}}}}}"#);
    assert_eq!(parse(decoded.as_bytes()).unwrap_err(), Error::LimitExceeded { limit: Limit::NameBytes, max: 1024 });
}

#[test]
fn a_map_of_impossible_size_is_an_error() {
    for size in [1u64 << 31, (1 << 31) - 1, u64::from(u32::MAX), u64::MAX, 41_000] {
        let json = format!(r#"{{"size":{{"x":{size},"y":{size}}},"pixelSize":5,"layers":[]}}"#);
        let error = parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("`map_side` of 8192") || error.contains("`size.x` is "), "{error}");
    }
}

#[test]
fn wrong_pixels_are_errors_that_say_where() {
    let cases = [
        ("[1,2,3,4]", "layer 2: `compressedPixels`: entry 2: the list ends within it, expected x, y, count"),
        ("[1,-2,3]", "layer 2: `compressedPixels`: entry 1: expected a whole number from 0 to 65535, found `-2`"),
        (
            "[1,2,3,1.5,2,3]",
            "layer 2: `compressedPixels`: entry 2: expected a whole number from 0 to 65535, found `1.5`",
        ),
        (
            "[1,2,3,\"a\",2,3]",
            "layer 2: `compressedPixels`: entry 2: expected a whole number from 0 to 65535, found a string",
        ),
        ("[65535,2,1]", "layer 2: `compressedPixels`: entry 1: it ends beyond column 65535"),
        ("[65536,2,1]", "layer 2: `compressedPixels`: entry 1: expected a whole number from 0 to 65535, found `65536`"),
        ("{}", "layer 2: `compressedPixels`: expected a list of numbers, found an object"),
        ("[1,2,]", "layer 2: expected a value, found `]`"),
    ];
    for (pixels, message) in cases {
        let layers = format!("{{\"type\":\"floor\"}},\n{{\"type\":\"wall\",\"compressedPixels\":{pixels}}}");
        let error = map(&layers, "").unwrap_err().to_string();
        assert!(error.starts_with("JSON line 2, column ") && error.contains(message), "{error}");
        assert_eq!(error.matches("line").count(), 1, "{error}");
    }
}

#[test]
fn wrong_entities_are_errors_that_say_which() {
    let cases = [
        (
            r#"{"type":"path","points":[1,2,3]}"#,
            "entity 1: path: `points`: point 2: the list ends within it, expected x, y",
        ),
        (
            r#"{"type":"path","points":[1,true]}"#,
            "entity 1: path: `points`: point 1: expected a number from -42949672 to 42949672, found `true`",
        ),
        (
            r#"{"type":"path","points":[1,99999999999]}"#,
            "entity 1: path: `points`: point 1: expected a number from -42949672 to 42949672, found `99999999999`",
        ),
        (r#"{"type":"robot_position","points":[]}"#, "entity 1: robot_position: `points` has 0 points, expected 1"),
        (
            r#"{"type":"robot_position","points":[1,2],"metaData":{"angle":"up"}}"#,
            "`angle` is \"up\", expected a number",
        ),
        ("7", "entity 1: expected an entity (an object), found `7`"),
    ];
    for (entity, message) in cases {
        let error = map("", entity).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let long = map("", &format!("\"{}\"", "é\\n".repeat(5000))).unwrap_err().to_string();
    assert!(long.len() < 400 && !long.contains('\n'), "{long}");
    let error = map(r#"{"type":"segment","pixels":[1,1]}"#, "").unwrap_err().to_string();
    assert!(error.contains("layer 1: `segmentId` is missing"), "{error}");
}

#[test]
fn a_hundred_thousand_wrong_lists_that_do_not_matter_are_passed_over_soon() {
    let lists = |key: &str| format!("\n\"{key}\":1,").repeat(50_000);
    let layers = format!(r#"{{{}"type":"ceiling"}}"#, lists("pixels"));
    let entities = format!(r#"{{{}"type":"lamp"}}"#, lists("points"));
    let start = Instant::now();
    assert_eq!(map(&layers, &entities).unwrap().warnings.len(), 2);
    // Line and column of each would take minutes.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());

    let floor = format!(r#"{{{}"type":"floor"}}"#, lists("pixels"));
    assert_eq!(
        map(&floor, "").unwrap_err().to_string(),
        "JSON line 50001, column 10: layer 1: `pixels`: expected a list of numbers, found `1`"
    );
}

#[test]
fn a_virtual_wall_of_fewer_than_two_points_is_left_out() {
    let walls = r#"{"type":"virtual_wall","points":[1,2]},{"type":"virtual_wall","points":[1,2,3,4]},
        {"type":"virtual_wall"}"#;
    let map = map("", walls).unwrap();
    assert_eq!(map.virtual_walls().count(), 1);
    assert_eq!(
        map.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "a virtual wall of 1 points is left out, expected 2 (at byte 64)",
            "a virtual wall of 0 points is left out, expected 2 (at byte 155)"
        ]
    );
    assert!(self::map("", r#"{"type":"virtual_wall","points":[1,2,3]}"#).is_err());
}

#[test]
fn ids_and_nonces_keep_their_type() {
    let id = |json: &str| {
        let map = map(&format!(r#"{{"type":"segment","metaData":{{"segmentId":{json}}}}}"#), "").unwrap();
        let (segment, _) = map.segments().next().unwrap();
        (segment.id.to_string(), segment.id_is_number)
    };
    assert_eq!(
        [id("16"), id("\"16\""), id("16.0")],
        [("16", true), ("16", false), ("16", true)].map(|(id, is)| (id.to_owned(), is))
    );
    let nonce = |json: &str| {
        let json = format!(r#"{{"metaData":{{"nonce":{json}}},"size":{{"x":1,"y":1}},"pixelSize":5,"layers":[]}}"#);
        parse(json.as_bytes()).unwrap().nonce
    };
    assert_eq!(nonce("\"d10a9fb3-1fbc\"").as_deref(), Some("d10a9fb3-1fbc"));
    assert_eq!(nonce("null").or(nonce("[]")).or(nonce(&format!("\"{}\"", "x".repeat(2000)))), None);
}

#[test]
fn a_map_needs_its_size_and_layers() {
    let cases = [
        (r#"{"size":{"x":1,"y":1},"layers":[]}"#, "JSON: `pixelSize` is missing"),
        (r#"{"size":{"x":1,"y":1},"layers":[],"pixelSize":0}"#, "JSON: `pixelSize` is 0, expected 1 to 255"),
        (r#"{"size":{"x":1},"layers":[],"pixelSize":5}"#, "JSON: `size.y` is missing"),
        (r#"{"size":{"x":1,"y":-1},"layers":[],"pixelSize":5}"#, "JSON: `size.y` is -1, expected 1 to "),
        (r#"{"size":{"x":1,"y":1},"pixelSize":5}"#, "JSON: `layers` is missing"),
        (r#"{"hello":"world"}"#, "JSON: neither a Valetudo map (no `layers`) nor a decoded RR map (no `image`)"),
        (r#"{"size":{"x":1,"#, "JSON line 1, column 16: expected a key, found the end"),
    ];
    for (json, message) in cases {
        let error = parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn every_limit_is_named_when_exceeded() {
    let json = bytes::valetudo();
    let zero = |limit: Limit| {
        let mut limits = Limits::DEFAULT;
        match limit {
            Limit::MapSide => limits.map_side = 1023,
            Limit::Layers => limits.layers = 2,
            Limit::Runs => limits.runs = 2,
            Limit::Entities => limits.entities = 7,
            Limit::Points => limits.points = 10,
            _ => limits.decompressed_bytes = 100,
        }
        limits
    };
    for limit in [Limit::MapSide, Limit::Layers, Limit::Runs, Limit::Entities, Limit::Points, Limit::DecompressedBytes]
    {
        let limits = zero(limit);
        let error = parse_with(&json, &limits).unwrap_err();
        assert_eq!(error, Error::LimitExceeded { limit, max: limits.get(limit) });
    }
}

#[test]
fn each_format_has_its_own_function() {
    let json = br#"{"size":{"x":800,"y":800},"pixelSize":1,"layers":[],"entities":[{"type":"path","points":[1,2]}]}"#;
    let conga = parse_conga(json, &Limits::DEFAULT).unwrap();
    assert_eq!((conga.family, conga.size, conga.pixel_size.get()), (Family::Conga, Size::new(4000, 4000), 5));
    assert_eq!(parse(json).unwrap(), conga);
    let fine = parse_valetudo(json, &Limits::DEFAULT).unwrap();
    assert_eq!((fine.family, fine.size, fine.pixel_size.get()), (Family::Valetudo, Size::new(800, 800), 1));
    let error = parse_conga(&bytes::valetudo(), &Limits::DEFAULT).unwrap_err().to_string();
    assert_eq!(error, "JSON: `pixelSize` is 5, expected 1 on a Conga map");
}
