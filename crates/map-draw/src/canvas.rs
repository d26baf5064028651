//! Canvases, and the pixels that they hold.

mod palette;
mod pixel;
mod recolour;
mod surface;

pub use self::palette::{Palette, PaletteFull};
pub use self::pixel::Pixel;
pub(crate) use self::recolour::Recolour;
pub use self::surface::Canvas;
