//! The forms in which maps arrive.

use std::fmt;

/// A compressed form in which maps travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Envelope {
    /// A zlib stream: Valetudo's map over MQTT.
    Zlib,
    /// A gzip file: Valetudo RE's map over MQTT, and files from Roborock robots.
    Gzip,
    /// A picture that carries the map in a text chunk: Valetudo's map for Home Assistant over MQTT.
    Png,
}

impl fmt::Display for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zlib => "zlib stream",
            Self::Gzip => "gzip file",
            Self::Png => "PNG picture",
        })
    }
}

/// A format without an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON: Valetudo's, Conga's, or a decoded RR map.
    Json,
    /// Roborock's binary RR map.
    RrMap,
}
