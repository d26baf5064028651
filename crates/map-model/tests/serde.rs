//! The model as JSON and back.
#![allow(clippy::unwrap_used, reason = "a test that cannot serialise has failed")]

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{from_value, json, to_value};
use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Layer, LayerKind, Line, Map, Material, Obstacle, Other, Outline, Path, PathKind,
    PixelSize, Point, Pose, Room, Run, Runs, Segment, Size, Stated, Warning,
};

/// A map with one of everything.
fn map(runs: Runs, points: Vec<(i32, i32)>, angle: Option<u16>) -> Map {
    let points = || points.iter().copied().map(Point::from).collect::<Vec<_>>();
    let position = Point::new(-5, 7);
    let segment = Segment {
        id: "16".into(),
        id_is_number: true,
        name: Some("Küche".into()),
        active: true,
        material: Material::WoodVertical,
        source: Some("rism".into()),
    };
    let kinds = [
        LayerKind::Floor,
        LayerKind::Wall,
        LayerKind::Segment(segment),
        LayerKind::Carpet,
        LayerKind::Other("roof".into()),
    ];
    Map {
        layers: kinds.map(|kind| Layer { kind, runs: runs.clone() }).to_vec(),
        entities: vec![
            Entity::Robot(Pose { position, angle: angle.map(|angle| f64::from(angle) / 10.0) }),
            Entity::Charger(Pose { position, angle: None }),
            Entity::GoToTarget(position),
            Entity::Obstacle(Obstacle { label: Some("Cable (93%)".into()), ..Obstacle::at(position) }),
            Entity::Path(Path::new(PathKind::Predicted, points())),
            Entity::Area(Area { kind: AreaKind::NoMop, corners: points() }),
            Entity::Threshold(Line { from: position, to: position }),
            Entity::Curtain(Line { from: position, to: position }),
            Entity::Other(Other { name: "lamp".into(), points: points() }),
            Entity::VirtualWall(Line { from: position, to: Point::new(i32::MIN, i32::MAX) }),
        ],
        stated: vec![Stated { dimensions: Layer { kind: LayerKind::Floor, runs }.dimensions(), area: Some(7) }],
        id: Some(-3),
        sequence: Some(7),
        nonce: Some("d10a9fb3".into()),
        is_placeholder: true,
        has_pending_change: true,
        warnings: vec![Warning { what: "odd".to_owned(), offset: Some(7) }],
        ..Map::empty(Family::Conga, Size::new(4000, 3000), PixelSize::DEFAULT)
    }
}

proptest! {
    #[test]
    fn a_map_survives_the_round_trip(
        runs in vec((0u16..500, 0u16..500, 1u16..50), 0..60), points in vec(any::<(i32, i32)>(), 0..20), angle in any::<Option<u16>>(),
    ) {
        let runs = runs.into_iter().filter_map(|run| Run::try_from(run).ok()).collect();
        let map = map(runs, points, angle);
        prop_assert_eq!(&from_value::<Map>(to_value(&map).unwrap()).unwrap(), &map);
        let rooms = map.rooms();
        prop_assert_eq!(&from_value::<Vec<Room>>(to_value(&rooms).unwrap()).unwrap(), &rooms);
    }

    #[test]
    fn runs_come_out_sorted_from_any_order(runs in vec((0u16..9, 0u16..9, 1u16..5), 0..20)) {
        let runs: Vec<Run> = runs.into_iter().filter_map(|run| Run::try_from(run).ok()).collect();
        let read: Runs = from_value(to_value(&runs).unwrap()).unwrap();
        prop_assert_eq!(read, runs.into_iter().collect::<Runs>());
    }
}

#[test]
fn the_form_is_plain() {
    let runs: Runs = Run::new(3, 2, 4).into_iter().collect();
    assert_eq!(to_value(runs).unwrap(), json!([[3, 2, 4]]));
    assert_eq!(to_value(Point::<valetudo_map_model::Millimetre>::new(1, 2)).unwrap(), json!({"x": 1, "y": 2}));
    assert_eq!(to_value(PixelSize::DEFAULT).unwrap(), json!(5));
}

#[test]
fn impossible_values_are_errors() {
    for run in [json!([0, 0, 0]), json!([65_535, 0, 1]), json!([-1, 0, 1])] {
        assert!(from_value::<Run>(run.clone()).is_err(), "{run}");
        assert!(from_value::<Runs>(json!([run])).is_err(), "{run}");
    }
    for size in [0, 256] {
        assert!(from_value::<PixelSize>(json!(size)).is_err(), "{size}");
    }
    assert!(from_value::<Outline>(json!({"corners": []})).is_err());
}

#[test]
fn an_outline_comes_out_convex() {
    let point = |x: i32, y: i32| json!({"x": x, "y": y});
    let corners = [point(0, 0), point(5, 5), point(0, 10), point(10, 10), point(5, 0), point(10, 0)];
    let outline: Outline = from_value(json!({"corners": corners})).unwrap();
    let corners: Vec<_> = outline.corners().iter().map(|corner| (corner.x, corner.y)).collect();
    assert_eq!(corners, [(0, 0), (10, 0), (10, 10), (0, 10)]);
}

#[test]
fn an_outline_may_have_any_corners() {
    let (min, max) = (i32::MIN, i32::MAX);
    let corners = [(min, min), (max, min), (max, max)];
    let json = json!({"corners": corners.map(|(x, y)| json!({"x": x, "y": y}))});
    let outline: Outline = from_value(json).unwrap();
    assert_eq!(outline.corners(), corners.map(|(x, y)| Point::new(x, y)));
    assert!(outline.contains(Point::new(max - 1, min)) && outline.contains(Point::new(0, -1)));
    assert!(!outline.contains(Point::new(min, max)) && !outline.contains(Point::new(-1, 0)));
}
