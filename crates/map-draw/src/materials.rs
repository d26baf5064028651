//! The patterns of wooden and tiled floors.

use std::ops::Range;

use valetudo_map_model::{Material, PixelSize, Runs};

use crate::canvas::{Canvas, Recolour};
use crate::layers::cells;
use crate::style::Style;

/// Tiles are 4 × 4 map pixels.
const TILE: i32 = 4;
/// The pattern of planks repeats after 36 map pixels either way.
const PERIOD: i32 = 36;
/// A plank is 24 map pixels long …
const LENGTH: i32 = 24;
/// … and 3 wide.
const WIDTH: i32 = 3;

/// Draws the seams of `material` over the pixels of `runs`. Patterns are aligned to the map's origin.
pub(crate) fn draw(canvas: &mut Canvas, runs: &Runs, pixel_size: PixelSize, material: Material, style: &Style) {
    let p = pixel_size.get();
    let (pattern, colour) = match material {
        Material::Generic | Material::Wood => return,
        Material::Tile => (Pattern::tiles(p), style.tile),
        Material::WoodHorizontal => (Pattern::planks(p, false), style.wood),
        Material::WoodVertical => (Pattern::planks(p, true), style.wood),
    };
    let _span = tracing::info_span!("materials").entered();
    let mut seam = Recolour::new(|below| colour.seam_over(below));
    let window = canvas.window();
    for run in runs {
        let rect = pixel_size.to_canvas(cells(run)).intersection(window);
        for y in rect.top..rect.bottom {
            for range in pattern.seams(y, rect.left..rect.right) {
                canvas.recolour_row(y, range.start, range.end, &mut seam);
            }
        }
    }
}

/// A repeating pattern of seams, canvas pixels.
struct Pattern {
    /// After how many columns and rows it repeats.
    period: i32,
    /// For each row of the period, the columns of its seams, in order and disjoint.
    rows: Vec<Vec<Range<i32>>>,
}

impl Pattern {
    fn tiles(p: i32) -> Self {
        let side = TILE * p;
        let seam = seam_width(p);
        let row = |y| ranges(side, |x| x < seam || y < seam);
        Self { period: side, rows: (0..side).map(row).collect() }
    }

    /// Planks along x, or along y when `vertical`. Each is outlined inside its own rectangle; every odd row of them
    /// begins half a plank earlier; the period cuts planks, and the cut ends are outlined too.
    fn planks(p: i32, vertical: bool) -> Self {
        let (period, length, width, seam) = (PERIOD * p, LENGTH * p, WIDTH * p, seam_width(p));
        // `along` runs with the planks, `across` over their rows.
        let outlined = |along: i32, across: i32| {
            let row = across / width;
            let shift = if row % 2 == 1 { length / 2 } else { 0 };
            let plank = (along + shift) / length;
            let start = (plank * length - shift).max(0);
            let end = ((plank + 1) * length - shift).min(period);
            let in_row = across - row * width;
            along < start + seam || along >= end - seam || in_row < seam || in_row >= width - seam
        };
        let row = |y| ranges(period, |x| if vertical { outlined(y, x) } else { outlined(x, y) });
        Self { period, rows: (0..period).map(row).collect() }
    }

    /// The parts of `columns` that are seams in row `y` of the map.
    fn seams(&self, y: i32, columns: Range<i32>) -> impl Iterator<Item = Range<i32>> {
        let row = self.rows.get(y.rem_euclid(self.period) as usize).map_or(&[][..], Vec::as_slice);
        let repeats = columns.start.div_euclid(self.period)..=(columns.end - 1).div_euclid(self.period);
        repeats.flat_map(move |repeat| {
            let (columns, origin) = (columns.clone(), repeat * self.period);
            row.iter().map(move |seam| (seam.start + origin).max(columns.start)..(seam.end + origin).min(columns.end))
        })
    }
}

/// Seams are one pixel wide, two where map pixels are large.
fn seam_width(p: i32) -> i32 {
    if p > 7 { 2 } else { 1 }
}

/// The ranges of `0..length` in which `inside` holds.
fn ranges(length: i32, inside: impl Fn(i32) -> bool) -> Vec<Range<i32>> {
    let mut ranges: Vec<Range<i32>> = Vec::new();
    for at in (0..length).filter(|&at| inside(at)) {
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => ranges.push(at..at + 1),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(pattern: &Pattern) -> Vec<String> {
        let row = |y| {
            let seams: Vec<_> = pattern.seams(y, 0..pattern.period).collect();
            (0..pattern.period).map(|x| if seams.iter().any(|seam| seam.contains(&x)) { '#' } else { '.' }).collect()
        };
        (0..pattern.period).map(row).collect()
    }

    #[test]
    fn tiles_have_joints_on_top_and_left() {
        assert_eq!(picture(&Pattern::tiles(1)), ["####", "#...", "#...", "#..."]);
    }

    #[test]
    fn planks_are_outlined_and_shifted_by_half() {
        let rows = picture(&Pattern::planks(1, false));
        assert_eq!(rows[0], "#".repeat(36));
        assert_eq!(rows[1], "#......................##..........#");
        assert_eq!(rows[4], "#..........##......................#");
    }

    #[test]
    fn vertical_planks_are_horizontal_ones_turned() {
        let (across, down) = (picture(&Pattern::planks(2, false)), picture(&Pattern::planks(2, true)));
        let turned: Vec<String> =
            (0..72).map(|x| across.iter().map(|row| row.chars().nth(x).unwrap_or('?')).collect()).collect();
        assert_eq!(down, turned);
    }

    #[test]
    fn patterns_repeat_left_of_the_origin_too() {
        let pattern = Pattern::tiles(5);
        let seams: Vec<_> = pattern.seams(7, -21..1).filter(|seam| !seam.is_empty()).collect();
        assert_eq!(seams, [-20..-19, 0..1]);
    }
}
