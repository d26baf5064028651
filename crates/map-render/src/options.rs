//! The user's choices: the flat dictionary of the Home Assistant integration, read once into typed values.

mod choices;
mod dictionary;
mod error;
mod keys;

pub use choices::{Crop, Floor, LabelPosition, Labels, ObstacleLinks, Options, Trims};
pub use error::InvalidOption;
