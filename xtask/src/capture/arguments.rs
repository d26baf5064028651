//! The arguments of `capture`.

use std::path::PathBuf;
use std::time::Duration;

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
