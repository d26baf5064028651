//! A drawing that follows a robot shows what a fresh one shows, and says where it changed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, and what they share, fail by panicking")]

use proptest::prelude::*;
use valetudo_map_draw::{Activity, Canvas, Change, Drawing, Rgba, Scene, Style, draw};
use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Layer, LayerKind, Map, Millimetre, Path, PathKind, PixelSize, Point, Pose, Run,
    Segment, Size,
};

/// Of the map, centimetres.
const SIDE: i32 = 260;

#[derive(Debug, Clone)]
enum Step {
    Nothing,
    DriveTo(Vec<(i32, i32)>),
    NewPath,
    ForgetPath(usize),
    MoveRobot(Option<(i32, i32)>),
    Target(Option<(i32, i32)>),
    Predict(Vec<(i32, i32)>),
    Mop(bool),
    Dock(bool),
    Fail(bool),
    Floor(u16),
    Zone(Option<(i32, i32)>),
    Family(bool),
}

fn at() -> impl Strategy<Value = (i32, i32)> {
    // Millimetres, now and then beyond the map.
    (-200..SIDE * 10 + 200, -200..SIDE * 10 + 200)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        1 => Just(Step::Nothing),
        6 => prop::collection::vec(at(), 1..12).prop_map(Step::DriveTo),
        1 => Just(Step::NewPath),
        1 => (0..30_usize).prop_map(Step::ForgetPath),
        6 => prop::option::weighted(0.9, at()).prop_map(Step::MoveRobot),
        1 => prop::option::of(at()).prop_map(Step::Target),
        1 => prop::collection::vec(at(), 0..4).prop_map(Step::Predict),
        1 => any::<bool>().prop_map(Step::Mop),
        1 => any::<bool>().prop_map(Step::Dock),
        1 => any::<bool>().prop_map(Step::Fail),
        1 => (1..40_u16).prop_map(Step::Floor),
        1 => prop::option::of(at()).prop_map(Step::Zone),
        1 => any::<bool>().prop_map(Step::Family),
    ];
    prop::collection::vec(step, 1..40)
}

fn styles() -> impl Strategy<Value = Style> {
    let alpha = || prop_oneof![Just(255_u8), Just(120), Just(0)];
    (alpha(), alpha(), alpha(), alpha(), alpha()).prop_map(|(path, mop, robot, go_to, background)| {
        let style = Style::default();
        Style {
            path: style.path.with_alpha(path),
            mop_path: style.mop_path.with_alpha(mop),
            robot: style.robot.with_alpha(robot),
            go_to: style.go_to.with_alpha(go_to),
            background: style.background.with_alpha(background),
            ..style
        }
    })
}

/// What a scene is made of.
#[derive(Debug, Clone)]
struct Home {
    map: Map,
    activity: Activity,
    paths: Vec<Vec<Point<Millimetre>>>,
    predicted: Vec<Point<Millimetre>>,
    target: Option<Point<Millimetre>>,
    robot: Option<Point<Millimetre>>,
    zone: Option<Point<Millimetre>>,
}

impl Home {
    fn new() -> Self {
        let size = Size::new(SIDE as u32, SIDE as u32);
        let mut home = Self {
            map: Map::empty(Family::Valetudo, size, PixelSize::DEFAULT),
            activity: Activity::default(),
            paths: vec![Vec::new()],
            predicted: Vec::new(),
            target: None,
            robot: Some(Point::new(1000, 1000)),
            zone: None,
        };
        home.floor(20);
        home
    }

    fn floor(&mut self, rows: u16) {
        let room = |id: u16| Layer {
            kind: LayerKind::Segment(Segment { id: id.to_string().into(), ..Segment::default() }),
            runs: (0..rows).filter_map(|row| Run::new(5 + 11 * id, 6 + row, 11)).collect(),
        };
        self.map.layers = (0..4).map(room).collect();
    }

    fn take(&mut self, step: Step) {
        let points = |list: Vec<(i32, i32)>| list.into_iter().map(|(x, y)| Point::new(x, y)).collect::<Vec<_>>();
        match step {
            Step::Nothing => {}
            Step::DriveTo(more) => self.paths.last_mut().unwrap().extend(points(more)),
            Step::NewPath => self.paths.push(Vec::new()),
            Step::ForgetPath(kept) => self.paths.last_mut().unwrap().truncate(kept),
            Step::MoveRobot(to) => self.robot = to.map(|(x, y)| Point::new(x, y)),
            Step::Target(to) => self.target = to.map(|(x, y)| Point::new(x, y)),
            Step::Predict(list) => self.predicted = points(list),
            Step::Mop(on) => self.activity.mopping = on,
            Step::Dock(on) => self.activity.docked = on,
            Step::Fail(on) => self.activity.error = on,
            Step::Floor(rows) => self.floor(rows),
            Step::Zone(to) => self.zone = to.map(|(x, y)| Point::new(x, y)),
            Step::Family(rr) => self.map.family = if rr { Family::Rand256 } else { Family::Valetudo },
        }
        let path = |kind, points: &Vec<_>| Entity::Path(Path { kind, points: points.clone() });
        let zone = |from: Point<Millimetre>| {
            let to = Point::new(from.x + 400, from.y + 700);
            let corners = vec![from, Point::new(to.x, from.y), to, Point::new(from.x, to.y)];
            Entity::Area(Area { kind: AreaKind::ActiveZone, corners })
        };
        self.map.entities = self.paths.iter().map(|points| path(PathKind::Driven, points)).collect();
        self.map.entities.push(path(PathKind::Predicted, &self.predicted));
        self.map.entities.extend(self.target.map(Entity::GoToTarget));
        self.map.entities.extend(self.zone.map(zone));
        self.map.entities.extend(self.robot.map(|position| Entity::Robot(Pose { position, angle: Some(40.0) })));
    }
}

fn colours(canvas: &Canvas) -> Vec<Rgba> {
    let pixels = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| Point::new(x, y)));
    pixels.map(|at| canvas.colour_at(at).unwrap()).collect()
}

fn is_still(before: &Home, after: &Home) -> bool {
    before.map.family == after.map.family && before.map.layers == after.map.layers && before.zone == after.zone
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_drawing_shows_what_a_fresh_one_shows(style in styles(), steps in steps()) {
        let mut home = Home::new();
        let mut drawing = Drawing::default();
        let mut before: Option<(Home, Vec<Rgba>)> = None;
        for step in steps {
            home.take(step);
            let scene = Scene { map: &home.map, style: &style, activity: &home.activity };
            let still = before.as_ref().is_some_and(|(before, _)| is_still(before, &home));
            let change = {
                let plan = drawing.plan(scene, still, 3, u64::MAX);
                drawing.draw(scene, plan)
            };

            let mut fresh = Canvas::new(home.map.size, home.map.size.to_rect(), style.background);
            draw(&mut fresh, scene);
            let shown = colours(drawing.canvas());
            prop_assert!(shown == colours(&fresh));
            let at = |index: usize| Point::new(index as i32 % SIDE, index as i32 / SIDE);
            let (extent, background) = (drawing.extent(), drawing.canvas().background());
            prop_assert!(drawing.canvas().window().covers(&extent));
            let beyond = (0..shown.len()).find(|&index| shown[index] != background && !extent.contains(at(index)));
            prop_assert_eq!(beyond, None);
            if let (Change::Within(parts), Some((_, before))) = (change, &before) {
                let unsaid = (0..shown.len())
                    .find(|&index| shown[index] != before[index] && !parts.iter().any(|part| part.contains(at(index))));
                prop_assert_eq!(unsaid, None);
            }
            before = Some((home.clone(), shown));
        }
    }
}

fn next(drawing: &mut Drawing, home: &Home, is_still: bool) -> Change {
    let style = Style::default();
    let scene = Scene { map: &home.map, style: &style, activity: &home.activity };
    let plan = drawing.plan(scene, is_still, 0, u64::MAX);
    drawing.draw(scene, plan)
}

#[test]
fn a_robot_on_its_way_changes_little() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    home.take(Step::DriveTo(vec![(500, 500), (2000, 500), (2000, 1500)]));
    home.take(Step::MoveRobot(Some((2000, 1500))));
    next(&mut drawing, &home, false);
    home.take(Step::DriveTo(vec![(1900, 1500)]));
    home.take(Step::MoveRobot(Some((1900, 1500))));
    let change = next(&mut drawing, &home, true);
    let Change::Within(parts) = change else { panic!("{change:?}") };
    assert!(parts.iter().map(|part| part.size().area()).sum::<u64>() < 6000, "{parts:?}");
    let change = next(&mut drawing, &home, true);
    assert!(matches!(change, Change::Within(parts) if parts.iter().all(|part| part.is_empty())), "{change:?}");
}
