//! An RR map that some tool has decoded into JSON.

use std::sync::Arc;

use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Layer, Line, Map, Millimetre, Path, PathKind, PixelSize, Point, Pose, Size,
};

use super::error::Error;
use super::indices::{Indices, read_millimetres};
use super::number::{Anywhere, Rounded};
use super::reader::Reader;
use super::value::Value;
use crate::grid::{self, Found, Pixels, Window, from_y_up, heading, zone};
use crate::limits::Limit;
use crate::memory::Memory;
use crate::warning::push_warning;

/// The members of a decoded RR map. `robot`, `charger` and `goto_target` keep the robot's y, which points up; in all else
/// the tool has turned it.
#[derive(Debug, Default)]
pub(super) struct DecodedRr<'a> {
    map_index: Value<'a>,
    map_sequence: Value<'a>,
    robot: Position,
    robot_angle: Value<'a>,
    charger: Position,
    target: Position,
    path: Vec<Rounded>,
    predicted: Vec<Rounded>,
    zones: Vec<Rounded>,
    walls: Vec<Rounded>,
    no_go: Vec<Rounded>,
    no_mop: Vec<Rounded>,
    image: Option<Image<'a>>,
}

impl<'a> DecodedRr<'a> {
    /// Reads the value of `key`.
    pub(super) fn member(&mut self, reader: &mut Reader<'a>, key: &str) -> Result<(), Error> {
        let read = match key {
            "map_index" => reader.value().map(|index| self.map_index = index),
            "map_sequence" => reader.value().map(|sequence| self.map_sequence = sequence),
            "robot" => self.robot.read(reader),
            "robot_angle" => reader.value().map(|angle| self.robot_angle = angle),
            "charger" => self.charger.read(reader),
            "goto_target" => self.target.read(reader),
            "path" => read_path(reader, &mut self.path),
            "goto_predicted_path" => read_path(reader, &mut self.predicted),
            "currently_cleaned_zones" => read_millimetres(reader, &mut self.zones),
            "virtual_walls" => read_millimetres(reader, &mut self.walls),
            "forbidden_zones" => read_millimetres(reader, &mut self.no_go),
            "forbidden_mop_zones" => read_millimetres(reader, &mut self.no_mop),
            "image" => self.image.get_or_insert_default().read(reader),
            _ => return reader.skip(),
        };
        read.map_err(|error| error.within(format_args!("`{key}`")))
    }

    pub(super) fn finish(self, reader: &mut Reader<'_>) -> Result<Map, Error> {
        reader.budget.limits.check(Limit::MapSide, usize::try_from(grid::CELLS).unwrap_or(usize::MAX))?;
        let image = self.image.as_ref().ok_or_else(|| Error::document("`image` is missing".to_owned()))?;
        let layers = image.layers(reader.memory)?;
        reader.budget.limits.check(Limit::Layers, layers.len())?;
        let entities = self.entities(reader)?;
        reader.budget.spend(Limit::Entities, entities.len())?;
        let size = Size::new(grid::CENTIMETRES, grid::CENTIMETRES);
        Ok(Map {
            layers,
            entities,
            id: self.map_index.whole("map_index").ok().flatten(),
            sequence: self.map_sequence.whole("map_sequence").ok().flatten(),
            ..Map::empty(Family::Rand256, size, PixelSize::DEFAULT)
        })
    }

    fn entities(&self, reader: &mut Reader<'_>) -> Result<Vec<Entity>, Error> {
        let path = points(&self.path, "path.points", 1)?;
        let mut entities = Vec::new();
        if let Some(position) = self.charger.on_map("charger", reader)? {
            entities.push(Entity::Charger(Pose { position, angle: None }));
        }
        if let Some(position) = self.robot.on_map("robot", reader)? {
            entities.push(Entity::Robot(Pose { position, angle: Some(self.angle(&path)?) }));
        }
        entities.extend(self.target.on_map("goto_target", reader)?.map(Entity::GoToTarget));
        let predicted = points(&self.predicted, "goto_predicted_path.points", 1)?;
        for (kind, points) in [(PathKind::Driven, path), (PathKind::Predicted, predicted)] {
            if !points.is_empty() {
                entities.push(Entity::Path(Path::new(kind, points)));
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
        let Some(stated) = self.robot_angle.number("robot_angle")? else { return Ok(heading(path)) };
        // Python's rounding, and its odd treatment of a straight left: the reference's pictures depend on both.
        let rounded = stated.round_ties_even();
        let rounded = if rounded == -180.0 { 359.0 } else { rounded };
        Ok((rounded + 90.0).rem_euclid(360.0))
    }
}

/// The points of a list, whose length must be a multiple of `group`.
fn points(list: &[Rounded], key: &str, group: usize) -> Result<Vec<Point<Millimetre>>, Error> {
    let numbers = list.len();
    if !numbers.is_multiple_of(2 * group) {
        return Err(Error::document(format!("`{key}` has {numbers} numbers, expected a multiple of {}", 2 * group)));
    }
    let (pairs, _) = list.as_chunks();
    Ok(pairs.iter().map(|[Rounded(x), Rounded(y)]| Point::new(*x, *y)).collect())
}

fn lines(list: &[Rounded], key: &str) -> Result<Vec<Line>, Error> {
    let points = points(list, key, 2)?;
    let (pairs, _) = points.as_chunks();
    Ok(pairs.iter().map(|[from, to]| Line { from: *from, to: *to }).collect())
}

/// A position: none, or x, y and, by some tools, the angle.
#[derive(Debug, Default)]
struct Position {
    numbers: Vec<Anywhere>,
    /// The byte where they begin.
    start: usize,
}

impl Position {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.peek();
        self.start = reader.offset();
        read_millimetres(reader, &mut self.numbers)
    }

    /// The position. One that lies on no map is left out, with a warning.
    fn on_map(&self, key: &str, reader: &mut Reader<'_>) -> Result<Option<Point<Millimetre>>, Error> {
        match *self.numbers {
            [] => Ok(None),
            [Anywhere(x), Anywhere(y)] | [Anywhere(x), Anywhere(y), _] => {
                let position = from_y_up(x, y);
                if position.is_none() {
                    let what = format!("`{key}` at ({x}, {y}) mm lies on no map, and is left out");
                    push_warning(&mut reader.warnings, what, self.start);
                }
                Ok(position)
            }
            ref more => Err(Error::document(format!("`{key}` has {} numbers, expected x, y", more.len()))),
        }
    }
}

/// Reads the `points` of a path.
fn read_path(reader: &mut Reader<'_>, points: &mut Vec<Rounded>) -> Result<(), Error> {
    reader.object("a path (an object)", |reader, key| match key {
        "points" => read_millimetres(reader, points),
        _ => reader.skip(),
    })?;
    Ok(())
}

/// The image: which part of the grid it covers, and which pixels it has.
#[derive(Debug, Default)]
struct Image<'a> {
    frame: Frame<'a>,
    floor: Indices,
    walls: Indices,
    segments: Vec<(Arc<str>, Indices)>,
}

/// `position` and `dimensions` of the image. Its `top` is counted from the top already.
#[derive(Debug, Default)]
struct Frame<'a> {
    top: Value<'a>,
    left: Value<'a>,
    height: Value<'a>,
    width: Value<'a>,
}

impl<'a> Frame<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        reader.object("an object of two numbers", |reader, key| {
            match key {
                "top" => self.top = reader.value()?,
                "left" => self.left = reader.value()?,
                "height" => self.height = reader.value()?,
                "width" => self.width = reader.value()?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(())
    }

    fn window(&self) -> Result<Window, Error> {
        let number = |value: &Value<'_>, key: &str| {
            value.whole(key)?.ok_or_else(|| Error::document(format!("`image.{key}` is missing")))
        };
        let (left, top) = (number(&self.left, "position.left")?, number(&self.top, "position.top")?);
        let (width, height) = (number(&self.width, "dimensions.width")?, number(&self.height, "dimensions.height")?);
        Window::new(left, top, width, height).ok_or_else(|| {
            let cells = grid::CELLS;
            Error::document(format!(
                "`image`: {width} x {height} cells at left {left}, top {top} do not fit the grid of {cells} x {cells}"
            ))
        })
    }
}

impl<'a> Image<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        reader.object("`image` (an object)", |reader, key| match key {
            "position" | "dimensions" => self.frame.read(reader),
            "pixels" => self.read_floor_and_walls(reader),
            "segments" => self.read_segments(reader),
            _ => reader.skip(),
        })?;
        Ok(())
    }

    fn read_floor_and_walls(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.object("`pixels` (an object)", |reader, key| match key {
            "floor" => self.floor.read(reader),
            "walls" => self.walls.read(reader),
            _ => reader.skip(),
        })?;
        Ok(())
    }

    fn read_segments(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.object("`segments` (an object)", |reader, key| {
            let Some(id) = key.strip_prefix("pixels_seg_") else { return reader.skip() };
            reader.budget.spend(Limit::Layers, 1)?;
            let id = reader.name(id)?;
            let mut indices = Indices::default();
            indices.read(reader)?;
            // Of a room that comes twice, the last list counts.
            self.segments.retain(|(known, _)| *known != id);
            self.segments.push((id, indices));
            Ok(())
        })?;
        Ok(())
    }

    fn layers(&self, memory: &mut Memory) -> Result<Vec<Layer>, Error> {
        let window = self.frame.window()?;
        let runs = |indices: &Indices, what: &str| {
            indices.runs(window).map_err(|index| {
                let cells = window.cells();
                Error::document(format!(
                    "`image`: pixel {index} of {what} lies outside the {cells} pixels of the image"
                ))
            })
        };
        let mut pixels =
            Pixels { floor: runs(&self.floor, "floor")?, wall: runs(&self.walls, "walls")?, segments: Vec::new() };
        for (id, indices) in &self.segments {
            let Some(first) = indices.first() else { continue };
            pixels.segments.push(Found { id: id.clone(), first, runs: runs(indices, &format!("segment {id:?}"))? });
        }
        Ok(pixels.into_layers(memory.layers()))
    }
}
