//! Decides which part of a drawn map becomes the picture, and how.
//!
//! Homes are small and maps are large, so a picture is a rectangle of the map: what is drawn with a margin around it
//! ([`content_bounds`], [`with_margin`]), trims that were saved, or the room that is being cleaned; with [`Offsets`], turned by quarters, fitted
//! to an [`AspectRatio`]. All of that ends in one value, a [`View`]. The pixels ([`present`], [`Scaler`]) and the calibration
//! ([`View::to_canvas`], [`View::to_picture`]) are both read off it: a calibration that sends the robot next door is what users
//! of map cameras report most, and here it cannot differ from the picture.
//!
//! The crate sees pixels as [`Rows`] of any type, and knows neither what was drawn nor on what.
//!
//! ```
//! use valetudo_map_crop::{Rows, View, content_bounds, with_margin};
//! use valetudo_map_model::{Point, Rect, Rotation, Size};
//!
//! let drawn = [0, 0, 0, 0, 0, 7, 7, 0];
//! let content = content_bounds(Rows::new(&drawn, 4), Point::new(500, 600), |pixel| pixel != 0).unwrap();
//! assert_eq!(content, Rect::new(501, 601, 503, 602));
//!
//! let frame = with_margin(content.to_centimetres(), 10).to_canvas();
//! let view = View::plan(frame, Size::new(5120, 5120), Rotation::Quarter, None)?;
//! assert_eq!(view.target, Size::new(20, 21));
//! // The centre of the first drawn pixel, and back.
//! assert_eq!(view.to_picture(Point::new(501.5, 601.5)), Point::new(10.5, 10.5));
//! assert_eq!(view.to_canvas(Point::new(10.5, 10.5)), Point::new(501.5, 601.5));
//! # Ok::<(), valetudo_map_crop::NothingToShow>(())
//! ```
#![forbid(unsafe_code)]

mod content;
mod crop_box;
mod part;
mod pixel;
mod present;
mod rows;
mod scale;
mod view;
mod weights;

pub use content::content_bounds;
pub use crop_box::{Offsets, with_margin};
pub use part::part_of;
pub use pixel::RgbaPixel;
pub use present::present;
pub use rows::Rows;
pub use scale::Scaler;
pub use view::{AspectRatio, InvalidAspectRatio, NothingToShow, View};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
