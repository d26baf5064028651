//! The entries of a recording.

use std::time::Duration;

use super::layout::FIXED_BYTES;

/// An entry of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry<'a> {
    /// A message arrived.
    Message(Message<'a>),
    /// The connection was lost for a while.
    Gap(Gap<'a>),
}

/// A message as it arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// When it arrived, since the recording began, by a clock that never jumps.
    pub at: Duration,
    /// When it arrived, since 1970-01-01 00:00 UTC, by the machine's clock.
    pub wall: Duration,
    /// Its topic; of a map that came over HTTP, the address of its source.
    pub topic: &'a str,
    /// Its bytes, as they came.
    pub payload: &'a [u8],
    /// The guarantee with which it was delivered.
    pub qos: QoS,
    /// Whether the broker had kept it from before the subscription.
    pub retained: bool,
}

/// A time without a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gap<'a> {
    /// When it ended, since the recording began.
    pub at: Duration,
    /// When it ended, since 1970-01-01 00:00 UTC.
    pub wall: Duration,
    /// How long it was.
    pub length: Duration,
    /// Why the connection was lost.
    pub reason: &'a str,
}

/// MQTT's quality of service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum QoS {
    /// 0.
    #[default]
    AtMostOnce,
    /// 1.
    AtLeastOnce,
    /// 2.
    ExactlyOnce,
}

const MESSAGE: u8 = 1;
const GAP: u8 = 2;

const QOS_MASK: u8 = 0b11;
const RETAINED: u8 = 0b100;

impl Entry<'_> {
    /// When it was made, since the recording began.
    #[must_use]
    pub const fn at(&self) -> Duration {
        match self {
            Self::Message(message) => message.at,
            Self::Gap(gap) => gap.at,
        }
    }

    /// The topic, or the reason of a gap.
    pub(crate) const fn text(&self) -> &str {
        match self {
            Self::Message(message) => message.topic,
            Self::Gap(gap) => gap.reason,
        }
    }

    /// The bytes of the payload, or of its stand-in.
    pub(crate) const fn rest_len(&self) -> usize {
        match self {
            Self::Message(message) => message.payload.len(),
            Self::Gap(_) => 8,
        }
    }

    /// Appends the body of its record. The caller has checked the lengths.
    pub(crate) fn encode(&self, body: &mut Vec<u8>) {
        let (kind, flags, at, wall) = match self {
            Self::Message(message) => {
                let retained = if message.retained { RETAINED } else { 0 };
                (MESSAGE, message.qos as u8 | retained, message.at, message.wall)
            }
            Self::Gap(gap) => (GAP, 0, gap.at, gap.wall),
        };
        body.extend([kind, flags]);
        body.extend(nanoseconds(at).to_le_bytes());
        body.extend(nanoseconds(wall).to_le_bytes());
        body.extend((self.text().len() as u16).to_le_bytes());
        body.extend(self.text().as_bytes());
        match self {
            Self::Message(message) => body.extend(message.payload),
            Self::Gap(gap) => body.extend(nanoseconds(gap.length).to_le_bytes()),
        }
    }
}

/// As far as 64 bits go: 584 years.
fn nanoseconds(duration: Duration) -> u64 {
    duration.as_nanos().try_into().unwrap_or(u64::MAX)
}

/// Whether this version knows the kind of a record. Later versions may add others.
pub(crate) fn is_known_kind(body: &[u8]) -> bool {
    body.first().is_none_or(|&kind| kind == MESSAGE || kind == GAP)
}

/// Why a body holds no entry.
pub(crate) enum Fault {
    /// The text is too long; its length.
    TextLimit(u16),
    /// The fault in words.
    Malformed(&'static str),
}

/// Decodes the body of a record of a known kind.
pub(crate) fn decode(body: &[u8], topic_bytes: u16) -> Result<Entry<'_>, Fault> {
    let malformed = |what| Err(Fault::Malformed(what));
    let Some(&[kind, flags]) = body.first_chunk() else { return malformed("it is too short") };
    let number = |from: usize| Some(u64::from_le_bytes(*body.get(from..)?.first_chunk()?));
    let text_length = || Some(u16::from_le_bytes(*body.get(18..)?.first_chunk()?));
    let (Some(at), Some(wall), Some(length)) = (number(2), number(10), text_length()) else {
        return malformed("it is too short");
    };
    if length > topic_bytes {
        return Err(Fault::TextLimit(length));
    }
    let Some((text, rest)) = body.get(FIXED_BYTES..).and_then(|rest| rest.split_at_checked(length.into())) else {
        return malformed("its text is longer than the record");
    };
    let Ok(text) = std::str::from_utf8(text) else { return malformed("its text is not UTF-8") };
    let (at, wall) = (Duration::from_nanos(at), Duration::from_nanos(wall));
    if kind == GAP {
        let Some(length) = rest.first_chunk().filter(|_| rest.len() == 8) else {
            return malformed("a gap states no length");
        };
        let length = Duration::from_nanos(u64::from_le_bytes(*length));
        return Ok(Entry::Gap(Gap { at, wall, length, reason: text }));
    }
    let qos = match flags & QOS_MASK {
        0 => QoS::AtMostOnce,
        1 => QoS::AtLeastOnce,
        2 => QoS::ExactlyOnce,
        _ => return malformed("its quality of service is 3"),
    };
    let retained = flags & RETAINED != 0;
    Ok(Entry::Message(Message { at, wall, topic: text, payload: rest, qos, retained }))
}
