//! How much a picture may ask for.

use std::fmt;

use valetudo_map_crop::NothingToShow;

/// What a picture may cost at most. The parser's [`Limits`](crate::Limits) bound what a map holds; these bound what
/// drawing it takes, which a few points far apart, or options, can make as large as they like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureLimits {
    /// Pixels of the picture, and canvas pixels of what is drawn. Default 16 Mi: 41 m × 41 m of floor. (The largest home
    /// seen has 3.6 million, margins included.) A pixel takes 2 bytes in all, 3 when it is turned, 12 in the rare map of more than 256
    /// colours, and 12 more when it is scaled.
    pub picture_pixels: u64,
    /// Canvas pixels that are painted, those painted again counted again, and each corner of a polygon as ten in each
    /// row. Default 256 Mi, 16 times the pixels of the largest picture: one to two seconds of work. (The most seen is
    /// under 3 million.)
    pub painted_pixels: u64,
}

impl PictureLimits {
    /// The defaults, which the fields document.
    pub const DEFAULT: Self = Self { picture_pixels: 16 << 20, painted_pixels: 256 << 20 };

    /// `Ok` when `wanted` is within `limit`.
    pub(crate) const fn check(&self, limit: PictureLimit, wanted: u64) -> Result<(), FrameError> {
        let max = match limit {
            PictureLimit::PicturePixels => self.picture_pixels,
            PictureLimit::PaintedPixels => self.painted_pixels,
        };
        if wanted > max { Err(FrameError::LimitExceeded { limit, max }) } else { Ok(()) }
    }
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Which of the [`PictureLimits`] it is; displayed as the name of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PictureLimit {
    /// [`PictureLimits::picture_pixels`]
    PicturePixels,
    /// [`PictureLimits::painted_pixels`]
    PaintedPixels,
}

impl fmt::Display for PictureLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PicturePixels => "picture_pixels",
            Self::PaintedPixels => "painted_pixels",
        })
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Nothing is drawn, or the options leave nothing of it.
    #[error(transparent)]
    NothingToShow(#[from] NothingToShow),
    /// The robot has no map yet: [`Map::is_placeholder`](valetudo_map_model::Map::is_placeholder). What stands in for it is not
    /// drawn; the session stays as it was.
    #[error("the robot has no map yet")]
    NoMapYet,
    /// Map and options ask for more than the limits grant.
    #[error("the picture exceeds the limit `{limit}` of {max}")]
    LimitExceeded {
        /// Which limit.
        limit: PictureLimit,
        /// Its value.
        max: u64,
    },
}
