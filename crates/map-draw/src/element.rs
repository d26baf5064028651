//! The kinds of things that are drawn above the layers, and which of them draws an entity.

use valetudo_map_model::{AreaKind, Entity, PathKind};

/// A kind of thing that is drawn above the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    /// Drawn on the layers, and usually the same from frame to frame.
    Still(StillElement),
    /// Drawn above that; grows from frame to frame.
    Trail(TrailElement),
    /// Drawn last.
    Robot,
}

/// An element that usually stays the same from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StillElement {
    VirtualWalls,
    Thresholds,
    Curtains,
    Charger,
    Obstacles,
    Areas(AreaKind),
}

/// An element that grows from frame to frame: strokes along a list of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrailElement {
    GoToTarget,
    PredictedPath,
    MoppedPaths,
    Paths,
}

impl StillElement {
    /// Whether it is drawn only with [`Annotations::All`](crate::Annotations::All).
    pub(crate) const fn is_annotation(self) -> bool {
        match self {
            Self::Thresholds | Self::Curtains | Self::Areas(AreaKind::Ramp | AreaKind::NoCarpet) => true,
            Self::VirtualWalls | Self::Charger | Self::Obstacles | Self::Areas(_) => false,
        }
    }
}

impl Element {
    /// The element that draws an entity. `None` for kinds that are not drawn.
    ///
    /// This is the only table from entities to elements. Shapes receive the entities that it gives them and no others, and a
    /// [`Drawing`](crate::Drawing) compares the same ones with those of the frame before. So an entity that is drawn is also
    /// compared.
    pub(crate) fn of(entity: &Entity) -> Option<Self> {
        Some(match entity {
            Entity::Robot(_) => Self::Robot,
            Entity::Charger(_) => Self::Still(StillElement::Charger),
            Entity::Obstacle(_) => Self::Still(StillElement::Obstacles),
            Entity::Area(area) => Self::Still(StillElement::Areas(area.kind)),
            Entity::VirtualWall(_) => Self::Still(StillElement::VirtualWalls),
            Entity::Threshold(_) => Self::Still(StillElement::Thresholds),
            Entity::Curtain(_) => Self::Still(StillElement::Curtains),
            Entity::GoToTarget(_) => Self::Trail(TrailElement::GoToTarget),
            Entity::Path(path) => Self::Trail(match path.kind {
                PathKind::Predicted => TrailElement::PredictedPath,
                PathKind::Driven => TrailElement::Paths,
                PathKind::Mopped => TrailElement::MoppedPaths,
                _ => return None,
            }),
            _ => return None,
        })
    }
}
