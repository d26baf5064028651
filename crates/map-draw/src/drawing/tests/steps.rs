//! A home, and steps that change it at random.

use proptest::prelude::*;
use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Layer, LayerKind, Line, Map, Material, Millimetre, Obstacle, Path, PathKind,
    PixelSize, Point, Pose, Run, Segment, Size,
};

use super::{FAMILIES, SWITCHES};
use crate::{Activity, Annotations, Materials, Scale, Scene, Style};

/// Of the map, centimetres.
const SIDE: i32 = 260;

#[derive(Debug, Clone)]
pub(super) enum Step {
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
pub(super) const OTHERS: usize = 6;

pub(super) fn at() -> impl Strategy<Value = (i32, i32)> {
    // Millimetres, now and then beyond the map.
    (-200..SIDE * 10 + 200, -200..SIDE * 10 + 200)
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
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
        1 => prop::sample::select(&FAMILIES).prop_map(Step::Family),
        1 => styles().prop_map(Step::Style),
    ];
    prop::collection::vec(step, 1..40)
}

/// A run more or less.
pub(super) fn run_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..LAYERS, 1..51_u16, 1..51_u16, 1..20_u16).prop_map(|(layer, x, y, length)| {
            Step::AddRun(layer, Run::new(x, y, length.min(51 - x).max(1)).unwrap())
        }),
        1 => (0..LAYERS, 0..30_usize).prop_map(|(layer, run)| Step::DropRun(layer, run)),
    ]
}

fn layers() -> impl Strategy<Value = Step> {
    let materials =
        vec![Material::Generic, Material::WoodHorizontal, Material::WoodVertical, Material::Tile, Material::CarpetHigh];
    (1..40_u16, any::<bool>(), prop::sample::select(materials)).prop_map(|(rows, is_active, material)| Step::Layers {
        rows,
        is_active,
        material,
    })
}

/// Everything that can lie on a map, robots, paths and targets beside the home's own included.
pub(super) fn entity() -> impl Strategy<Value = Entity> {
    let point = || at().prop_map(|(x, y)| Point::new(x, y));
    let pose = || (point(), prop::option::of(0.0..360.0)).prop_map(|(position, angle)| Pose { position, angle });
    let areas =
        [AreaKind::ActiveZone, AreaKind::NoGo, AreaKind::NoMop, AreaKind::Carpet, AreaKind::Ramp, AreaKind::NoCarpet];
    let paths = [PathKind::Driven, PathKind::Predicted, PathKind::Mopped];
    let lines = [Entity::VirtualWall, Entity::Threshold, Entity::Curtain];
    prop_oneof![
        pose().prop_map(Entity::Robot),
        pose().prop_map(Entity::Charger),
        point().prop_map(Entity::GoToTarget),
        (point(), any::<bool>()).prop_map(|(position, has_label)| {
            Entity::Obstacle(Obstacle { label: has_label.then(|| "Cable".into()), ..Obstacle::at(position) })
        }),
        (0..paths.len(), prop::collection::vec(point(), 0..6))
            .prop_map(move |(kind, points)| Entity::Path(Path::new(paths[kind], points))),
        (0..areas.len(), prop::collection::vec(point(), 0..6))
            .prop_map(move |(kind, corners)| Entity::Area(Area { kind: areas[kind], corners })),
        (0..lines.len(), point(), point()).prop_map(move |(kind, from, to)| lines[kind](Line { from, to })),
    ]
}

pub(super) fn styles() -> impl Strategy<Value = Style> {
    let alpha = || prop_oneof![Just(255_u8), Just(120), Just(0)];
    let switch = prop::option::weighted(0.3, prop::sample::select(&SWITCHES));
    let scale = prop::option::weighted(0.3, 1..8_u8);
    let room_colours = prop::option::weighted(0.3, prop::collection::vec(0..16_u8, 0..5));
    let others = (switch, scale, room_colours, any::<bool>());
    (prop::array::uniform8(alpha()), others).prop_map(|(alphas, (switch, scale, room_colours, all))| {
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
        style.scale = scale.map_or(Scale::ONE, |pixels| Scale::new(pixels, PixelSize::DEFAULT).unwrap());
        style.room_colours = room_colours.unwrap_or_default();
        if all {
            (style.materials, style.annotations) = (Materials::All, Annotations::All);
        }
        style
    })
}

/// The parts of a scene.
#[derive(Debug, Clone)]
pub(super) struct Home {
    map: Map,
    /// The map in the units of the canvas.
    scaled: Map,
    style: Style,
    activity: Activity,
    paths: Vec<Vec<Point<Millimetre>>>,
    predicted: Vec<Point<Millimetre>>,
    target: Option<Point<Millimetre>>,
    robot: Option<Point<Millimetre>>,
    others: [Option<Entity>; OTHERS],
}

impl Home {
    pub(super) fn new() -> Self {
        let size = Size::new(SIDE as u32, SIDE as u32);
        let mut home = Self {
            map: Map::empty(Family::Valetudo, size, PixelSize::DEFAULT),
            scaled: Map::empty(Family::Valetudo, size, PixelSize::DEFAULT),
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

    /// The home as the scale of its style shows it.
    pub(super) fn scene(&mut self) -> Scene<'_> {
        self.style.scale.copy(&self.map, &mut self.scaled);
        Scene { map: &self.scaled, style: &self.style, activity: &self.activity }
    }

    pub(super) fn take(&mut self, step: Step) {
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
