//! `cargo xtask capture SOURCE`: records the messages of robots.
//!
//! A thread follows the source (`mqtt`, `sse`) and connects again when it is lost. This one writes what it hands over.

pub(crate) mod address;
mod arguments;
mod back_off;
mod live;
pub(crate) mod mqtt;
mod received;
mod record;
mod redact;
mod sse;

pub(crate) use arguments::Arguments;
pub(crate) use record::run;
