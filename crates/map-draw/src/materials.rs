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

/// The patterns for one size of map pixels, each made when it is first needed.
pub(crate) struct Patterns {
    pixel_size: PixelSize,
    tiles: Option<Pattern>,
    planks: Option<Pattern>,
    vertical_planks: Option<Pattern>,
}

impl Patterns {
    pub(crate) const fn new(pixel_size: PixelSize) -> Self {
        Self { pixel_size, tiles: None, planks: None, vertical_planks: None }
    }

    /// Draws the seams of `material` over the pixels of `runs`. Patterns are aligned to the map's origin.
    pub(crate) fn draw(&mut self, canvas: &mut Canvas, runs: &Runs, material: Material, style: &Style) {
        let p = self.pixel_size.get();
        if matches!(material, Material::Generic | Material::Wood) {
            return;
        }
        let _span = tracing::info_span!("materials").entered();
        let (pattern, colour) = match material {
            Material::Generic | Material::Wood => return,
            Material::Tile => (self.tiles.get_or_insert_with(|| Pattern::tiles(p)), style.tile),
            Material::WoodHorizontal => (self.planks.get_or_insert_with(|| Pattern::planks(p, false)), style.wood),
            Material::WoodVertical => {
                (self.vertical_planks.get_or_insert_with(|| Pattern::planks(p, true)), style.wood)
            }
        };
        let solid = (colour.alpha() == 255).then(|| canvas.ink(colour));
        let mut seam = Recolour::new(|below| colour.seam_over(below));
        let window = canvas.window();
        for run in runs {
            let rect = self.pixel_size.to_canvas(cells(run)).intersection(window);
            for y in rect.top..rect.bottom {
                for range in pattern.seams(y, rect.left..rect.right) {
                    match solid {
                        Some(ink) => canvas.fill_row(y, range.start, range.end, ink),
                        None => canvas.recolour_row(y, range.start, range.end, &mut seam),
                    }
                }
            }
        }
    }
}

/// A repeating pattern of seams, canvas pixels.
struct Pattern {
    /// After how many columns and rows it repeats.
    period: i32,
    /// For each row of the period, where in `seams` its seams are.
    rows: Vec<Range<usize>>,
    /// The columns of seams, in order and disjoint within a row.
    seams: Vec<Range<i32>>,
}

impl Pattern {
    fn tiles(p: i32) -> Self {
        let side = TILE * p;
        let seam = seam_width(p);
        let in_joint = |at: i32| at < seam;
        Self::new(side, |y| usize::from(in_joint(y)), |x, y| in_joint(x) || in_joint(y))
    }

    /// Planks along x, or along y when `vertical`. Each is outlined inside its own rectangle; every odd row of them
    /// begins half a plank earlier; the period cuts planks, and the cut ends are outlined too.
    fn planks(p: i32, vertical: bool) -> Self {
        let (period, length, width, seam) = (PERIOD * p, LENGTH * p, WIDTH * p, seam_width(p));
        // `along` runs with the planks, `across` over their rows.
        let at_end = |along: i32, is_odd: bool| {
            let shift = if is_odd { length / 2 } else { 0 };
            let plank = (along + shift) / length;
            let start = (plank * length - shift).max(0);
            let end = ((plank + 1) * length - shift).min(period);
            along < start + seam || along >= end - seam
        };
        let at_side = |across: i32| across % width < seam || across % width >= width - seam;
        let is_odd = |across: i32| across / width % 2 == 1;
        let outlined = |along: i32, across: i32| at_end(along, is_odd(across)) || at_side(across);
        if vertical {
            let kind = |y| usize::from(at_end(y, false)) + 2 * usize::from(at_end(y, true));
            Self::new(period, kind, |x, y| outlined(y, x))
        } else {
            let kind = |y| if at_side(y) { 0 } else { 1 + usize::from(is_odd(y)) };
            Self::new(period, kind, outlined)
        }
    }

    /// The pattern whose pixel (x, y) is a seam where `is_seam` says so. Rows of the same `kind`, 0 to 3, are the same:
    /// each is looked at once.
    fn new(period: i32, kind: impl Fn(i32) -> usize, is_seam: impl Fn(i32, i32) -> bool) -> Self {
        let mut seams: Vec<Range<i32>> = Vec::new();
        let mut row = |y| {
            let first = seams.len();
            for x in (0..period).filter(|&x| is_seam(x, y)) {
                match seams.get_mut(first..).and_then(<[_]>::last_mut) {
                    Some(last) if last.end == x => last.end += 1,
                    _ => seams.push(x..x + 1),
                }
            }
            first..seams.len()
        };
        let mut kinds = [const { None }; 4];
        let rows = (0..period).map(|y| kinds[kind(y)].get_or_insert_with(|| row(y)).clone()).collect();
        Self { period, rows, seams }
    }

    /// The parts of `columns` that are seams in row `y` of the map.
    fn seams(&self, y: i32, columns: Range<i32>) -> impl Iterator<Item = Range<i32>> {
        let row = self.rows.get(y.rem_euclid(self.period) as usize).cloned().unwrap_or_default();
        let row = self.seams.get(row).unwrap_or_default();
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
