//! Pictures as files.

mod checksum;
mod deflate;
mod error;
mod format;
mod huffman;
#[cfg(feature = "jpeg")]
pub(crate) mod jpeg;
mod png;

pub use self::error::EncodeError;
pub use self::format::PictureFormat;
pub(crate) use self::png::PngEncoder;
