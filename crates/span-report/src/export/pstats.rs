//! Python's profile format, for `pstats` and snakeviz.
//!
//! ```text
//! python3 -c "import pstats; pstats.Stats('profile_output.prof').sort_stats('cumulative').print_stats(15)"
//! snakeviz profile_output.prof
//! ```
//!
//! Such a file is one marshalled dictionary, `(file, line, function)` to `(primitive calls, calls,
//! self seconds, cumulative seconds, callers)`. The callers are a dictionary again, from function to
//! `(calls, primitive calls, self seconds, cumulative seconds)`: the same figures, but with the
//! first two the other way round. Marshal is Python's private format, yet the few opcodes used here
//! (those of version 2) are read by every Python 3.

use std::io;
use std::path::Path;

use crate::functions::{self, Figures, FunctionKey};
use crate::measurement::{Nanoseconds, SpanNode};
use crate::outputs::write_whole;

const DICTIONARY: u8 = b'{';
const END_OF_DICTIONARY: u8 = b'0';
const TUPLE: u8 = b'(';
const STRING: u8 = b'u';
const INTEGER: u8 = b'i';
const FLOAT: u8 = b'g';

/// Writes the spans of a measurement as a profile. A span without a source file gets `~`, as
/// Python's built-in functions do.
///
/// # Errors
/// What the operating system says if `path` cannot be written.
pub fn write(path: &Path, spans: &[SpanNode]) -> io::Result<()> {
    write_whole(path, &encode(spans))
}

/// The profile as bytes. Counts beyond Python's 32-bit marshal integer are given as its maximum.
#[must_use]
pub fn encode(spans: &[SpanNode]) -> Vec<u8> {
    let mut out = vec![DICTIONARY];
    for (key, function) in functions::flatten(spans) {
        put_key(&mut out, &key);
        let Figures { calls, primitive_calls, self_ns, cumulative_ns } = function.figures;
        put_tuple(&mut out, 5);
        put_integer(&mut out, primitive_calls);
        put_integer(&mut out, calls);
        put_seconds(&mut out, self_ns);
        put_seconds(&mut out, cumulative_ns);
        out.push(DICTIONARY);
        for (caller, figures) in function.callers {
            put_key(&mut out, &caller);
            put_tuple(&mut out, 4);
            put_integer(&mut out, figures.calls);
            put_integer(&mut out, figures.primitive_calls);
            put_seconds(&mut out, figures.self_ns);
            put_seconds(&mut out, figures.cumulative_ns);
        }
        out.push(END_OF_DICTIONARY);
    }
    out.push(END_OF_DICTIONARY);
    out
}

fn put_key(out: &mut Vec<u8>, key: &FunctionKey) {
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
