//! Against a server that sends maps as Valetudo does, and worse.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::{Capture, read, xtask};

/// Serves one connection after the other, each with the next script, and then none.
fn serve(scripts: Vec<fn(&mut TcpStream)>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for script in scripts {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut request = [0; 2048];
            let count = stream.read(&mut request).unwrap_or(0);
            assert!(request[..count].starts_with(b"GET /api/v2/robot/state/map/sse HTTP/1.1\r\n"));
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
            stream.write_all(head.as_bytes()).unwrap();
            script(&mut stream);
        }
    });
    port
}

/// A piece of the stream. The client may be gone.
fn chunk(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes());
}

fn slowly_and_cut(stream: &mut TcpStream) {
    for number in 0..3 {
        for piece in ["event: MapUp", "dated\ndata: {\"number\"", &format!(":{number}}}\n"), "\n"] {
            chunk(stream, piece);
            thread::sleep(Duration::from_millis(20));
        }
    }
    chunk(stream, "event: MapUpdated\ndata: {\"number\":99");
}

fn without_an_end(stream: &mut TcpStream) {
    chunk(stream, "data: ");
    for _ in 0..40 {
        chunk(stream, &"x".repeat(1 << 16));
    }
}

fn one_more(stream: &mut TcpStream) {
    chunk(stream, "event: MapUpdated\ndata: {\"number\":7}\n\n");
    thread::sleep(Duration::from_secs(60));
}

#[test]
fn complete_events_are_recorded_and_a_cut_or_endless_one_is_not() {
    let port = serve(vec![slowly_and_cut, without_an_end, one_more]);
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("sse.vmr");
    let address = format!("http://127.0.0.1:{port}");
    let mut capture =
        Capture::start(xtask(&["capture", &address, "-o", &file.to_string_lossy(), "--packet-limit", "1"]));
    capture.wait_for("no connection: ");
    let reason = capture.wait_for("no connection: ");
    assert!(reason.contains("an event has more than 1048576 bytes"), "{reason}");
    capture.wait_for_messages(4);
    assert!(capture.end().contains("4 maps in 4 messages"));
    let (messages, gaps) = read(&file);
    let payloads: Vec<String> = messages.iter().map(|kept| String::from_utf8(kept.payload.clone()).unwrap()).collect();
    assert_eq!(payloads, [0, 1, 2, 7].map(|number| format!("{{\"number\":{number}}}")));
    assert!(messages.iter().all(|kept| kept.topic == format!("{address}/api/v2/robot/state/map/sse")));
    // The stream without an event in it was a connection too.
    assert_eq!(gaps, 2);
}
