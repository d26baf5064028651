//! An MQTT broker as a source; and the options of a connection, which `replay` has too.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant, SystemTime};

use rumqttc::{
    Client, ConnectReturnCode, ConnectionError, Event, Incoming, MqttOptions, SubscribeFilter, SubscribeReasonCode,
    TlsConfiguration, Transport,
};
use valetudo_map_stream::recording::{QoS, RecordingLimits};

use super::address::{Address, CREDENTIALS, Scheme, credentials};
use super::back_off::BackOff;
use super::received::Received;
use crate::failure::Failure;
use crate::files;

/// A broker that says nothing for twice this time is lost.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Messages that were sent and are not answered. mosquitto closes the connection at more than 20 of quality of service 2.
const IN_FLIGHT: u16 = 16;

/// The largest packet: the largest record of a recording, with room for a header. A longer one ends the connection.
const PACKET_BYTES: usize = RecordingLimits::DEFAULT.record_bytes as usize + (1 << 20);

/// The options of a connection.
pub(crate) fn options(address: &Address, ca: Option<&Path>) -> Result<MqttOptions, Failure> {
    // Two clients of one name would drive each other out.
    let client = format!("valetudo-map-xtask-{}", std::process::id());
    let mut options = MqttOptions::new(client, &address.host, address.port);
    options.set_keep_alive(KEEP_ALIVE).set_max_packet_size(PACKET_BYTES, PACKET_BYTES).set_inflight(IN_FLIGHT);
    if let Some((user, password)) = credentials() {
        options.set_credentials(user, password);
    }
    if address.scheme == Scheme::Mqtts {
        options.set_transport(Transport::tls_with_config(tls(ca)?));
    }
    Ok(options)
}

fn tls(ca: Option<&Path>) -> Result<TlsConfiguration, Failure> {
    // Already installed if there were two connections.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if let Some(path) = ca {
        return Ok(TlsConfiguration::Simple { ca: files::read(path)?, alpn: None, client_auth: None });
    }
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Failure::new("this system has no certificates to trust; --ca names a file of them"));
    }
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    Ok(TlsConfiguration::Rustls(Arc::new(config)))
}

/// Subscribes, and hands over what comes, until nobody takes it. Connects and subscribes again after a loss. A broker that
/// refuses at first will refuse again.
pub(super) fn follow(options: MqttOptions, topics: &[String], most_bytes: usize, to: &SyncSender<Received>) {
    let (client, mut connection) = Client::new(options, 16);
    let mut back_off = BackOff::new();
    let mut was_connected = false;
    while let Ok(event) = connection.recv() {
        let received = match event {
            Ok(Event::Incoming(Incoming::ConnAck(_))) => {
                back_off.reset();
                // Each message keeps its quality of service: this is the best that may come.
                let filters = topics.iter().map(|topic| SubscribeFilter::new(topic.clone(), rumqttc::QoS::ExactlyOnce));
                // This thread empties the queue, so it must not wait for room in it.
                match client.try_subscribe_many(filters) {
                    Ok(()) => continue,
                    Err(error) => Received::Lost(Instant::now(), error.to_string()),
                }
            }
            Ok(Event::Incoming(Incoming::SubAck(answer))) => {
                if answer.return_codes.iter().all(|code| *code == SubscribeReasonCode::Failure) {
                    Received::Refused("the broker refuses the subscription".to_owned())
                } else {
                    was_connected = true;
                    Received::Connected(Instant::now())
                }
            }
            Ok(Event::Incoming(Incoming::Publish(publish))) if publish.payload.len() > most_bytes => {
                Received::TooLarge { topic: publish.topic, bytes: publish.payload.len() }
            }
            Ok(Event::Incoming(Incoming::Publish(publish))) => Received::Message {
                at: Instant::now(),
                wall: SystemTime::now(),
                topic: publish.topic,
                payload: publish.payload.to_vec(),
                qos: match publish.qos {
                    rumqttc::QoS::AtMostOnce => QoS::AtMostOnce,
                    rumqttc::QoS::AtLeastOnce => QoS::AtLeastOnce,
                    rumqttc::QoS::ExactlyOnce => QoS::ExactlyOnce,
                },
                retained: publish.retain,
            },
            Ok(_) => continue,
            Err(error) if is_refusal(&error) && !was_connected => Received::Refused(reason(&error)),
            Err(error) => {
                if to.send(Received::Lost(Instant::now(), reason(&error))).is_err() {
                    return;
                }
                back_off.wait();
                continue;
            }
        };
        if to.send(received).is_err() {
            return;
        }
    }
}

/// Whether the broker would refuse the next attempt too.
fn is_refusal(error: &ConnectionError) -> bool {
    use ConnectReturnCode::{BadUserNamePassword, NotAuthorized};
    matches!(error, ConnectionError::ConnectionRefused(BadUserNamePassword | NotAuthorized))
}

/// Why a connection failed, for a person.
pub(crate) fn reason(error: &ConnectionError) -> String {
    let text = error.to_string();
    match error {
        _ if is_refusal(error) => {
            let [user, password] = CREDENTIALS;
            format!("the broker refuses user and password (the variables {user} and {password})")
        }
        ConnectionError::ConnectionRefused(code) => format!("the broker refuses the connection: {code:?}"),
        _ if text.contains("ize limit") => format!("a message is larger than a recording can hold: {text}"),
        _ => text,
    }
}
