//! What a source hands over.

use std::time::{Instant, SystemTime};

use valetudo_map_stream::recording::QoS;

/// An item from a source.
pub(crate) enum Received {
    Message {
        at: Instant,
        wall: SystemTime,
        topic: String,
        payload: Vec<u8>,
        qos: QoS,
        retained: bool,
    },
    Connected(Instant),
    /// Why the connection was lost, or could not be made.
    Lost(Instant, String),
    /// Why there will be no connection, however often it is tried.
    Refused(String),
    /// A message that is not kept, with the length of its payload.
    TooLarge {
        topic: String,
        bytes: usize,
    },
}
