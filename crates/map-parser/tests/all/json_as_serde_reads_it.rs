//! JSON is read as serde_json reads it: whole maps, damaged maps, and documents that are no maps.

use crate::oracle::assert_read_alike;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use valetudo_map_parser::{Limits, parse_conga, parse_decoded_rr, parse_valetudo};

const VALETUDO: &str = r#"{"__class":"ValetudoMap","metaData":{"version":2,"vendorMapId":7,"totalLayerArea":1170750},
    "size":{"x":5120,"y":5117},"pixelSize":5,"new":[null,{"a":-1.5e3}],"layers":[
    {"__class":"MapLayer","metaData":{"area":3},"type":"floor","pixels":[],"dimensions":{"x":{"min":10}},"compressedPixels":RUNS},
    {"metaData":{"segmentId":"17","name":"Küche \u00e9","active":true,"material":"tile"},"type":"segment","pixels":RUNS},
    {"metaData":{"segmentId":3,"name":1.5,"active":1},"type":"segment","congaPixels":RUNS,"pixels":[]},
    {"metaData":{"segmentId":-0},"pixels":[1.5,"a"],"type":"ceiling"},
    {"type":"wall","compressedPixels":RUNS}],"entities":[
    {"__class":"PointMapEntity","metaData":{"angle":182.5},"points":[255,100],"type":"robot_position"},
    {"__class":"PointMapEntity","metaData":{"label":"Cable (93%)","id":12},"points":[3,4],"type":"obstacle"},
    {"__class":"PathMapEntity","metaData":{},"points":RUNS,"type":"path"},
    {"__class":"LineMapEntity","points":[1,-2,3.25,4],"type":"virtual_wall"}]}"#;

const DECODED: &str = r#"{"map_index":3,"robot":[25000,2],"robot_angle":-180,"path":{"points":[[1,2],[3,4]]},
    "virtual_walls":[[1,2,3,4]],"image":{"segments":{"id":[3],"pixels_seg_3":RUNS},"pixels":{"floor":[4],"walls":RUNS},
    "position":{"top":1,"left":2},"dimensions":{"height":600,"width":400}}}"#;

/// A map as robots and tools write it: with and without white space.
fn map() -> impl Strategy<Value = String> {
    let number = prop_oneof![8 => 0u32..2000, 1 => 0u32..10, 1 => 65_000u32..66_000];
    let lists = vec((number.clone(), number, 1u32..90), 1..40);
    (select(vec![VALETUDO, DECODED]), lists, 0u8..4).prop_map(|(map, runs, layout)| {
        let numbers: Vec<u32> = runs.into_iter().flat_map(|(x, y, count)| [x, y, count, x, y, count]).collect();
        let json = map.replace("RUNS", &format!("{numbers:?}"));
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        match layout {
            0 => json,
            1 => value.to_string(),
            2 => pretty,
            _ => pretty.replace("  ", "\t"),
        }
    })
}

/// Whether any of the readers makes a map of it.
fn is_map(json: &[u8], limits: &Limits) -> bool {
    let readers = [parse_valetudo, parse_conga, parse_decoded_rr];
    let are_maps = readers.map(|read| assert_read_alike(json, |json| read(json, limits)));
    are_maps.contains(&true)
}

#[test]
fn maps_are_read_in_every_layout() {
    for map in [VALETUDO, DECODED] {
        for numbers in ["[]", "[1, 2, 3, 1, 3, 3]", "[1,\n2,\n3,\n\n1,\n3, 3]", "[1.0,2e0,3,10E-1,3,3]", "null"] {
            let json = map.replace("RUNS", numbers);
            assert!(is_map(json.as_bytes(), &Limits::DEFAULT), "{json}");
            assert!(is_map(format!("\u{feff}\n{json}\n").as_bytes(), &Limits::DEFAULT));
            assert!(is_map(format!("{json}x").as_bytes(), &Limits::DEFAULT));
            assert!(!is_map(format!("x{json}").as_bytes(), &Limits::DEFAULT));
        }
    }
}

#[test]
fn a_key_may_come_twice() {
    for twice in
        ["\"layers\":[],", "\"layers\":null,", "\"size\":{\"x\":1},", "\"pixelSize\":null,", "\"entities\":[],"]
    {
        for json in [VALETUDO.replace("\"pixelSize\":5,", &format!("\"pixelSize\":5,{twice}")), {
            VALETUDO.replace("}]}", &format!("}}],{twice}\"end\":1}}"))
        }] {
            is_map(json.replace("RUNS", "[1,2,3,4,5,6]").as_bytes(), &Limits::DEFAULT);
        }
    }
}

proptest! {
    #[test]
    fn maps_are_read_as_serde_json_reads_them(json in map(), most in 0usize..400) {
        is_map(json.as_bytes(), &Limits::DEFAULT);
        is_map(json.as_bytes(), &Limits { runs: most, points: most, ..Limits::DEFAULT });
    }

    #[test]
    fn damaged_maps_are_read_as_serde_json_reads_them(
        json in map(),
        damage in vec((any::<Index>(), select(&b"0123456789,.-eE[]{}:\"\\ntfu \n\r\t\0\x1f\xff"[..]), 0u8..3), 1..4),
    ) {
        let mut bytes = json.into_bytes();
        for (place, byte, kind) in damage {
            let place = place.index(bytes.len());
            match kind {
                0 => drop(bytes.splice(place..=place, [byte])),
                1 => drop(bytes.remove(place)),
                _ => bytes.insert(place, byte),
            }
        }
        is_map(&bytes, &Limits::DEFAULT);
    }

    #[test]
    fn pieces_of_maps_are_read_as_serde_json_reads_them(
        pieces in vec(select(vec![
            "\"layers\":", "\"type\":\"floor\"", "\"type\":\"path\"", "\"pixels\":", "\"points\":", "\"metaData\":", "\"entities\":",
            "\"image\":", "\"robot\":", "\"segments\":", "\"pixels_seg_1\":", "\"size\":{\"x\":9,\"y\":9}", "\"pixelSize\":5",
            "[", "]", "{", "}", ",", "1", "2,3", "0.5", "null", "\"\\u00e9\"",
        ]), 0..30),
    ) {
        is_map(format!("{{{}", pieces.concat()).as_bytes(), &Limits::DEFAULT);
    }
}
