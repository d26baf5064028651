//! Writes what a source hands over.

use std::fs::File;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use signal_hook::consts::{SIGINT, SIGTERM};
use valetudo_map_stream::recording::{Entry, Gap, Message, WriteError, Writer};
use valetudo_map_stream::{Kind, Topic, subscriptions};

use super::address::{Address, Scheme};
use super::redact::Redactor;
use super::{Arguments, Received, mqtt, sse};
use crate::failure::Failure;
use crate::output;

/// Messages that wait for the disk. When there are more, the source waits, and with it the broker.
const QUEUE: usize = 1024;

/// How often Ctrl-C and the clock are looked at.
const TICK: Duration = Duration::from_millis(100);

/// Runs the task.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let address = Address::parse(&arguments.source)?;
    let packet_bytes = (arguments.packet_limit as usize) << 20;
    let (to, from) = sync_channel(QUEUE);
    if address.scheme == Scheme::Http {
        thread::spawn(move || sse::follow(&address, packet_bytes, &to));
    } else {
        let options = mqtt::options(&address, arguments.ca.as_deref(), packet_bytes)?;
        let topics = subscriptions(&arguments.prefix, &arguments.robot);
        thread::spawn(move || mqtt::follow(options, &topics, &to));
    }
    let ending = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let watched = signal_hook::flag::register(signal, Arc::clone(&ending));
        watched.map_err(|error| Failure::new(format!("signals: {error}")))?;
    }
    let file = File::create_new(&arguments.out).map_err(|error| Failure::at(&arguments.out, error))?;
    let mut capture = Capture::begin(file, arguments)?;
    let mut shown = Instant::now();
    let outcome = loop {
        if ending.load(Relaxed) || arguments.time.is_some_and(|time| capture.begun.elapsed() >= time) {
            break Ok(());
        }
        match from.recv_timeout(TICK) {
            Ok(received) => match capture.take(received) {
                Ok(true) => {}
                Ok(false) => {
                    break Err(Failure::new(format!(
                        "the recording has reached --disk-limit, {} MiB",
                        arguments.disk_limit
                    )));
                }
                Err(failure) => break Err(failure),
            },
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break Err(Failure::new("the source has ended")),
        }
        if !arguments.quiet && shown.elapsed() >= Duration::from_secs(1) {
            shown = Instant::now();
            capture.show();
        }
    };
    let kept = capture.summary(arguments);
    match outcome {
        Ok(()) => output::print(&format!("{kept}\n")),
        Err(failure) => Err(failure.within(&kept)),
    }
}

/// A recording that grows.
struct Capture {
    writer: Writer<File>,
    begun: Instant,
    redactor: Option<Redactor>,
    most_bytes: u64,
    /// Since when there is no connection, and why.
    lost: Option<(Instant, String)>,
    messages: u64,
    maps: u64,
    gaps: u32,
    left_out: u64,
    is_quiet: bool,
}

impl Capture {
    fn begin(file: File, arguments: &Arguments) -> Result<Self, Failure> {
        Ok(Self {
            writer: Writer::new(file).map_err(|error| Failure::at(&arguments.out, error))?,
            begun: Instant::now(),
            redactor: arguments.redact.then(Redactor::default),
            most_bytes: arguments.disk_limit << 20,
            lost: None,
            messages: 0,
            maps: 0,
            gaps: 0,
            left_out: 0,
            is_quiet: arguments.quiet,
        })
    }

    /// False if the recording may not grow any more.
    fn take(&mut self, received: Received) -> Result<bool, Failure> {
        match received {
            Received::Lost(at, reason) => {
                if !self.is_quiet {
                    eprintln!("no connection: {reason}");
                }
                self.lost.get_or_insert((at, reason));
                Ok(true)
            }
            Received::Connected(at) => {
                if !self.is_quiet {
                    eprintln!("connected");
                }
                let Some((since, reason)) = self.lost.take() else { return Ok(true) };
                // Before the first message there is nothing that a gap could interrupt.
                if self.messages == 0 {
                    return Ok(true);
                }
                self.gaps += 1;
                let reason = if self.redactor.is_some() { "connection lost".to_owned() } else { reason };
                let end =
                    reason.char_indices().map(|(index, _)| index).take_while(|index| *index < 900).last().unwrap_or(0);
                let reason = if reason.len() < 900 { reason.as_str() } else { reason.get(..end).unwrap_or_default() };
                let gap = Gap {
                    at: at.saturating_duration_since(self.begun),
                    wall: since_1970(SystemTime::now()),
                    length: at.saturating_duration_since(since),
                    reason,
                };
                self.write(&Entry::Gap(gap))
            }
            Received::Message { at, wall, topic, payload, qos, retained } => {
                let is_map = Topic::parse(&topic).is_some_and(|topic| topic.kind == Kind::Map);
                let message = match &mut self.redactor {
                    None => Some((topic, payload)),
                    Some(redactor) => redactor.redact(&topic, payload),
                };
                let Some((topic, payload)) = message else {
                    self.left_out += 1;
                    return Ok(true);
                };
                let written = self.write(&Entry::Message(Message {
                    at: at.saturating_duration_since(self.begun),
                    wall: since_1970(wall),
                    topic: &topic,
                    payload: &payload,
                    qos,
                    retained,
                }))?;
                self.messages += u64::from(written);
                self.maps += u64::from(written && is_map);
                Ok(written)
            }
        }
    }

    fn write(&mut self, entry: &Entry<'_>) -> Result<bool, Failure> {
        if self.writer.bytes() >= self.most_bytes {
            return Ok(false);
        }
        match self.writer.write(entry) {
            Ok(()) => Ok(true),
            // A topic that no robot has.
            Err(WriteError::LimitExceeded { .. }) => {
                self.left_out += 1;
                Ok(true)
            }
            Err(error) => {
                // Readers would pass over half a record too.
                let whole = self.writer.bytes();
                let _ = self.writer.output_mut().set_len(whole);
                Err(Failure::of(&error))
            }
        }
    }

    fn show(&self) {
        let seconds = self.begun.elapsed().as_secs_f64().max(1.0);
        let bytes = self.writer.bytes() as f64 / 1024.0;
        let state = if self.lost.is_some() { ", no connection" } else { "" };
        let line = format!(
            "{} maps, {} messages, {bytes:.0} KiB, {:.1} KiB/s{state}",
            self.maps,
            self.messages,
            bytes / seconds
        );
        if std::io::stderr().is_terminal() { eprint!("\r\u{1b}[K{line}") } else { eprintln!("{line}") }
    }

    fn summary(&self, arguments: &Arguments) -> String {
        if !self.is_quiet && std::io::stderr().is_terminal() {
            eprint!("\r\u{1b}[K");
        }
        let left_out = if self.left_out > 0 { format!(", {} left out", self.left_out) } else { String::new() };
        format!(
            "{}: {} maps in {} messages, {} bytes, {} gaps{left_out}",
            arguments.out.display(),
            self.maps,
            self.messages,
            self.writer.bytes(),
            self.gaps
        )
    }
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
