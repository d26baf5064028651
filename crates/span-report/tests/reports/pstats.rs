//! The profile for pstats, read back by a decoder of our own and, if there is one, by Python.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use span_report::export::{Exporter, Pstats};
use span_report::{Pass, Report};
use tempfile::TempDir;

use crate::measured::{empty, span};

/// The values of Python's marshal format that a profile is made of.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Value {
    Integer(i32),
    Float(f64),
    Text(String),
    Tuple(Vec<Value>),
    Dictionary(Vec<(Value, Value)>),
}

struct Decoder<'a>(&'a [u8]);

impl Decoder<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (taken, rest) = self.0.split_first_chunk().unwrap();
        self.0 = rest;
        *taken
    }

    /// `None` at the end of a dictionary.
    fn value(&mut self) -> Option<Value> {
        let [opcode] = self.take();
        Some(match opcode {
            b'0' => return None,
            b'i' => Value::Integer(i32::from_le_bytes(self.take())),
            b'g' => Value::Float(f64::from_le_bytes(self.take())),
            b'u' => {
                let length = u32::from_le_bytes(self.take()) as usize;
                let (text, rest) = self.0.split_at(length);
                self.0 = rest;
                Value::Text(String::from_utf8(text.to_vec()).unwrap())
            }
            b'(' => {
                let length = u32::from_le_bytes(self.take());
                Value::Tuple((0..length).map(|_| self.value().unwrap()).collect())
            }
            b'{' => {
                let mut entries = Vec::new();
                while let Some(key) = self.value() {
                    entries.push((key, self.value().unwrap()));
                }
                Value::Dictionary(entries)
            }
            other => unreachable!("opcode {other:#x} is not of the format"),
        })
    }
}

/// `frame` calls `draw`, which calls itself once; `draw` is also called from outside.
fn profile() -> Vec<u8> {
    let mut measurement = empty(Pass::Spans);
    measurement.cpu = true;
    measurement.spans = vec![
        span("(outside spans)", 0, None, 0, 0, 0),
        span("frame", 10, Some(0), 6, 2_000_000_000, 500_000_000),
        span("draw", 20, Some(1), 12, 1_500_000_000, 1_000_000_000),
        span("draw", 20, Some(2), 3, 500_000_000, 500_000_000),
        span("draw", 20, Some(0), 1, 250_000_000, 250_000_000),
    ];
    Pstats { run: "stage" }.export(&Report::new(vec![measurement])).unwrap().unwrap()
}

fn figures(first: i32, second: i32, own: f64, cumulative: f64) -> Vec<Value> {
    vec![Value::Integer(first), Value::Integer(second), Value::Float(own), Value::Float(cumulative)]
}

fn function(name: &str, line: i32) -> Value {
    Value::Tuple(vec![Value::Text("src/stage.rs".into()), Value::Integer(line), Value::Text(name.into())])
}

#[test]
fn functions_callers_and_recursion_are_as_cprofile_writes_them() {
    let bytes = profile();
    let mut decoder = Decoder(&bytes);
    let Some(Value::Dictionary(entries)) = decoder.value() else { unreachable!("a profile is a dictionary") };
    assert!(decoder.0.is_empty(), "nothing follows the dictionary");

    let with_callers = |mut figures: Vec<Value>, callers| {
        figures.push(Value::Dictionary(callers));
        Value::Tuple(figures)
    };
    let callers_of_draw = vec![
        // calls before primitive calls here, the other way round above
        (function("frame", 10), Value::Tuple(figures(12, 12, 1.0, 1.5))),
        (function("draw", 20), Value::Tuple(figures(3, 0, 0.5, 0.0))),
    ];
    let expected = [
        (function("frame", 10), with_callers(figures(6, 6, 0.5, 2.0), Vec::new())),
        (function("draw", 20), with_callers(figures(13, 16, 1.75, 1.75), callers_of_draw)),
    ];
    assert_eq!(entries, expected);
}

#[test]
fn python_prints_the_profile() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("profile_output.prof");
    fs::write(&path, profile()).unwrap();

    let program = "import pstats, sys\npstats.Stats(sys.argv[1]).sort_stats('cumulative').print_stats(15)";
    let Ok(python) = Command::new("python3").args(["-c", program]).arg(&path).output() else {
        crate::skipped("pstats did not read the profile, python3 is not installed");
        return;
    };
    let printed = String::from_utf8_lossy(&python.stdout);
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let lines: BTreeMap<&str, &str> =
        printed.lines().filter_map(|line| Some((line.rsplit_once(' ')?.1, line))).collect();
    assert_eq!(
        lines.get("src/stage.rs:10(frame)"),
        Some(&"        6    0.500    0.083    2.000    0.333 src/stage.rs:10(frame)")
    );
    assert_eq!(
        lines.get("src/stage.rs:20(draw)"),
        Some(&"    16/13    1.750    0.109    1.750    0.135 src/stage.rs:20(draw)")
    );
}
