//! Which of the measurements a section is made from.

use std::fmt;

use serde::Serialize;

use crate::measurement::{Measurement, Pass};

/// The measurements of a report, by pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passes<'a>(pub(super) &'a [Measurement]);

impl<'a> Passes<'a> {
    /// The measurements of one pass.
    pub(super) fn of(self, pass: Pass) -> impl Iterator<Item = &'a Measurement> {
        self.0.iter().filter(move |measurement| measurement.pass == pass)
    }

    /// The first measurement with the figures that `has` looks for: of the preferred pass, else of any.
    pub(super) fn first_with(self, preferred: Pass, has: impl Fn(&Measurement) -> bool) -> Option<&'a Measurement> {
        self.of(preferred).chain(self.0).find(|measurement| has(measurement))
    }

    /// Each pass once.
    pub(super) fn names(self) -> Vec<Pass> {
        let mut passes: Vec<Pass> = self.0.iter().map(|measurement| measurement.pass).collect();
        passes.dedup();
        passes
    }

    /// A section of one measurement, which is the first of its pass.
    pub(super) fn first_of(self, pass: Pass) -> Source {
        Source { pass, processes: self.of(pass).count(), is_all: false }
    }

    /// A section of all measurements of a pass together.
    pub(super) fn all_of(self, pass: Pass) -> Source {
        Source { is_all: true, ..self.first_of(pass) }
    }
}

/// Where the figures of a section come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// The pass.
    pub pass: Pass,
    /// How many processes ran it.
    pub processes: usize,
    /// Whether the figures are of all of them together, or of the first.
    pub is_all: bool,
}

impl Source {
    /// The sources of a table: of its `figures`, and of its heap columns if they come from elsewhere.
    pub(crate) fn beside_heap(self, figures: &str, heap: Option<Self>) -> String {
        let here = self.to_string();
        match heap.map(|heap| heap.to_string()).filter(|heap| *heap != here) {
            Some(heap) => format!("{figures}: {here}; heap: {heap}"),
            None => here,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pass", self.pass)?;
        match (self.processes, self.is_all) {
            (0 | 1, _) => Ok(()),
            (several, true) => write!(f, ", all {several} processes"),
            (several, false) => write!(f, ", first of {several} processes"),
        }
    }
}
