//! The patterns of floors, as masks of seams.

use std::ops::Range;

use super::masks::Mask;

/// The side of a tile, map pixels.
const TILE: i32 = 4;
/// The period of the pattern of planks along both axes, map pixels.
const PERIOD: i32 = 36;
/// The length and width of a plank, map pixels.
const LENGTH: i32 = 24;
const WIDTH: i32 = 3;

/// The largest number of columns that [`Pattern::mask`] gives at once, canvas pixels.
pub(super) const STRETCH: usize = 512;
/// In a mask: a pixel of a seam …
pub(super) const SEAM: u8 = 0xff;
/// … and one of the floor.
const FLOOR: u8 = 0;

/// More rows than any pattern has that differ: the longest period of a mask.
const KINDS: usize = 120;

/// A repeating pattern of seams, canvas pixels.
pub(super) struct Pattern {
    /// The number of columns and rows after which it repeats.
    period: i32,
    /// For each row of the period, the index in `masks` of its first pixel.
    rows: Vec<usize>,
    /// Rows of [`SEAM`] and [`FLOOR`]. Each is a period and [`STRETCH`] columns long, so that a stretch is one slice wherever in
    /// the period it begins.
    masks: Vec<u8>,
}

impl Pattern {
    pub(super) fn tiles(p: i32) -> Self {
        let side = TILE * p;
        let seam = seam_width(p);
        let in_joint = |at: i32| at < seam;
        Self::new(side, |y| usize::from(in_joint(y)), |x, y| in_joint(x) || in_joint(y))
    }

    /// Planks along x, or along y when `vertical`. Each is outlined inside its own rectangle; every odd row of them
    /// begins half a plank earlier; the period cuts planks, and the cut ends are outlined too.
    pub(super) fn planks(p: i32, vertical: bool) -> Self {
        let (period, length, width, seam) = (PERIOD * p, LENGTH * p, WIDTH * p, seam_width(p));
        // `along` runs with the planks, `across` over their rows.
        let at_end = |along: i32, is_odd: bool| {
            let ends = [0, if is_odd { length / 2 } else { length }, period];
            ends.iter().any(|end| (end - seam..end + seam).contains(&along))
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

    /// A mask of map pixels, each a block of `p` × `p` canvas pixels.
    pub(super) fn of_mask(mask: &Mask, p: i32) -> Self {
        // For each row of the mask, the first one that is equal.
        let row = |y| (0..mask.period).map(move |x| (mask.has)(x, y));
        let first_equal = |y| (0..y).find(|&earlier| row(earlier).eq(row(y))).unwrap_or(y);
        let kinds: Vec<usize> = (0..mask.period).map(|y| first_equal(y) as usize).collect();
        let kind = |y: i32| kinds[(y / p) as usize];
        Self::new(mask.period * p, kind, |x, y| (mask.has)(x / p, y / p))
    }

    /// The pattern whose pixel (x, y) is a seam where `is_seam` says so. Rows of one `kind`, a number less than [`KINDS`], are equal: each
    /// kind is computed once.
    fn new(period: i32, kind: impl Fn(i32) -> usize, is_seam: impl Fn(i32, i32) -> bool) -> Self {
        let mut masks = Vec::new();
        let mut row = |y| {
            let first = masks.len();
            masks.extend((0..period).map(|x| if is_seam(x, y) { SEAM } else { FLOOR }));
            let end = masks.len() + STRETCH;
            while masks.len() < end {
                let more = (end - masks.len()).min(masks.len() - first);
                masks.extend_from_within(first..first + more);
            }
            first
        };
        let mut kinds = [None; KINDS];
        let rows = (0..period).map(|y| *kinds[kind(y)].get_or_insert_with(|| row(y))).collect();
        Self { period, rows, masks }
    }

    /// The mask of some columns of row `y` of the map, at most [`STRETCH`] of them.
    #[inline]
    pub(super) fn mask(&self, y: i32, columns: Range<i32>) -> &[u8] {
        debug_assert!(columns.len() <= STRETCH);
        // `rows` has a row for each of the period, and each mask is a period and a stretch long.
        let first = self.rows[y.rem_euclid(self.period) as usize] + columns.start.rem_euclid(self.period) as usize;
        &self.masks[first..first + columns.len()]
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
        let row =
            |y| pattern.mask(y, 0..pattern.period).iter().map(|&part| if part == SEAM { '#' } else { '.' }).collect();
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
        let seams: Vec<_> = (-21..1).zip(pattern.mask(7, -21..1)).filter(|(_, part)| **part == SEAM).collect();
        assert_eq!(seams, [(-20, &SEAM), (0, &SEAM)]);
    }
}
