//! Why a picture cannot be encoded.

use std::fmt;

use super::format::PictureFormat;

/// A picture that could not be encoded, mostly because it has more pixels than the format allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot encode the picture as {format}: {reason}")]
pub struct EncodeError {
    format: PictureFormat,
    reason: String,
}

impl EncodeError {
    pub(super) fn new(format: PictureFormat, reason: &impl fmt::Display) -> Self {
        Self { format, reason: reason.to_string() }
    }

    /// The format that the picture does not fit in.
    #[must_use]
    pub const fn format(&self) -> PictureFormat {
        self.format
    }
}
