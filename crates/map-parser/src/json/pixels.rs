//! The pixels of a Valetudo layer: lists of numbers become runs.

use serde::de::{Error, SeqAccess};
use valetudo_map_model::{Run, Runs, RunsBuilder};

use super::number::Number;
use super::object::{Fault, List};
use crate::limits::{Budget, Limit};

/// How a list names pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `x, y, count`, over and over.
    Runs,
    /// `x, y`, over and over.
    Single,
}

/// The runs of one list.
#[derive(Debug)]
pub(super) struct PixelList<'a> {
    budget: &'a Budget<'a>,
    form: Form,
    runs: Runs,
    fault: Fault,
}

impl<'a> PixelList<'a> {
    pub(super) fn new(budget: &'a Budget<'a>, form: Form) -> Self {
        Self { budget, form, runs: Runs::default(), fault: Fault::default() }
    }

    /// The runs, or what was wrong with the list.
    pub(super) fn finish(self) -> Result<Runs, String> {
        self.fault.check().map(|()| self.runs)
    }
}

impl<'de> List<'de> for PixelList<'_> {
    const WHAT: &'static str = "a list of numbers";

    fn elements<A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        let mut runs = RunsBuilder::default();
        let most = self.budget.left(Limit::Runs);
        let mut count = 0usize;
        let fault = loop {
            let Some(Number(x)) = list.next_element::<Number<u16>>()? else { break None };
            let Some(Number(y)) = list.next_element::<Number<u16>>()? else { break Some(self.cut_short(count)) };
            let length = match self.form {
                Form::Single => Some(1),
                Form::Runs => match list.next_element::<Number<u16>>()? {
                    Some(Number(length)) => length,
                    None => break Some(self.cut_short(count)),
                },
            };
            count += 1;
            let (Some(x), Some(y), Some(length)) = (x, y, length) else {
                break Some(format!("entry {count} is not made of whole numbers from 0 to 65535"));
            };
            match Run::new(x, y, length) {
                Some(run) => runs.push(run),
                // No pixels, no harm.
                None if length == 0 => {}
                None => break Some(format!("entry {count} ends beyond column 65535")),
            }
            if runs.len() > most {
                break None;
            }
        };
        self.budget.spend(Limit::Runs, runs.len()).map_err(A::Error::custom)?;
        // A list that comes twice counts once, the last that has something.
        if !runs.is_empty() {
            self.runs = runs.finish();
        }
        self.fault.keep(fault, list)
    }

    fn misfit<E: Error>(&mut self) -> Result<(), E> {
        self.fault.misfit(<Self as List<'_>>::WHAT)
    }
}

impl PixelList<'_> {
    fn cut_short(&self, entries: usize) -> String {
        let form = match self.form {
            Form::Runs => "x, y, count",
            Form::Single => "x, y",
        };
        format!("it ends within entry {}, expected {form}", entries + 1)
    }
}
