//! An entity of Valetudo JSON before the unit of its points is known.

use std::ops::Range;
use std::sync::Arc;

use valetudo_map_model::{AreaKind, Entity, Line, PathKind};

/// An entity as it is read. Its points are a part of [`Memory::coordinates`](crate::memory::Memory), in fiftieths of the robot's unit, which is
/// not known yet.
#[derive(Debug)]
pub(crate) struct EntityRead {
    pub(crate) kind: Kind,
    pub(crate) points: Range<usize>,
}

/// Its kind, with the metadata that the kind has.
#[derive(Debug)]
pub(crate) enum Kind {
    Robot(Option<f64>),
    Charger(Option<f64>),
    GoToTarget,
    Obstacle { label: Option<Arc<str>>, id: Option<Arc<str>>, image: Option<Arc<str>> },
    Path(PathKind, Option<Arc<str>>),
    Area(AreaKind),
    Line(LineKind),
    Other(Arc<str>),
}

/// A kind of line.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LineKind {
    VirtualWall,
    Threshold,
    Curtain,
}

impl LineKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::VirtualWall => "virtual wall",
            Self::Threshold => "threshold",
            Self::Curtain => "curtain",
        }
    }

    pub(crate) const fn entity(self, line: Line) -> Entity {
        match self {
            Self::VirtualWall => Entity::VirtualWall(line),
            Self::Threshold => Entity::Threshold(line),
            Self::Curtain => Entity::Curtain(line),
        }
    }
}

impl Kind {
    /// How many points it has at least; fewer are an error.
    pub(crate) const fn min_points(&self) -> usize {
        match self {
            Self::Robot(_) | Self::Charger(_) | Self::GoToTarget | Self::Obstacle { .. } => 1,
            Self::Path(..) | Self::Area(_) | Self::Line(_) | Self::Other(_) => 0,
        }
    }
}
