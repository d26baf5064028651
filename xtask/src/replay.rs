//! `cargo xtask replay FILE`: sends a recording to an MQTT broker.

use std::path::PathBuf;

#[cfg(not(feature = "network"))]
use crate::failure::Failure;

/// Send a recording to a broker. User and password come from STREAM_USER and STREAM_PASSWORD.
#[derive(clap::Args)]
#[cfg_attr(not(feature = "network"), allow(dead_code, reason = "the build with the feature reads them"))]
pub(crate) struct Arguments {
    /// The recording
    recording: PathBuf,
    /// mqtt://HOST:PORT or mqtts://HOST:PORT
    #[arg(long, value_name = "BROKER")]
    to: String,
    /// How many times as fast as it was recorded, or `max`
    #[arg(long, value_name = "N", default_value = "1", value_parser = Speed::parse)]
    speed: Speed,
    /// Certificates to trust, as PEM [default: the system's]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

/// How fast messages follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Speed {
    /// So many times as fast as they came.
    Times(f64),
    /// As fast as the broker takes them.
    Max,
}

impl Speed {
    fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<f64>() {
            _ if text == "max" => Ok(Self::Max),
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => Err("a positive number, or max".to_owned()),
        }
    }
}

/// Runs the task.
#[cfg(not(feature = "network"))]
pub(crate) fn run(_: &Arguments) -> Result<(), Failure> {
    crate::rebuilt::with(&[("network", "replay")])
}

#[cfg(feature = "network")]
pub(crate) use send::run;

#[cfg(feature = "network")]
mod send {
    use std::collections::HashSet;
    use std::thread;
    use std::time::{Duration, Instant};

    use rumqttc::{Client, Connection, Event, Incoming, Outgoing};
    use valetudo_map_stream::is_command;
    use valetudo_map_stream::recording::{Entry, Message, QoS};

    use super::{Arguments, Speed};
    use crate::capture::address::{Address, Scheme};
    use crate::capture::mqtt;
    use crate::failure::Failure;
    use crate::output;
    use crate::recordings::{NamedRecording, Source};

    /// Larger than any record.
    const PACKET_BYTES: usize = 65 << 20;

    /// A topic to which nobody has subscribed.
    const NOTHING: &str = "valetudo-map-xtask/nothing";

    /// Runs the task.
    pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
        let address = Address::parse(&arguments.to)?;
        if address.scheme == Scheme::Http {
            return Err(Failure::new("a recording can be sent to an MQTT broker alone"));
        }
        let name = arguments.recording.display().to_string();
        let recording = NamedRecording { name, source: Source::File(arguments.recording.clone()) };
        // It is said before there is a connection.
        recording.borrowed().entries(|_| Ok::<_, Failure>(()))?;
        let options = mqtt::options(&address, arguments.ca.as_deref(), PACKET_BYTES)?;
        let (client, connection) = Client::new(options, 64);
        let delivering = client.clone();
        let sending = thread::spawn(move || deliver(connection, &delivering));
        let sent = send_all(&recording, arguments.speed, &client);
        // Brokers answer in order: behind the answer to this, they have taken everything before.
        let _ = client.unsubscribe(NOTHING);
        let delivered = sending.join().map_err(|_| Failure::new("the connection's thread has failed"))?;
        delivered?;
        let (sent, commands) = sent?;
        output::print(&format!("{sent} messages sent, {commands} of command topics left out\n"))
    }

    /// Moves the queue to the broker, until it has taken all of it: a connection that is closed before loses what is under way.
    /// A broker that is lost ends it: nobody knows which messages it has.
    fn deliver(mut connection: Connection, client: &Client) -> Result<(), Failure> {
        let (mut unanswered, mut is_taken) = (HashSet::new(), false);
        loop {
            match connection.recv() {
                Ok(Ok(Event::Outgoing(Outgoing::Publish(id)))) if id != 0 => {
                    unanswered.insert(id);
                }
                Ok(Ok(Event::Incoming(Incoming::PubAck(answer)))) => {
                    unanswered.remove(&answer.pkid);
                }
                Ok(Ok(Event::Incoming(Incoming::PubComp(answer)))) => {
                    unanswered.remove(&answer.pkid);
                }
                Ok(Ok(Event::Incoming(Incoming::UnsubAck(_)))) => is_taken = true,
                Ok(Ok(Event::Outgoing(Outgoing::Disconnect))) | Err(_) => return Ok(()),
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return Err(Failure::new(mqtt::reason(&error))),
            }
            if is_taken && unanswered.is_empty() {
                is_taken = client.try_disconnect().is_err();
            }
        }
    }

    fn send_all(recording: &NamedRecording, speed: Speed, client: &Client) -> Result<(u64, u64), Failure> {
        let (mut sent, mut commands) = (0, 0);
        let publish = |message: &Message<'_>, retained| {
            let qos = match message.qos {
                QoS::AtMostOnce => rumqttc::QoS::AtMostOnce,
                QoS::AtLeastOnce => rumqttc::QoS::AtLeastOnce,
                QoS::ExactlyOnce => rumqttc::QoS::ExactlyOnce,
            };
            let published = client.publish(message.topic, qos, retained, message.payload);
            published.map_err(|_| Failure::new("the broker does not take messages any more"))
        };
        // What the broker had kept when the recording began. A topic that is retained again came after a reconnect.
        let mut kept = HashSet::new();
        recording.borrowed().entries(|entry| {
            if let Entry::Message(message) = entry
                && message.retained
                && !is_command(message.topic)
                && kept.insert(message.topic.to_owned())
            {
                sent += 1;
                publish(&message, true)?;
            }
            Ok::<_, Failure>(())
        })?;
        let begun = Instant::now();
        let mut first = None;
        let early = recording.borrowed().entries(|entry| {
            let Entry::Message(message) = entry else { return Ok(()) };
            if is_command(message.topic) {
                commands += 1;
                return Ok(());
            }
            if message.retained && kept.remove(message.topic) {
                return Ok(());
            }
            if let Speed::Times(times) = speed {
                let since = message.at.saturating_sub(*first.get_or_insert(message.at));
                let due = Duration::try_from_secs_f64(since.as_secs_f64() / times).unwrap_or(Duration::MAX);
                thread::sleep(due.saturating_sub(begun.elapsed()));
            }
            sent += 1;
            publish(&message, message.retained)
        })?;
        if let Some(reason) = early {
            eprintln!("warning: {}: {reason}", recording.name);
        }
        Ok((sent, commands))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_positive_numbers_or_max() {
        assert_eq!(Speed::parse("2.5"), Ok(Speed::Times(2.5)));
        assert_eq!(Speed::parse("max"), Ok(Speed::Max));
        for wrong in ["0", "-1", "inf", "NaN", "fast"] {
            assert!(Speed::parse(wrong).is_err(), "{wrong}");
        }
    }
}
