//! A thousand messages a second.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use valetudo_map_stream::recording::{QoS, Reader};

use super::broker::Broker;
use super::{Capture, Kept, read, write, xtask};

/// Messages a second.
const RATE: u32 = 1000;

/// The most that the capture's resident size may vary after the first quarter, KiB. In a minute, 90 MB arrive after it.
const MOST_GROWTH_KIB: u64 = 1024;

/// The resident size of a process, KiB. `None` where the system does not tell.
fn resident_kib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
}

/// The time from the first message of a recording to its last.
fn length(recording: &Path) -> Duration {
    let bytes = fs::read(recording).unwrap();
    let mut reader = Reader::new(bytes.as_slice()).unwrap();
    let (mut first, mut last) = (None, Duration::ZERO);
    while let Some(entry) = reader.read().unwrap() {
        first.get_or_insert(entry.at());
        last = entry.at();
    }
    last - first.unwrap()
}

/// Captures messages of 2 kB at this rate, and samples the memory of the capture.
fn keeps_up_for(seconds: u32) {
    let folder = TempDir::new().unwrap();
    let Some(broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    let address = format!("mqtt://127.0.0.1:{}", broker.port);
    let messages: Vec<(Duration, Kept)> = (0..seconds * RATE)
        .map(|number| {
            let payload = [number.to_le_bytes().to_vec(), vec![7; 2000]].concat();
            let topic = format!("valetudo/Rob{}/map_data", number % 3);
            (Duration::from_secs(1) / RATE * number, Kept { topic, payload, qos: QoS::AtLeastOnce, retained: false })
        })
        .collect();
    let [sent, captured] = ["sent.vmr", "captured.vmr"].map(|name| folder.path().join(name));
    write(&sent, &messages);
    let mut capture = Capture::start(xtask(&["capture", &address, "-o", &captured.to_string_lossy()]));
    capture.wait_for("connected");
    let mut replay = xtask(&["replay", &sent.to_string_lossy(), "--to", &address]).spawn().unwrap();
    let mut sizes = Vec::new();
    while replay.try_wait().unwrap().is_none() {
        sizes.extend(resident_kib(capture.child.id()));
        thread::sleep(Duration::from_millis(250));
    }
    assert!(replay.wait().unwrap().success());
    capture.wait_for_messages(messages.len());
    capture.end();
    let (found, gaps) = read(&captured);
    let took = length(&captured);
    let rate = found.len() as f64 / took.as_secs_f64();
    println!("{} of {} messages arrived in {took:.2?}, {rate:.0} a second", found.len(), messages.len());
    assert_eq!(gaps, 0);
    // Not assert_eq: it would print megabytes.
    assert!(found.iter().eq(messages.iter().map(|(_, message)| message)), "a message is lost, or in another place");
    let later = sizes.get(sizes.len() / 4..).unwrap_or_default();
    let (Some(least), Some(most)) = (later.iter().min(), later.iter().max()) else {
        eprintln!("SKIPPED: the system does not tell the resident size of a process");
        return;
    };
    let second = |at: usize| sizes.get(sizes.len() * at / seconds as usize).copied().unwrap_or(0);
    let each: Vec<String> =
        (0..seconds as usize).step_by(seconds as usize / 10).map(|at| second(at).to_string()).collect();
    println!("resident: {} KiB; {least} to {most} KiB after the first quarter", each.join(", "));
    assert!(most - least <= MOST_GROWTH_KIB, "{sizes:?}");
}

#[test]
fn a_thousand_messages_a_second_are_captured_for_ten_seconds() {
    keeps_up_for(10);
}

#[test]
#[ignore = "takes a minute"]
fn a_thousand_messages_a_second_are_captured_for_a_minute() {
    keeps_up_for(60);
}
