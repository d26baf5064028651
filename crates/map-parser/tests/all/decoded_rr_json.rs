//! RR maps that some tool has decoded into JSON.

use crate::bytes;
use valetudo_map_model::{AreaKind, Family, PathKind, Point};
use valetudo_map_parser::{Limits, Map, parse, parse_decoded_rr};

const IMAGE: &str = r#""image":{"segments":{"count":2,"id":[16,18],"pixels_seg_16":[5,6],"pixels_seg_18":[1]},
    "position":{"top":500,"left":500},"dimensions":{"height":3,"width":4},
    "pixels":{"floor":[2],"walls":[0,3,4,7,9,10],"segments":{}}}"#;

fn map(rest: &str) -> Map {
    parse(format!("{{\"header_length\":20,\"map_index\":876,{rest},{IMAGE}}}").as_bytes()).unwrap()
}

#[test]
fn the_decoded_map_is_the_map() {
    let decoded = map(r#""robot":[25700,25500],"charger":[25600,25600],"goto_target":[25800,25500],
        "path":{"current_angle":90.0,"points":[[25600,25600],[25700,25600],[25700,25700]]},
        "goto_predicted_path":{"points":[[25700,25700],[25800,25700]]},
        "currently_cleaned_zones":[[25000,26200,26000,27200]],
        "forbidden_zones":[[1,51198,3,51196,5,51194,7,51192]],
        "forbidden_mop_zones":[[1,51198,3,51196,5,51194,7,51192]],
        "virtual_walls":[[10,51180,30,51160]]"#);
    let binary = parse(&bytes::whole_rr().finish()).unwrap();
    assert_eq!(decoded.family, Family::Rand256);
    assert_eq!((decoded.size, decoded.pixel_size, decoded.id), (binary.size, binary.pixel_size, binary.id));
    assert_eq!(decoded.layers, binary.layers);
    assert_eq!((decoded.robot(), decoded.charger()), (binary.robot(), binary.charger()));
    assert_eq!(decoded.go_to_target(), binary.go_to_target());
    for kind in [PathKind::Driven, PathKind::Predicted] {
        assert!(decoded.paths(kind).eq(binary.paths(kind)), "{kind:?}");
    }
    for kind in [AreaKind::ActiveZone, AreaKind::NoGo, AreaKind::NoMop] {
        assert!(decoded.areas(kind).eq(binary.areas(kind)), "{kind:?}");
    }
    assert!(decoded.virtual_walls().eq(binary.virtual_walls()));
}

#[test]
fn the_stated_angle_is_turned() {
    let angle = |stated: &str| map(&format!("\"robot\":[1,2],\"robot_angle\":{stated}")).robot().unwrap().angle;
    let cases =
        [("0", 90.0), ("-180", 89.0), ("180", 270.0), ("-90", 0.0), ("2.5", 92.0), ("3.5", 94.0), ("null", 90.0)];
    for (stated, expected) in cases {
        assert_eq!(angle(stated), Some(expected), "{stated}");
    }
}

#[test]
fn pixels_may_come_before_the_dimensions_and_cross_rows() {
    let json = br#"{"image":{"pixels":{"walls":[5,6,0,1,2,3,4]},"dimensions":{"width":4,"height":2},"position":{"left":10,"top":20}}}"#;
    let map = parse_decoded_rr(json, &Limits::DEFAULT).unwrap();
    let runs: Vec<_> = map.layers[0].runs.iter().map(|run| (run.x(), run.y(), run.length())).collect();
    assert_eq!(runs, [(10, 20, 3), (10, 21, 4)]);
    assert_eq!(parse(json), Ok(map));
}

#[test]
fn an_empty_position_is_no_entity() {
    let map = map(r#""robot":null,"charger":[],"goto_target":null,"path":{"points":[]},"virtual_walls":[]"#);
    assert_eq!(map.entities, []);
    let with_angle = self::map(r#""robot":[1,2,90]"#);
    assert_eq!(with_angle.robot().unwrap().position, Point::new(1, 51_198));
}

#[test]
fn positions_on_no_map_are_left_out_with_a_warning() {
    let map = map(r#""robot":[4294967295,4294967295],"charger":[1,-2147483648],"goto_target":[1e99,-1]"#);
    assert_eq!(map.entities, []);
    assert_eq!(map.layers.len(), 4);
    let warnings: Vec<String> = map.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "`charger` at (1, -2147483648) mm lies on no map, and is left out (at byte 78)",
            "`robot` at (4294967295, 4294967295) mm lies on no map, and is left out (at byte 44)",
            "`goto_target` at (9223372036854775807, -1) mm lies on no map, and is left out (at byte 108)",
        ]
    );
}

#[test]
fn impossible_values_are_errors_that_name_the_key() {
    let image = |rest: &str| format!("{{\"image\":{{\"position\":{{\"top\":0,\"left\":0}},{rest}}}}}");
    let with = |rest: &str| format!("{{{rest},{IMAGE}}}");
    let cases = [
        (r#"{"image":{}}"#.to_owned(), "JSON: `image.position.left` is missing"),
        (
            image(r#""dimensions":{"width":0,"height":0},"pixels":{"floor":[0]}"#),
            "JSON: `image`: pixel 0 of floor lies outside the 0 pixels",
        ),
        (
            image(r#""dimensions":{"width":2,"height":2},"pixels":{"walls":[3,4]}"#),
            "JSON: `image`: pixel 4 of walls lies outside the 4",
        ),
        (
            image(r#""dimensions":{"width":2000,"height":2}"#),
            "JSON: `image`: 2000 x 2 cells at left 0, top 0 do not fit",
        ),
        (image(r#""pixels":{"walls":[-1]}"#), "`image`: expected a whole number of 32 bits, found `-1`"),
        (with(r#""path":{"points":[[1,2],[3]]}"#), "JSON: `path.points` has 3 numbers, expected a multiple of 2"),
        (with(r#""forbidden_zones":[[1,2,3,4]]"#), "JSON: `forbidden_zones` has 4 numbers, expected a multiple of 8"),
        (with(r#""robot":[1]"#), "JSON: `robot` has 1 numbers, expected x, y"),
        (with(r#""robot":["a",1]"#), "`robot`: expected a number, found a string"),
        (with(r#""path":{"points":[[1,4294967295]]}"#), "`path`: expected a number of 32 bits, found `4294967295`"),
        (with(r#""robot":{"x":1}"#), "`robot`: expected a list of numbers"),
    ];
    for (json, message) in cases {
        let error = parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
