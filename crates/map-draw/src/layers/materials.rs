//! The patterns of floors: seams of wood and tiles, the pile of carpets.

use valetudo_map_model::{CanvasPixel, Material, PixelSize, Rect, Run};

use super::blocks::rect_of;
use super::masks::Mask;
use super::pattern::{Pattern, SEAM, STRETCH};
use crate::canvas::{Canvas, Pixel, Recolour};
use crate::colour::Rgba;
use crate::style::{Materials, Style};

/// The patterns for one size of map pixels. Each is made when it is first needed.
pub(crate) struct Patterns {
    pixel_size: PixelSize,
    tiles: Option<Pattern>,
    planks: Option<Pattern>,
    vertical_planks: Option<Pattern>,
    /// Those of Valetudo's interface.
    masks: Vec<(Material, Pattern)>,
}

impl Patterns {
    pub(crate) const fn new(pixel_size: PixelSize) -> Self {
        Self { pixel_size, tiles: None, planks: None, vertical_planks: None, masks: Vec::new() }
    }

    /// Draws the pattern of `material` over the pixels of `runs`. Patterns are aligned to the map's origin.
    pub(crate) fn draw<P: Pixel>(
        &mut self,
        canvas: &mut Canvas<P>,
        runs: &[Run],
        material: Material,
        style: &Style,
    ) -> Result<(), P::Full> {
        match style.materials {
            Materials::Reference => self.draw_seams(canvas, runs, material, style),
            Materials::All => self.draw_mask(canvas, runs, material, style.material),
        }
    }

    fn draw_mask<P: Pixel>(
        &mut self,
        canvas: &mut Canvas<P>,
        runs: &[Run],
        material: Material,
        colour: Rgba,
    ) -> Result<(), P::Full> {
        let (p, known) = (self.pixel_size.get(), self.masks.iter().position(|(known, _)| *known == material));
        if known.is_none() {
            let Some(mask) = Mask::of(material) else { return Ok(()) };
            self.masks.push((material, Pattern::of_mask(&mask, p)));
        }
        // A new one is the last.
        let pattern = known.map_or_else(|| self.masks.last(), |known| self.masks.get(known));
        let Some((_, pattern)) = pattern else { return Ok(()) };
        draw(canvas, runs, self.pixel_size, pattern, colour, |below| colour.area_over(below))
    }

    fn draw_seams<P: Pixel>(
        &mut self,
        canvas: &mut Canvas<P>,
        runs: &[Run],
        material: Material,
        style: &Style,
    ) -> Result<(), P::Full> {
        let p = self.pixel_size.get();
        let (pattern, colour) = match material {
            Material::Tile => (self.tiles.get_or_insert_with(|| Pattern::tiles(p)), style.tile),
            Material::WoodHorizontal => (self.planks.get_or_insert_with(|| Pattern::planks(p, false)), style.wood),
            Material::WoodVertical => {
                (self.vertical_planks.get_or_insert_with(|| Pattern::planks(p, true)), style.wood)
            }
            _ => return Ok(()),
        };
        draw(canvas, runs, self.pixel_size, pattern, colour, |below| colour.seam_over(below))
    }
}

/// Draws a pattern over the pixels of `runs`. A translucent colour is blended by `over`.
fn draw<P: Pixel>(
    canvas: &mut Canvas<P>,
    runs: &[Run],
    pixel_size: PixelSize,
    pattern: &Pattern,
    colour: Rgba,
    over: impl Fn(Rgba) -> Rgba,
) -> Result<(), P::Full> {
    let _span = tracing::info_span!("materials").entered();
    let solid = if colour.alpha() == 255 { Some(canvas.ink(colour)?) } else { None };
    let mut seam = Recolour::new(over);
    for &run in runs {
        let rect = rect_of(run, pixel_size).intersection(canvas.window());
        for left in (rect.left..rect.right).step_by(STRETCH) {
            let rect = Rect::new(left, rect.top, rect.right.min(left.saturating_add(STRETCH as i32)), rect.bottom);
            let ink = match solid {
                Some(ink) => Some(ink),
                None => match single_colour_below(pattern, canvas, rect) {
                    Some(below) => Some(seam.ink(canvas, below)?),
                    None => None,
                },
            };
            match ink {
                Some(ink) => paint(pattern, canvas, rect, ink),
                None => blend(pattern, canvas, rect, &mut seam)?,
            }
        }
    }
    Ok(())
}

/// The pixel that all of `rect` has, if it has only one and there is a seam. (A colour that no seam uses must not take a
/// place in the palette.)
fn single_colour_below<P: Pixel>(pattern: &Pattern, canvas: &mut Canvas<P>, rect: Rect<CanvasPixel>) -> Option<P> {
    let below = canvas.pixel_at(rect.top_left())?;
    let is_below = |row: &mut [P]| row.iter().fold(true, |is_same, &pixel| is_same & (pixel == below));
    let has_seam = |y| pattern.mask(y, rect.left..rect.right).contains(&SEAM);
    (canvas.rows_mut(rect).all(is_below) && (rect.top..rect.bottom).any(has_seam)).then_some(below)
}

/// Paints the seams in `rect`.
fn paint<P: Pixel>(pattern: &Pattern, canvas: &mut Canvas<P>, rect: Rect<CanvasPixel>, ink: P) {
    for (y, row) in (rect.top..rect.bottom).zip(canvas.rows_mut(rect)) {
        for (pixel, &mask) in row.iter_mut().zip(pattern.mask(y, rect.left..rect.right)) {
            // Without a branch: compilers make vector instructions of it.
            *pixel = if mask == SEAM { ink } else { *pixel };
        }
    }
}

/// Blends the seams in `rect` with the pixels below.
fn blend<P: Pixel>(
    pattern: &Pattern,
    canvas: &mut Canvas<P>,
    rect: Rect<CanvasPixel>,
    seam: &mut Recolour<P, impl Fn(Rgba) -> Rgba>,
) -> Result<(), P::Full> {
    for y in rect.top..rect.bottom {
        let mut from = rect.left;
        for part in pattern.mask(y, rect.left..rect.right).chunk_by(|a, b| a == b) {
            let to = from + part.len() as i32;
            if part.first() == Some(&SEAM) {
                seam.row(canvas, y, from, to)?;
            }
            from = to;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use valetudo_map_model::{Point, Run, Runs, Size};

    type Stripe = (i32, i32, i32);

    /// Draws the pattern at once, and pixel by pixel; compares the pictures.
    fn check<P: Pixel>(
        left: i32,
        stripes: &[Stripe],
        runs: &Runs,
        p: PixelSize,
        (materials, material): (Materials, Material),
        alpha: u8,
    ) {
        let size = Size::new(700, 36);
        let mut canvas = Canvas::<P>::new(size, Rect::new(left, 2, 680, 36), Rgba::opaque(7, 8, 9));
        for (&(y, from, to), red) in stripes.iter().zip(20..) {
            let ink = canvas.ink(Rgba::opaque(red, 0, 0)).unwrap();
            canvas.fill_row(y, from, to, ink);
        }
        let mut style = Style::default();
        (style.wood, style.tile) = (style.wood.with_alpha(alpha), style.tile.with_alpha(alpha));
        (style.material, style.materials) = (style.material.with_alpha(alpha), materials);

        let mut expected = canvas.clone();
        let pattern = match (materials, material) {
            (Materials::Reference, Material::Tile) => Some(Pattern::tiles(p.get())),
            (Materials::Reference, Material::WoodHorizontal) => Some(Pattern::planks(p.get(), false)),
            (Materials::Reference, Material::WoodVertical) => Some(Pattern::planks(p.get(), true)),
            _ => None,
        };
        let has_seam = |at: Point<CanvasPixel>| match (&pattern, materials, Mask::of(material)) {
            (Some(pattern), ..) => pattern.mask(at.y, at.x..at.x + 1) == [SEAM],
            (None, Materials::All, Some(mask)) => (mask.has)(at.x / p.get(), at.y / p.get()),
            _ => false,
        };
        for rect in runs.iter().map(|run| rect_of(run, p).intersection(canvas.window())) {
            for at in (rect.top..rect.bottom).flat_map(|y| (rect.left..rect.right).map(move |x| Point::new(x, y))) {
                if has_seam(at) {
                    let below = expected.colour_at(at).unwrap();
                    let seam = match materials {
                        Materials::Reference => style.wood.seam_over(below),
                        Materials::All => style.material.area_over(below),
                    };
                    let ink = expected.ink(seam).unwrap();
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
            materials in prop::sample::select(vec![Materials::Reference, Materials::All]),
            material in prop::sample::select(vec![
                Material::Generic, Material::Tile, Material::Wood, Material::WoodHorizontal, Material::WoodVertical,
                Material::Carpet, Material::CarpetLow, Material::CarpetHigh, Material::Unknown,
            ]),
            left in 0..300_i32,
        ) {
            let runs: Runs = runs.into_iter().filter_map(|(x, y, length)| Run::new(x, y, length)).collect();
            let p = PixelSize::new(p).unwrap();
            check::<u8>(left, &stripes, &runs, p, (materials, material), alpha);
            check::<Rgba>(left, &stripes, &runs, p, (materials, material), alpha);
        }
    }
}
