//! The lists of a decoded RR map: pixel indices, and numbers nested in pairs and quadruples.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use valetudo_map_model::{Run, RunsBuilder};

use super::number::{FromJson, Number, Rounded};
use super::object::{List, unexpected_text};
use crate::grid::Window;
use crate::limits::{Budget, Limit};

/// Pixels as stretches of consecutive indices: the width of a row may be stated after them.
#[derive(Debug)]
pub(super) struct Indices<'a> {
    budget: &'a Budget<'a>,
    stretches: Vec<Stretch>,
}

/// The indices from `start` to `end`, which is not one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    start: u32,
    end: u32,
}

impl<'a> Indices<'a> {
    pub(super) const fn new(budget: &'a Budget<'a>) -> Self {
        Self { budget, stretches: Vec::new() }
    }

    /// The smallest index.
    pub(super) fn first(&self) -> Option<u32> {
        self.stretches.iter().map(|stretch| stretch.start).min()
    }

    /// The runs, now that the window is known: a stretch may cross rows. The index that lies outside it otherwise.
    pub(super) fn runs(&self, window: Window) -> Result<RunsBuilder, u32> {
        let width = u32::from(window.width());
        let mut runs = RunsBuilder::with_capacity(self.stretches.len());
        // The image is listed from the bottom row up: backwards is nearly the model's order.
        for &Stretch { mut start, end } in self.stretches.iter().rev() {
            if end > window.cells() {
                return Err(end - 1);
            }
            while start < end {
                let (row, x) = (start / width, start % width);
                let length = (end - start).min(width - x);
                let narrow = |value: u32| u16::try_from(value).ok();
                let run = narrow(row)
                    .zip(narrow(x))
                    .zip(narrow(length))
                    .and_then(|((row, x), length)| Run::new(window.column(x), window.row_from_bottom(row)?, length));
                runs.push(run.ok_or(start)?);
                start += length;
            }
        }
        Ok(runs)
    }
}

impl<'de> List<'de> for Indices<'_> {
    const WHAT: &'static str = "a list of pixel indices";

    fn elements<A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        let most = self.budget.left(Limit::Runs);
        self.stretches.clear();
        while let Some(Number(index)) = list.next_element::<Number<u32>>()? {
            let stretch = index.and_then(|start| Some(Stretch { start, end: start.checked_add(1)? }));
            let Some(Stretch { start, end }) = stretch else {
                return Err(A::Error::custom("a pixel index is not a whole number of 32 bits"));
            };
            match self.stretches.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => self.stretches.push(Stretch { start, end }),
            }
            if self.stretches.len() > most {
                break;
            }
        }
        self.budget.spend(Limit::Runs, self.stretches.len()).map_err(A::Error::custom)
    }
}

/// Millimetres, whatever the nesting: `[x, y]`, `[[x, y], …]`, `[[x0, y0, x1, y1], …]`.
#[derive(Debug)]
pub(super) struct Millimetres<'a> {
    budget: &'a Budget<'a>,
    pub(super) values: Vec<i32>,
}

impl<'a> Millimetres<'a> {
    pub(super) const fn new(budget: &'a Budget<'a>) -> Self {
        Self { budget, values: Vec::new() }
    }

    fn push<E: Error>(&mut self, value: Option<Rounded>) -> Result<(), E> {
        let Some(Rounded(value)) = value else { return Err(E::custom("a position is not a number of 32 bits")) };
        // Each point is two numbers.
        if self.values.len().is_multiple_of(2) {
            self.budget.spend(Limit::Points, 1).map_err(E::custom)?;
        }
        self.values.push(value);
        Ok(())
    }
}

impl<'de> List<'de> for Millimetres<'_> {
    const WHAT: &'static str = "a list of numbers, or of such lists";

    fn elements<A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        self.values.clear();
        while list.next_element_seed(Nested(self))?.is_some() {}
        Ok(())
    }
}

/// A number, or a list of what it can be itself. (The JSON reader bounds the depth.)
struct Nested<'a, 'b>(&'a mut Millimetres<'b>);

impl<'de> DeserializeSeed<'de> for Nested<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a list of numbers")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.0.push(Rounded::from_unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.0.push(Rounded::from_signed(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.0.push(Rounded::from_float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        Err(unexpected_text(text, &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Nested(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        // Tells a list from an object with an error that names both.
        object.next_entry::<IgnoredAny, IgnoredAny>()?;
        Err(A::Error::custom("expected a number or a list of numbers, found an object"))
    }
}
