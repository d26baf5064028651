//! `--redact`: messages without names, addresses and identifiers. The same name always becomes the same stand-in.

use std::collections::HashMap;

use serde_json::Value;
use valetudo_map_fixtures::envelope;
use valetudo_map_render::Limits;
use valetudo_map_render::parser::decompress;
use valetudo_map_stream::{Kind, SSE_PATH, Topic};

/// Keys whose values tell who or where somebody is.
const PRIVATE: [&str; 14] = [
    "name",
    "id",
    "nonce",
    "host",
    "hostname",
    "ip",
    "ips",
    "mac",
    "ssid",
    "bssid",
    "serial",
    "serialNumber",
    "vendorMapId",
    "token",
];

/// Replaces what is private.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    known: HashMap<(String, String), usize>,
}

impl Redactor {
    /// The message without what is private; `None` for one that cannot be looked into.
    pub(super) fn redact(&mut self, topic: &str, payload: Vec<u8>) -> Option<(String, Vec<u8>)> {
        let parsed = Topic::parse(topic)?;
        let robot = self.stand_in("robot", parsed.robot);
        let end = topic.strip_prefix(parsed.robot)?;
        let topic =
            if end == SSE_PATH { format!("http://robot-{robot}{end}") } else { format!("valetudo/robot-{robot}{end}") };
        let payload = match parsed.kind {
            Kind::Map => self.map(payload)?,
            Kind::Name => format!("Robot {robot}").into_bytes(),
            Kind::Destinations | Kind::ReState => self.json(&payload)?,
            _ => payload,
        };
        Some((topic, payload))
    }

    /// A map in the envelope that it came in. RR maps hold no names.
    fn map(&mut self, payload: Vec<u8>) -> Option<Vec<u8>> {
        let inner = decompress(&payload, &Limits::DEFAULT).ok()?;
        if inner.starts_with(b"rr") {
            return Some(payload);
        }
        let json = self.json(&inner)?;
        match payload.as_slice() {
            [0x78, ..] => envelope::zlib(&json).ok(),
            [0x1f, ..] => envelope::gzip(&json).ok(),
            [0x89, ..] => envelope::png(&json).ok(),
            _ => Some(json),
        }
    }

    fn json(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        self.visit(&mut value);
        serde_json::to_vec(&value).ok()
    }

    fn visit(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.visit(item)),
            Value::Object(fields) => {
                for (key, value) in fields {
                    if PRIVATE.contains(&key.as_str()) { self.replace(key, value) } else { self.visit(value) }
                }
            }
            _ => {}
        }
    }

    fn replace(&mut self, key: &str, value: &mut Value) {
        match value {
            // The number of a room, by which its name is found.
            Value::String(text) if key == "id" && text.len() <= 3 => {}
            Value::Number(_) if key == "id" => {}
            Value::String(text) => *text = format!("{key} {}", self.stand_in(key, text)),
            Value::Number(number) => *value = Value::from(self.stand_in(key, &number.to_string())),
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace(key, item)),
            Value::Object(_) => self.visit(value),
            _ => {}
        }
    }

    fn stand_in(&mut self, key: &str, text: &str) -> usize {
        let next = self.known.keys().filter(|(known, _)| known == key).count() + 1;
        *self.known.entry((key.to_owned(), text.to_owned())).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_identifiers_are_replaced() {
        let mut redactor = Redactor::default();
        let json = br#"{"metaData":{"nonce":"1f2e","vendorMapId":777},"layers":[{"metaData":{"segmentId":"3","name":"Anna's room"}}]}"#;
        let (topic, payload) = redactor.redact("home/Rob/MapData/map-data", envelope::zlib(json).unwrap()).unwrap();
        assert_eq!(topic, "valetudo/robot-1/MapData/map-data");
        let inner = String::from_utf8(decompress(&payload, &Limits::DEFAULT).unwrap().into_owned()).unwrap();
        assert!(!inner.contains("Anna") && !inner.contains("1f2e") && !inner.contains("777"), "{inner}");
        assert!(inner.contains(r#""segmentId":"3""#) && inner.contains(r#""name":"name 1""#), "{inner}");
        assert_eq!(redactor.redact("home/Rob/$name", b"Rob".to_vec()).unwrap().1, b"Robot 1");
        let (topic, _) = redactor.redact(&format!("http://10.0.0.7{SSE_PATH}"), b"{}".to_vec()).unwrap();
        assert_eq!(topic, format!("http://robot-2{SSE_PATH}"));
        assert_eq!(redactor.redact("other/topic", b"10.0.0.7".to_vec()), None);
    }
}
