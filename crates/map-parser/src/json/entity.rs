//! The entities of Valetudo JSON.

use std::sync::Arc;

use serde::de::{Error, MapAccess, SeqAccess};
use valetudo_map_model::{Area, AreaKind, Entity, Line, Millimetre, Obstacle, Path, PathKind, Point, Pose};

use super::number::{Fiftieths, Number};
use super::object::{Elements, Fault, List, Members, Object, ignore};
use super::scalar::Scalar;
use crate::limits::{Budget, Limit};

/// The unit in which points are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Centimetre,
    /// A map pixel of 50 millimetres.
    MapPixel,
}

impl Unit {
    const fn millimetres(self, value: Fiftieths) -> i32 {
        match self {
            // To the nearest; whole centimetres divide evenly.
            Self::Centimetre => (value.0.saturating_add(2)).div_euclid(5),
            Self::MapPixel => value.0,
        }
    }
}

/// The list of entities.
#[derive(Debug)]
pub(super) struct Entities<'a> {
    budget: &'a Budget<'a>,
    found: Vec<Found>,
}

impl<'a> Entities<'a> {
    pub(super) fn new(budget: &'a Budget<'a>) -> Self {
        Self { budget, found: Vec::new() }
    }

    pub(super) fn finish(self, unit: Unit) -> Vec<Entity> {
        self.found.into_iter().filter_map(|found| found.entity(unit)).collect()
    }
}

impl<'de> List<'de> for Entities<'_> {
    const WHAT: &'static str = "a list of entities";

    fn elements<A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        self.found.clear();
        for number in 1usize.. {
            let mut read = EntityRead::new(self.budget);
            let in_entity = |problem: String| A::Error::custom(format!("entity {number}: {problem}"));
            if list.next_element_seed(Members(&mut read)).map_err(|error| in_entity(error.to_string()))?.is_none() {
                break;
            }
            self.budget.spend(Limit::Entities, 1).map_err(A::Error::custom)?;
            self.found.extend(read.finish().map_err(in_entity)?);
        }
        Ok(())
    }
}

/// An entity of a known type, its points in a unit that is not known yet.
#[derive(Debug)]
struct Found {
    kind: Kind,
    points: Vec<[Fiftieths; 2]>,
}

#[derive(Debug)]
enum Kind {
    Robot(Option<f64>),
    Charger(Option<f64>),
    GoToTarget,
    Obstacle { label: Option<Arc<str>>, id: Option<Arc<str>> },
    Path(PathKind),
    Area(AreaKind),
    VirtualWall,
}

impl Kind {
    /// How many points it has at least.
    const fn least(&self) -> usize {
        match self {
            Self::Robot(_) | Self::Charger(_) | Self::GoToTarget | Self::Obstacle { .. } => 1,
            Self::VirtualWall => 2,
            Self::Path(_) | Self::Area(_) => 0,
        }
    }
}

impl Found {
    /// `None` is for too few points, which [`EntityRead::finish`] has refused.
    fn entity(self, unit: Unit) -> Option<Entity> {
        let point = |[x, y]: [Fiftieths; 2]| Point::<Millimetre>::new(unit.millimetres(x), unit.millimetres(y));
        let first = || self.points.first().map(|first| point(*first));
        Some(match self.kind {
            Kind::Robot(angle) => Entity::Robot(Pose { position: first()?, angle }),
            Kind::Charger(angle) => Entity::Charger(Pose { position: first()?, angle }),
            Kind::GoToTarget => Entity::GoToTarget(first()?),
            Kind::Obstacle { label, id } => Entity::Obstacle(Obstacle { position: first()?, label, id }),
            Kind::VirtualWall => Entity::VirtualWall(Line { from: first()?, to: point(*self.points.get(1)?) }),
            // Both points are two 32-bit numbers, so the standard library collects them in place.
            Kind::Path(kind) => Entity::Path(Path { kind, points: self.points.into_iter().map(point).collect() }),
            Kind::Area(kind) => Entity::Area(Area { kind, corners: self.points.into_iter().map(point).collect() }),
        })
    }
}

/// An entity as it is read, with its type known or not yet.
#[derive(Debug)]
struct EntityRead<'a, 'de> {
    class: Scalar<'de>,
    kind: Scalar<'de>,
    about: About<'de>,
    points: PointList<'a>,
}

impl<'a> EntityRead<'a, '_> {
    fn new(budget: &'a Budget<'a>) -> Self {
        let points = PointList { budget, points: Vec::new(), fault: Fault::default() };
        Self { class: Scalar::Absent, kind: Scalar::Absent, about: About::default(), points }
    }

    /// `None` for an entity of a class or type that nobody draws.
    fn finish(self) -> Result<Option<Found>, String> {
        const CLASSES: [&str; 4] = ["PointMapEntity", "PathMapEntity", "PolygonMapEntity", "LineMapEntity"];
        if self.class.as_str().is_some_and(|class| !CLASSES.contains(&class)) {
            return Ok(None);
        }
        let Some(kind) = self.kind.as_str() else { return Ok(None) };
        let (about, budget) = (&self.about, self.points.budget);
        let Some(known) = (match kind {
            "robot_position" => Some(Kind::Robot(about.angle.number("angle")?)),
            "charger_location" => Some(Kind::Charger(about.angle.number("angle")?)),
            "go_to_target" => Some(Kind::GoToTarget),
            "obstacle" => {
                Some(Kind::Obstacle { label: about.label.text("label", budget)?, id: about.id.text("id", budget)? })
            }
            "path" => Some(Kind::Path(PathKind::Driven)),
            "predicted_path" => Some(Kind::Path(PathKind::Predicted)),
            "active_zone" => Some(Kind::Area(AreaKind::ActiveZone)),
            "no_go_area" => Some(Kind::Area(AreaKind::NoGo)),
            "no_mop_area" => Some(Kind::Area(AreaKind::NoMop)),
            "carpet" => Some(Kind::Area(AreaKind::Carpet)),
            "virtual_wall" => Some(Kind::VirtualWall),
            _ => None,
        }) else {
            return Ok(None);
        };
        self.points.fault.check().map_err(|fault| format!("{kind}: `points`: {fault}"))?;
        let (points, least) = (self.points.points, known.least());
        if points.len() < least {
            return Err(format!("{kind}: `points` has {} points, expected {least} or more", points.len()));
        }
        Ok(Some(Found { kind: known, points }))
    }
}

impl<'de> Object<'de> for EntityRead<'_, 'de> {
    const WHAT: &'static str = "an entity (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "__class" => self.class = object.next_value()?,
            "type" => self.kind = object.next_value()?,
            "metaData" => object.next_value_seed(Members(&mut self.about))?,
            "points" => object.next_value_seed(Elements(&mut self.points))?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}

/// What an entity's `metaData` says.
#[derive(Debug, Default)]
struct About<'de> {
    angle: Scalar<'de>,
    label: Scalar<'de>,
    id: Scalar<'de>,
}

impl<'de> Object<'de> for About<'de> {
    const WHAT: &'static str = "`metaData` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "angle" => self.angle = object.next_value()?,
            "label" => self.label = object.next_value()?,
            "id" => self.id = object.next_value()?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}

/// The points of an entity: `x, y`, over and over.
#[derive(Debug)]
struct PointList<'a> {
    budget: &'a Budget<'a>,
    points: Vec<[Fiftieths; 2]>,
    fault: Fault,
}

impl<'de> List<'de> for PointList<'_> {
    const WHAT: &'static str = "a list of numbers";

    fn elements<A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        self.points.clear();
        let most = self.budget.left(Limit::Points);
        let fault = loop {
            let Some(Number(x)) = list.next_element()? else { break None };
            let place = self.points.len() + 1;
            let Some(Number(y)) = list.next_element()? else {
                break Some(format!("it ends within point {place}, expected x, y"));
            };
            let (Some(x), Some(y)) = (x, y) else {
                break Some(format!("point {place} is not two numbers of 32 bits"));
            };
            self.points.push([x, y]);
            if self.points.len() > most {
                break None;
            }
        };
        self.budget.spend(Limit::Points, self.points.len()).map_err(A::Error::custom)?;
        self.fault.keep(fault, list)
    }

    fn misfit<E: Error>(&mut self) -> Result<(), E> {
        self.fault.misfit(<Self as List<'_>>::WHAT)
    }
}
