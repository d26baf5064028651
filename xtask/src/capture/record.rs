//! Writes the messages of a source into a recording.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use signal_hook::consts::{SIGINT, SIGTERM};
use span_report::quantity::size;
use valetudo_map_stream::recording::{Entry, Gap, Message, WriteError, Writer};
use valetudo_map_stream::{Kind, Topic, subscriptions};

use super::address::{Address, Scheme};
use super::arguments::Arguments;
use super::live::Live;
use super::received::Received;
use super::redact::Redactor;
use super::{mqtt, sse};
use crate::failure::Failure;
use crate::output;

/// Messages that wait for the disk. When there are more, the source waits, and with it the broker.
const QUEUE: usize = 1024;

/// How often Ctrl-C and the clock are looked at.
const TICK: Duration = Duration::from_millis(100);

/// The longest reason of a gap, bytes.
const REASON_BYTES: usize = 900;

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let address = Address::parse(&arguments.source)?;
    let packet_bytes = (arguments.packet_limit as usize) << 20;
    let (to, from) = sync_channel(QUEUE);
    if address.scheme == Scheme::Http {
        thread::spawn(move || sse::follow(&address, packet_bytes, &to));
    } else {
        let options = mqtt::options(&address, arguments.ca.as_deref())?;
        let topics = subscriptions(&arguments.prefix, &arguments.robot);
        thread::spawn(move || mqtt::follow(options, &topics, packet_bytes, &to));
    }
    let ending = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        let watched = signal_hook::flag::register(signal, Arc::clone(&ending));
        watched.map_err(|error| Failure::new(format!("signals: {error}")))?;
    }
    let file = File::create_new(&arguments.out).map_err(|error| Failure::at(&arguments.out, error))?;
    let mut capture = Capture::begin(file, arguments)?;
    let outcome = capture.follow(&from, &ending, arguments.time);
    capture.live.clear();
    match outcome {
        Ok(()) => output::print(&format!("{}: {}\n", arguments.out.display(), capture.summary())),
        Err(failure) if capture.messages == 0 => {
            // A second attempt may have the same name.
            let _ = fs::remove_file(&arguments.out);
            Err(failure)
        }
        Err(failure) => {
            let kept = format!("{} is kept: {}", arguments.out.display(), capture.summary());
            Err(Failure::new(format!("{failure}; {kept}")))
        }
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
    /// The reason that was said last: attempts fail again and again for the same one.
    said: Option<String>,
    messages: u64,
    maps: u64,
    gaps: usize,
    left_out: u64,
    live: Live,
}

impl Capture {
    fn begin(file: File, arguments: &Arguments) -> Result<Self, Failure> {
        Ok(Self {
            writer: Writer::new(file).map_err(|error| Failure::at(&arguments.out, error))?,
            begun: Instant::now(),
            redactor: arguments.redact.then(Redactor::default),
            most_bytes: arguments.disk_limit << 20,
            lost: None,
            said: None,
            messages: 0,
            maps: 0,
            gaps: 0,
            left_out: 0,
            live: Live::new(arguments.quiet),
        })
    }

    /// Takes messages until Ctrl-C, or until the time is over.
    fn follow(
        &mut self,
        from: &Receiver<Received>,
        ending: &AtomicBool,
        time: Option<Duration>,
    ) -> Result<(), Failure> {
        while !ending.load(Relaxed) && time.is_none_or(|time| self.begun.elapsed() < time) {
            match from.recv_timeout(TICK) {
                Ok(received) => self.take(received)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Failure::new("the source has ended")),
            }
            let Self { writer, begun, lost, messages, maps, live, .. } = self;
            live.show(|| line(*maps, *messages, writer.bytes(), begun.elapsed(), lost.is_some()));
        }
        // Messages that were received and wait for the disk belong to the recording.
        for received in from.try_iter().take(QUEUE) {
            self.take(received)?;
        }
        Ok(())
    }

    fn take(&mut self, received: Received) -> Result<(), Failure> {
        match received {
            Received::Refused(reason) => Err(Failure::new(reason)),
            Received::Lost(at, reason) => {
                if self.said.as_ref() != Some(&reason) {
                    self.live.say(&format!("no connection: {reason}"));
                    self.said = Some(reason.clone());
                }
                self.lost.get_or_insert((at, reason));
                Ok(())
            }
            Received::Connected(at) => {
                self.live.say("connected");
                self.said = None;
                let Some((since, reason)) = self.lost.take() else { return Ok(()) };
                // Before the first message there is nothing that a gap could interrupt.
                if self.messages == 0 {
                    return Ok(());
                }
                self.gaps += 1;
                // It may name an address.
                let reason = if self.redactor.is_some() { "connection lost" } else { &reason };
                self.write(&Entry::Gap(Gap {
                    at: at.saturating_duration_since(self.begun),
                    wall: since_1970(SystemTime::now()),
                    length: at.saturating_duration_since(since),
                    reason: shortened(reason),
                }))
                .map(drop)
            }
            Received::TooLarge { topic, bytes } => {
                self.left_out += 1;
                let bytes = size(bytes as f64);
                self.live.say(&format!("left out: a message of {bytes} on {topic}, more than --packet-limit"));
                Ok(())
            }
            Received::Message { at, wall, topic, payload, qos, retained } => {
                let is_map = Topic::parse(&topic).is_some_and(|topic| topic.kind == Kind::Map);
                let message = match &mut self.redactor {
                    None => Some((topic, payload)),
                    Some(redactor) => redactor.redact(&topic, payload),
                };
                let Some((topic, payload)) = message else {
                    self.left_out += 1;
                    return Ok(());
                };
                let is_written = self.write(&Entry::Message(Message {
                    at: at.saturating_duration_since(self.begun),
                    wall: since_1970(wall),
                    topic: &topic,
                    payload: &payload,
                    qos,
                    retained,
                }))?;
                self.messages += u64::from(is_written);
                self.maps += u64::from(is_written && is_map);
                Ok(())
            }
        }
    }

    /// False if the entry was left out.
    fn write(&mut self, entry: &Entry<'_>) -> Result<bool, Failure> {
        if self.writer.bytes() >= self.most_bytes {
            return Err(Failure::new(format!("the recording has reached --disk-limit, {} MiB", self.most_bytes >> 20)));
        }
        match self.writer.write(entry) {
            Ok(()) => Ok(true),
            // A topic that no robot has.
            Err(WriteError::LimitExceeded { .. }) => {
                self.left_out += 1;
                Ok(false)
            }
            Err(error) => {
                // Readers would pass over half a record too.
                let whole = self.writer.bytes();
                let _ = self.writer.output_mut().set_len(whole);
                let reason = match &error {
                    WriteError::Io(error) if error.kind() == ErrorKind::StorageFull => "the disk is full: ",
                    WriteError::Io(error) if error.kind() == ErrorKind::FileTooLarge => "the file may not grow: ",
                    _ => "",
                };
                Err(Failure::new(format!("{reason}{error}")))
            }
        }
    }

    fn summary(&self) -> String {
        let left_out = if self.left_out > 0 { format!(", {} left out", self.left_out) } else { String::new() };
        let gaps = if self.gaps == 1 { "1 gap".to_owned() } else { format!("{} gaps", self.gaps) };
        let (maps, messages, bytes) = (self.maps, self.messages, self.writer.bytes());
        format!("{maps} maps in {messages} messages, {bytes} bytes, {gaps}{left_out}")
    }
}

/// The text, or as much of it as a gap takes.
fn shortened(text: &str) -> &str {
    let end = (0..=text.len().min(REASON_BYTES)).rfind(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// The live line.
fn line(maps: u64, messages: u64, bytes: u64, time: Duration, is_lost: bool) -> String {
    let rate = bytes as f64 / time.as_secs_f64().max(1.0);
    let state = if is_lost { ", no connection" } else { "" };
    format!("{maps} maps, {messages} messages, {}, {}/s{state}", size(bytes as f64), size(rate.round()))
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_week_fits_80_columns() {
        let line = line(302_400, 9_999_999, 1 << 40, Duration::from_secs(604_800), true);
        assert_eq!(line, "302400 maps, 9999999 messages, 1024 GiB, 1775 KiB/s, no connection");
        assert!(line.len() < 80);
    }

    #[test]
    fn long_reasons_are_cut_between_letters() {
        let reason = "é".repeat(800);
        assert_eq!((shortened(&reason).len(), shortened("reset")), (900, "reset"));
        assert_eq!(shortened(&("a".to_owned() + &reason)).len(), 899);
    }
}
