//! Homes, and all that may change in them. The matches below have no wildcard: an element, an option of the style or an
//! activity that is added must be given a change here, or this file does not compile.

use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Layer, LayerKind, Line, Map, Material, Obstacle, Path, PathKind, PixelSize, Point,
    Pose, Rotation, Run, Segment, Size,
};

use super::{FAMILIES, SWITCHES};
use crate::element::{Element, StillElement, TrailElement};
use crate::rules::Rules;
use crate::{Activity, Annotations, Hidden, Materials, Rgba, Scale, Scene, Style};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Home {
    pub(super) map: Map,
    pub(super) style: Style,
    pub(super) activity: Activity,
}

impl Home {
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene { map: &self.map, style: &self.style, activity: &self.activity }
    }

    /// One of everything that the family draws, each translucent, so that order and background show too.
    pub(super) fn new(family: Family) -> Self {
        let size = Size::new(160, 150);
        let mut map = Map::empty(family, size, PixelSize::DEFAULT);
        map.layers = layers();
        map.entities = elements(family).map(|element| variants(element).swap_remove(0)).collect();
        let mut style = Style { robot_radius: 9, annotations: Annotations::All, ..Style::default() };
        for colour in colours(&mut style) {
            *colour = colour.with_alpha(150);
        }
        let activity = Activity { active_rooms: vec![false, true], ..Activity::default() };
        Self { map, style, activity }
    }
}

fn layers() -> Vec<Layer> {
    let layer = |kind, x, y| Layer { kind, runs: (y..y + 9).filter_map(|y| Run::new(x, y, 12)).collect() };
    let room = |id: &str| LayerKind::Segment(Segment { id: id.into(), ..Segment::default() });
    vec![layer(LayerKind::Floor, 1, 1), layer(room("1"), 4, 5), layer(room("2"), 15, 6), layer(LayerKind::Wall, 14, 2)]
}

pub(super) fn elements(family: Family) -> impl Iterator<Item = Element> {
    let rules = Rules::of(family);
    let still = rules.still.iter().map(|&(element, _)| Element::Still(element));
    let trails = rules.trails.iter().map(|&(element, _)| Element::Trail(element));
    still.chain(trails).chain([Element::Robot])
}

/// Entities of an element. Each differs from the first in one field, or in one point of a list.
pub(super) fn variants(element: Element) -> Vec<Entity> {
    let at = |x, y| Point::new(x, y);
    let pose = |position, angle| Pose { position, angle };
    match element {
        Element::Robot => vec![
            Entity::Robot(pose(at(700, 500), Some(10.0))),
            Entity::Robot(pose(at(760, 500), Some(10.0))),
            Entity::Robot(pose(at(700, 500), Some(80.0))),
            Entity::Robot(pose(at(700, 500), None)),
        ],
        Element::Still(StillElement::Charger) => {
            vec![Entity::Charger(pose(at(300, 300), None)), Entity::Charger(pose(at(390, 300), None))]
        }
        Element::Still(StillElement::Obstacles) => {
            let obstacle = |position, label: Option<&str>| {
                Entity::Obstacle(Obstacle { label: label.map(Into::into), ..Obstacle::at(position) })
            };
            vec![
                obstacle(at(900, 900), Some("Cable")),
                obstacle(at(900, 800), Some("Cable")),
                obstacle(at(900, 900), None),
            ]
        }
        Element::Still(StillElement::VirtualWalls) => lines(Entity::VirtualWall, 0),
        Element::Still(StillElement::Thresholds) => lines(Entity::Threshold, 40),
        Element::Still(StillElement::Curtains) => lines(Entity::Curtain, 90),
        Element::Still(StillElement::Areas(kind)) => {
            let x = match kind {
                AreaKind::ActiveZone => 100,
                AreaKind::NoGo => 300,
                AreaKind::NoMop => 500,
                AreaKind::Carpet => 700,
                _ => 900,
            };
            let area = |kind, right, corners| {
                let corners = [at(x, 400), at(right, 400), at(right, 900), at(x, 900)].into_iter().take(corners);
                Entity::Area(Area { kind, corners: corners.collect() })
            };
            let other = if kind == AreaKind::NoGo { AreaKind::ActiveZone } else { AreaKind::NoGo };
            vec![area(kind, x + 300, 4), area(kind, x + 350, 4), area(kind, x + 300, 3), area(other, x + 300, 4)]
        }
        Element::Trail(TrailElement::GoToTarget) => {
            vec![Entity::GoToTarget(at(1100, 1000)), Entity::GoToTarget(at(1100, 1050))]
        }
        Element::Trail(TrailElement::PredictedPath) => paths(PathKind::Predicted, PathKind::Driven),
        Element::Trail(TrailElement::MoppedPaths) => paths(PathKind::Mopped, PathKind::Driven),
        Element::Trail(TrailElement::Paths) => paths(PathKind::Driven, PathKind::Predicted),
    }
}

fn lines(entity: fn(Line) -> Entity, down: i32) -> Vec<Entity> {
    let line = |from, to| entity(Line { from: Point::new(200, from + down), to: Point::new(1200, to + down) });
    vec![line(200, 300), line(400, 300), line(200, 600)]
}

fn paths(kind: PathKind, other: PathKind) -> Vec<Entity> {
    let shift = if kind == PathKind::Driven { 0 } else { 130 };
    let path = |kind, points: &[(i32, i32)]| {
        let points = points.iter().map(|&(x, y)| Point::new(x + shift, y)).collect();
        Entity::Path(Path::new(kind, points))
    };
    vec![
        path(kind, &[(200, 900), (600, 1000), (800, 400)]),
        path(kind, &[(200, 900), (600, 1000), (800, 400), (1300, 500)]),
        path(kind, &[(200, 900), (600, 1000)]),
        path(kind, &[(300, 900), (600, 1000), (800, 400)]),
        path(other, &[(200, 900), (600, 1000), (800, 400)]),
    ]
}

/// All colours of a style.
fn colours(style: &mut Style) -> impl Iterator<Item = &mut Rgba> {
    let Style {
        background,
        wall,
        rooms,
        zone,
        path,
        mop_path,
        robot,
        charger,
        carpet,
        no_go,
        go_to,
        wood,
        threshold,
        curtain,
        ramp,
        tile,
        material,
        materials: _,
        annotations: _,
        robot_radius: _,
        mop_path_width: _,
        rotation: _,
        hidden: _,
        room_colours: _,
        scale: _,
    } = style;
    let single = [
        background, wall, zone, path, mop_path, robot, charger, carpet, no_go, go_to, wood, tile, threshold, curtain,
        ramp, material,
    ];
    single.into_iter().chain(rooms)
}

fn with(home: &Home, change: impl FnOnce(&mut Home)) -> Home {
    let mut other = home.clone();
    change(&mut other);
    other
}

/// Homes that differ from `home` in one thing.
pub(super) fn changed(home: &Home) -> Vec<Home> {
    let mut homes = Vec::new();
    // Entities: replaced, removed, listed twice.
    for (place, element) in elements(home.map.family).enumerate() {
        for variant in variants(element) {
            homes.push(with(home, |home| home.map.entities[place] = variant.clone()));
            homes.push(with(home, |home| home.map.entities.push(variant)));
        }
        homes.push(with(home, |home| drop(home.map.entities.remove(place))));
    }
    homes.push(with(home, |home| home.map.entities.reverse()));

    for family in FAMILIES {
        homes.push(with(home, |home| home.map.family = family));
    }
    homes.push(with(home, |home| home.map.size = Size::new(120, 150)));
    homes.push(with(home, |home| home.map.size = Size::new(200, 220)));
    homes.push(with(home, |home| home.map.pixel_size = PixelSize::new(4).unwrap()));
    for place in 0..home.map.layers.len() {
        homes.push(with(home, |home| drop(home.map.layers.remove(place))));
        homes.push(with(home, |home| home.map.layers[place].runs = Run::new(3, 20, 20).into_iter().collect()));
        let kinds = [
            LayerKind::Floor,
            LayerKind::Wall,
            LayerKind::Segment(Segment::default()),
            LayerKind::Carpet,
            LayerKind::Other("roof".into()),
        ];
        for kind in kinds {
            homes.push(with(home, |home| home.map.layers[place].kind = kind.clone()));
        }
        if let LayerKind::Segment(segment) = &home.map.layers[place].kind {
            let Segment { id: _, name: _, active, material: _, .. } = segment.clone();
            for material in [Material::WoodHorizontal, Material::WoodVertical, Material::Tile] {
                let kind = LayerKind::Segment(Segment { material, ..segment.clone() });
                homes.push(with(home, |home| home.map.layers[place].kind = kind));
            }
            for material in
                [Material::Wood, Material::Carpet, Material::CarpetLow, Material::CarpetHigh, Material::Unknown]
            {
                let kind = LayerKind::Segment(Segment { material, ..segment.clone() });
                homes.push(with(home, |home| {
                    home.map.layers[place].kind = kind;
                    home.style.materials = Materials::All;
                }));
            }
            let kind = LayerKind::Segment(Segment { active: !active, ..segment.clone() });
            homes.push(with(home, |home| home.map.layers[place].kind = kind));
        }
    }

    let Activity { docked, error, mopping, active_rooms: _ } = home.activity;
    homes.push(with(home, |home| home.activity.docked = !docked));
    homes.push(with(home, |home| home.activity.error = !error));
    homes.push(with(home, |home| home.activity.mopping = !mopping));
    homes.push(with(home, |home| home.activity.active_rooms = vec![true, false]));

    for number in 0..colours(&mut home.style.clone()).count() {
        let colour = Rgba([1, 2, 3, 200]);
        homes.push(with(home, |home| *colours(&mut home.style).nth(number).unwrap() = colour));
    }
    homes.push(with(home, |home| home.style.robot_radius = 12));
    homes.push(with(home, |home| home.style.mop_path_width = 11));
    homes.push(with(home, |home| home.style.materials = Materials::All));
    homes.push(with(home, |home| home.style.annotations = Annotations::None));
    homes.push(with(home, |home| home.style.room_colours = vec![3, 1]));
    for pixels in [1, 3, 10] {
        homes.push(with(home, |home| home.style.scale = Scale::new(pixels, PixelSize::DEFAULT).unwrap()));
    }
    for rotation in [Rotation::Quarter, Rotation::Half, Rotation::ThreeQuarters] {
        homes.push(with(home, |home| home.style.rotation = rotation));
    }
    for switch in SWITCHES {
        homes.push(with(home, |home| home.style.hidden.hide(switch)));
    }
    homes.push(with(home, |home| {
        home.style.hidden = Hidden::default();
        home.style.hidden.hide_room(0);
    }));
    homes
}
