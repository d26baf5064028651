//! The image block: one byte a cell becomes runs.

use valetudo_map_model::{Layer, Run, RunsBuilder};

use super::block::{Block, i32_at};
use crate::budget::Budget;
use crate::error::Error;
use crate::grid::{CELLS, Found, Pixels, Window};
use crate::limits::Limit;
use crate::memory::Memory;

/// Rooms that five bits can name, and 0 for none.
const SEGMENTS: usize = 32;

/// The length of the image block's header in generation 3.
const GENERATION_3: usize = 28;

/// The layers of an image block, and the part of the grid that it covers.
///
/// The upper five bits of a floor cell name its room in every generation of the format. Maps that know no rooms
/// (generation 1) set them all, so their floor is the one room 31, unless rooms are `by_generation`.
pub(super) fn layers(
    block: &Block<'_>,
    by_generation: bool,
    budget: &mut Budget<'_>,
    memory: &mut Memory,
    warn: &mut dyn FnMut(String),
) -> Result<(Vec<Layer>, Window), Error> {
    let window = window(block)?;
    let cells = usize::try_from(window.cells()).unwrap_or(usize::MAX);
    let Some(image) = block.data.get(..cells) else {
        return Err(block.error(format!("it has {} cells, expected {cells} (width x height)", block.data.len())));
    };
    if block.data.len() > cells {
        warn(format!("the image has {} bytes more than cells", block.data.len() - cells));
    }
    let has_rooms = !by_generation || block.header.len() >= GENERATION_3;
    // Twice, so that the rows of a map with rooms are read as fast as if there were no others.
    let pixels = match has_rooms {
        true => read::<true>(image, window, budget, memory),
        false => read::<false>(image, window, budget, memory),
    }?;
    budget.spend(Limit::Runs, pixels.runs())?;
    let layers = pixels.into_layers(memory.layers());
    budget.spend(Limit::Layers, layers.len())?;
    Ok((layers, window))
}

fn window(block: &Block<'_>) -> Result<Window, Error> {
    // Generation 3 counts its segments in front of the four numbers; the header's length tells.
    let length = block.header.len();
    let at = if length >= GENERATION_3 { 12 } else { 8 };
    let number = |index: usize| {
        let short = || block.error(format!("its header has {length} bytes, expected 24 or 28"));
        i32_at(block.header, at + 4 * index).map(i64::from).ok_or_else(short)
    };
    let (top, left, height, width) = (number(0)?, number(1)?, number(2)?, number(3)?);
    Window::new(left, i64::from(CELLS) - top - height, width, height).ok_or_else(|| {
        block.error(format!(
            "{width} x {height} cells at left {left}, top {top} do not fit the grid of {CELLS} x {CELLS}"
        ))
    })
}

fn read<const ROOMS: bool>(
    image: &[u8],
    window: Window,
    budget: &mut Budget<'_>,
    memory: &mut Memory,
) -> Result<Pixels, Error> {
    let mut pixels = Pixels::default();
    // The place of each room in `pixels.segments`, by its number.
    let mut places = [None; SEGMENTS];
    let width = usize::from(window.width());
    // The last row of the image is the top one: walking backwards finds runs in the model's order.
    for (row, cells) in image.chunks_exact(width.max(1)).enumerate().rev() {
        let (Ok(row), true) = (u16::try_from(row), width > 0) else { continue };
        let Some(y) = window.row_from_bottom(row) else { continue };
        let mut x = 0u16;
        let mut rest = cells;
        let mut seen_in_row = 0u32;
        while let Some(&cell) = rest.first() {
            let length = equal_at_start(rest, cell);
            // No more cells are equal than there are.
            (_, rest) = rest.split_at(length);
            let length = u16::try_from(length).unwrap_or(u16::MAX);
            let start = x;
            x = x.saturating_add(length);
            let Some(run) = Run::new(window.column(start), y, length) else { continue };
            let (kind, segment) = (cell & 7, if ROOMS { usize::from(cell >> 3) } else { 0 });
            match (kind, segment) {
                (0, _) => {}
                (1, _) => push(&mut pixels.wall, run, memory),
                (_, 0) => push(&mut pixels.floor, run, memory),
                _ => {
                    let first = u32::from(row) * u32::from(window.width()) + u32::from(start);
                    let Some(found) = room(&mut pixels, &mut places, segment, memory) else { continue };
                    // Rows come last to first, and within a row the first cell counts.
                    if seen_in_row & (1 << segment) == 0 {
                        found.first = first;
                        seen_in_row |= 1 << segment;
                    }
                    found.runs.push(run);
                }
            }
        }
        if pixels.runs() > budget.left(Limit::Runs) {
            break;
        }
    }
    Ok(pixels)
}

/// Adds a run; the first one brings the memory for all.
fn push(runs: &mut RunsBuilder, run: Run, memory: &mut Memory) {
    if runs.is_empty() {
        *runs = memory.runs();
    }
    runs.push(run);
}

fn room<'a>(
    pixels: &'a mut Pixels,
    places: &mut [Option<usize>; SEGMENTS],
    segment: usize,
    memory: &mut Memory,
) -> Option<&'a mut Found> {
    let place = places.get_mut(segment)?;
    let place = *place.get_or_insert_with(|| {
        pixels.segments.push(Found { id: memory.text(&segment.to_string()), first: 0, runs: memory.runs() });
        pixels.segments.len() - 1
    });
    pixels.segments.get_mut(place)
}

/// The number of cells at the start that are `cell`. Compares eight at a time, since most of an image is outside.
fn equal_at_start(cells: &[u8], cell: u8) -> usize {
    let (eights, _) = cells.as_chunks::<8>();
    let pattern = [cell; 8];
    let whole = 8 * eights.iter().take_while(|eight| **eight == pattern).count();
    let (_, rest) = cells.split_at(whole);
    whole + rest.iter().take_while(|next| **next == cell).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_are_counted_across_eights() {
        for length in 1..40 {
            let mut cells = vec![5; length];
            assert_eq!(equal_at_start(&cells, 5), length);
            cells.extend([6, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
            assert_eq!(equal_at_start(&cells, 5), length);
        }
    }
}
