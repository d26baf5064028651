//! The line of text in a picture: its words, and how they are drawn.
//!
//! [`StatusText::compose`] composes the words in the reader's language. With the feature `text`, a `TextPainter` draws them. The two are
//! separate because the words are an attribute of every frame, drawn or not.
//!
//! # The packaged font
//! DejaVu Sans 2.37, from the `dejavu` crate. The font is not under this crate's licence but under that of Bitstream Vera
//! and Arev, whose notice has to go with every copy: a program that contains this crate contains the font. It has Latin,
//! Cyrillic, Greek and Arabic, and the signs of the line itself; Chinese, Japanese, Korean, Hindi and Bengali need a font
//! given by path ([`Labels::font`](crate::options::Labels::font)), and are boxes without one.

#[cfg(feature = "text")]
mod blend;
mod composition;
#[cfg(all(test, feature = "text"))]
mod every_language;
#[cfg(feature = "text")]
mod fonts;
#[cfg(feature = "text")]
mod label;
mod language;
#[cfg(feature = "text")]
mod line;
#[cfg(feature = "text")]
mod mask;
#[cfg(feature = "text")]
mod painter;
#[cfg(feature = "text")]
mod placement;
#[cfg(feature = "text")]
mod runs;
mod translations;
mod words;

#[cfg(feature = "text")]
pub(crate) use self::{
    blend::over,
    fonts::Fonts,
    label::Label,
    line::{Line, on_one_line},
    mask::Mask,
    placement::Placement,
};
pub use composition::StatusText;
#[cfg(feature = "text")]
pub use fonts::{FontFault, FontProblem, MAX_FONT_BYTES};
#[cfg(feature = "text")]
pub use painter::TextPainter;
