//! Sends the messages.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Instant;

use rumqttc::{Client, Connection, Event, Incoming, NetworkOptions, Outgoing};
use valetudo_map_stream::recording::{Entry, Message, QoS};
use valetudo_map_stream::{SSE_PATH, Topic, is_command};

use super::arguments::{Arguments, Speed};
use crate::capture::address::{Address, Scheme};
use crate::capture::mqtt;
use crate::failure::Failure;
use crate::output;
use crate::recordings::{NamedRecording, Source};

/// A topic to which nobody has subscribed.
const NOTHING: &str = "valetudo-map-xtask/nothing";

/// The most messages that the broker has not answered. With more, messages of [`QoS::ExactlyOnce`] may overtake each other in
/// the broker, and the client may give the number of one that is not answered to the next, which the broker then takes for
/// a duplicate.
const UNANSWERED: usize = 1;

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
    let options = mqtt::options(&address, arguments.ca.as_deref())?;
    let (client, mut connection) = Client::new(options, 64);
    // Each message waits for an answer, so none may wait for the next one to share a packet with it.
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    connection.eventloop.set_network_options(network);
    let delivering = client.clone();
    let (permits, answers) = sync_channel(UNANSWERED);
    let sending = thread::spawn(move || deliver(connection, &delivering, &answers));
    let sent = send_all(&recording, arguments.speed, &client, &permits);
    // The last message that a broker answers is answered, and behind the answer to this it has taken the others too. If the
    // connection is lost, its thread says so.
    let _ = permits.send(());
    let _ = client.unsubscribe(NOTHING);
    let delivered = sending.join().map_err(|_| Failure::new("the connection's thread has failed"))?;
    delivered?;
    let Sent { messages, commands, unfit } = sent?;
    let unfit = if unfit > 0 { format!(", {unfit} of topics that a broker does not take") } else { String::new() };
    output::print(&format!("{messages} messages sent, {commands} of command topics left out{unfit}\n"))
}

/// Moves the queue to the broker, until it has taken all of it: a connection that is closed before loses what is under way.
/// A broker that is lost ends it: nobody knows which messages it has. Each answer lets another message be sent.
fn deliver(mut connection: Connection, client: &Client, answers: &Receiver<()>) -> Result<(), Failure> {
    let mut is_taken = false;
    loop {
        match connection.recv() {
            Ok(Ok(Event::Incoming(Incoming::PubAck(_) | Incoming::PubComp(_)))) => {
                let _ = answers.try_recv();
            }
            Ok(Ok(Event::Incoming(Incoming::UnsubAck(_)))) => is_taken = true,
            Ok(Ok(Event::Outgoing(Outgoing::Disconnect))) | Err(_) => return Ok(()),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(Failure::new(mqtt::reason(&error))),
        }
        if is_taken {
            is_taken = client.try_disconnect().is_err();
        }
    }
}

/// The numbers of messages.
#[derive(Debug, Default)]
struct Sent {
    messages: u64,
    commands: u64,
    /// Left out for their topics.
    unfit: u64,
}

fn send_all(
    recording: &NamedRecording,
    speed: Speed,
    client: &Client,
    permits: &SyncSender<()>,
) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    let publish = |message: &Message<'_>, topic: Cow<'_, str>| {
        let qos = match message.qos {
            QoS::AtMostOnce => rumqttc::QoS::AtMostOnce,
            QoS::AtLeastOnce => rumqttc::QoS::AtLeastOnce,
            QoS::ExactlyOnce => rumqttc::QoS::ExactlyOnce,
        };
        let refused = || Failure::new("the broker does not take messages any more");
        if qos != rumqttc::QoS::AtMostOnce {
            permits.send(()).map_err(|_| refused())?;
        }
        client.publish(topic, qos, message.retained, message.payload).map_err(|_| refused())
    };
    // What the broker had kept when the recording began. A topic that is retained again came after a reconnect.
    let mut kept = HashSet::new();
    recording.borrowed().entries(|entry| {
        if let Entry::Message(message) = entry
            && message.retained
            && !is_command(message.topic)
            && let Some(topic) = topic_of(message.topic)
            && kept.insert(message.topic.to_owned())
        {
            sent.messages += 1;
            publish(&message, topic)?;
        }
        Ok::<_, Failure>(())
    })?;
    let begun = Instant::now();
    let mut first = None;
    let early = recording.borrowed().entries(|entry| {
        let Entry::Message(message) = entry else { return Ok(()) };
        if is_command(message.topic) {
            sent.commands += 1;
            return Ok(());
        }
        if message.retained && kept.remove(message.topic) {
            return Ok(());
        }
        let Some(topic) = topic_of(message.topic) else {
            sent.unfit += 1;
            return Ok(());
        };
        let since_first = message.at.saturating_sub(*first.get_or_insert(message.at));
        thread::sleep(speed.due(since_first).saturating_sub(begun.elapsed()));
        sent.messages += 1;
        publish(&message, topic)
    })?;
    if let Some(reason) = early {
        eprintln!("warning: {}: {reason}", recording.name);
    }
    Ok(sent)
}

/// The topic to send a message to. A map that came over HTTP goes to Valetudo's topic of maps. `None` if a broker takes no
/// messages of this topic.
fn topic_of(topic: &str) -> Option<Cow<'_, str>> {
    if topic.is_empty() || topic.starts_with('$') || topic.contains(['#', '+', '\0']) {
        return None;
    }
    match Topic::parse(topic).filter(|_| topic.ends_with(SSE_PATH)) {
        Some(parsed) => Some(format!("valetudo/{}/MapData/map-data", parsed.name()).into()),
        None => Some(topic.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_from_http_go_to_the_topic_of_maps_and_unfit_topics_nowhere() {
        let topic = |topic: &'static str| topic_of(topic).map(Cow::into_owned);
        assert_eq!(topic("valetudo/Rob/$state").as_deref(), Some("valetudo/Rob/$state"));
        let from_http = topic_of("http://10.0.0.7:8080/api/v2/robot/state/map/sse");
        assert_eq!(from_http.as_deref(), Some("valetudo/10.0.0.7:8080/MapData/map-data"));
        assert_eq!(["", "a/#", "a/+/b", "$SYS/broker"].map(topic), [const { None }; 4]);
    }
}
