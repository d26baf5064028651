//! Recordings that are whole, cut, damaged and hostile.
#![allow(clippy::unwrap_used, reason = "a test that cannot make its recording has failed")]

use std::time::Duration;

use proptest::prelude::*;
use valetudo_map_stream::recording::{
    Entry, Gap, Message, QoS, ReadError, Reader, RecordingLimits, WriteError, Writer, is_recording,
};

/// An entry that owns its bytes.
#[derive(Debug, Clone, PartialEq)]
struct Owned {
    at: u64,
    wall: u64,
    text: String,
    payload: Vec<u8>,
    qos: QoS,
    retained: bool,
    gap: Option<u64>,
}

impl Owned {
    fn entry(&self) -> Entry<'_> {
        let [at, wall] = [self.at, self.wall].map(Duration::from_nanos);
        match self.gap {
            Some(length) => {
                Entry::Gap(Gap { at, wall, length: Duration::from_nanos(length), reason: self.text.as_str() })
            }
            None => Entry::Message(Message {
                at,
                wall,
                topic: &self.text,
                payload: &self.payload,
                qos: self.qos,
                retained: self.retained,
            }),
        }
    }

    fn of(entry: &Entry<'_>) -> Self {
        let nanoseconds = |duration: Duration| duration.as_nanos() as u64;
        match entry {
            Entry::Message(message) => Self {
                at: nanoseconds(message.at),
                wall: nanoseconds(message.wall),
                text: message.topic.to_owned(),
                payload: message.payload.to_vec(),
                qos: message.qos,
                retained: message.retained,
                gap: None,
            },
            Entry::Gap(gap) => Self {
                at: nanoseconds(gap.at),
                wall: nanoseconds(gap.wall),
                text: gap.reason.to_owned(),
                payload: Vec::new(),
                qos: QoS::AtMostOnce,
                retained: false,
                gap: Some(nanoseconds(gap.length)),
            },
            _ => unreachable!("there are two kinds"),
        }
    }
}

fn written(entries: &[Owned]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new()).unwrap();
    entries.iter().for_each(|entry| writer.write(&entry.entry()).unwrap());
    let length = writer.bytes();
    let bytes = writer.into_output();
    assert_eq!(bytes.len() as u64, length);
    bytes
}

/// What can be read, whether the end was cut, and the error that ended it.
fn read(bytes: &[u8]) -> (Vec<Owned>, Option<u64>, Option<ReadError>) {
    let mut reader = match Reader::new(bytes) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), None, Some(error)),
    };
    let mut entries = Vec::new();
    let error = loop {
        match reader.read() {
            Ok(Some(entry)) => entries.push(Owned::of(&entry)),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(matches!(reader.read(), Ok(None)), "nothing comes after the end");
    (entries, reader.cut_at(), error)
}

fn owned() -> impl Strategy<Value = Owned> {
    let qos = prop_oneof![Just(QoS::AtMostOnce), Just(QoS::AtLeastOnce), Just(QoS::ExactlyOnce)];
    let message =
        (any::<u64>(), any::<u64>(), ".{0,40}", prop::collection::vec(any::<u8>(), 0..200), qos, any::<bool>())
            .prop_map(|(at, wall, text, payload, qos, retained)| Owned {
                at,
                wall,
                text,
                payload,
                qos,
                retained,
                gap: None,
            });
    let gap = (any::<u64>(), any::<u64>(), ".{0,40}", any::<u64>()).prop_map(|(at, wall, text, length)| Owned {
        at,
        wall,
        text,
        payload: Vec::new(),
        qos: QoS::AtMostOnce,
        retained: false,
        gap: Some(length),
    });
    prop_oneof![4 => message, 1 => gap]
}

/// Three entries, small enough to damage in every place.
fn small() -> Vec<Owned> {
    let message = |at, text: &str, payload: &[u8]| Owned {
        at,
        wall: 1_700_000_000_000_000_000 + at,
        text: text.to_owned(),
        payload: payload.to_vec(),
        qos: QoS::AtLeastOnce,
        retained: at == 0,
        gap: None,
    };
    let gap = Owned { gap: Some(3_000_000_000), text: "connection reset".to_owned(), ..message(5, "", b"") };
    let gap = Owned { qos: QoS::AtMostOnce, ..gap };
    vec![message(0, "valetudo/Rob/$state", b"ready"), gap, message(9, "valetudo/Rob/map_data", &[0x1f, 0x8b, 0, 255])]
}

proptest! {
    #[test]
    fn what_was_written_is_read(entries in prop::collection::vec(owned(), 0..20)) {
        let (found, cut, error) = read(&written(&entries));
        prop_assert_eq!(found, entries);
        prop_assert!(cut.is_none() && error.is_none());
    }

    #[test]
    fn a_prefix_gives_the_entries_before(entries in prop::collection::vec(owned(), 0..6), part in 0.0..1.0f64) {
        let bytes = written(&entries);
        let (found, _, _) = read(&bytes[..(bytes.len() as f64 * part) as usize]);
        prop_assert!(entries.starts_with(&found));
    }

    #[test]
    fn any_bytes_behind_a_header_are_read_without_a_panic(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = written(&[]);
        bytes.extend(tail);
        read(&bytes);
    }
}

#[test]
fn every_prefix_gives_an_error_or_the_records_before() {
    let entries = small();
    let bytes = written(&entries);
    let ends: Vec<usize> = (0..=3).map(|count| written(&entries[..count]).len()).collect();
    for length in 0..bytes.len() {
        let (found, cut, error) = read(&bytes[..length]);
        if length < ends[0] {
            assert!(found.is_empty() && error.is_some(), "{length}");
            continue;
        }
        let whole = ends.iter().rposition(|&end| end <= length).unwrap();
        assert_eq!(found, entries[..whole], "{length}");
        assert_eq!(cut, (length > ends[whole]).then_some(ends[whole] as u64), "{length}");
        assert!(error.is_none(), "{length}: {error:?}");
    }
}

#[test]
fn every_flipped_bit_gives_an_error_or_the_records_before() {
    let entries = small();
    let bytes = written(&entries);
    let ends: Vec<usize> = (0..=3).map(|count| written(&entries[..count]).len()).collect();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let (found, cut, error) = read(&damaged);
        assert!(error.is_some() || cut.is_some(), "bit {bit} goes unnoticed");
        let record = ends.iter().filter(|&&end| end <= bit / 8).count();
        assert_eq!(found, entries[..record.saturating_sub(1)], "bit {bit}");
    }
}

#[test]
fn lengths_are_limited() {
    let message = Message { topic: "a/b", payload: &[7; 500], ..Message::default() };
    let mut writer = Writer::new(Vec::new()).unwrap();
    writer.write(&Entry::Message(message)).unwrap();
    let bytes = writer.into_output();
    let error = |limits| Reader::with_limits(bytes.as_slice(), limits).unwrap().read().unwrap_err().to_string();
    let small = RecordingLimits { record_bytes: 100, ..RecordingLimits::DEFAULT };
    assert_eq!(error(small), "the record at byte 16 has a record of 523 bytes, more than 100");
    let short = RecordingLimits { topic_bytes: 2, ..RecordingLimits::DEFAULT };
    assert_eq!(error(short), "the record at byte 16 has a topic of 3 bytes, more than 2");

    let long = "x".repeat(2000);
    let mut writer = Writer::new(Vec::new()).unwrap();
    let refused = writer.write(&Entry::Message(Message { topic: &long, ..message })).unwrap_err();
    assert!(matches!(refused, WriteError::LimitExceeded { length: 2000, .. }), "{refused}");
    assert_eq!(writer.into_output().len(), 16, "nothing was written");
}

#[test]
fn a_stated_length_is_no_reason_to_take_memory() {
    let mut bytes = written(&[]);
    bytes.extend((60_u32 << 20).to_le_bytes());
    bytes.extend([0; 20]);
    let mut reader = Reader::new(bytes.as_slice()).unwrap();
    assert!(reader.read().unwrap().is_none());
    assert_eq!(reader.cut_at(), Some(16));
}

#[test]
fn unknown_versions_are_refused_and_unknown_kinds_passed_over() {
    let checksummed = |mut start: Vec<u8>| {
        let sum = crc32(&start);
        start.extend(sum.to_le_bytes());
        start
    };
    let header = checksummed([b"\x89VMR\r\n\x1a\n".as_slice(), &7_u32.to_le_bytes()].concat());
    assert!(is_recording(&header));
    let (_, _, error) = read(&header);
    assert_eq!(error.unwrap().to_string(), "is a recording of version 7, and only version 1 is known");

    let mut bytes = written(&small()[..1]);
    let (length, body) = (3_u32.to_le_bytes(), [200_u8, 1, 2]);
    bytes.extend(length);
    bytes.extend(crc32(&[length.as_slice(), &body].concat()).to_le_bytes());
    bytes.extend(body);
    bytes.extend(&written(&small()[2..])[16..]);
    let (found, cut, error) = read(&bytes);
    assert_eq!(found, [small()[0].clone(), small()[2].clone()]);
    assert!(cut.is_none() && error.is_none());
}

/// CRC-32 as in PNG, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}
