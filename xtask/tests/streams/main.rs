//! `capture` and `replay` as they are typed, against a real broker and a small HTTP server:
//! `cargo test -p xtask --features network --test streams`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test without its broker has failed")]

mod broker;
mod full_disk;
mod http;
mod load;
mod mqtt;
mod order;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use valetudo_map_stream::recording::{Entry, Message, QoS, Reader, Writer};

/// The longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A message as it matters here.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    topic: String,
    payload: Vec<u8>,
    qos: QoS,
    retained: bool,
}

/// The messages of a recording, and the number of its gaps.
fn read(path: &Path) -> (Vec<Kept>, usize) {
    let bytes = fs::read(path).unwrap();
    let mut reader = Reader::new(bytes.as_slice()).unwrap();
    let (mut messages, mut gaps) = (Vec::new(), 0);
    while let Some(entry) = reader.read().unwrap() {
        match entry {
            Entry::Message(message) => messages.push(Kept {
                topic: message.topic.to_owned(),
                payload: message.payload.to_vec(),
                qos: message.qos,
                retained: message.retained,
            }),
            _ => gaps += 1,
        }
    }
    assert_eq!(reader.cut_at(), None);
    (messages, gaps)
}

/// Writes a recording of messages with their arrivals.
fn write(path: &Path, messages: &[(Duration, Kept)]) {
    let mut writer = Writer::new(fs::File::create(path).unwrap()).unwrap();
    for (at, Kept { topic, payload, qos, retained }) in messages {
        let message = Message { at: *at, topic, payload, qos: *qos, retained: *retained, ..Message::default() };
        writer.write(&Entry::Message(message)).unwrap();
    }
}

fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Sends a recording to a broker as quickly as it takes it.
fn replay(recording: &Path, to: &str, more: &[&str]) -> Command {
    let mut command = xtask(&["replay", &recording.to_string_lossy(), "--to", to, "--speed", "max"]);
    command.args(more);
    command
}

/// The standard output of a command that succeeds.
fn succeeded(mut command: Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// A running capture, with what it says.
struct Capture {
    child: Child,
    said: Receiver<String>,
}

impl Capture {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (to, said) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(to.send(line))));
        Self { child, said }
    }

    /// Waits until it says a line for which `is_it` holds, and gives it.
    fn wait(&mut self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        let mut said = Vec::new();
        loop {
            match self.said.recv_timeout(Duration::from_secs(1)) {
                Ok(line) if is_it(&line) => return line,
                Ok(line) if begun.elapsed() < PATIENCE => said.push(line),
                Err(RecvTimeoutError::Timeout) if begun.elapsed() < PATIENCE => {}
                _ => {
                    let _ = self.child.kill();
                    said.dedup();
                    panic!("never said: {what}; it said {said:#?}");
                }
            }
        }
    }

    /// Waits until it says a line that begins so, and gives it.
    fn wait_for(&mut self, start: &str) -> String {
        self.wait(start, |line| line.starts_with(start))
    }

    /// Waits until it has so many messages.
    fn wait_for_messages(&mut self, number: usize) {
        let part = format!(" {number} messages, ");
        self.wait(&part, |line| line.contains(&part));
    }

    /// Ends it as Ctrl-C does, and gives its summary.
    fn end(self) -> String {
        let ended = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(ended.success());
        let output = self.child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }
}
