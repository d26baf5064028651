//! Writers, one file for each format: the inverses of the readers in `valetudo-map-parser`.

pub mod conga;
mod rr_image;
pub mod rr_json;
pub mod rr_map;
pub mod valetudo_json;

use thiserror::Error;

/// A map contains something that a format cannot hold.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A number outside the range of its field.
    #[error("{what} is {value}, which the format cannot hold")]
    OutOfRange {
        /// The number's meaning, with an article.
        what: &'static str,
        /// The number.
        value: i64,
    },
    /// A room whose id is not a number from 1 to 31.
    #[error("the id of room {0:?} is not a number from 1 to 31, and RR maps hold no other")]
    RoomNumber(String),
    /// The JSON encoder failed.
    #[error("encoding JSON: {0}")]
    Json(#[from] serde_json::Error),
}
