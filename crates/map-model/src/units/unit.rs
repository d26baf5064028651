//! The units: types without values, which only mark what a number counts.

/// Unit: one millimetre on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Millimetre {}

/// Unit: one centimetre on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Centimetre {}

/// Unit: the one that the robot counts in ([`Family::millimetres_per_unit`](crate::Family::millimetres_per_unit)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RobotUnit {}

/// Unit: one cell of the robot's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MapPixel {}

/// Unit: the pixel in which maps are drawn, one centimetre on the floor unless a scale says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CanvasPixel {}

/// Unit: one pixel of the finished picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PicturePixel {}
