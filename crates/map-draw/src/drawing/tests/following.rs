//! Drawings follow homes that change at random.

use proptest::prelude::*;
use valetudo_map_model::{Entity, Family, Line, Material, PixelSize, Point, Pose, Rect, Run};

use super::steps::{Home, OTHERS, Step, at, entity, run_step, steps, styles};
use super::{Follower, colours, fresh};
use crate::drawing::{DrawLimits, Drawing, Update};

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_drawing_shows_what_a_fresh_one_shows(steps in steps()) {
        let mut follower = Follower::default();
        let mut home = Home::new();
        for step in steps {
            home.take(step);
            follower.follow(home.scene(), 3);
        }
    }

    #[test]
    fn changed_layers_change_only_what_is_reported(
        style in styles(),
        entities in prop::collection::vec(entity(), OTHERS),
        materials in prop::sample::select(vec![Material::Generic, Material::WoodHorizontal, Material::Tile]),
        mops in any::<bool>(),
        path in prop::collection::vec(at(), 0..12),
        steps in prop::collection::vec(run_step(), 1..30),
    ) {
        let mut home = Home::new();
        home.take(Step::Layers { rows: 20, is_active: false, material: materials });
        home.take(Step::Style(style));
        home.take(Step::Mop(mops));
        home.take(Step::DriveTo(path));
        entities.into_iter().enumerate().for_each(|(place, entity)| home.take(Step::Put(place, Some(entity))));
        let mut follower = Follower::default();
        follower.follow(home.scene(), 3);
        for step in steps {
            home.take(step);
            follower.follow(home.scene(), 3);
        }
    }
}

#[test]
fn changed_runs_change_little_and_so_do_the_shapes_on_them() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    home.take(Step::DriveTo(vec![(500, 500), (2000, 500), (2000, 1500)]));
    // A dock whose middle lies on a map pixel, and a translucent wall beside it.
    home.take(Step::Put(0, Some(Entity::Charger(Pose { position: Point::new(1020, 1520), angle: None }))));
    let wall = Line { from: Point::new(1200, 1520), to: Point::new(2400, 1520) };
    home.take(Step::Put(1, Some(Entity::VirtualWall(wall))));
    next(&mut drawing, &mut home);
    let mut rects = |step| {
        home.take(step);
        let update = next(&mut drawing, &mut home);
        assert!(update.layers_changed());
        update.change().rects().unwrap().collect::<Vec<_>>()
    };
    let run = |x, y, length| Run::new(x, y, length).unwrap();
    let at = |x, y, length| PixelSize::DEFAULT.to_canvas(Rect::new(x, y, x + length, y + 1));
    assert_eq!(rects(Step::AddRun(4, run(45, 10, 4))), [at(45, 10, 4)]);
    assert_eq!(rects(Step::AddRun(4, run(45, 40, 2))), [at(45, 40, 2)]);
    // The run that was added first: those of a layer are sorted.
    assert_eq!(rects(Step::DropRun(4, 1)), [at(45, 10, 4)]);
    // The dock is as dark all over as its middle.
    let with_dock = rects(Step::AddRun(4, run(20, 30, 1)));
    assert!(with_dock.iter().any(|rect| rect.covers(&Rect::new(97, 142, 107, 162))), "{with_dock:?}");
}

fn next(drawing: &mut Drawing, home: &mut Home) -> Update {
    drawing.update(home.scene(), 0, DrawLimits::UNLIMITED).unwrap()
}

#[test]
fn a_robot_on_its_way_changes_little() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    home.take(Step::DriveTo(vec![(500, 500), (2000, 500), (2000, 1500)]));
    home.take(Step::MoveRobot(Some((2000, 1500))));
    assert!(next(&mut drawing, &mut home).layers_changed());
    home.take(Step::DriveTo(vec![(1900, 1500)]));
    home.take(Step::MoveRobot(Some((1900, 1500))));
    let update = next(&mut drawing, &mut home);
    assert!(!update.layers_changed());
    let changed: u64 = update.change().rects().unwrap().map(|rect| rect.size().area()).sum();
    assert!(changed < 6000, "{update:?}");
    assert!(next(&mut drawing, &mut home).change().is_nothing());
}

#[test]
fn a_path_that_grows_below_other_strokes_changes_little() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    // Of this family, flag and predicted path lie above the path.
    home.take(Step::Family(Family::Rand256));
    home.take(Step::Target(Some((2300, 300))));
    home.take(Step::Predict(vec![(2000, 1500), (2300, 300)]));
    home.take(Step::DriveTo(vec![(500, 500), (2000, 500), (2000, 1500)]));
    next(&mut drawing, &mut home);
    let mut areas = Vec::new();
    for x in [1900, 1800, 1700] {
        home.take(Step::DriveTo(vec![(x, 1500)]));
        home.take(Step::MoveRobot(Some((x, 1500))));
        let rects = next(&mut drawing, &mut home).change().rects();
        areas.push(rects.map(|rects| rects.map(|rect| rect.size().area()).sum::<u64>()));
        assert!(colours(drawing.canvas()) == fresh(home.scene()));
    }
    // Where the robot was before the first of them is far away.
    assert!(areas.iter().all(|area| area.is_some_and(|area| area < 8000)), "{areas:?}");
    // A target that is reached takes its flag and its path with it, and leaves the rest.
    home.take(Step::Target(None));
    home.take(Step::Predict(Vec::new()));
    next(&mut drawing, &mut home);
    assert!(colours(drawing.canvas()) == fresh(home.scene()));
}

#[test]
fn a_refused_scene_leaves_the_drawing_as_it_was() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    next(&mut drawing, &mut home);
    let before = colours(drawing.canvas());
    let extent = drawing.extent();
    home.take(Step::Layers { rows: 30, is_active: true, material: Material::Tile });
    for (canvas_pixels, painted_pixels) in [(100, u64::MAX), (u64::MAX, 100)] {
        let limits = DrawLimits::new(canvas_pixels, painted_pixels);
        drawing.update(home.scene(), 0, limits).unwrap_err();
        assert!(colours(drawing.canvas()) == before && drawing.extent() == extent);
    }
    assert!(next(&mut drawing, &mut home).layers_changed());
    assert!(colours(drawing.canvas()) == fresh(home.scene()));
}
