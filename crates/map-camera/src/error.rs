//! Why a map cannot be measured.

use std::error::Error;

/// A map that cannot be parsed or drawn.
pub type MapError = Box<dyn Error>;
