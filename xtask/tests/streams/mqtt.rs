//! Against a broker.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use valetudo_map_stream::recording::{Entry, Message, QoS, Writer};

use super::broker::Broker;
use super::{Capture, Kept, read, replay, succeeded, xtask};

fn fixture() -> PathBuf {
    valetudo_map_fixtures::files::folder().join("recordings/cleaning.vmr")
}

fn contents(messages: &[Kept]) -> Vec<(&str, &[u8])> {
    messages.iter().map(|kept| (kept.topic.as_str(), kept.payload.as_slice())).collect()
}

#[test]
fn what_is_replayed_is_captured_byte_for_byte_and_in_order() {
    let folder = TempDir::new().unwrap();
    let Some(broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    let address = format!("mqtt://127.0.0.1:{}", broker.port);
    let file = folder.path().join("again.vmr");
    let mut capture = Capture::start(xtask(&["capture", &address, "-o", &file.to_string_lossy()]));
    capture.wait_for("connected");
    let (expected, _) = read(&fixture());
    // The second witness prints topic, payload in hexadecimal digits, quality of service and retain flag.
    let port = broker.port.to_string();
    let count = expected.len().to_string();
    let witness = Command::new("mosquitto_sub")
        .args(["-h", "127.0.0.1", "-p", &port, "-t", "valetudo/#", "-F", "%t %x", "-C", &count, "-W", "60"])
        .stdout(Stdio::piped())
        .spawn();
    std::thread::sleep(Duration::from_secs(2));
    let said = succeeded(replay(&fixture(), &address, &[]));
    assert_eq!(said, format!("{} messages sent, 0 of command topics left out\n", expected.len()));
    capture.wait_for_messages(expected.len());
    assert!(capture.end().contains(&format!(" in {count} messages")));
    let (found, gaps) = read(&file);
    assert_eq!((contents(&found), gaps), (contents(&expected), 0));
    match witness {
        Ok(witness) => {
            let seen = String::from_utf8(witness.wait_with_output().unwrap().stdout).unwrap();
            let hex = |payload: &[u8]| payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let lines: Vec<String> =
                found.iter().map(|kept| format!("{} {}", kept.topic, hex(&kept.payload))).collect();
            assert_eq!(seen.lines().map(str::to_lowercase).collect::<Vec<_>>(), {
                lines.iter().map(|line| line.to_lowercase()).collect::<Vec<_>>()
            });
        }
        Err(_) => eprintln!("SKIPPED: mosquitto_sub is not installed; there was no second witness"),
    }

    // The broker has kept the last retained message of each topic, and says so.
    let kept_file = folder.path().join("kept.vmr");
    let mut capture = Capture::start(xtask(&["capture", &address, "-o", &kept_file.to_string_lossy()]));
    let topics: std::collections::BTreeSet<&str> =
        expected.iter().filter(|kept| kept.retained).map(|kept| kept.topic.as_str()).collect();
    capture.wait_for_messages(topics.len());
    capture.end();
    let (kept, _) = read(&kept_file);
    assert!(kept.iter().all(|kept| kept.retained));
    assert_eq!(kept.iter().map(|kept| kept.topic.as_str()).collect::<std::collections::BTreeSet<_>>(), topics);
}

#[test]
fn a_broker_that_is_killed_leaves_a_gap_and_loses_nothing_that_arrived() {
    let folder = TempDir::new().unwrap();
    let Some(mut broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    let address = format!("mqtt://127.0.0.1:{}", broker.port);
    let file = folder.path().join("gap.vmr");
    let mut capture = Capture::start(xtask(&["capture", &address, "-o", &file.to_string_lossy()]));
    capture.wait_for("connected");
    let (expected, _) = read(&fixture());
    succeeded(replay(&fixture(), &address, &[]));
    capture.wait_for_messages(expected.len());
    broker.kill();
    capture.wait_for("no connection: ");
    broker.restart();
    capture.wait_for("connected");
    succeeded(replay(&fixture(), &address, &[]));
    capture.wait_for_messages(2 * expected.len());
    assert!(capture.end().contains(", 1 gap\n"));
    let (found, gaps) = read(&file);
    let twice = [contents(&expected), contents(&expected)].concat();
    assert_eq!((contents(&found), gaps), (twice, 1));
}

#[test]
fn tls_and_password_open_a_broker_and_are_never_printed() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &at("key.pem"), "-out", &at("cert.pem")])
        .stderr(Stdio::null())
        .status();
    let passwords = Command::new("mosquitto_passwd").args(["-b", "-c", &at("passwords"), "rob", "s3cret"]).status();
    if !made.is_ok_and(|status| status.success()) || !passwords.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: openssl or mosquitto_passwd is not installed; TLS and passwords were not tested");
        return;
    }
    let more = format!(
        "allow_anonymous false\npassword_file {}\ncafile {}\ncertfile {}\nkeyfile {}\n",
        at("passwords"),
        at("cert.pem"),
        at("cert.pem"),
        at("key.pem")
    );
    let Some(broker) = Broker::start(folder.path(), &more) else { return };
    let address = format!("mqtts://127.0.0.1:{}", broker.port);
    let with = |mut command: Command, password: &str| {
        command.args(["--ca", &at("cert.pem")]).env("STREAM_USER", "rob").env("STREAM_PASSWORD", password);
        command
    };
    let never = at("never.vmr");
    let capturing = xtask(&["capture", &address, "-o", &never]);
    for command in [replay(&fixture(), &address, &[]), capturing] {
        let refused = with(command, "wr0ng").output().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said.contains("the broker refuses user and password (the variables STREAM_USER and "), "{said}");
        assert!(!said.contains("wr0ng"), "{said}");
    }
    assert!(!Path::new(&never).exists(), "an empty recording would be in the way of the next attempt");

    let file = folder.path().join("tls.vmr");
    let mut capture = Capture::start(with(xtask(&["capture", &address, "-o", &file.to_string_lossy()]), "s3cret"));
    capture.wait_for("connected");
    succeeded(with(replay(&fixture(), &address, &[]), "s3cret"));
    let (expected, _) = read(&fixture());
    capture.wait_for_messages(expected.len());
    assert!(!capture.end().contains("s3cret"));
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.windows(6).any(|part| part == b"s3cret"));
    assert_eq!(contents(&read(&file).0), contents(&expected));
}

/// Messages that are sent as fast as they go.
const MANY: usize = 5000;

#[test]
fn thousands_of_messages_are_captured_without_a_loss_and_in_little_memory() {
    let folder = TempDir::new().unwrap();
    let Some(broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    let address = format!("mqtt://127.0.0.1:{}", broker.port);
    let many = folder.path().join("many.vmr");
    let mut writer = Writer::new(fs::File::create(&many).unwrap()).unwrap();
    for number in 0..MANY {
        let mut payload = vec![7; 4000];
        payload.extend(number.to_le_bytes());
        let topic = if number % 100 == 0 {
            "valetudo/Rob/FanSpeedControlCapability/preset/set"
        } else {
            "valetudo/Rob/map_data"
        };
        let message = Message { topic, payload: &payload, qos: QoS::AtLeastOnce, ..Message::default() };
        writer.write(&Entry::Message(message)).unwrap();
    }
    let file = folder.path().join("captured.vmr");
    let mut capture = Capture::start(xtask(&["capture", &address, "-o", &file.to_string_lossy()]));
    capture.wait_for("connected");
    let said = succeeded(replay(&many, &address, &[]));
    assert_eq!(said, "4950 messages sent, 50 of command topics left out\n");
    capture.wait_for_messages(4950);
    let status = fs::read_to_string(format!("/proc/{}/status", capture.child.id()));
    if let Ok(status) = status {
        let kib: u64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
            .unwrap();
        assert!(kib < 40_000, "{kib} KiB");
    }
    capture.end();
    let expected: Vec<Kept> = read(&many).0.into_iter().filter(|kept| kept.topic.ends_with("map_data")).collect();
    assert_eq!(contents(&read(&file).0), contents(&expected));
}

/// MQTT keeps the order of the messages of each quality of service, and not among them.
#[test]
fn every_quality_of_service_is_kept() {
    let folder = TempDir::new().unwrap();
    let Some(broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    let address = format!("mqtt://127.0.0.1:{}", broker.port);
    let qualities = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
    let many: Vec<Kept> = (0..300)
        .map(|number: usize| Kept {
            topic: "valetudo/Rob/MapData/map-data".to_owned(),
            payload: number.to_string().into_bytes(),
            qos: qualities[number % 3],
            retained: false,
        })
        .collect();
    let mut writer = Writer::new(Vec::new()).unwrap();
    for Kept { topic, payload, qos, .. } in &many {
        writer.write(&Entry::Message(Message { topic, payload, qos: *qos, ..Message::default() })).unwrap();
    }
    let (before, after) = (folder.path().join("before.vmr"), folder.path().join("after.vmr"));
    fs::write(&before, writer.into_output()).unwrap();
    let mut capture = Capture::start(xtask(&["capture", &address, "-o", &after.to_string_lossy()]));
    capture.wait_for("connected");
    succeeded(replay(&before, &address, &[]));
    capture.wait_for_messages(many.len());
    capture.end();
    let (found, _) = read(&after);
    for qos in qualities {
        let of = |all: &[Kept]| all.iter().filter(|kept| kept.qos == qos).cloned().collect::<Vec<_>>();
        assert_eq!(of(&found), of(&many), "{qos:?}");
    }
}
