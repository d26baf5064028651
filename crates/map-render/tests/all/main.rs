//! The behaviour of the renderer: one program, because each costs seconds to compile and link. Tests that measure memory have
//! programs of their own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, and the functions that they share, fail by panicking"
)]

mod any_map;
mod calibration;
mod encoding;
mod fixture;
mod floors;
mod goldens;
mod limits;
mod newer_firmware;
#[cfg(feature = "text")]
mod room_names;
mod scale_and_colours;
mod session;
#[cfg(feature = "text")]
mod status_text_drawing;
mod status_text_goldens;
