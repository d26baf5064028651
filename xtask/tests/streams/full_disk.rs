//! A recording on a disk that fills up.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use valetudo_map_stream::recording::QoS;

use super::broker::Broker;
use super::{Capture, Kept, read, replay, succeeded, write};

/// More than the disk has room for.
fn messages() -> Vec<(Duration, Kept)> {
    let message = |number: usize| Kept {
        topic: "valetudo/Rob/MapData/map-data".to_owned(),
        payload: [vec![7; 10_000], number.to_le_bytes().to_vec()].concat(),
        qos: QoS::AtLeastOnce,
        retained: false,
    };
    (0..200).map(|number| (Duration::ZERO, message(number))).collect()
}

/// Captures with a shell's command before the capture, and holds what it leaves against what was sent.
fn capture_until_full(broker: &Broker, folder: &Path, command: Command, reason: &str) {
    let address = format!("mqtt://127.0.0.1:{}", broker.port);
    let mut capture = Capture::start(command);
    capture.wait_for("connected");
    let sent = folder.join("sent.vmr");
    write(&sent, &messages());
    succeeded(replay(&sent, &address, &[]));
    let said = capture.wait_for("error: ");
    assert_eq!(capture.child.wait().unwrap().code(), Some(1));
    assert!(said.contains(reason) && said.contains("is kept: "), "{said}");
    let (found, _) = read(&folder.join("kept.vmr"));
    let expected: Vec<Kept> = messages().into_iter().map(|(_, message)| message).collect();
    assert!(found.len() > 10 && found.len() < expected.len(), "{}", found.len());
    assert_eq!(found, expected[..found.len()]);
    assert!(said.contains(&format!("is kept: {0} maps in {0} messages, ", found.len())), "{said}");
}

/// The words of a shell that has the address, and the folder, in `$1` and `$2`.
fn shell(script: &str, address: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh", address]).arg(folder).env("XTASK", env!("CARGO_BIN_EXE_xtask"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_full_disk_ends_the_capture_and_leaves_whole_messages() {
    let folder = TempDir::new().unwrap();
    let Some(broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    // A disk of memory, which other processes do not see and which is gone with the shell.
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = "mount -t tmpfs -o size=512k tmpfs \"$2/disk\"";
    let unshare = |script: &str, address: &str| {
        let mut command = Command::new("unshare");
        let shell = shell(script, address, folder.path());
        command.args(["--user", "--map-root-user", "--mount"]).arg(shell.get_program()).args(shell.get_args());
        command.env("XTASK", env!("CARGO_BIN_EXE_xtask"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    if !unshare(mount, "").output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: this system gives no disk of memory to a test; a full disk was not tried");
        return;
    }
    let script = format!(
        "{mount} && \"$XTASK\" capture \"$1\" -o \"$2/disk/kept.vmr\"; code=$?; cp \"$2/disk/kept.vmr\" \"$2\"; exit $code"
    );
    let command = unshare(&script, &format!("mqtt://127.0.0.1:{}", broker.port));
    capture_until_full(&broker, folder.path(), command, "the disk is full: No space left on device");
}

#[test]
fn a_limit_of_the_systems_ends_the_capture_and_leaves_whole_messages() {
    let folder = TempDir::new().unwrap();
    let Some(broker) = Broker::start(folder.path(), "allow_anonymous true\n") else { return };
    // 512 blocks of 512 bytes; without its signal, the limit is an error of the write.
    let script = "trap '' XFSZ; ulimit -f 512; exec \"$XTASK\" capture \"$1\" -o \"$2/kept.vmr\"";
    let command = shell(script, &format!("mqtt://127.0.0.1:{}", broker.port), folder.path());
    capture_until_full(&broker, folder.path(), command, "the file may not grow: File too large");
}
