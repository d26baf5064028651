//! `--redact`: messages without names, addresses and identifiers. The same name always becomes the same stand-in.
//!
//! A text stays only under a key whose values are known to be harmless, and a number goes under a key of identifiers. A
//! message that cannot be understood is left out.

use std::collections::HashMap;

use serde_json::Value;
use valetudo_map_fixtures::envelope;
use valetudo_map_render::Limits;
use valetudo_map_render::parser::{self, Envelope, Format, decompress};
use valetudo_map_stream::{Kind, SSE_PATH, Topic};

/// Keys whose texts say what something is, and nothing about whose it is.
const HARMLESS: [&str; 9] =
    ["__class", "type", "segmentId", "source", "material", "label", "vendorPathType", "state", "fan_power"];

/// The longest harmless text: labels of obstacles such as `Cable (87%)` are shorter.
const LONGEST: usize = 40;

/// Keys whose numbers tell one robot or home from another.
const IDENTIFIERS: [&str; 9] = ["id", "vendorMapId", "nonce", "serial", "serialNumber", "did", "mac", "ip", "token"];

/// Replaces private data.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    /// The stand-in of each text, by key.
    known: HashMap<String, HashMap<String, usize>>,
}

impl Redactor {
    /// The message without private data; `None` for one that cannot be understood.
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
            _ => Some(payload).filter(|payload| std::str::from_utf8(payload).is_ok_and(is_harmless))?,
        };
        Some((topic, payload))
    }

    /// A map in the envelope that it came in. RR maps hold no text.
    fn map(&mut self, payload: Vec<u8>) -> Option<Vec<u8>> {
        let inner = decompress(&payload, &Limits::DEFAULT).ok()?;
        if parser::Kind::sniff(&inner).ok()? == parser::Kind::Map(Format::RrMap) {
            return Some(payload);
        }
        let json = self.json(&inner)?;
        match parser::Kind::sniff(&payload).ok()? {
            parser::Kind::Map(_) => Some(json),
            parser::Kind::Envelope(Envelope::Zlib) => envelope::zlib(&json).ok(),
            parser::Kind::Envelope(Envelope::Gzip) => envelope::gzip(&json).ok(),
            parser::Kind::Envelope(Envelope::Png) => envelope::png(&json).ok(),
            parser::Kind::Envelope(_) => None,
        }
    }

    fn json(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        self.visit("", &mut value);
        serde_json::to_vec(&value).ok()
    }

    fn visit(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.visit(key, item)),
            Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| self.visit(key, value)),
            // The number of a room or zone, by which its name is found.
            Value::String(text) if key == "id" && text.len() <= 4 && text.parse::<u16>().is_ok() => {}
            Value::Number(number) if key == "id" && number.as_u64().is_some_and(|id| id < 10_000) => {}
            Value::String(text) if HARMLESS.contains(&key) && is_harmless(text) => {}
            Value::String(text) => *text = format!("{key} {}", self.stand_in(key, text)),
            Value::Number(number) if IDENTIFIERS.contains(&key) => {
                *value = Value::from(self.stand_in(key, &number.to_string()));
            }
            _ => {}
        }
    }

    fn stand_in(&mut self, key: &str, text: &str) -> usize {
        let known = self.known.entry(key.to_owned()).or_default();
        let next = known.len() + 1;
        *known.entry(text.to_owned()).or_insert(next)
    }
}

/// A few words of ASCII, or a number.
fn is_harmless(text: &str) -> bool {
    text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. $%()".contains(&byte))
}

#[cfg(test)]
mod tests {
    use valetudo_map_render::{Options, PictureLimits};
    use valetudo_map_stream::recording::{Entry, Message, Reader};
    use valetudo_map_workload::{Outcome, Player};

    use super::*;

    fn text(payload: &[u8]) -> String {
        String::from_utf8(decompress(payload, &Limits::DEFAULT).unwrap().into_owned()).unwrap()
    }

    #[test]
    fn maps_keep_their_envelope_and_lose_names_and_identifiers() {
        let json = br#"{"metaData":{"nonce":"1f2e","vendorMapId":777},"layers":[{"type":"segment","metaData":
            {"segmentId":"3","name":"Anna's room"}}],"entities":[{"type":"obstacle","metaData":{"label":"Cable (87%)",
            "id":"6c1d-77","image":"/maps/secret.jpg"}}]}"#;
        let wrapped =
            [envelope::zlib(json).unwrap(), envelope::gzip(json).unwrap(), envelope::png(json).unwrap(), json.to_vec()];
        for wrapped in wrapped {
            let start = wrapped[..2].to_vec();
            let (topic, payload) = Redactor::default().redact("home/Rob/MapData/map-data", wrapped).unwrap();
            assert_eq!((topic.as_str(), &payload[..2]), ("valetudo/robot-1/MapData/map-data", start.as_slice()));
            let text = text(&payload);
            assert!(!["Anna", "1f2e", "777", "6c1d", "secret"].iter().any(|word| text.contains(word)), "{text}");
            for kept in [r#""segmentId":"3""#, r#""name":"name 1""#, r#""label":"Cable (87%)""#, r#""type":"segment""#]
            {
                assert!(text.contains(kept), "{text}");
            }
        }
    }

    #[test]
    fn states_lose_names_addresses_and_serial_numbers() {
        let mut redactor = Redactor::default();
        let mut redact = |topic: &str, payload: &str| {
            let (topic, payload) = redactor.redact(topic, payload.as_bytes().to_vec())?;
            Some((topic, String::from_utf8(payload).unwrap()))
        };
        let attributes = r#"{"state":"docked","battery_level":83,"serial":12345678,"did":998877,"model":"x.y",
            "wifi":{"ssid":"Annas Wifi","bssid":"aa:bb","ip":"10.0.0.7","rssi":-50},"hosts":["annas-pc"]}"#;
        let (topic, attributes) = redact("home/Annas-Rob/attributes", attributes).unwrap();
        assert_eq!(topic, "valetudo/robot-1/attributes");
        for private in ["Anna", "annas", "aa:bb", "10.0.0.7", "12345678", "998877", "x.y"] {
            assert!(!attributes.contains(private), "{attributes}");
        }
        assert!(attributes.contains(r#""state":"docked""#) && attributes.contains(r#""battery_level":83"#));
        let destinations =
            r#"{"rooms":[{"id":"17","name":"Anna"},{"id":16,"name":"Hall"}],"spots":[["Anna",1,2]],"zones":[]}"#;
        let (_, destinations) = redact("home/Annas-Rob/destinations", destinations).unwrap();
        assert!(!destinations.contains("Anna") && destinations.contains(r#""id":"17""#), "{destinations}");
        assert_eq!(redact("home/Annas-Rob/$name", "Anna's").unwrap().1, "Robot 1");
        assert_eq!(redact("home/Annas-Rob/BatteryStateAttribute/level", "42").unwrap().1, "42");
        assert_eq!(redact("home/Annas-Rob/StatusStateAttribute/status", "at Anna's: 10.0.0.7"), None);
        assert_eq!(redact("home/Annas-Rob/state", "{"), None);
        let (topic, _) = redact(&format!("http://10.0.0.7{SSE_PATH}"), "{}").unwrap();
        assert_eq!(topic, format!("http://robot-2{SSE_PATH}"));
        assert_eq!(redact("other/topic", "10.0.0.7"), None);
    }

    #[test]
    fn redacted_maps_make_the_same_pictures() {
        let bytes = include_bytes!("../../../fixtures/recordings/cleaning.vmr");
        let (mut reader, mut redactor) = (Reader::new(bytes.as_slice()).unwrap(), Redactor::default());
        let player = || Player::new(Options::default(), PictureLimits::DEFAULT);
        let (mut plain, mut redacted) = (player(), player());
        let mut pictures = 0;
        while let Some(entry) = reader.read().unwrap() {
            let Entry::Message(message) = entry else { continue };
            let (topic, payload) = redactor.redact(message.topic, message.payload.to_vec()).unwrap();
            let without = Message { topic: &topic, payload: &payload, ..message };
            let profiler = span_instrument::Profiler::disabled();
            let played = [(&mut plain, &message), (&mut redacted, &without)].map(|(player, message)| {
                player
                    .take(&profiler, "", message)
                    .map(|played| (played.png.to_vec(), matches!(played.outcome, Outcome::Drawn(_))))
            });
            let [plain, redacted] = played;
            assert!(plain == redacted, "{}", message.topic);
            pictures += usize::from(plain.is_some_and(|(_, is_drawn)| is_drawn));
        }
        assert!(pictures > 100);
    }
}
