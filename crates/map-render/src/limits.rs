//! How much a picture may ask for.

use valetudo_map_crop::NothingToShow;

valetudo_map_parser::limits! {
    /// The highest cost of a picture. The parser's [`Limits`](crate::Limits) bound a map; these bound the drawing of it,
    /// which a few points far apart, or options, can make as large as they like.
    pub struct PictureLimits: u64, exceeded: PictureLimit {
        /// Pixels of the picture, and canvas pixels of the drawing. Default 16 Mi: 41 m × 41 m of floor. (The largest home
        /// seen has 3.6 million, margins included.) A pixel takes 2 bytes in all, 3 when it is turned, 12 in the rare map
        /// of more than 256 colours, and 12 more when it is scaled.
        picture_pixels: PicturePixels = 16 << 20,
        /// Canvas pixels that are painted, those painted again counted again, and each corner of a polygon as ten in each
        /// row. Default 256 Mi, 16 times the pixels of the largest picture: one to two seconds of work. (The most seen is
        /// under 3 million.)
        painted_pixels: PaintedPixels = 256 << 20,
    }
}

impl PictureLimits {
    /// `Ok` when `wanted` is within `limit`.
    pub(crate) const fn check(&self, limit: PictureLimit, wanted: u64) -> Result<(), FrameError> {
        let max = self.get(limit);
        if wanted > max { Err(FrameError::LimitExceeded { limit, max }) } else { Ok(()) }
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Nothing is drawn, or the options leave nothing of it.
    #[error(transparent)]
    NothingToShow(#[from] NothingToShow),
    /// The robot has no map yet: [`Map::is_placeholder`](valetudo_map_model::Map::is_placeholder). Its placeholder is not
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
