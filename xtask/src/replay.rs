//! `cargo xtask replay FILE`: sends a recording to an MQTT broker.

mod arguments;
mod send;

pub(crate) use arguments::Arguments;
pub(crate) use send::run;
