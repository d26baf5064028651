//! `cargo xtask capture SOURCE`: records the messages of robots.
//!
//! A thread follows the source (`mqtt`, `sse`) and connects again when it is lost. This one writes what it hands over.

pub(crate) mod address;
mod live;
pub(crate) mod mqtt;
mod record;
mod redact;
mod sse;

use std::path::PathBuf;
use std::time::Duration;

pub(crate) use record::run;

/// The variables with user and password, which must not stand in a command line.
pub(crate) const CREDENTIALS: [&str; 2] = ["STREAM_USER", "STREAM_PASSWORD"];

/// Record the messages of robots. User and password come from STREAM_USER and STREAM_PASSWORD.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// mqtt://HOST:PORT, mqtts://HOST:PORT, or http://HOST:PORT for the maps of one robot's HTTP interface
    pub(crate) source: String,
    /// The recording; it must not exist
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The first levels of the robots' topics
    #[arg(long, value_name = "PREFIX", default_value = "valetudo")]
    pub(crate) prefix: String,
    /// One robot's identifier [default: all robots]
    #[arg(long, value_name = "ID", default_value = "+", hide_default_value = true)]
    pub(crate) robot: String,
    /// Certificates to trust, as PEM [default: the system's]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// End after this time [default: with Ctrl-C]
    #[arg(long = "for", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) time: Option<Duration>,
    /// The largest message, MiB; larger ones are left out
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) packet_limit: u32,
    /// The largest recording, MiB
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) disk_limit: u64,
    /// Replace names, addresses and identifiers
    #[arg(long)]
    pub(crate) redact: bool,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// An item from a source.
pub(crate) enum Received {
    Message {
        at: std::time::Instant,
        wall: std::time::SystemTime,
        topic: String,
        payload: Vec<u8>,
        qos: valetudo_map_stream::recording::QoS,
        retained: bool,
    },
    Connected(std::time::Instant),
    /// Why the connection was lost, or could not be made.
    Lost(std::time::Instant, String),
    /// Why there will be no connection, however often it is tried.
    Refused(String),
    /// A message that is not kept, with the length of its payload.
    TooLarge {
        topic: String,
        bytes: usize,
    },
}

/// The time before the next attempt to connect: twice as long after each failure.
pub(crate) struct BackOff(Duration);

impl BackOff {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(30);

    pub(crate) const fn new() -> Self {
        Self(Self::FIRST)
    }

    pub(crate) const fn reset(&mut self) {
        self.0 = Self::FIRST;
    }

    pub(crate) fn wait(&mut self) {
        std::thread::sleep(self.0);
        self.0 = (self.0 * 2).min(Self::LONGEST);
    }
}
