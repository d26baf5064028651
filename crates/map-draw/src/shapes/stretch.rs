//! A part of a trail.

use valetudo_map_model::{Millimetre, Point};

use crate::element::TrailElement;
use crate::scene::Look;

/// The part of a trail that is not drawn yet, and how it looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) element: TrailElement,
    /// Whether the robot mops.
    pub(crate) mopping: bool,
    /// All points of one entity.
    pub(crate) points: &'a [Point<Millimetre>],
    /// How many of them are drawn already.
    pub(crate) drawn: usize,
}
