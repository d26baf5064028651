//! An RR map that some tool has decoded into JSON.

use std::sync::Arc;

use serde::de::{Error as _, MapAccess};
use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Layer, Line, Map, Millimetre, Path, PathKind, PixelSize, Point, Pose, Size,
};

use super::indices::{Indices, Millimetres};
use super::object::{Elements, Members, Object, ignore};
use super::scalar::Scalar;
use crate::error::Error;
use crate::grid::{self, Found, Pixels, Window, from_y_up, heading, zone};
use crate::limits::{Budget, Limit, Limits};

/// The keys of a decoded RR map. `robot`, `charger` and `goto_target` keep the robot's y, which points up; in all else
/// the tool has turned it.
#[derive(Debug)]
pub(super) struct DecodedRr<'a, 'de> {
    map_index: Scalar<'de>,
    robot: Millimetres<'a>,
    robot_angle: Scalar<'de>,
    charger: Millimetres<'a>,
    target: Millimetres<'a>,
    path: Points<'a>,
    predicted: Points<'a>,
    zones: Millimetres<'a>,
    walls: Millimetres<'a>,
    no_go: Millimetres<'a>,
    no_mop: Millimetres<'a>,
    image: Option<Image<'a, 'de>>,
    budget: &'a Budget<'a>,
}

impl<'a> DecodedRr<'a, '_> {
    pub(super) const fn new(budget: &'a Budget<'a>) -> Self {
        Self {
            map_index: Scalar::Absent,
            robot: Millimetres::new(budget),
            robot_angle: Scalar::Absent,
            charger: Millimetres::new(budget),
            target: Millimetres::new(budget),
            path: Points(Millimetres::new(budget)),
            predicted: Points(Millimetres::new(budget)),
            zones: Millimetres::new(budget),
            walls: Millimetres::new(budget),
            no_go: Millimetres::new(budget),
            no_mop: Millimetres::new(budget),
            image: None,
            budget,
        }
    }

    pub(super) fn finish(self, limits: &Limits) -> Result<Map, Error> {
        limits.check(Limit::MapSide, usize::try_from(grid::CELLS).unwrap_or(usize::MAX))?;
        let image = self.image.as_ref().ok_or_else(|| wrong("`image` is missing".to_owned()))?;
        let layers = image.layers()?;
        limits.check(Limit::Layers, layers.len())?;
        let entities = self.entities()?;
        self.budget.spend(Limit::Entities, entities.len())?;
        let size = Size::new(grid::CENTIMETRES, grid::CENTIMETRES);
        Ok(Map {
            layers,
            entities,
            id: self.map_index.whole("map_index").ok().flatten(),
            ..Map::empty(Family::Rand256, size, PixelSize::DEFAULT)
        })
    }

    fn entities(&self) -> Result<Vec<Entity>, Error> {
        let path = points(&self.path.0, "path.points", 1)?;
        let mut entities = Vec::new();
        if let Some(position) = position(&self.charger, "charger")? {
            entities.push(Entity::Charger(Pose { position, angle: None }));
        }
        if let Some(position) = position(&self.robot, "robot")? {
            entities.push(Entity::Robot(Pose { position, angle: Some(self.angle(&path)?) }));
        }
        entities.extend(position(&self.target, "goto_target")?.map(Entity::GoToTarget));
        let predicted = points(&self.predicted.0, "goto_predicted_path.points", 1)?;
        for (kind, points) in [(PathKind::Driven, path), (PathKind::Predicted, predicted)] {
            if !points.is_empty() {
                entities.push(Entity::Path(Path { kind, points }));
            }
        }
        for line in lines(&self.zones, "currently_cleaned_zones")? {
            entities.push(Entity::Area(zone(line.from, line.to)));
        }
        for (kind, list, key) in
            [(AreaKind::NoGo, &self.no_go, "forbidden_zones"), (AreaKind::NoMop, &self.no_mop, "forbidden_mop_zones")]
        {
            let corners = points(list, key, 4)?;
            let areas = corners.chunks_exact(4).map(|corners| Entity::Area(Area { kind, corners: corners.to_vec() }));
            entities.extend(areas);
        }
        entities.extend(lines(&self.walls, "virtual_walls")?.into_iter().map(Entity::VirtualWall));
        Ok(entities)
    }

    fn angle(&self, path: &[Point<Millimetre>]) -> Result<f64, Error> {
        let Some(stated) = self.robot_angle.number("robot_angle").map_err(wrong)? else { return Ok(heading(path)) };
        // Python's rounding, and its odd treatment of a straight left: the reference's pictures depend on both.
        let rounded = stated.round_ties_even();
        let rounded = if rounded == -180.0 { 359.0 } else { rounded };
        Ok((rounded + 90.0).rem_euclid(360.0))
    }
}

fn wrong(problem: String) -> Error {
    Error::Document { problem }
}

/// The points of a list, `group` of which belong together.
fn points(list: &Millimetres<'_>, key: &str, group: usize) -> Result<Vec<Point<Millimetre>>, Error> {
    let numbers = list.values.len();
    if !numbers.is_multiple_of(2 * group) {
        return Err(wrong(format!("`{key}` has {numbers} numbers, expected a multiple of {}", 2 * group)));
    }
    let (pairs, _) = list.values.as_chunks();
    Ok(pairs.iter().map(|[x, y]| Point::new(*x, *y)).collect())
}

fn lines(list: &Millimetres<'_>, key: &str) -> Result<Vec<Line>, Error> {
    let points = points(list, key, 2)?;
    let (pairs, _) = points.as_chunks();
    Ok(pairs.iter().map(|[from, to]| Line { from: *from, to: *to }).collect())
}

/// Where something stands, when it stands anywhere.
fn position(list: &Millimetres<'_>, key: &str) -> Result<Option<Point<Millimetre>>, Error> {
    match *list.values.as_slice() {
        [] => Ok(None),
        // Some tools add the angle.
        [x, y] | [x, y, _] => {
            let point = from_y_up(x, y);
            point.map(Some).ok_or_else(|| wrong(format!("`{key}` at ({x}, {y}) mm lies on no map")))
        }
        ref more => Err(wrong(format!("`{key}` has {} numbers, expected x, y", more.len()))),
    }
}

impl<'de> Object<'de> for DecodedRr<'_, 'de> {
    const WHAT: &'static str = "a decoded RR map (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        let budget = self.budget;
        let read = match key {
            "map_index" => object.next_value().map(|index| self.map_index = index),
            "robot" => object.next_value_seed(Elements(&mut self.robot)),
            "robot_angle" => object.next_value().map(|angle| self.robot_angle = angle),
            "charger" => object.next_value_seed(Elements(&mut self.charger)),
            "goto_target" => object.next_value_seed(Elements(&mut self.target)),
            "path" => object.next_value_seed(Members(&mut self.path)),
            "goto_predicted_path" => object.next_value_seed(Members(&mut self.predicted)),
            "currently_cleaned_zones" => object.next_value_seed(Elements(&mut self.zones)),
            "virtual_walls" => object.next_value_seed(Elements(&mut self.walls)),
            "forbidden_zones" => object.next_value_seed(Elements(&mut self.no_go)),
            "forbidden_mop_zones" => object.next_value_seed(Elements(&mut self.no_mop)),
            "image" => object.next_value_seed(Members(self.image.get_or_insert_with(|| Image::new(budget)))),
            _ => return ignore(object),
        };
        read.map_err(|error| A::Error::custom(format!("`{key}`: {error}")))
    }
}

/// An object whose `points` matter.
#[derive(Debug)]
struct Points<'a>(Millimetres<'a>);

impl<'de> Object<'de> for Points<'_> {
    const WHAT: &'static str = "a path (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "points" => object.next_value_seed(Elements(&mut self.0)),
            _ => ignore(object),
        }
    }
}

/// The image: which part of the grid, and what is where.
#[derive(Debug)]
struct Image<'a, 'de> {
    frame: Frame<'de>,
    floor: Indices<'a>,
    walls: Indices<'a>,
    segments: Vec<(Arc<str>, Indices<'a>)>,
    budget: &'a Budget<'a>,
}

/// `position` and `dimensions` of the image. Its `top` is counted from the top already.
#[derive(Debug, Default)]
struct Frame<'de> {
    top: Scalar<'de>,
    left: Scalar<'de>,
    height: Scalar<'de>,
    width: Scalar<'de>,
}

impl Frame<'_> {
    fn window(&self) -> Result<Window, Error> {
        let number = |value: &Scalar<'_>, key: &str| {
            let value = value.whole(key).map_err(wrong)?;
            value.ok_or_else(|| wrong(format!("`image.{key}` is missing")))
        };
        let (left, top) = (number(&self.left, "position.left")?, number(&self.top, "position.top")?);
        let (width, height) = (number(&self.width, "dimensions.width")?, number(&self.height, "dimensions.height")?);
        Window::new(left, top, width, height).ok_or_else(|| {
            let cells = grid::CELLS;
            wrong(format!(
                "`image`: {width} x {height} cells at left {left}, top {top} do not fit the grid of {cells} x {cells}"
            ))
        })
    }
}

impl<'de> Object<'de> for Frame<'de> {
    const WHAT: &'static str = "an object of two numbers";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "top" => self.top = object.next_value()?,
            "left" => self.left = object.next_value()?,
            "height" => self.height = object.next_value()?,
            "width" => self.width = object.next_value()?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}

impl<'a> Image<'a, '_> {
    fn new(budget: &'a Budget<'a>) -> Self {
        Self {
            frame: Frame::default(),
            floor: Indices::new(budget),
            walls: Indices::new(budget),
            segments: Vec::new(),
            budget,
        }
    }

    fn layers(&self) -> Result<Vec<Layer>, Error> {
        let window = self.frame.window()?;
        let runs = |indices: &Indices<'_>, what: &str| {
            indices.runs(window).map_err(|index| {
                let cells = window.cells();
                wrong(format!("`image`: pixel {index} of {what} lies outside the {cells} pixels of the image"))
            })
        };
        let mut pixels =
            Pixels { floor: runs(&self.floor, "floor")?, wall: runs(&self.walls, "walls")?, segments: Vec::new() };
        for (id, indices) in &self.segments {
            let Some(first) = indices.first() else { continue };
            pixels.segments.push(Found { id: id.clone(), first, runs: runs(indices, &format!("segment {id:?}"))? });
        }
        Ok(pixels.into_layers())
    }
}

impl<'de> Object<'de> for Image<'_, 'de> {
    const WHAT: &'static str = "`image` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "position" | "dimensions" => object.next_value_seed(Members(&mut self.frame)),
            "pixels" => object.next_value_seed(Members(&mut FloorAndWalls(self))),
            "segments" => object.next_value_seed(Members(&mut Segments(self))),
            _ => ignore(object),
        }
    }
}

struct FloorAndWalls<'i, 'a, 'de>(&'i mut Image<'a, 'de>);

impl<'de> Object<'de> for FloorAndWalls<'_, '_, '_> {
    const WHAT: &'static str = "`pixels` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "floor" => object.next_value_seed(Elements(&mut self.0.floor)),
            "walls" => object.next_value_seed(Elements(&mut self.0.walls)),
            _ => ignore(object),
        }
    }
}

struct Segments<'i, 'a, 'de>(&'i mut Image<'a, 'de>);

impl<'de> Object<'de> for Segments<'_, '_, '_> {
    const WHAT: &'static str = "`segments` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        let Some(id) = key.strip_prefix("pixels_seg_") else { return ignore(object) };
        self.0.budget.spend(Limit::Layers, 1).map_err(A::Error::custom)?;
        let id = self.0.budget.name(id).map_err(A::Error::custom)?;
        let mut indices = Indices::new(self.0.budget);
        object.next_value_seed(Elements(&mut indices))?;
        self.0.segments.retain(|(known, _)| *known != id);
        self.0.segments.push((id, indices));
        Ok(())
    }
}
