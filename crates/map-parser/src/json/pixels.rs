//! The pixels of a Valetudo layer: lists of numbers become runs.

use valetudo_map_model::{Run, Runs, RunsBuilder};

use super::error::Error;
use super::numbers::Numbers;
use super::reader::Reader;
use crate::limits::Limit;

/// How a list names pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `x, y, count`, over and over.
    Runs,
    /// `x, y`, over and over.
    Single,
}

impl Form {
    const fn entry(self) -> &'static str {
        match self {
            Self::Runs => "x, y, count",
            Self::Single => "x, y",
        }
    }
}

/// The runs of a list.
pub(super) fn read(reader: &mut Reader<'_>, form: Form) -> Result<Runs, Error> {
    let max = reader.budget.left(Limit::Runs);
    let mut runs = reader.memory.runs();
    let mut entries = 0usize;
    if let Some(mut numbers) = reader.numbers("a list of numbers")? {
        entries_to_runs(&mut numbers, form, max, &mut runs, &mut entries)
            .map_err(|error| error.within(format_args!("entry {}", entries + 1)))?;
    }
    reader.budget.spend(Limit::Runs, runs.len())?;
    Ok(reader.memory.finish_runs(runs))
}

/// Reads until the end of the list, or until there are more than `max` runs. Counts the entries that were right.
fn entries_to_runs(
    numbers: &mut Numbers<'_, '_>,
    form: Form,
    max: usize,
    runs: &mut RunsBuilder,
    entries: &mut usize,
) -> Result<(), Error> {
    while let Some(x) = numbers.next::<u16>()? {
        let y = numbers.next_of_entry::<u16>(form.entry())?;
        let length = match form {
            Form::Single => 1,
            Form::Runs => numbers.next_of_entry::<u16>(form.entry())?,
        };
        match Run::new(x, y, length) {
            Some(run) => runs.push(run),
            // An entry of no pixels is harmless.
            None if length == 0 => {}
            None => return Err(numbers.error("it ends beyond column 65535".to_owned())),
        }
        *entries += 1;
        if runs.len() > max {
            break;
        }
    }
    Ok(())
}
