//! The entities of a still element.

use valetudo_map_model::Entity;

use crate::element::{Element, StillElement};
use crate::scene::{Look, Scene};

/// The entities that a still element draws, and how they look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) element: StillElement,
    /// These, and possibly entities of other elements.
    pub(crate) entities: &'a [Entity],
}

impl<'a> Group<'a> {
    pub(crate) fn of(scene: Scene<'a>, element: StillElement) -> Self {
        Self { look: scene.look(), element, entities: &scene.map.entities }
    }

    pub(crate) fn entities(self) -> impl Iterator<Item = &'a Entity> {
        self.entities.iter().filter(move |entity| Element::of(entity) == Some(Element::Still(self.element)))
    }
}
