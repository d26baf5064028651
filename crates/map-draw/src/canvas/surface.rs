//! The canvas: a window on the map, in centimetres.

use std::ops::Range;

use valetudo_map_model::{CanvasPixel, Point, Rect, Size};

use super::palette::Palette;
use super::pixel::Pixel;
use crate::colour::Rgba;

/// A drawing surface for one window of a map.
///
/// All coordinates are the map's ([`CanvasPixel`]); only the canvas knows where its window lies. What is drawn outside of the
/// window is clipped, and what is read there is background. The map itself has borders too: outside of them there is
/// nothing, not even background.
///
/// A pixel is an [`Rgba`], or a `u8`: an index into a palette of 256 colours, for which a fourth of the memory is read and
/// written. Painting code is the same for both.
#[derive(Debug, Clone)]
pub struct Canvas<P = Rgba> {
    map: Rect<CanvasPixel>,
    window: Rect<CanvasPixel>,
    /// A canvas of RGBA pixels uses it for the background alone.
    palette: Palette,
    /// Row by row; as many as the window has.
    pub(super) pixels: Vec<P>,
}

impl<P: Pixel> Default for Canvas<P> {
    /// A canvas without pixels.
    fn default() -> Self {
        Self::new(Size::new(0, 0), Rect::EMPTY, Rgba::TRANSPARENT)
    }
}

impl Canvas<u8> {
    /// The colours that the pixels are indices of.
    #[must_use]
    pub const fn palette(&self) -> &Palette {
        &self.palette
    }
}

impl<P: Pixel> Canvas<P> {
    /// A canvas for the part of a map of size `map` that lies in `window`, filled with `background`.
    #[must_use]
    pub fn new(map: Size<CanvasPixel>, window: Rect<CanvasPixel>, background: Rgba) -> Self {
        let palette = Palette::new(background);
        let mut canvas = Self { map: Rect::EMPTY, window: Rect::EMPTY, palette, pixels: Vec::new() };
        canvas.reset(map, window, background);
        canvas
    }

    /// Makes this canvas a [new](Self::new) one, reusing memory.
    pub fn reset(&mut self, map: Size<CanvasPixel>, window: Rect<CanvasPixel>, background: Rgba) {
        if !self.restart(map, window, background) {
            self.clear_rows(self.window.top, self.window.bottom);
        }
    }

    /// Reinitialises, reusing memory. Returns whether the canvas is clear; if not, [`clear_rows`](Self::clear_rows) must be
    /// called for each row before it is painted.
    pub(crate) fn restart(&mut self, map: Size<CanvasPixel>, window: Rect<CanvasPixel>, background: Rgba) -> bool {
        self.map = map.to_rect();
        self.window = visible(window, self.map);
        self.palette.reset(background);
        let count = self.window.size().area() as usize;
        let background = P::background(&self.palette);
        if self.pixels.capacity() < count {
            // Indices of the background are zeros: the allocator gives them without a write.
            self.pixels = Vec::new();
            self.pixels = vec![background; count];
            return true;
        }
        self.pixels.resize(count, background);
        false
    }

    /// Fills the rows from `top` to `bottom` with background.
    pub(crate) fn clear_rows(&mut self, top: i32, bottom: i32) {
        let row = |y: i32| (y.clamp(self.window.top, self.window.bottom) - self.window.top) as usize * self.width();
        let rows = row(top)..row(bottom);
        if let Some(rows) = self.pixels.get_mut(rows) {
            rows.fill(P::background(&self.palette));
        }
    }

    /// Makes this canvas a copy of `other`, reusing memory.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        (self.map, self.window) = (other.map, other.window);
        self.palette.copy_from(&other.palette);
        self.pixels.clone_from(&other.pixels);
    }

    /// Makes this canvas a copy of the part of `other` that lies in `window`, reusing memory.
    pub(crate) fn copy_part(&mut self, other: &Self, window: Rect<CanvasPixel>) {
        (self.map, self.window) = (other.map, visible(window, other.window));
        self.palette.copy_from(&other.palette);
        self.pixels.clear();
        for y in self.window.top..self.window.bottom {
            let row = other.row_range(y, self.window.left, self.window.right);
            self.pixels.extend_from_slice(row.and_then(|row| other.pixels.get(row)).unwrap_or(&[]));
        }
    }

    /// Restores a region saved by [`copy_part`](Self::copy_part). Nothing outside of it may have been painted since: palette
    /// entries that are newer are dropped.
    pub(crate) fn put_back(&mut self, part: &Self) {
        let width = part.width();
        let rows = part.pixels.chunks_exact(width.max(1));
        for (to, from) in self.rows_mut(part.window).zip(rows) {
            if to.len() == from.len() {
                to.copy_from_slice(from);
            }
        }
        self.palette.truncate(part.palette.colours().len());
    }

    /// The part of the map that this canvas holds.
    #[must_use]
    pub const fn window(&self) -> Rect<CanvasPixel> {
        self.window
    }

    /// The whole map's borders.
    #[must_use]
    pub const fn map(&self) -> Rect<CanvasPixel> {
        self.map
    }

    /// The colour of pixels on which nothing was drawn.
    #[must_use]
    pub fn background(&self) -> Rgba {
        self.palette.background()
    }

    /// The pixels of the window, row by row from its top left corner.
    #[must_use]
    pub fn pixels(&self) -> &[P] {
        &self.pixels
    }

    /// The pixel that paints a colour.
    ///
    /// # Errors
    /// The palette is full. Canvases of [`Rgba`] have no palette: their inks are the colours themselves.
    pub fn ink(&mut self, colour: Rgba) -> Result<P, P::Full> {
        P::of(colour, &mut self.palette)
    }

    /// The colour of a pixel of this canvas.
    #[must_use]
    pub fn colour(&self, pixel: P) -> Rgba {
        pixel.colour(&self.palette)
    }

    /// The pixel at `point`; `None` outside of the map.
    #[must_use]
    pub fn pixel_at(&self, point: Point<CanvasPixel>) -> Option<P> {
        if !self.map.contains(point) {
            return None;
        }
        let at = self.row_range(point.y, point.x, point.x.saturating_add(1)).map(|range| range.start);
        let pixel = at.and_then(|at| self.pixels.get(at)).copied();
        Some(pixel.unwrap_or_else(|| P::background(&self.palette)))
    }

    /// The colour at `point`; `None` outside of the map.
    #[must_use]
    pub fn colour_at(&self, point: Point<CanvasPixel>) -> Option<Rgba> {
        self.pixel_at(point).map(|pixel| self.colour(pixel))
    }

    /// The colours of the palette.
    pub(crate) fn colours(&self) -> &[Rgba] {
        self.palette.colours()
    }

    /// Whether no pixel means another colour than with a palette of these colours.
    pub(crate) fn keeps_indices_of(&self, before: &[Rgba]) -> bool {
        self.colours().iter().zip(before).all(|(now, before)| now == before)
    }

    fn width(&self) -> usize {
        // A window is never negative.
        (self.window.right - self.window.left) as usize
    }

    /// The buffer range of the pixels `from..to` of row `y` that lie in the window; `None` when there are none.
    #[inline]
    pub(super) fn row_range(&self, y: i32, from: i32, to: i32) -> Option<Range<usize>> {
        let window = &self.window;
        let (from, to) = (from.max(window.left), to.min(window.right));
        if y < window.top || y >= window.bottom || from >= to {
            return None;
        }
        let row = (y - window.top) as usize * self.width();
        Some(row + (from - window.left) as usize..row + (to - window.left) as usize)
    }

    /// Paints the pixels `from..to` of row `y` with an ink of this canvas.
    #[inline]
    pub fn fill_row(&mut self, y: i32, from: i32, to: i32, ink: P) {
        debug_assert!(ink.is_in(&self.palette), "{ink:?} is an ink of another canvas");
        let Some(range) = self.row_range(y, from, to) else { return };
        if let Some(row) = self.pixels.get_mut(range) {
            P::fill(row, ink);
        }
    }

    /// Paints a rectangle.
    pub fn fill_rect(&mut self, rect: Rect<CanvasPixel>, ink: P) {
        for y in rect.top.max(self.window.top)..rect.bottom.min(self.window.bottom) {
            self.fill_row(y, rect.left, rect.right, ink);
        }
    }

    /// Paints one pixel.
    pub fn set(&mut self, point: Point<CanvasPixel>, ink: P) {
        self.fill_row(point.y, point.x, point.x.saturating_add(1), ink);
    }

    /// The part of the window that lies in `rect`, row by row from its top.
    // A call for each short line would cost more than its pixels.
    #[inline(always)]
    pub(crate) fn rows_mut(&mut self, rect: Rect<CanvasPixel>) -> impl Iterator<Item = &mut [P]> {
        let (window, width) = (self.window, self.width());
        // Positions in the window. Where nothing of `rect` is in it, ranges are empty or the wrong way round: no rows.
        let column = |x: i32| (x.clamp(window.left, window.right) - window.left) as usize;
        let row = |y: i32| (y.clamp(window.top, window.bottom) - window.top) as usize * width;
        let columns = column(rect.left)..column(rect.right);
        let rows = self.pixels.get_mut(row(rect.top)..row(rect.bottom)).unwrap_or_default();
        let rows = rows.chunks_exact_mut(width.max(1));
        rows.map(move |row| row.get_mut(columns.clone()).unwrap_or_default())
    }
}

/// The part of a rectangle that lies in another one.
fn visible(rect: Rect<CanvasPixel>, window: Rect<CanvasPixel>) -> Rect<CanvasPixel> {
    let visible = rect.intersection(window);
    if visible.is_empty() { Rect::EMPTY } else { visible }
}
