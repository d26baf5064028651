//! The fields of report.json, and the page that says what they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// The fields that the page names: those of a table belong to the path in the heading above it.
fn documented() -> BTreeSet<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/report-json.md")).unwrap();
    let mut fields = BTreeSet::new();
    let mut of = String::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            of = heading.strip_prefix('`').map(|path| path.trim_end_matches('`').to_owned() + ".").unwrap_or_default();
        } else if let Some((field, _)) = line.strip_prefix("| `").and_then(|row| row.split_once('`')) {
            fields.insert(format!("{of}{field}"));
        }
    }
    fields
}

fn collect(value: &Value, path: &str, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(value, &path, fields);
                fields.insert(path);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, &format!("{path}[]"), fields)),
        _ => {}
    }
}

/// Every field of the report is on the page.
pub(super) fn assert_documented(report: &Value) {
    let mut there = BTreeSet::new();
    collect(report, "", &mut there);
    assert!(there.len() > 30, "{there:?}");
    let missing: Vec<_> = there.difference(&documented()).cloned().collect();
    assert!(missing.is_empty(), "not in docs/report-json.md: {missing:?}");
}
