//! The errors of maps.

use crate::format::Envelope;
use crate::limits::Limit;

/// The reason why bytes are not a map. Each displays as one line: the problem, its place, and the expected content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The first bytes are those of no known format.
    #[error("not a map: it begins with {start}; expected JSON, zlib, gzip, PNG or an RR map")]
    UnknownFormat {
        /// The first bytes, readable.
        start: String,
    },
    /// The envelope around the map is damaged, or empty.
    #[error("damaged {envelope}: {problem}")]
    Envelope {
        /// Which envelope.
        envelope: Envelope,
        /// The problem, and the byte where it is.
        problem: String,
    },
    /// The map asks for more than the caller's limits grant.
    #[error("the map exceeds the limit `{limit}` of {max}")]
    LimitExceeded {
        /// Which limit.
        limit: Limit,
        /// Its value.
        max: usize,
    },
    /// The JSON is damaged, or holds something that a map cannot.
    #[error("JSON line {line}, column {column}: {problem}")]
    Json {
        /// Where, counted from 1.
        line: usize,
        /// Where, in bytes, counted from 1.
        column: usize,
        /// The problem, with its layer, entity or key.
        problem: String,
    },
    /// The JSON is whole, but is no map: something necessary is missing or impossible.
    #[error("JSON: {problem}")]
    Document {
        /// The problem, with its key.
        problem: String,
    },
    /// The RR map ends too early.
    #[error("truncated RR map: {part} at byte {offset} needs {needed} bytes, {left} are there")]
    Truncated {
        /// The part that is cut off.
        part: String,
        /// Where it begins.
        offset: usize,
        /// How many bytes it has when whole.
        needed: usize,
        /// How many there are.
        left: usize,
    },
    /// A part of the RR map contradicts itself.
    #[error("RR map: {part} at byte {offset}: {problem}")]
    RrMap {
        /// Which header or block.
        part: String,
        /// Where it begins.
        offset: usize,
        /// The problem, and the expected content.
        problem: String,
    },
}
