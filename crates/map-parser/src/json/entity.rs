//! The entities of Valetudo JSON.

use std::ops::Range;

use valetudo_map_model::units::millimetres_of_fiftieths;
use valetudo_map_model::{
    Area, AreaKind, Entity, Family, Line, Millimetre, Obstacle, Other, Path, PathKind, Point, Pose,
};

use super::error::Error;
use super::number::Fiftieths;
use super::numbers::Numbers;
use super::reader::Reader;
use super::value::Value;
use crate::entity_read::{EntityRead, Kind, LineKind};
use crate::limits::Limit;
use crate::memory::Memory;
use crate::unknown::Named;
use crate::warning::push_warning;

/// Reads the list of entities. `None` when `null` stands there.
pub(super) fn read_entities(reader: &mut Reader<'_>) -> Result<Option<Vec<EntityRead>>, Error> {
    let mut entities = std::mem::take(&mut reader.memory.entities_read);
    let mut number = 0usize;
    let is_list = reader.list("a list of entities", |reader| {
        number += 1;
        let entity = Members::read(reader).map_err(|error| error.within(format_args!("entity {number}")))?;
        reader.budget.spend(Limit::Entities, 1)?;
        entities.extend(entity);
        Ok(())
    })?;
    Ok(is_list.then_some(entities))
}

/// The entities, now that the family and its unit are known.
pub(super) fn finish_entities(mut read: Vec<EntityRead>, family: Family, reader: &mut Reader<'_>) -> Vec<Entity> {
    let mut entities = reader.memory.entities();
    let coordinates = std::mem::take(&mut reader.memory.coordinates);
    entities.extend(read.drain(..).filter_map(|read| finish_entity(read, family, &coordinates, reader.memory)));
    reader.memory.coordinates = coordinates;
    reader.memory.entities_read = read;
    entities
}

/// The entity. `None` for fewer points than its kind has, which [`Members::finish`] has refused.
fn finish_entity(read: EntityRead, family: Family, coordinates: &[[i32; 2]], memory: &mut Memory) -> Option<Entity> {
    let unit = family.millimetres_per_unit();
    let point = |fiftieths: &[i32; 2]| {
        let [x, y] = fiftieths.map(|fiftieths| millimetres_of_fiftieths(fiftieths, unit));
        Point::<Millimetre>::new(x, y)
    };
    let coordinates = coordinates.get(read.points)?;
    let first = || coordinates.first().map(point);
    let mut points = || memory.points(coordinates.iter().map(point));
    Some(match read.kind {
        Kind::Robot(angle) => Entity::Robot(Pose { position: first()?, angle }),
        Kind::Charger(angle) => Entity::Charger(Pose { position: first()?, angle }),
        Kind::GoToTarget => Entity::GoToTarget(first()?),
        Kind::Obstacle { label, id, image } => {
            Entity::Obstacle(Obstacle { label, id, image, ..Obstacle::at(first()?) })
        }
        Kind::Line(kind) => kind.entity(Line { from: first()?, to: coordinates.get(1).map(point)? }),
        Kind::Path(kind, vendor_type) => Entity::Path(Path { kind, points: points(), vendor_type }),
        Kind::Area(kind) => Entity::Area(Area { kind, corners: points() }),
        Kind::Other(name) => Entity::Other(Other { name, points: points() }),
    })
}

/// The members of an entity as they are read: its type may come after its points.
#[derive(Debug)]
struct Members<'a> {
    class: Value<'a>,
    kind: Value<'a>,
    meta: Meta<'a>,
    /// The points, or their error, which does not matter in an entity of unknown type.
    points: Result<Range<usize>, Error>,
}

impl Members<'_> {
    /// `None` for an entity that is left out.
    fn read(reader: &mut Reader<'_>) -> Result<Option<EntityRead>, Error> {
        reader.peek();
        let start = reader.offset();
        let mut members =
            Members { class: Value::Absent, kind: Value::Absent, meta: Meta::default(), points: Ok(0..0) };
        reader.object("an entity (an object)", |reader, key| {
            match key {
                "__class" => members.class = reader.value()?,
                "type" => members.kind = reader.value()?,
                "metaData" => members.meta.read(reader)?,
                "points" => match reader.attempt(read_points)? {
                    Ok(None) => {}
                    Ok(Some(points)) => members.points = Ok(points),
                    Err(error) => members.points = Err(error),
                },
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        match members.finish(start, reader) {
            // A line needs two ends, and nothing else is lost without it.
            Ok(Some(EntityRead { kind: Kind::Line(kind), points })) if points.len() < 2 => {
                let what = format!("a {} of {} points is left out, expected 2", kind.name(), points.len());
                push_warning(&mut reader.warnings, what, start);
                Ok(None)
            }
            result => result.map_err(|error| error.at(start)),
        }
    }

    /// The entity, which begins at the byte `start`. `None` for one without a type.
    fn finish(self, start: usize, reader: &mut Reader<'_>) -> Result<Option<EntityRead>, Error> {
        const CLASSES: [&str; 4] = ["PointMapEntity", "PathMapEntity", "PolygonMapEntity", "LineMapEntity"];
        if let Some(class) = self.class.as_str().filter(|class| !CLASSES.contains(class)) {
            return Ok(Some(self.unknown(class, start, reader)));
        }
        let Some(name) = self.kind.as_str() else {
            reader.unknown.count(Named::Entity, "", start);
            return Ok(None);
        };
        let Some(kind) = self.meta.kind(name, reader)? else {
            return Ok(Some(self.unknown(name, start, reader)));
        };
        let points = self.points.map_err(|error| error.within(format_args!("{name}: `points`")))?;
        let min = kind.min_points();
        if points.len() < min {
            let problem = format!("{name}: `points` has {} points, expected {min} or more", points.len());
            return Err(Error::document(problem));
        }
        Ok(Some(EntityRead { kind, points }))
    }
}

impl Members<'_> {
    fn unknown(&self, name: &str, start: usize, reader: &mut Reader<'_>) -> EntityRead {
        reader.unknown.count(Named::Entity, name, start);
        let points = self.points.as_ref().map_or(0..0, Clone::clone);
        EntityRead { kind: Kind::Other(reader.shortened_name(name)), points }
    }
}

/// The `metaData` of an entity.
#[derive(Debug, Default)]
struct Meta<'a> {
    angle: Value<'a>,
    label: Value<'a>,
    id: Value<'a>,
    image: Value<'a>,
    vendor_type: Value<'a>,
}

impl<'a> Meta<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        reader.object("`metaData` (an object)", |reader, key| {
            match key {
                "angle" => self.angle = reader.value()?,
                "label" => self.label = reader.value()?,
                "id" => self.id = reader.value()?,
                "image" => self.image = reader.value()?,
                "vendorPathType" => self.vendor_type = reader.value()?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The kind of entity that `name` is a type of, with its metadata. `None` for an unknown type.
    fn kind(&self, name: &str, reader: &mut Reader<'_>) -> Result<Option<Kind>, Error> {
        Ok(Some(match name {
            "robot_position" => Kind::Robot(self.angle.number("angle")?),
            "charger_location" => Kind::Charger(self.angle.number("angle")?),
            "go_to_target" => Kind::GoToTarget,
            "obstacle" => Kind::Obstacle {
                label: reader.text_of(&self.label, "label")?,
                id: reader.text_of(&self.id, "id")?,
                image: reader.optional_text(&self.image),
            },
            "path" => Kind::Path(PathKind::Driven, reader.optional_text(&self.vendor_type)),
            "predicted_path" => Kind::Path(PathKind::Predicted, reader.optional_text(&self.vendor_type)),
            "active_zone" => Kind::Area(AreaKind::ActiveZone),
            "no_go_area" => Kind::Area(AreaKind::NoGo),
            "no_mop_area" => Kind::Area(AreaKind::NoMop),
            "carpet" => Kind::Area(AreaKind::Carpet),
            "ramp" => Kind::Area(AreaKind::Ramp),
            "virtual_wall" => Kind::Line(LineKind::VirtualWall),
            "threshold" => Kind::Line(LineKind::Threshold),
            "curtain" => Kind::Line(LineKind::Curtain),
            _ => return Ok(None),
        }))
    }
}

/// Reads the points of an entity: `x, y`, over and over. Returns their part of [`Memory::coordinates`]; `None` when `null`
/// stands there.
fn read_points(reader: &mut Reader<'_>) -> Result<Option<Range<usize>>, Error> {
    let max = reader.budget.left(Limit::Points);
    let mut points = std::mem::take(&mut reader.memory.coordinates);
    let start = points.len();
    let result = match reader.numbers("a list of numbers") {
        Ok(Some(mut numbers)) => collect_points(&mut numbers, start.saturating_add(max), &mut points)
            .map(|()| true)
            .map_err(|error| error.within(format_args!("point {}", points.len() - start + 1))),
        Ok(None) => Ok(false),
        Err(error) => Err(error),
    };
    if result.is_err() {
        points.truncate(start);
    }
    let range = start..points.len();
    reader.memory.coordinates = points;
    if !result? {
        return Ok(None);
    }
    reader.budget.spend(Limit::Points, range.len())?;
    Ok(Some(range))
}

/// Reads until the end of the list, or until there are more than `max` points.
fn collect_points(numbers: &mut Numbers<'_, '_>, max: usize, points: &mut Vec<[i32; 2]>) -> Result<(), Error> {
    while let Some(Fiftieths(x)) = numbers.next()? {
        let Fiftieths(y) = numbers.next_of_entry("x, y")?;
        points.push([x, y]);
        if points.len() > max {
            break;
        }
    }
    Ok(())
}
