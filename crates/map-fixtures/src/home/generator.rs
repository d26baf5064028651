//! Builds a home from a seed, in the order in which a real map comes about.

use valetudo_map_model::{Path, PathKind, PixelSize, Point, Pose, Rect};

use super::clearance::Clearance;
use super::contents::Home;
use super::dice::Dice;
use super::dock::{Dock, heading};
use super::grid::Grid;
use super::plan::Plan;
use super::{cleaning, furniture, lidar, marks, rooms};

impl Home {
    /// Generates the home of a seed with about `square_metres` of floor, clamped to 1..=1,000,000.
    pub fn generate(seed: u64, square_metres: u32) -> Self {
        let dice = &mut Dice::new(seed);
        let metres = square_metres.clamp(1, 1_000_000) as i32;
        let plan = Plan::draw(dice, square_metres);
        let mut grid = rooms::paint(&plan);
        furniture::furnish(&mut grid, &plan, dice);
        lidar::roughen(&mut grid, &plan, dice);
        lidar::see_walls(&mut grid, dice);
        lidar::look_through_windows(&mut grid, &plan, dice);

        let mut clearance = Clearance::of(&grid);
        let dock = Dock::find(&grid, &clearance, &plan, dice).unwrap_or_else(|| anywhere(&grid, &plan));
        let keep = [dock.cell, dock.front];
        let obstacles = marks::obstacles(&grid, &clearance, &plan, 3 + metres / 40, dice);
        let areas = marks::areas(&grid, &mut clearance, &plan, &keep, (1 + metres / 90).min(9), dice);
        let virtual_walls = marks::virtual_walls(&grid, &mut clearance, &plan, (1 + metres / 80).min(6), dice);

        let segments = rooms::describe(&plan, dice);
        let cleaned: Vec<_> = plan.rooms.iter().map(|room| room.hallway || dice.chance(75)).collect();
        let cleaned = if cleaned.contains(&true) { cleaned } else { vec![true; cleaned.len()] };
        let (paths, end) = cleaning::clean(&grid, &mut clearance, &plan, &cleaned, dock.front, dice);

        let middle = |cell| PixelSize::DEFAULT.to_middle(cell);
        let outwards = heading(dock.cell, dock.front);
        let charger = Pose { position: middle(dock.cell), angle: Some(f64::from(outwards)) };
        let docked = paths.is_empty() || dice.chance(25);
        let robot = if docked { charger } else { at_end_of(&paths).unwrap_or(charger) };
        let from = if docked { dock.front } else { end };
        let target = marks::clear_cell(&grid, &clearance, &plan, dice).map(|(cell, _)| cell);
        let way = target.and_then(|cell| {
            let target = grid.index(cell.x, cell.y)?;
            clearance.way(&grid, from, |_, _| true, |index| index == target)
        });
        let predicted_path = way.map(|way| {
            let points = std::iter::once(robot.position).chain(way.into_iter().map(middle)).collect();
            Path::new(PathKind::Predicted, points)
        });
        Self {
            id: i64::from(dice.between(100, 9999)),
            layers: rooms::layers(&grid, segments, dice),
            charger,
            robot,
            go_to_target: predicted_path.as_ref().and_then(|path| path.points.last().copied()),
            predicted_path,
            paths,
            obstacles,
            areas,
            virtual_walls,
            nonce: None,
            thresholds: Vec::new(),
            curtains: Vec::new(),
            carpet: Vec::new(),
        }
    }
}

/// The dock's place in a home where no wall has room for a dock: the first floor cell of the first room.
fn anywhere(grid: &Grid, plan: &Plan) -> Dock {
    let middle = plan.rooms.first().map_or(Rect::EMPTY, |room| room.rect);
    let nearest = (middle.top..middle.bottom)
        .flat_map(|y| (middle.left..middle.right).map(move |x| Point::new(x, y)))
        .find(|cell| grid.is_floor(cell.x, cell.y))
        .unwrap_or(Point::new(0, 0));
    Dock { cell: nearest, front: nearest }
}

/// The robot at the end of its paths, facing in the direction of its last step.
fn at_end_of(paths: &[Path]) -> Option<Pose> {
    let [.., before, last] = paths.last()?.points[..] else { return None };
    Some(Pose { position: last, angle: Some(f64::from(heading(before, last))) })
}
