//! The patterns of wooden and tiled floors.

use std::ops::Range;

use valetudo_map_model::{CanvasPixel, Material, PixelSize, Rect, Run};

use crate::canvas::{Canvas, Pixel, Recolour};
use crate::colour::Rgba;
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

/// How many columns are drawn at once at most, canvas pixels.
const STRETCH: usize = 512;
/// In a mask: a pixel that is a seam …
const SEAM: u8 = 0xff;
/// … and one that is not.
const FLOOR: u8 = 0;

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
    pub(crate) fn draw<P: Pixel>(
        &mut self,
        canvas: &mut Canvas<P>,
        runs: &[Run],
        material: Material,
        style: &Style,
    ) -> Result<(), P::Full> {
        let p = self.pixel_size.get();
        if !matches!(material, Material::Tile | Material::WoodHorizontal | Material::WoodVertical) {
            return Ok(());
        }
        let _span = tracing::info_span!("materials").entered();
        let (pattern, colour) = match material {
            Material::Tile => (self.tiles.get_or_insert_with(|| Pattern::tiles(p)), style.tile),
            Material::WoodHorizontal => (self.planks.get_or_insert_with(|| Pattern::planks(p, false)), style.wood),
            Material::WoodVertical => {
                (self.vertical_planks.get_or_insert_with(|| Pattern::planks(p, true)), style.wood)
            }
            _ => return Ok(()),
        };
        let solid = if colour.alpha() == 255 { Some(canvas.ink(colour)?) } else { None };
        let mut seam = Recolour::new(|below| colour.seam_over(below));
        for &run in runs {
            let rect = self.pixel_size.to_canvas(cells(run)).intersection(canvas.window());
            for left in (rect.left..rect.right).step_by(STRETCH) {
                let rect = Rect::new(left, rect.top, rect.right.min(left.saturating_add(STRETCH as i32)), rect.bottom);
                let ink = match solid {
                    Some(ink) => Some(ink),
                    None => match pattern.single_colour_below(canvas, rect) {
                        Some(below) => Some(seam.ink(canvas, below)?),
                        None => None,
                    },
                };
                match ink {
                    Some(ink) => pattern.draw(canvas, rect, ink),
                    None => pattern.blend(canvas, rect, &mut seam)?,
                }
            }
        }
        Ok(())
    }
}

/// A repeating pattern of seams, canvas pixels.
struct Pattern {
    /// After how many columns and rows it repeats.
    period: i32,
    /// For each row of the period, where in `masks` it begins.
    rows: Vec<usize>,
    /// [`SEAM`] and [`FLOOR`], row after row, each a period and [`STRETCH`] columns long: wherever a stretch begins in
    /// the period, what it takes lies in one piece.
    masks: Vec<u8>,
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

    /// The pattern whose pixel (x, y) is a seam where `is_seam` says so. Rows of the same `kind`, 0 to 3, are the same:
    /// each is looked at once.
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
        let mut kinds = [None; 4];
        let rows = (0..period).map(|y| *kinds[kind(y)].get_or_insert_with(|| row(y))).collect();
        Self { period, rows, masks }
    }

    /// The mask of `columns` of row `y` of the map, [`STRETCH`] of them at most.
    fn mask(&self, y: i32, columns: Range<i32>) -> &[u8] {
        let row = self.rows.get(y.rem_euclid(self.period) as usize).copied().unwrap_or_default();
        let first = row + columns.start.rem_euclid(self.period) as usize;
        self.masks.get(first..first + columns.len()).unwrap_or_default()
    }

    /// The pixel that all of `rect` has, if it has only one and there is a seam. (A colour that no seam uses must not take a
    /// place in the palette.)
    fn single_colour_below<P: Pixel>(&self, canvas: &mut Canvas<P>, rect: Rect<CanvasPixel>) -> Option<P> {
        let below = canvas.pixel_at(rect.top_left())?;
        let is_below = |row: &mut [P]| row.iter().fold(true, |is_same, &pixel| is_same & (pixel == below));
        let has_seam = |y| self.mask(y, rect.left..rect.right).contains(&SEAM);
        (canvas.rows_mut(rect).all(is_below) && (rect.top..rect.bottom).any(has_seam)).then_some(below)
    }

    /// Paints the seams in `rect`.
    fn draw<P: Pixel>(&self, canvas: &mut Canvas<P>, rect: Rect<CanvasPixel>, ink: P) {
        for (y, row) in (rect.top..rect.bottom).zip(canvas.rows_mut(rect)) {
            for (pixel, &mask) in row.iter_mut().zip(self.mask(y, rect.left..rect.right)) {
                // Without a branch: compilers make vector instructions of it.
                *pixel = if mask == SEAM { ink } else { *pixel };
            }
        }
    }

    /// Blends the seams in `rect` with the pixels below.
    fn blend<P: Pixel>(
        &self,
        canvas: &mut Canvas<P>,
        rect: Rect<CanvasPixel>,
        seam: &mut Recolour<P, impl Fn(Rgba) -> Rgba>,
    ) -> Result<(), P::Full> {
        for y in rect.top..rect.bottom {
            let mut from = rect.left;
            for part in self.mask(y, rect.left..rect.right).chunk_by(|a, b| a == b) {
                let to = from + part.len() as i32;
                if part.first() == Some(&SEAM) {
                    canvas.recolour_row(y, from, to, seam)?;
                }
                from = to;
            }
        }
        Ok(())
    }
}

/// Seams are one pixel wide, two where map pixels are large.
fn seam_width(p: i32) -> i32 {
    if p > 7 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use valetudo_map_model::{Point, Run, Runs, Size};

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

    type Stripe = (i32, i32, i32);

    /// Draws the pattern at once, and pixel by pixel; compares the pictures.
    fn check<P: Pixel>(left: i32, stripes: &[Stripe], runs: &Runs, p: PixelSize, material: Material, alpha: u8) {
        let size = Size::new(700, 36);
        let mut canvas = Canvas::<P>::new(size, Rect::new(left, 2, 680, 36), Rgba::opaque(7, 8, 9));
        for (&(y, from, to), red) in stripes.iter().zip(20..) {
            let ink = canvas.ink(Rgba::opaque(red, 0, 0)).unwrap();
            canvas.fill_row(y, from, to, ink);
        }
        let mut style = Style::default();
        (style.wood, style.tile) = (style.wood.with_alpha(alpha), style.tile.with_alpha(alpha));

        let mut expected = canvas.clone();
        let pattern = match material {
            Material::Tile => Pattern::tiles(p.get()),
            _ => Pattern::planks(p.get(), material == Material::WoodVertical),
        };
        for rect in runs.iter().map(|run| p.to_canvas(cells(run)).intersection(canvas.window())) {
            for at in (rect.top..rect.bottom).flat_map(|y| (rect.left..rect.right).map(move |x| Point::new(x, y))) {
                if pattern.mask(at.y, at.x..at.x + 1) == [SEAM] {
                    let below = expected.colour_at(at).unwrap();
                    let ink = expected.ink(style.wood.seam_over(below)).unwrap();
                    expected.set(at, ink);
                }
            }
        }
        Patterns::new(p).draw(&mut canvas, runs.as_slice(), material, &style).unwrap();
        for at in (0..700 * 36).map(|i| Point::new(i % 700, i / 700)) {
            assert_eq!(canvas.colour_at(at), expected.colour_at(at), "at {at:?}");
        }
    }

    proptest! {
        #[test]
        fn seams_are_blended_pixel_by_pixel(
            runs in prop::collection::vec((0..140_u16, 0..7_u16, 1..140_u16), 1..12),
            stripes in prop::collection::vec((0..36_i32, 0..700_i32, 0..700_i32), 0..3),
            (p, alpha) in (prop::sample::select(vec![1_u32, 5, 8]), prop::sample::select(vec![255_u8, 120, 0])),
            material in prop::sample::select(vec![Material::Tile, Material::WoodHorizontal, Material::WoodVertical]),
            left in 0..300_i32,
        ) {
            let runs: Runs = runs.into_iter().filter_map(|(x, y, length)| Run::new(x, y, length)).collect();
            let p = PixelSize::new(p).unwrap();
            check::<u8>(left, &stripes, &runs, p, material, alpha);
            check::<Rgba>(left, &stripes, &runs, p, material, alpha);
        }
    }

    #[test]
    fn patterns_repeat_left_of_the_origin_too() {
        let pattern = Pattern::tiles(5);
        let seams: Vec<_> = (-21..1).zip(pattern.mask(7, -21..1)).filter(|(_, part)| **part == SEAM).collect();
        assert_eq!(seams, [(-20, &SEAM), (0, &SEAM)]);
    }
}
