//! Python's profile format, for `pstats` and snakeviz.
//!
//! ```text
//! python3 -c "import pstats; pstats.Stats('profile_output.prof').sort_stats('cumulative').print_stats(15)"
//! snakeviz profile_output.prof
//! ```
//!
//! The file is one marshalled dictionary from `(file, line, function)` to `(primitive calls, calls, self seconds,
//! cumulative seconds, callers)`. The callers are a dictionary from function to `(calls, primitive calls, self seconds,
//! cumulative seconds)`: the first two are in the other order there. Marshal is Python's private format, but every
//! Python 3 reads the opcodes used here, which are those of version 2.

use super::exporter::{ExportError, Exporter};
use crate::Report;
use crate::measurement::Nanoseconds;
use crate::report::{CallTimes, Function, SpanKey};

const DICTIONARY: u8 = b'{';
const END_OF_DICTIONARY: u8 = b'0';
const TUPLE: u8 = b'(';
const STRING: u8 = b'u';
const INTEGER: u8 = b'i';
const FLOAT: u8 = b'g';

/// A profile for Python's `pstats`. A span without a source file gets `~`, as Python's built-in functions do. Counts
/// beyond Python's 32-bit marshal integer are given as its maximum.
#[derive(Debug, Clone, Copy)]
pub struct Pstats<'a> {
    /// The run's name in the file's name.
    pub run: &'a str,
}

impl Exporter for Pstats<'_> {
    fn file_name(&self) -> String {
        format!("profile_output_{}.prof", self.run)
    }

    fn export(&self, report: &Report) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(report.functions.as_ref().map(|functions| encode(&functions.rows)))
    }
}

fn encode(functions: &[Function]) -> Vec<u8> {
    let mut functions: Vec<&Function> = functions.iter().collect();
    functions.sort_by_key(|function| &function.span);
    let mut out = vec![DICTIONARY];
    for function in functions {
        put_key(&mut out, &function.span);
        let CallTimes { calls, primitive_calls, self_ns, cumulative_ns } = function.times;
        put_tuple(&mut out, 5);
        put_integer(&mut out, primitive_calls);
        put_integer(&mut out, calls);
        put_seconds(&mut out, self_ns);
        put_seconds(&mut out, cumulative_ns);
        out.push(DICTIONARY);
        for (caller, times) in &function.callers {
            put_key(&mut out, caller);
            put_tuple(&mut out, 4);
            put_integer(&mut out, times.calls);
            put_integer(&mut out, times.primitive_calls);
            put_seconds(&mut out, times.self_ns);
            put_seconds(&mut out, times.cumulative_ns);
        }
        out.push(END_OF_DICTIONARY);
    }
    out.push(END_OF_DICTIONARY);
    out
}

fn put_key(out: &mut Vec<u8>, key: &SpanKey) {
    put_tuple(out, 3);
    put_string(out, if key.file.is_empty() { "~" } else { &key.file });
    put_integer(out, u64::from(key.line));
    put_string(out, &key.name);
}

fn put_tuple(out: &mut Vec<u8>, length: u32) {
    out.push(TUPLE);
    out.extend(length.to_le_bytes());
}

fn put_string(out: &mut Vec<u8>, text: &str) {
    out.push(STRING);
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

fn put_integer(out: &mut Vec<u8>, value: u64) {
    out.push(INTEGER);
    out.extend(i32::try_from(value).unwrap_or(i32::MAX).to_le_bytes());
}

fn put_seconds(out: &mut Vec<u8>, duration: Nanoseconds) {
    out.push(FLOAT);
    out.extend((duration as f64 / 1e9).to_le_bytes());
}
