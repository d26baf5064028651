//! Any bytes as a recording, under small limits. What is read is written again and read back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use valetudo_map_stream::recording::{Reader, RecordingLimits, Writer, is_recording};
use valetudo_map_stream::{Follower, Repeats, Update};

fuzz_target!(|bytes: &[u8]| {
    // The fuzzer does not guess checksums: bytes that are no recording become the body of a record with the right one.
    let made;
    let bytes = if is_recording(bytes) {
        bytes
    } else {
        made = with_checksums(bytes);
        &made
    };
    let limits = RecordingLimits { record_bytes: 1 << 16, topic_bytes: 200 };
    let Ok(mut reader) = Reader::with_limits(bytes, limits) else { return };
    let (mut follower, mut repeats) = (Follower::default(), Repeats::default());
    let mut again = Writer::new(Vec::new()).expect("memory takes everything");
    let mut debugged = Vec::new();
    while let Ok(Some(entry)) = reader.read() {
        again.write(&entry).expect("what was read is within the limits");
        debugged.push(format!("{entry:?}"));
        if let valetudo_map_stream::recording::Entry::Message(message) = entry
            && let Some((_, Update::Map)) = follower.take(message.topic, message.payload)
        {
            let _ = repeats.judge(message.payload);
        }
    }
    let again = again.into_output();
    let mut reader = Reader::new(again.as_slice()).expect("a header was written");
    for expected in debugged {
        let entry = reader.read().expect("no damage").expect("no cut");
        assert_eq!(format!("{entry:?}"), expected);
    }
    assert!(matches!(reader.read(), Ok(None)));
});

fn with_checksums(body: &[u8]) -> Vec<u8> {
    let mut file = Writer::new(Vec::new()).expect("memory takes everything").into_output();
    for body in body.chunks(300) {
        let length = (body.len() as u32).to_le_bytes();
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&length);
        hasher.update(body);
        file.extend(length);
        file.extend(hasher.finalize().to_le_bytes());
        file.extend(body);
    }
    file
}
