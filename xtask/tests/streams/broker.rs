//! A mosquitto of the test's own, on a loopback port.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A running broker. Dropping it kills it.
pub(super) struct Broker {
    child: Child,
    pub(super) port: u16,
    configuration: std::path::PathBuf,
}

/// Where Debian puts it, which is on no user's path.
const PROGRAMS: [&str; 2] = ["mosquitto", "/usr/sbin/mosquitto"];

fn program() -> Option<&'static str> {
    PROGRAMS
        .into_iter()
        .find(|program| Command::new(program).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok())
}

impl Broker {
    /// Starts a broker whose files lie in `folder`, with more lines in its configuration. `None` if it is not installed.
    pub(super) fn start(folder: &Path, more: &str) -> Option<Self> {
        let Some(program) = program() else {
            eprintln!("SKIPPED: mosquitto is not installed; nothing was tested against a broker");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let configuration = folder.join("mosquitto.conf");
        // As root, it would change its user, who cannot read the test's files.
        fs::write(&configuration, format!("user root\nmax_queued_messages 0\nlistener {port} 127.0.0.1\n{more}"))
            .unwrap();
        let child = launch(program, &configuration);
        let broker = Self { child, port, configuration };
        broker.wait();
        Some(broker)
    }

    fn wait(&self) {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the broker does not listen");
    }

    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(super) fn restart(&mut self) {
        self.child = launch(program().unwrap(), &self.configuration);
        self.wait();
    }
}

fn launch(program: &str, configuration: &Path) -> Child {
    Command::new(program).arg("-c").arg(configuration).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
