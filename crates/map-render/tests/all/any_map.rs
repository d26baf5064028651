//! Any map with any options gives a picture within the limits or an error, its PNG decodes to the same pixels, and the next frame of
//! the same map is the same picture.

use crate::fixture::image_of;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use valetudo_map_fixtures::Home;
use valetudo_map_render::parser::RrDialect;
use valetudo_map_render::{FrameError, Map, Options, PictureLimits, Renderer, State, VacuumState, parse};

const LIMITS: PictureLimits = PictureLimits { picture_pixels: 1 << 20, painted_pixels: 1 << 23 };

/// Numbers of the size of a home, and now and then the edges of what they can be.
fn coordinate() -> impl Strategy<Value = i64> {
    prop_oneof![
        2000 => 0..600_i64,
        100 => -100..0_i64,
        1 => select(vec![0, 5119, 5120, 40_960, 65_535, i64::from(i32::MAX) / 50, i64::from(i32::MIN) / 50]),
    ]
}

fn run() -> impl Strategy<Value = [u16; 3]> {
    prop_oneof![
        500 => (0..100_u16, 0..100_u16, 0..40_u16),
        1 => (any::<u16>(), any::<u16>(), 0..9_u16),
    ]
    .prop_map(|(x, y, length)| [x, y, length.min(u16::MAX - x)])
}

fn layer() -> impl Strategy<Value = Value> {
    let kind = select(vec!["floor", "wall", "segment", "segment", "ceiling"]);
    let name = select(vec!["", "Kitchen", "Living room of the house", "غرفة المعيشة", "客厅", "\u{202e}\n"]);
    let material = select(vec!["generic", "wood", "wood_horizontal", "wood_vertical", "tile", "carpet_high", "lava"]);
    (kind, material, 0..20_u8, any::<bool>(), name, vec(run(), 0..30)).prop_map(
        |(kind, material, id, active, name, runs)| {
            let about = json!({"segmentId": id.to_string(), "material": material, "active": active, "name": name});
            json!({"type": kind, "metaData": about, "compressedPixels": runs.as_flattened()})
        },
    )
}

fn entity() -> impl Strategy<Value = Value> {
    let one = ["robot_position", "charger_location", "go_to_target", "obstacle"];
    let many = [
        "path",
        "predicted_path",
        "active_zone",
        "no_go_area",
        "no_mop_area",
        "carpet",
        "virtual_wall",
        "threshold",
        "curtain",
        "ramp",
        "lamp",
    ];
    let points = |count| vec([coordinate(), coordinate()], count);
    (
        prop_oneof![
            (select(one.to_vec()), points(1..2)),
            (select(many.to_vec()), points(2..12)),
            (select(many.to_vec()), points(2..200)),
        ],
        any::<i32>(),
    )
        .prop_map(|((kind, points), angle)| {
            json!({"type": kind, "points": points.as_flattened(), "metaData": {"angle": angle, "label": "shoe"}})
        })
}

fn map() -> impl Strategy<Value = Map> {
    let side = || prop_oneof![8 => 1..1000_u32, 1 => Just(1), 1 => Just(8192)];
    let pixel_size = prop_oneof![8 => Just(5_u32), 1 => Just(1), 1 => 1..=40_u32];
    (side(), side(), pixel_size, vec(layer(), 0..6), vec(entity(), 0..8)).prop_map(
        |(x, y, pixel_size, layers, entities)| {
            let size = json!({"x": x * pixel_size, "y": y * pixel_size});
            let map = json!({"size": size, "pixelSize": pixel_size, "layers": layers, "entities": entities});
            parse(map.to_string().as_bytes()).unwrap()
        },
    )
}

/// A generated home as an RR map, in one of the dialects.
fn rr_map() -> impl Strategy<Value = Map> {
    let dialects = vec![RrDialect::Rand256, RrDialect::Roborock];
    (any::<u64>(), 4..40_u32, select(dialects)).prop_map(|(seed, area, dialect)| {
        let home = Home::generate(seed, area).with_newest_kinds();
        match dialect {
            RrDialect::Roborock => home.roborock_map(),
            _ => home.rand256_map(),
        }
        .unwrap()
    })
}

fn options() -> impl Strategy<Value = Options> {
    let number = || prop_oneof![60 => -40..40_i64, 1 => select(vec![-1_000_000, 1_000_000])];
    let ratio = select(vec!["None", "None", "16, 9", "1, 1", "9, 21", "3, 2", "2, 3", "1, 4294967295"]);
    (
        (select(vec![0, 90, 180, 270]), 0..100_u32, [number(), number(), number(), number()], ratio),
        (any::<bool>(), any::<bool>(), select(vec![0, 1, 120, 254, 255]), 8..=25_u32, 1..100_u32),
        (select(vec!["reference", "all"]), select(vec!["none", "all"])),
        (any::<bool>(), prop::option::of(1..=10_u8), select(vec!["default", "distinct"]), select(vec!["default", "dark"])),
    )
        .prop_map(|(frame, (zoom, status, alpha, robot, text), (materials, annotations), (names, scale, rooms, palette))| {
            let (rotation, margin, offsets, ratio) = frame;
            let dictionary = json!({
                "room_names": names, "scale": scale, "room_colors": rooms, "palette": palette,
                "rotate_image": rotation, "margins": margin, "aspect_ratio": ratio, "auto_zoom": zoom,
                "offset_top": offsets[0], "offset_left": offsets[1], "offset_right": offsets[2], "offset_bottom": offsets[3],
                "alpha_wall": alpha, "alpha_room_0": alpha, "alpha_no_go": alpha, "alpha_move": alpha, "robot_size": robot,
                "show_vac_status": status, "vac_status_size": text, "materials": materials, "annotations": annotations,
            });
            Options::from_json(&dictionary).unwrap()
        })
}

proptest! {
    #[test]
    fn any_map_is_a_picture_within_the_limits_or_an_error(
        map in prop_oneof![3 => map(), 1 => rr_map()], options in options(), cleaning in any::<bool>(),
    ) {
        let vacuum_state = if cleaning { VacuumState::Cleaning } else { VacuumState::Docked };
        let state = State { vacuum_state, active_rooms: vec![true], ..State::default() };
        let mut renderer = Renderer::new(options);
        renderer.set_limits(LIMITS);
        let mut draw = || {
            let frame = renderer.frame(&map, &state)?;
            assert!(frame.size().area() <= LIMITS.picture_pixels);
            assert!(frame.view().turned().area() <= LIMITS.picture_pixels);
            let (mut png, image) = (Vec::new(), image_of(&frame));
            frame.encode_png(&mut png).unwrap();
            assert!(image::load_from_memory(&png).unwrap().into_rgba8() == image, "the PNG shows something else");
            serde_json::to_vec(&frame.attributes()).unwrap();
            Ok::<_, FrameError>((image, frame.attributes()))
        };
        let (first, second) = (draw(), draw());
        if let (Ok((first, _)), Ok((second, _))) = (&first, &second) {
            prop_assert!(first == second, "the second frame differs");
        }
        prop_assert_eq!(first.map(|(_, attributes)| attributes), second.map(|(_, attributes)| attributes));
    }
}
