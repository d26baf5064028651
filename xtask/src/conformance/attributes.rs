//! Compares attributes.

use serde_json::{Map, Value};

/// The goldens' keys, and where our attributes have the same.
const KEYS: [(&str, &str); 13] = [
    ("size", "image_size"),
    ("calibration", "calibration_points"),
    ("rooms", "rooms"),
    ("zones", "zones"),
    ("points", "points"),
    ("robot", "vacuum_position"),
    ("charger", "charger_position"),
    ("obstacles", "obstacles"),
    ("crop_area", "crop_area"),
    ("trims", "trims"),
    ("zooming", "zooming"),
    ("status_text", "status_text"),
    ("status_text_size", "status_text_size"),
];

/// A line for each attribute that differs. Attributes that are null in a golden may be absent.
pub(super) fn compare(found: &Value, expected: &Map<String, Value>, wrong: &[String]) -> Vec<String> {
    let mut differences = Vec::new();
    for (key, value) in expected.iter().filter(|(key, _)| !wrong.contains(key)) {
        let ours = KEYS.iter().find(|(golden, _)| golden == key).and_then(|(_, ours)| found.get(ours));
        let ours = ours.unwrap_or(&Value::Null);
        if !equal(ours, value, key) {
            differences.push(format!("{key} is {}, expected {}", short(ours), short(value)));
        }
    }
    differences
}

/// Numbers are equal as numbers, outlines in whichever corner they begin.
fn equal(found: &Value, expected: &Value, key: &str) -> bool {
    match (found, expected) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) if key == "outline" => same_outline(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b, key)),
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys());
            keys.into_iter()
                .all(|key| equal(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), key))
        }
        (a, b) => a == b,
    }
}

/// Closed rings of corners: equal when one is the other, begun elsewhere.
fn same_outline(a: &[Value], b: &[Value]) -> bool {
    let ((Some((_, a)), Some((_, b))), true) = ((a.split_last(), b.split_last()), a.len() == b.len()) else {
        return a == b;
    };
    (0..b.len()).any(|start| a.iter().eq(b[start..].iter().chain(&b[..start]))) || a == b
}

fn short(value: &Value) -> String {
    const LONGEST: usize = 200;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
