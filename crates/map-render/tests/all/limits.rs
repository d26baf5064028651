//! A few kilobytes can ask for gigabytes of picture, or hours of painting. Each is an error.

use std::fmt::Write;

use crate::fixture::image_of;
use serde_json::{Value, json};
use valetudo_map_render::{FrameError, Map, Options, PictureLimit, PictureLimits, Renderer, State, parse};

const SIDE: u32 = 8192 * 5;

/// A map of the largest size, with these layers and entities.
fn map(layers: &str, entities: &str) -> Map {
    let json =
        format!(r#"{{"size":{{"x":{SIDE},"y":{SIDE}}},"pixelSize":5,"layers":[{layers}],"entities":[{entities}]}}"#);
    parse(json.as_bytes()).unwrap()
}

/// The width and height of the picture.
fn render(map: &Map, options: Value, limits: PictureLimits) -> Result<(u32, u32), FrameError> {
    let mut renderer = Renderer::new(Options::from_json(&options).unwrap());
    renderer.set_limits(limits);
    let size = renderer.frame(map, &State::default())?.size();
    Ok((size.width, size.height))
}

/// Checks that a map is refused because of this limit.
fn refused(map: &Map, options: Value, limit: PictureLimit) {
    let error = render(map, options, PictureLimits::DEFAULT).unwrap_err();
    assert!(matches!(error, FrameError::LimitExceeded { limit: found, .. } if found == limit), "{error}");
}

const ROOM: &str = r#"{"type":"floor","compressedPixels":[100,100,40,100,101,40]}"#;

#[test]
fn offsets_move_the_margin_before_it_is_cut_with_the_map() {
    let corner = map(r#"{"type":"floor","compressedPixels":[0,0,40,0,1,40]}"#, "");
    let size = |options| render(&corner, options, PictureLimits::DEFAULT).unwrap();
    assert_eq!(size(json!({})), (299, 109));
    assert_eq!(size(json!({"offset_left": 51, "offset_top": 100})), (299, 109));
    assert_eq!(size(json!({"offset_left": 110, "offset_top": 101, "offset_right": 9})), (280, 108));
}

#[test]
fn two_pixels_far_apart_make_no_picture() {
    let far = map(r#"{"type":"wall","pixels":[0,0,8191,8191]}"#, "");
    refused(&far, json!({}), PictureLimit::PicturePixels);
    let error = render(&far, json!({}), PictureLimits::DEFAULT).unwrap_err().to_string();
    assert_eq!(error, "the picture exceeds the limit `picture_pixels` of 16777216");
    let walls = format!(r#"{{"type":"virtual_wall","points":[0,0,{SIDE},{SIDE}]}}"#);
    refused(&map(ROOM, &walls), json!({}), PictureLimit::PicturePixels);
}

#[test]
fn a_crop_of_a_billion_pixels_is_refused() {
    let trims = json!({"trim_left": 0, "trim_up": 0, "trim_right": 1_000_000, "trim_down": 1_000_000});
    refused(&map(ROOM, ""), json!({"trims_data": trims}), PictureLimit::PicturePixels);
    refused(&map(ROOM, ""), json!({"margins": 1_000_000}), PictureLimit::PicturePixels);
    refused(
        &map(ROOM, ""),
        json!({"offset_left": -1_000_000, "offset_bottom": -1_000_000}),
        PictureLimit::PicturePixels,
    );
    for ratio in ["1, 4294967295", "4294967295, 1"] {
        for rotation in [0, 90] {
            let options = json!({"aspect_ratio": ratio, "rotate_image": rotation});
            assert!(render(&map(ROOM, ""), options, PictureLimits::DEFAULT).is_err());
        }
    }
}

#[test]
fn painting_the_same_again_and_again_is_refused() {
    let row = "100,100,1000,".repeat(100_000);
    refused(
        &map(&format!(r#"{{"type":"floor","compressedPixels":[{row}1,1,1]}}"#), ""),
        json!({}),
        PictureLimit::PaintedPixels,
    );
    let area = r#"{"type":"no_go_area","points":[0,0,3000,0,3000,3000,0,3000]}"#;
    refused(&map(ROOM, &vec![area; 1000].join(",")), json!({}), PictureLimit::PaintedPixels);
    let wall = r#"{"type":"virtual_wall","points":[0,0,3000,3000]}"#;
    refused(&map(ROOM, &vec![wall; 60_000].join(",")), json!({}), PictureLimit::PaintedPixels);
    let zigzag = "0,0,3000,3000,".repeat(100_000);
    refused(
        &map(ROOM, &format!(r#"{{"type":"path","points":[{zigzag}0,0]}}"#)),
        json!({}),
        PictureLimit::PaintedPixels,
    );
}

#[test]
fn polygons_of_many_corners_are_refused_when_they_have_many_rows() {
    let polygon = |corners: i32, height: i32| {
        let mut points = String::new();
        for corner in 0..corners {
            write!(points, "{},{},", corner % 2000, (corner % 2) * height).unwrap();
        }
        map(ROOM, &format!(r#"{{"type":"no_go_area","points":[{points}0,0]}}"#))
    };
    refused(&polygon(1_000_000, 3000), json!({}), PictureLimit::PaintedPixels);
    assert!(render(&polygon(1000, 3000), json!({}), PictureLimits::DEFAULT).is_ok());
    assert!(render(&polygon(100_000, 30), json!({}), PictureLimits::DEFAULT).is_ok());
}

#[test]
fn limits_are_the_callers() {
    let room = map(ROOM, "");
    let (width, height) = render(&room, json!({}), PictureLimits::DEFAULT).unwrap();
    let pixels = u64::from(width * height);
    let limits = PictureLimits { picture_pixels: pixels, ..PictureLimits::DEFAULT };
    assert!(render(&room, json!({}), limits).is_ok());
    let limits = PictureLimits { picture_pixels: pixels - 1, ..limits };
    let error = render(&room, json!({}), limits).unwrap_err();
    assert_eq!(error, FrameError::LimitExceeded { limit: PictureLimit::PicturePixels, max: pixels - 1 });
    let limits = PictureLimits { painted_pixels: 80 * 25 - 1, ..PictureLimits::DEFAULT };
    let error = render(&room, json!({}), limits).unwrap_err().to_string();
    assert_eq!(error, "the picture exceeds the limit `painted_pixels` of 1999");
}

#[test]
fn a_session_goes_on_after_a_map_that_was_refused() {
    let good = map(ROOM, r#"{"type":"robot_position","points":[600,500]}"#);
    let far = map(ROOM, r#"{"type":"robot_position","points":[40000,40000]}"#);
    let other = map(r#"{"type":"wall","compressedPixels":[100,100,10]}"#, "");
    let state = State::default();
    let mut renderer = Renderer::new(Options::default());
    for map in [&good, &far, &good, &other, &far, &other, &good] {
        let found = renderer.frame(map, &state).map(|frame| image_of(&frame));
        let expected = Renderer::new(Options::default()).frame(map, &state).map(|frame| image_of(&frame));
        assert_eq!(found.is_err(), std::ptr::eq(map, &raw const far));
        assert_eq!(found, expected);
    }
}

#[test]
fn points_beyond_the_map_change_nothing() {
    let plain = map(ROOM, "");
    let beyond = map(
        ROOM,
        r#"{"type":"robot_position","points":[-5,-5]},{"type":"charger_location","points":[42949672,0]},
           {"type":"go_to_target","points":[-42949672,42949672]},
           {"type":"obstacle","points":[42949672,-42949672],"metaData":{"label":"shoe"}},
           {"type":"virtual_wall","points":[-900,-900,-42949672,-42949672]},
           {"type":"path","points":[-42949672,-20,42949672,-20]},
           {"type":"no_go_area","points":[-10,-10,-20,-10,-20,-42949672]},
           {"type":"carpet","points":[]},{"type":"path","points":[]}"#,
    );
    let picture = |map: &Map| image_of(&Renderer::new(Options::default()).frame(map, &State::default()).unwrap());
    assert_eq!(picture(&plain), picture(&beyond));
}
