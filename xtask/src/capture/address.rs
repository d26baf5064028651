//! Where a stream comes from or goes to.

use std::env;

use crate::failure::Failure;

/// The variables with user and password, which must not stand in a command line.
pub(crate) const CREDENTIALS: [&str; 2] = ["STREAM_USER", "STREAM_PASSWORD"];

/// How a source is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Mqtt,
    Mqtts,
    Http,
}

/// A parsed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) scheme: Scheme,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Address {
    /// Reads `mqtt://host:1883` and its kin.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let unknown =
            || Failure::new("the address should be mqtt://HOST[:PORT], mqtts://HOST[:PORT] or http://HOST[:PORT]");
        let (scheme, rest) = text.split_once("://").ok_or_else(unknown)?;
        let (scheme, usual) = match scheme {
            "mqtt" => (Scheme::Mqtt, 1883),
            "mqtts" => (Scheme::Mqtts, 8883),
            "http" => (Scheme::Http, 80),
            _ => return Err(unknown()),
        };
        if rest.contains('@') {
            let [user, password] = CREDENTIALS;
            return Err(Failure::new(format!(
                "user and password belong into {user} and {password}, not into the address"
            )));
        }
        let place = rest.trim_end_matches('/');
        // An IPv6 address stands in brackets.
        let (host, port) = match place.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
            Some((host, port)) => (host, port.parse().map_err(|_| unknown())?),
            None => (place, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains('/') {
            return Err(unknown());
        }
        Ok(Self { scheme, host: host.to_owned(), port })
    }
}

/// User and password from the environment.
pub(crate) fn credentials() -> Option<(String, String)> {
    let [user, password] = CREDENTIALS.map(|name| env::var(name).ok());
    user.map(|user| (user, password.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_usual_ports_and_no_passwords() {
        let parsed = |text: &str| Address::parse(text).map(|address| (address.scheme, address.host, address.port)).ok();
        assert_eq!(parsed("mqtt://broker"), Some((Scheme::Mqtt, "broker".to_owned(), 1883)));
        assert_eq!(parsed("mqtts://10.0.0.2:8884/"), Some((Scheme::Mqtts, "10.0.0.2".to_owned(), 8884)));
        assert_eq!(parsed("http://[::1]:81"), Some((Scheme::Http, "::1".to_owned(), 81)));
        for wrong in ["broker", "ftp://broker", "mqtt://", "mqtt://broker:port", "http://host/path"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
        let error = Address::parse("mqtt://me:secret@broker").unwrap_err().to_string();
        assert!(error.contains("STREAM_PASSWORD") && !error.contains("secret"), "{error}");
    }
}
