//! The keys of the dictionary, and the setting of each.

use std::path::PathBuf;

use serde_json::Value;
use valetudo_map_crop::{AspectRatio, Offsets};
use valetudo_map_draw::{Annotations, Materials, Rgba, Scale, Style, Switch};
use valetudo_map_model::{Rect, Rotation};

use super::choices::{Crop, Floor, LabelPosition, Labels, ObstacleLinks, Options, Trims};
use super::dictionary::{Dictionary, invalid};
use super::error::InvalidOption;

/// Wider paths are drawn with this width, as in the reference (centimetres).
const WIDEST_PATH: i32 = 25;
/// Larger margins, offsets and trims show nothing more on any map.
const MOST_CENTIMETRES: i64 = 1_000_000;

/// The switches, and the key that turns each off.
const SWITCHES: [(&str, Switch); 13] = [
    ("disable_floor", Switch::Floor),
    ("disable_wall", Switch::Wall),
    ("disable_material_overlay", Switch::Materials),
    ("disable_carpets", Switch::Carpets),
    ("disable_obstacles", Switch::Obstacles),
    ("disable_charger", Switch::Charger),
    ("disable_robot", Switch::Robot),
    ("disable_path", Switch::Path),
    ("disable_predicted_path", Switch::PredictedPath),
    ("disable_go_to_target", Switch::GoToTarget),
    ("disable_virtual_walls", Switch::VirtualWalls),
    ("disable_restricted_areas", Switch::RestrictedAreas),
    ("disable_no_mop_areas", Switch::NoMopAreas),
];

impl Options {
    /// Reads the integration's dictionary. Keys that nobody knows are ignored; values may be numbers or numbers in strings.
    ///
    /// # Errors
    /// A known key has a value that it cannot have, or the whole is not a dictionary.
    pub fn from_json(dictionary: &Value) -> Result<Self, InvalidOption> {
        let dictionary = &Dictionary::new(dictionary)?;
        let distinct_rooms =
            one_of(dictionary, "room_colors", ["default", "distinct"], "\"default\" or \"distinct\"")? == Some(1);
        let style = style(dictionary, distinct_rooms)?;
        let crop = crop(dictionary, style.rotation)?;
        let obstacle_links = obstacle_links(dictionary)?;
        let labels = labels(dictionary)?;
        let scale = dictionary.integer("scale", 1..=i64::from(Scale::MAX), "a number of pixels from 1 to 10")?;
        let scale = scale.and_then(|scale| u8::try_from(scale).ok());
        Ok(Self { style, crop, labels, obstacle_links, scale, distinct_rooms })
    }
}

fn style(dictionary: &Dictionary<'_>, distinct_rooms: bool) -> Result<Style, InvalidOption> {
    let is_dark = one_of(dictionary, "palette", ["default", "dark"], "\"default\" or \"dark\"")? == Some(1);
    let mut style = if is_dark { Style::dark() } else { Style::default() };
    if distinct_rooms && !is_dark {
        style.tell_rooms_apart();
    }
    style.rotation = rotation(dictionary, "rotate_image")?.unwrap_or_default();
    let colours = [
        ("background", &mut style.background),
        ("wall", &mut style.wall),
        ("zone_clean", &mut style.zone),
        ("move", &mut style.path),
        ("mop_move", &mut style.mop_path),
        ("robot", &mut style.robot),
        ("charger", &mut style.charger),
        ("carpet", &mut style.carpet),
        ("no_go", &mut style.no_go),
        ("go_to", &mut style.go_to),
        ("material_wood", &mut style.wood),
        ("material_tile", &mut style.tile),
        ("material", &mut style.material),
        ("threshold", &mut style.threshold),
        ("curtain", &mut style.curtain),
        ("ramp", &mut style.ramp),
    ];
    for (name, colour) in colours {
        set_colour(dictionary, name, colour)?;
    }
    for (position, colour) in style.rooms.iter_mut().enumerate() {
        set_colour(dictionary, &format!("room_{position}"), colour)?;
    }
    if let Some(radius) = dictionary.integer("robot_size", 8..=25, "a size from 8 to 25")? {
        style.robot_radius = radius as i32;
    }
    style.mop_path_width = match dictionary.integer("mop_path_width", 1..=63, "a width from 1 to 63")? {
        Some(width) => WIDEST_PATH.min(width as i32),
        None => style.robot_radius - 2,
    };
    style.materials = match one_of(dictionary, "materials", ["reference", "all"], "\"reference\" or \"all\"")? {
        Some(1) => Materials::All,
        _ => Materials::Reference,
    };
    style.annotations = match one_of(dictionary, "annotations", ["none", "all"], "\"none\" or \"all\"")? {
        Some(1) => Annotations::All,
        _ => Annotations::None,
    };
    for (key, switch) in SWITCHES {
        if dictionary.flag(key)? == Some(true) {
            style.hidden.hide(switch);
        }
    }
    // The keys count rooms from 1.
    for position in 0..15 {
        if dictionary.flag(&format!("disable_room_{}", position + 1))? == Some(true) {
            style.hidden.hide_room(position);
        }
    }
    Ok(style)
}

/// The position of the word among `words`.
fn one_of<const N: usize>(
    dictionary: &Dictionary<'_>,
    key: &'static str,
    words: [&str; N],
    expected: &'static str,
) -> Result<Option<usize>, InvalidOption> {
    let Some(text) = dictionary.text(key)? else { return Ok(None) };
    let position = words.iter().position(|word| word.eq_ignore_ascii_case(text.trim()));
    position.map(Some).ok_or_else(|| invalid(key, &text.into(), expected))
}

fn set_colour(dictionary: &Dictionary<'_>, name: &str, colour: &mut Rgba) -> Result<(), InvalidOption> {
    if let Some([red, green, blue]) = dictionary.colour(&format!("color_{name}"))? {
        *colour = Rgba([red, green, blue, colour.alpha()]);
    }
    if let Some(alpha) = dictionary.alpha(&format!("alpha_{name}"))? {
        *colour = colour.with_alpha(alpha);
    }
    Ok(())
}

fn rotation(dictionary: &Dictionary<'_>, key: &'static str) -> Result<Option<Rotation>, InvalidOption> {
    const EXPECTED: &str = "a rotation: 0, 90, 180 or 270 degrees";
    let Some(degrees) = dictionary.integer(key, 0..=270, EXPECTED)? else { return Ok(None) };
    let rotation = Rotation::try_from(degrees).map_err(|_| invalid(key, &degrees.into(), EXPECTED))?;
    Ok(Some(rotation))
}

fn crop(dictionary: &Dictionary<'_>, rotation: Rotation) -> Result<Crop, InvalidOption> {
    let offset = |key| {
        let offset = dictionary.integer(key, -MOST_CENTIMETRES..=MOST_CENTIMETRES, "a number of centimetres")?;
        Ok(offset.unwrap_or_default() as i32)
    };
    let mut crop = Crop {
        offsets: Offsets {
            top: offset("offset_top")?,
            bottom: offset("offset_bottom")?,
            left: offset("offset_left")?,
            right: offset("offset_right")?,
        },
        aspect_ratio: aspect_ratio(dictionary)?,
        auto_zoom: dictionary.flag("auto_zoom")?.unwrap_or_default(),
        trims: trims(dictionary, rotation)?,
        current_floor: current_floor(dictionary)?.to_owned(),
        floors: floors(dictionary)?,
        ..Crop::default()
    };
    if let Some(margin) = dictionary.integer("margins", 0..=MOST_CENTIMETRES, "a number of centimetres, 0 or more")? {
        crop.margin = margin as i32;
    }
    Ok(crop)
}

fn labels(dictionary: &Dictionary<'_>) -> Result<Labels, InvalidOption> {
    let mut labels = Labels { shown: dictionary.flag("show_vac_status")?.unwrap_or_default(), ..Labels::default() };
    if let Some(size) = dictionary.integer("vac_status_size", 1..=i64::from(u32::MAX), "a size of 1 pixel or more")? {
        labels.size = size as u32;
    }
    if dictionary.flag("vac_status_position")? == Some(false) {
        labels.position = LabelPosition::Bottom;
    }
    labels.font = dictionary.text("vac_status_font")?.filter(|path| !path.is_empty()).map(PathBuf::from);
    set_colour(dictionary, "text", &mut labels.colour)?;
    labels.room_names = dictionary.flag("room_names")?.unwrap_or_default();
    Ok(labels)
}

/// `"16, 9"`, `"16:9"`, `"None"`.
fn aspect_ratio(dictionary: &Dictionary<'_>) -> Result<Option<AspectRatio>, InvalidOption> {
    const KEY: &str = "aspect_ratio";
    let Some(text) = dictionary.text(KEY)? else { return Ok(None) };
    if text.trim().eq_ignore_ascii_case("none") || text.trim().is_empty() {
        return Ok(None);
    }
    let ratio: Result<AspectRatio, _> = text.parse();
    ratio.map(Some).map_err(|_| invalid(KEY, &text.into(), "a ratio like \"16, 9\", or \"None\""))
}

fn obstacle_links(dictionary: &Dictionary<'_>) -> Result<ObstacleLinks, InvalidOption> {
    let given = |key| Ok(dictionary.text(key)?.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned));
    let port = dictionary.integer("obstacle_link_port", 0..=i64::from(u16::MAX), "a port, 0 to 65535")?;
    Ok(ObstacleLinks {
        host: given("obstacle_link_ip")?,
        // 0 stands for none.
        port: port.and_then(|port| u16::try_from(port).ok()).filter(|&port| port != 0),
        protocol: given("obstacle_link_protocol")?.unwrap_or_else(|| ObstacleLinks::default().protocol),
    })
}

/// The name of the current floor. As in the reference, it counts only beside floors.
fn current_floor<'a>(dictionary: &Dictionary<'a>) -> Result<&'a str, InvalidOption> {
    let name = dictionary.text("current_floor")?;
    let has_floors = dictionary.dictionary("floors_data")?.is_some_and(|floors| floors.keys().next().is_some());
    Ok(name.filter(|_| has_floors).unwrap_or("floor_0"))
}

/// The saved trims of the current floor, or of the only one. Those of a picture turned otherwise are no use, and those of a floor
/// with a map's id belong to that map alone.
fn trims(dictionary: &Dictionary<'_>, rotation_now: Rotation) -> Result<Option<Trims>, InvalidOption> {
    let floor = current_floor(dictionary)?;
    if let Some(floors) = dictionary.dictionary("floors_data")?
        && let Some(data) = floors.dictionary(floor)?
    {
        if data.value("map_id").is_some() {
            return Ok(None);
        }
        let Some(trims) = data.dictionary("trims")? else { return saved_box(&data, floor) };
        let rotation = rotation(&data, "rotation")?;
        let useless = rotation.is_some_and(|rotation| rotation != rotation_now);
        return if useless { Ok(None) } else { saved_box(&trims, floor) };
    }
    dictionary.dictionary("trims_data")?.map_or(Ok(None), |trims| saved_box(&trims, floor))
}

/// The floors that say which map is theirs: `map_id`, beside the keys that the integration stores.
fn floors(dictionary: &Dictionary<'_>) -> Result<Vec<Floor>, InvalidOption> {
    let Some(data) = dictionary.dictionary("floors_data")? else { return Ok(Vec::new()) };
    let mut floors = Vec::new();
    for name in data.keys() {
        let Some(floor) = data.dictionary(name)? else { continue };
        let id = floor.integer("map_id", i64::MIN..=i64::MAX, "the number of a map")?;
        let Some(map_id) = id else { continue };
        let trims = match floor.dictionary("trims")? {
            Some(trims) => saved_box(&trims, name)?,
            None => saved_box(&floor, name)?,
        };
        floors.push(Floor { name: name.to_owned(), map_id, trims, rotation: rotation(&floor, "rotation")? });
    }
    Ok(floors)
}

/// `None` when all four are zero.
fn saved_box(trims: &Dictionary<'_>, floor: &str) -> Result<Option<Trims>, InvalidOption> {
    let side = |key| {
        let side = trims.integer(key, -MOST_CENTIMETRES..=MOST_CENTIMETRES, "a number of centimetres")?;
        Ok(side.unwrap_or_default() as i32)
    };
    let area = Rect::new(side("trim_left")?, side("trim_up")?, side("trim_right")?, side("trim_down")?);
    if area == Rect::new(0, 0, 0, 0) {
        return Ok(None);
    }
    let floor = trims.text("floor")?.unwrap_or(floor).to_owned();
    Ok(Some(Trims { floor, area }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn options(dictionary: serde_json::Value) -> Result<Options, String> {
        Options::from_json(&dictionary).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_may_be_texts_and_unknown_keys_are_ignored() {
        let read =
            options(json!({"rotate_image": "270", "margins": 20.0, "sensor": null, "aspect_ratio": "16: 9"})).unwrap();
        assert_eq!((read.style.rotation, read.crop.margin), (Rotation::ThreeQuarters, 20));
        assert_eq!(read.crop.aspect_ratio.map(|ratio| ratio.width.get()), Some(16));
        assert_eq!(options(json!({})).unwrap(), Options::default());
    }

    #[test]
    fn errors_name_the_key_and_what_it_can_be() {
        let error = |dictionary| options(dictionary).unwrap_err();
        assert_eq!(
            error(json!({"rotate_image": 45})),
            "option rotate_image: 45 is not a rotation: 0, 90, 180 or 270 degrees"
        );
        assert_eq!(
            error(json!({"color_wall": [1, 2]})),
            "option color_wall: [1,2] is not a colour: [red, green, blue], 0 to 255 each"
        );
        assert_eq!(error(json!([])), "option (all): [] is not a dictionary");
    }

    #[test]
    fn alphas_are_cut_and_clamped() {
        let alpha = |alpha: f64| options(json!({"alpha_wall": alpha})).unwrap().style.wall.alpha();
        assert_eq!([25.9, -3.0, 400.0].map(alpha), [25, 0, 255]);
    }

    #[test]
    fn paths_have_a_largest_width() {
        let width = |width| options(json!({"mop_path_width": width})).unwrap().style.mop_path_width;
        assert_eq!([7, 25, 26, 63].map(width), [7, 25, 25, 25]);
    }

    #[test]
    fn labels_stand_at_the_top_unless_the_position_is_off() {
        let labels = |dictionary| options(dictionary).unwrap().labels;
        let read = labels(json!({
            "show_vac_status": true, "vac_status_size": "12", "vac_status_position": false, "vac_status_font": "a.ttf",
            "color_text": [1, 2, 3], "alpha_text": 200.0,
        }));
        let expected = Labels {
            shown: true,
            size: 12,
            position: LabelPosition::Bottom,
            font: Some("a.ttf".into()),
            colour: Rgba([1, 2, 3, 200]),
            room_names: false,
        };
        assert_eq!(read, expected);
        assert_eq!(labels(json!({"vac_status_position": true, "vac_status_font": ""})), Labels::default());
        assert!(options(json!({"vac_status_size": 0})).is_err());
        assert!(labels(json!({"room_names": true})).room_names && options(json!({"room_names": "all"})).is_err());
    }

    #[test]
    fn materials_and_annotations_beyond_the_reference_are_asked_for() {
        let style =
            |dictionary| options(dictionary).map(|options| (options.style.materials, options.style.annotations));
        let all = json!({"materials": "all", "annotations": "All"});
        assert_eq!(style(all), Ok((Materials::All, Annotations::All)));
        for reference in [json!({}), json!({"materials": "reference", "annotations": "none"})] {
            assert_eq!(style(reference), Ok((Materials::Reference, Annotations::None)));
        }
        let error = options(json!({"materials": "some"})).unwrap_err().to_string();
        assert_eq!(error, "option materials: \"some\" is not \"reference\" or \"all\"");
        assert!(options(json!({"annotations": true})).is_err());
        let colours = json!({"color_ramp": [1, 2, 3], "alpha_material": 60, "color_threshold": [4, 5, 6]});
        let style = options(colours).unwrap().style;
        assert_eq!((style.ramp, style.material.alpha()), (Rgba([1, 2, 3, 26]), 60));
        assert_eq!(style.threshold, Rgba::opaque(4, 5, 6));
    }

    #[test]
    fn trims_belong_to_a_floor_and_a_rotation() {
        let trims = json!({"floor": "floor_0", "trim_up": 1, "trim_left": 2, "trim_down": 30, "trim_right": 40});
        let area = |dictionary| options(dictionary).unwrap().crop.trims.map(|trims| trims.area);
        let expected = Some(Rect::new(2, 1, 40, 30));
        assert_eq!(area(json!({"trims_data": trims})), expected);
        assert_eq!(area(json!({"current_floor": "attic", "floors_data": {"attic": trims}})), expected);
        let floors = json!({"floor_0": {"trims": trims, "rotation": 90, "map_name": "ground"}});
        assert_eq!(area(json!({"floors_data": floors, "rotate_image": 90})), expected);
        assert_eq!(area(json!({"floors_data": floors, "rotate_image": 0})), None);
        assert_eq!(area(json!({"trims_data": {"trim_up": 0, "trim_left": 0}})), None);
    }
}
