//! Valetudo's stream of maps over HTTP as a source: server-sent events.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use valetudo_map_stream::SSE_PATH;
use valetudo_map_stream::recording::QoS;

use super::address::{Address, CREDENTIALS, credentials};
use super::back_off::BackOff;
use super::received::Received;

/// The time for a connection, and for the answer's first bytes.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Hands over the maps that come, until nobody takes them. Connects again after a loss.
pub(super) fn follow(address: &Address, most_bytes: usize, to: &SyncSender<Received>) {
    let topic = topic(address);
    let mut back_off = BackOff::new();
    loop {
        let result = connect(&topic).and_then(|body| {
            back_off.reset();
            let hand_over = |received| to.send(received).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe));
            hand_over(Received::Connected(Instant::now()))?;
            events(BufReader::new(body), most_bytes, |payload| {
                hand_over(Received::Message {
                    at: Instant::now(),
                    wall: SystemTime::now(),
                    topic: topic.clone(),
                    payload,
                    qos: QoS::AtMostOnce,
                    retained: false,
                })
            })
        });
        let received = match result {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Received::Refused(error.to_string()),
            Err(error) => Received::Lost(Instant::now(), error.to_string()),
            Ok(()) => Received::Lost(Instant::now(), "the robot ended the stream".to_owned()),
        };
        if to.send(received).is_err() {
            return;
        }
        back_off.wait();
    }
}

/// The address of the maps.
fn topic(address: &Address) -> String {
    let host = if address.host.contains(':') { format!("[{}]", address.host) } else { address.host.clone() };
    let port = if address.port == 80 { String::new() } else { format!(":{}", address.port) };
    format!("http://{host}{port}{SSE_PATH}")
}

fn connect(url: &str) -> io::Result<impl Read + use<>> {
    let config = ureq::Agent::config_builder().timeout_connect(Some(TIMEOUT)).timeout_recv_response(Some(TIMEOUT));
    let agent: ureq::Agent = config.build().into();
    let mut request = agent.get(url).header("Accept", "text/event-stream");
    if let Some((user, password)) = credentials() {
        request =
            request.header("Authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))));
    }
    let response = request.call().map_err(|error| match error {
        ureq::Error::StatusCode(401 | 403) => {
            let [user, password] = CREDENTIALS;
            let reason = format!("the robot refuses user and password (the variables {user} and {password})");
            io::Error::new(ErrorKind::PermissionDenied, reason)
        }
        error => io::Error::other(error),
    })?;
    Ok(response.into_body().into_reader())
}

/// Gives the data of each event that is complete. An event of more bytes than allowed is an error, as is a line that does
/// not end.
fn events(
    mut input: impl BufRead,
    most_bytes: usize,
    mut each: impl FnMut(Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let (mut line, mut data) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        (&mut input).take(most_bytes as u64 + 1).read_until(b'\n', &mut line)?;
        if line.len() + data.len() > most_bytes {
            return Err(io::Error::other(format!("an event has more than {most_bytes} bytes (--packet-limit)")));
        }
        // The stream ended in the middle of an event, which is not used.
        let Some(text) = line.strip_suffix(b"\n") else { return Ok(()) };
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            if !data.is_empty() {
                each(std::mem::take(&mut data))?;
            }
        } else if let Some(more) = text.strip_prefix(b"data:") {
            if !data.is_empty() {
                data.push(b'\n');
            }
            data.extend_from_slice(more.strip_prefix(b" ").unwrap_or(more));
        }
        // Other fields (event, id, retry) and comments say nothing about maps.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(stream: &str, most_bytes: usize) -> (Vec<String>, Option<String>) {
        let mut found = Vec::new();
        let result = events(stream.as_bytes(), most_bytes, |data| {
            found.push(String::from_utf8(data).unwrap());
            Ok(())
        });
        (found, result.err().map(|error| error.to_string()))
    }

    #[test]
    fn complete_events_are_given() {
        let stream = ": hello\n\nevent: MapUpdated\ndata: {\"a\":1}\n\nretry: 9\r\ndata:{\r\ndata: }\r\n\r\ndata: cut";
        assert_eq!(all(stream, 100), (vec!["{\"a\":1}".to_owned(), "{\n}".to_owned()], None));
    }

    #[test]
    fn an_endless_event_is_bounded() {
        let (found, error) = all(&format!("data: {}", "x".repeat(1000)), 100);
        assert!(found.is_empty() && error.unwrap().contains("more than 100 bytes"));
        let (found, error) = all(&"data: xxxxxxxxxx\n".repeat(50), 100);
        assert!(found.is_empty() && error.is_some());
    }
}
