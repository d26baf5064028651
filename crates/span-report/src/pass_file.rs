//! Pass files: a child process hands its [`Measurement`] to its parent.
//!
//! The format is private to one build of a program, because parent and child are the same executable. A file is written
//! whole or not at all, and reading it trusts nothing. Its reader waits for it and then removes it, so its writer does not
//! wait for the disk: after a crash of the system, a file may be broken, which reading it reports.

use std::path::Path;

use crate::file_format::{self, FileError, Kind};
use crate::measurement::{BUCKETS, DurationHistogram, Measurement};

/// The version of [`Measurement`] in files. Each change to that type raises it.
pub const VERSION: u32 = 10;

const KIND: Kind = Kind { magic: b"SPANPASS", version: VERSION, name: "pass file", is_kept: false };

/// Writes `measurement` to `path`, replacing an older file. Its folder must exist.
///
/// # Errors
/// [`FileError::Io`] if the folder cannot be written, for example because the disk is full; an older file at `path` is
/// whole then.
pub fn write(path: &Path, measurement: &Measurement) -> Result<(), FileError> {
    file_format::write(&KIND, path, measurement)
}

/// Reads a measurement that [`write()`] wrote.
///
/// # Errors
/// Any of [`FileError`] but `Encode`: the file is missing, too large, of another kind or version, cut short, or damaged.
pub fn read(path: &Path) -> Result<Measurement, FileError> {
    file_format::read(&KIND, path, consistency)
}

/// Decodes the content of a pass file. `path` is for errors.
///
/// # Errors
/// As [`read`], but for the file itself.
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Measurement, FileError> {
    file_format::decode(&KIND, path, bytes, consistency)
}

/// Checks the invariants that readers of a measurement rely on. Gives the first contradiction.
pub(crate) fn consistency(measurement: &Measurement) -> Option<&'static str> {
    let broken_parent = measurement.spans.iter().enumerate().any(|(index, node)| match node.parent {
        Some(parent) => parent.index() >= index,
        None => measurement.spans.first().is_some_and(|root| root.name != node.name),
    });
    if broken_parent {
        return Some("a span does not come after its parent, or has none");
    }
    let operations = measurement.operations.len();
    if measurement.spans.iter().filter_map(|node| node.operation).any(|operation| operation.index() >= operations) {
        return Some("a span refers to an operation that is not there");
    }
    let histograms = measurement.spans.iter().filter_map(|node| node.durations.as_ref());
    if !histograms.into_iter().all(is_ordered) {
        return Some("the buckets of a histogram are not in order");
    }
    let (spans, events) = (measurement.spans.len(), measurement.events.as_ref());
    let mut calls = events.iter().flat_map(|events| &events.events);
    if calls.any(|call| call.node.index() >= spans) {
        return Some("a call refers to a span that is not there");
    }
    let sites = measurement.sites.len();
    let uses = measurement.snapshots.iter().flat_map(|snapshot| &snapshot.sites).map(|used| used.site);
    let growth = measurement.operations.iter().flat_map(|operation| &operation.growth).map(|growth| growth.site);
    uses.chain(growth)
        .any(|site| site.index() >= sites)
        .then_some("a snapshot or an operation refers to an allocation site that is not there")
}

/// Buckets that exist, shortest first, with something in each.
fn is_ordered(histogram: &DurationHistogram) -> bool {
    let buckets = &histogram.buckets;
    buckets.is_sorted_by(|a, b| a.bucket < b.bucket)
        && buckets.iter().all(|bucket| usize::from(bucket.bucket) < BUCKETS && bucket.count > 0)
}
