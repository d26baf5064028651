//! A drawing that follows a robot shows the same as a fresh one, and reports where it changed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests, and what they share, fail by panicking")]

use proptest::prelude::*;
use valetudo_map_draw::{
    Activity, AnyCanvas, Canvas, DrawLimits, Drawing, Pixel, Rgba, Scene, Style, Switch, Update, draw_window,
};
use valetudo_map_model::{
    Area, AreaKind, CanvasPixel, Entity, Family, Layer, LayerKind, Line, Map, Material, Millimetre, Obstacle, Path,
    PathKind, PixelSize, Point, Pose, Rect, Run, Segment, Size,
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
    Layers {
        rows: u16,
        is_active: bool,
        material: Material,
    },
    ActiveRooms(Vec<bool>),
    /// Adds a run to a layer.
    AddRun(usize, Run),
    /// Takes a run from a layer.
    DropRun(usize, usize),
    /// Replaces one of the entities that are neither robot, path nor target.
    Put(usize, Option<Entity>),
    Family(Family),
    Style(Style),
}

/// How many layers a home has: rooms, walls, and a floor that reaches from corner to corner.
const LAYERS: usize = 6;
/// How many entities a home has besides robot, paths and target.
const OTHERS: usize = 6;

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
        1 => layers(),
        9 => run_step(),
        1 => prop::collection::vec(any::<bool>(), 0..5).prop_map(Step::ActiveRooms),
        3 => (0..OTHERS, prop::option::weighted(0.8, entity())).prop_map(|(place, entity)| Step::Put(place, entity)),
        1 => prop::sample::select(vec![Family::Valetudo, Family::Rand256, Family::Conga]).prop_map(Step::Family),
        1 => styles().prop_map(Step::Style),
    ];
    prop::collection::vec(step, 1..40)
}

/// A run more or less.
fn run_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..LAYERS, 1..51_u16, 1..51_u16, 1..20_u16).prop_map(|(layer, x, y, length)| {
            Step::AddRun(layer, Run::new(x, y, length.min(51 - x).max(1)).unwrap())
        }),
        1 => (0..LAYERS, 0..30_usize).prop_map(|(layer, run)| Step::DropRun(layer, run)),
    ]
}

fn layers() -> impl Strategy<Value = Step> {
    let materials = vec![Material::Generic, Material::WoodHorizontal, Material::WoodVertical, Material::Tile];
    (1..40_u16, any::<bool>(), prop::sample::select(materials)).prop_map(|(rows, is_active, material)| Step::Layers {
        rows,
        is_active,
        material,
    })
}

/// Everything that can lie on a map, robots, paths and targets beside the home's own included.
fn entity() -> impl Strategy<Value = Entity> {
    let point = || at().prop_map(|(x, y)| Point::new(x, y));
    let pose = || (point(), prop::option::of(0.0..360.0)).prop_map(|(position, angle)| Pose { position, angle });
    let kinds = vec![AreaKind::ActiveZone, AreaKind::NoGo, AreaKind::NoMop, AreaKind::Carpet];
    prop_oneof![
        pose().prop_map(Entity::Robot),
        pose().prop_map(Entity::Charger),
        point().prop_map(Entity::GoToTarget),
        (point(), any::<bool>()).prop_map(|(position, has_label)| {
            Entity::Obstacle(Obstacle { label: has_label.then(|| "Cable".into()), ..Obstacle::at(position) })
        }),
        (any::<bool>(), prop::collection::vec(point(), 0..6)).prop_map(|(is_driven, points)| {
            Entity::Path(Path::new(if is_driven { PathKind::Driven } else { PathKind::Predicted }, points))
        }),
        (prop::sample::select(kinds), prop::collection::vec(point(), 0..6))
            .prop_map(|(kind, corners)| Entity::Area(Area { kind, corners })),
        (point(), point()).prop_map(|(from, to)| Entity::VirtualWall(Line { from, to })),
    ]
}

fn styles() -> impl Strategy<Value = Style> {
    let alpha = || prop_oneof![Just(255_u8), Just(120), Just(0)];
    let switch = prop::sample::select(vec![
        Switch::Floor,
        Switch::Wall,
        Switch::Materials,
        Switch::Carpets,
        Switch::Obstacles,
        Switch::Charger,
        Switch::Robot,
        Switch::Path,
        Switch::PredictedPath,
        Switch::GoToTarget,
        Switch::VirtualWalls,
        Switch::RestrictedAreas,
        Switch::NoMopAreas,
    ]);
    (prop::array::uniform8(alpha()), prop::option::weighted(0.3, switch)).prop_map(|(alphas, switch)| {
        let [path, mop, robot, go_to, background, rooms, no_go, others] = alphas;
        let mut style = Style::default();
        style.path = style.path.with_alpha(path);
        style.mop_path = style.mop_path.with_alpha(mop);
        style.robot = style.robot.with_alpha(robot);
        style.go_to = style.go_to.with_alpha(go_to);
        style.background = style.background.with_alpha(background);
        style.no_go = style.no_go.with_alpha(no_go);
        for colour in [&mut style.charger, &mut style.wall, &mut style.wood, &mut style.tile] {
            *colour = colour.with_alpha(others);
        }
        style.rooms.iter_mut().for_each(|room| *room = room.with_alpha(rooms));
        if let Some(switch) = switch {
            style.hidden.hide(switch);
        }
        style
    })
}

/// What a scene is made of.
#[derive(Debug, Clone)]
struct Home {
    map: Map,
    style: Style,
    activity: Activity,
    paths: Vec<Vec<Point<Millimetre>>>,
    predicted: Vec<Point<Millimetre>>,
    target: Option<Point<Millimetre>>,
    robot: Option<Point<Millimetre>>,
    others: [Option<Entity>; OTHERS],
}

impl Home {
    fn new() -> Self {
        let size = Size::new(SIDE as u32, SIDE as u32);
        let mut home = Self {
            map: Map::empty(Family::Valetudo, size, PixelSize::DEFAULT),
            style: Style::default(),
            activity: Activity::default(),
            paths: vec![Vec::new()],
            predicted: Vec::new(),
            target: None,
            robot: Some(Point::new(1000, 1000)),
            others: [const { None }; OTHERS],
        };
        home.layers(20, false, Material::Generic);
        home
    }

    fn layers(&mut self, rows: u16, active: bool, material: Material) {
        let room = |id: u16| Layer {
            kind: LayerKind::Segment(Segment { id: id.to_string().into(), active, material, ..Segment::default() }),
            runs: (0..rows).filter_map(|row| Run::new(5 + 11 * id, 6 + row, 11)).collect(),
        };
        let of_runs = |kind, runs: [(u16, u16, u16); 2]| Layer {
            kind,
            runs: runs.into_iter().filter_map(|(x, y, length)| Run::new(x, y, length)).collect(),
        };
        self.map.layers = (0..4).map(room).collect();
        self.map.layers.push(of_runs(LayerKind::Wall, [(3, 4, 40), (3, 44, 40)]));
        self.map.layers.push(of_runs(LayerKind::Floor, [(0, 0, 1), (51, 51, 1)]));
    }

    fn scene(&self) -> Scene<'_> {
        Scene { map: &self.map, style: &self.style, activity: &self.activity }
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
            Step::Layers { rows, is_active, material } => self.layers(rows, is_active, material),
            Step::AddRun(layer, run) => self.map.layers[layer].runs.extend([run]),
            Step::DropRun(layer, number) => {
                let runs = &mut self.map.layers[layer].runs;
                *runs = runs.iter().enumerate().filter(|&(at, _)| at != number).map(|(_, run)| run).collect();
            }
            Step::ActiveRooms(rooms) => self.activity.active_rooms = rooms,
            Step::Put(place, entity) => self.others[place] = entity,
            Step::Family(family) => self.map.family = family,
            Step::Style(style) => self.style = style,
        }
        let path = |kind, points: &Vec<_>| Entity::Path(Path::new(kind, points.clone()));
        self.map.entities = self.paths.iter().map(|points| path(PathKind::Driven, points)).collect();
        self.map.entities.push(path(PathKind::Predicted, &self.predicted));
        self.map.entities.extend(self.target.map(Entity::GoToTarget));
        self.map.entities.extend(self.others.iter().flatten().cloned());
        self.map.entities.extend(self.robot.map(|position| Entity::Robot(Pose { position, angle: Some(40.0) })));
    }
}

fn fresh(home: &Home) -> Canvas {
    let mut canvas = Canvas::default();
    let Ok(()) = draw_window(&mut canvas, home.scene(), home.map.size.to_rect());
    canvas
}

fn colours(canvas: AnyCanvas<'_>) -> Vec<Rgba> {
    let pixels = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| Point::new(x, y)));
    pixels.map(|at| canvas.colour_at(at).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_drawing_shows_what_a_fresh_one_shows(steps in steps()) {
        let mut follower = Follower::default();
        let mut home = Home::new();
        for step in steps {
            home.take(step);
            follower.follow(&home);
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
        follower.follow(&home);
        for step in steps {
            home.take(step);
            follower.follow(&home);
        }
    }
}

/// A drawing, and the canvas before its last update.
#[derive(Default)]
struct Follower {
    drawing: Drawing,
    before: Option<Before>,
}

enum Before {
    Indexed(Canvas<u8>),
    Rgba(Canvas<Rgba>),
}

impl Follower {
    /// Updates the drawing, and checks it against a fresh one and against the changes that it reports.
    fn follow(&mut self, home: &Home) {
        let drawing = &mut self.drawing;
        let update = drawing.update(home.scene(), 3, DrawLimits::UNLIMITED).unwrap();
        let shown = colours(drawing.canvas());
        assert!(shown == colours(AnyCanvas::Rgba(&fresh(home))));
        let (extent, background) = (drawing.extent(), drawing.canvas().background());
        assert!(drawing.canvas().window().covers(&extent));
        let points = || (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| Point::new(x, y)));
        let beyond = points().zip(&shown).find(|&(at, &shown)| shown != background && !extent.contains(at));
        assert_eq!(beyond, None);
        if let Some(rects) = update.change().rects() {
            let outside = match (&self.before, drawing.canvas()) {
                (Some(Before::Indexed(before)), AnyCanvas::Indexed(now)) => {
                    differing(before, now).find(|&at| !rects.clone().any(|rect| rect.contains(at)))
                }
                (Some(Before::Rgba(before)), AnyCanvas::Rgba(now)) => {
                    differing(before, now).find(|&at| !rects.clone().any(|rect| rect.contains(at)))
                }
                _ => panic!("another kind of pixels is no change of some rectangles"),
            };
            assert_eq!(outside, None, "{update:?}");
        }
        self.before = Some(match drawing.canvas() {
            AnyCanvas::Indexed(canvas) => Before::Indexed(canvas.clone()),
            AnyCanvas::Rgba(canvas) => Before::Rgba(canvas.clone()),
        });
    }
}

/// Where two canvases of one window have different pixels, or pixels that mean another colour.
fn differing<P: Pixel>(before: &Canvas<P>, now: &Canvas<P>) -> impl Iterator<Item = Point<CanvasPixel>> {
    assert_eq!(before.window(), now.window());
    let (width, origin) = (now.window().size().width as usize, now.window().top_left());
    let differs = |&(_, (&old, &new)): &(usize, (&P, &P))| old != new || before.colour(old) != now.colour(new);
    let pixels = before.pixels().iter().zip(now.pixels()).enumerate().filter(differs);
    pixels.map(move |(at, _)| Point::new((at % width) as i32, (at / width) as i32) + origin)
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
    next(&mut drawing, &home);
    let mut rects = |step| {
        home.take(step);
        let update = next(&mut drawing, &home);
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

fn next(drawing: &mut Drawing, home: &Home) -> Update {
    drawing.update(home.scene(), 0, DrawLimits::UNLIMITED).unwrap()
}

#[test]
fn a_robot_on_its_way_changes_little() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    home.take(Step::DriveTo(vec![(500, 500), (2000, 500), (2000, 1500)]));
    home.take(Step::MoveRobot(Some((2000, 1500))));
    assert!(next(&mut drawing, &home).layers_changed());
    home.take(Step::DriveTo(vec![(1900, 1500)]));
    home.take(Step::MoveRobot(Some((1900, 1500))));
    let update = next(&mut drawing, &home);
    assert!(!update.layers_changed());
    let changed: u64 = update.change().rects().unwrap().map(|rect| rect.size().area()).sum();
    assert!(changed < 6000, "{update:?}");
    assert!(next(&mut drawing, &home).change().is_nothing());
}

#[test]
fn a_refused_scene_leaves_the_drawing_as_it_was() {
    let mut home = Home::new();
    let mut drawing = Drawing::default();
    next(&mut drawing, &home);
    let before = colours(drawing.canvas());
    let extent = drawing.extent();
    home.take(Step::Layers { rows: 30, is_active: true, material: Material::Tile });
    for (canvas_pixels, painted_pixels) in [(100, u64::MAX), (u64::MAX, 100)] {
        let limits = DrawLimits::new(canvas_pixels, painted_pixels);
        drawing.update(home.scene(), 0, limits).unwrap_err();
        assert!(colours(drawing.canvas()) == before && drawing.extent() == extent);
    }
    assert!(next(&mut drawing, &home).layers_changed());
    assert!(colours(drawing.canvas()) == colours(AnyCanvas::Rgba(&fresh(&home))));
}
