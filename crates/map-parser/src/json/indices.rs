//! The lists of a decoded RR map: pixel indices, and numbers nested in pairs and quadruples.

use valetudo_map_model::{Run, RunsBuilder};

use super::error::Error;
use super::number::FromNumber;
use super::numbers::Numbers;
use super::reader::Reader;
use crate::grid::Window;
use crate::limits::Limit;

/// Pixels as stretches of consecutive indices: the width of a row may be stated after them.
#[derive(Debug, Default)]
pub(super) struct Indices {
    stretches: Vec<Stretch>,
}

/// The indices from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    start: u32,
    end: u32,
}

impl Indices {
    /// Reads a list of pixel indices; `null` leaves the indices as they are.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let max = reader.budget.left(Limit::Runs);
        let Some(mut numbers) = reader.numbers("a list of pixel indices")? else { return Ok(()) };
        self.stretches.clear();
        self.collect(&mut numbers, max)?;
        Ok(reader.budget.spend(Limit::Runs, self.stretches.len())?)
    }

    /// Reads until the end of the list, or until there are more than `max` stretches.
    fn collect(&mut self, numbers: &mut Numbers<'_, '_>, max: usize) -> Result<(), Error> {
        while let Some(start) = numbers.next::<u32>()? {
            let Some(end) = start.checked_add(1) else {
                return Err(numbers.error(format!("pixel index {start} lies in no image")));
            };
            match self.stretches.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => self.stretches.push(Stretch { start, end }),
            }
            if self.stretches.len() > max {
                break;
            }
        }
        Ok(())
    }

    /// The smallest index.
    pub(super) fn first(&self) -> Option<u32> {
        self.stretches.iter().map(|stretch| stretch.start).min()
    }

    /// The runs, now that the window is known: a stretch may cross rows. An index outside the window is the error.
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

/// Reads millimetres, in any nesting: `[x, y]`, `[[x, y], …]`, `[[x0, y0, x1, y1], …]`. `null` leaves them as they are.
pub(super) fn read_millimetres<T: FromNumber>(reader: &mut Reader<'_>, millimetres: &mut Vec<T>) -> Result<(), Error> {
    let mut read = Vec::new();
    if reader.list("a list of numbers, or of such lists", |reader| read_nested(reader, &mut read))? {
        *millimetres = read;
    }
    Ok(())
}

/// A number, or a list of numbers and such lists.
fn read_nested<T: FromNumber>(reader: &mut Reader<'_>, millimetres: &mut Vec<T>) -> Result<(), Error> {
    if reader.peek() == Some(b'[') {
        return reader.list("a list", |reader| read_nested(reader, millimetres)).map(drop);
    }
    let value = reader.number()?;
    // Each point is two numbers.
    if millimetres.len().is_multiple_of(2) {
        reader.budget.spend(Limit::Points, 1)?;
    }
    millimetres.push(value);
    Ok(())
}
