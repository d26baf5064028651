//! The canvas: a window on the map, in centimetres.

use std::ops::Range;

use ndarray::ArrayView2;
use valetudo_map_model::{CanvasPixel, Point, Rect, Size};

use crate::colour::Rgba;
use crate::palette::Palette;

mod recolour;

pub(crate) use recolour::Recolour;

/// A drawing surface for one window of a map.
///
/// All coordinates are the map's ([`CanvasPixel`]); only the canvas knows where its window lies. What is drawn outside of the
/// window is cut off, and what is read there is background, so the window must hold everything that is drawn.
/// The map itself has borders too: outside of them there is nothing, not even background.
///
/// Pixels are numbers of a palette, one byte each, as long as the colours fit in 256; the canvas turns itself into four
/// bytes a pixel when a 257th is needed.
#[derive(Debug, Clone)]
pub struct Canvas {
    map: Rect<CanvasPixel>,
    window: Rect<CanvasPixel>,
    /// Width of the window, as an index.
    width: usize,
    palette: Palette,
    indices: Vec<u8>,
    /// Used instead of `indices` once the palette is full; empty before.
    colours: Vec<Rgba>,
    full: bool,
}

/// A colour that is ready to be painted on the canvas that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink {
    colour: Rgba,
    index: u8,
}

/// The pixels of a canvas: rows of the window, top to bottom.
#[derive(Debug, Clone)]
pub enum Pixels<'a> {
    /// Numbers of colours.
    Indexed {
        /// Rows × columns.
        indices: ArrayView2<'a, u8>,
        /// The colours; 0 is the background.
        palette: &'a [Rgba],
    },
    /// Colours.
    Full {
        /// Rows × columns.
        colours: ArrayView2<'a, Rgba>,
        /// The background among them.
        background: Rgba,
    },
}

impl Canvas {
    /// A canvas for the part of a map of size `map` that lies in `window`, filled with `background`.
    #[must_use]
    pub fn new(map: Size<CanvasPixel>, window: Rect<CanvasPixel>, background: Rgba) -> Self {
        let mut canvas = Self {
            map: Rect::EMPTY,
            window: Rect::EMPTY,
            width: 0,
            palette: Palette::new(background),
            indices: Vec::new(),
            colours: Vec::new(),
            full: false,
        };
        canvas.reset(map, window, background);
        canvas
    }

    /// Starts anew, in the memory that there is.
    pub fn reset(&mut self, map: Size<CanvasPixel>, window: Rect<CanvasPixel>, background: Rgba) {
        if !self.restart(map, window, background) {
            self.clear_rows(self.window.top, self.window.bottom);
        }
    }

    /// Starts anew, in the memory that there is, but may leave in it what was drawn before: `false` if it does, and each
    /// row is to be [cleared](Self::clear_rows) before something is drawn there.
    pub(crate) fn restart(&mut self, map: Size<CanvasPixel>, window: Rect<CanvasPixel>, background: Rgba) -> bool {
        self.map = map.to_rect();
        self.window = window.intersection(self.map);
        if self.window.is_empty() {
            self.window = Rect::EMPTY;
        }
        let size = self.window.size();
        self.width = size.width as usize;
        self.palette.reset(background);
        self.full = false;
        self.colours.clear();
        let pixels = self.width * size.height as usize;
        if self.indices.capacity() < pixels {
            // Fresh memory comes as zeros, and costs nothing until it is written.
            self.indices = Vec::new();
            self.indices = vec![0; pixels];
            return true;
        }
        self.indices.resize(pixels, 0);
        false
    }

    /// Makes the rows from `top` to `bottom` background.
    pub(crate) fn clear_rows(&mut self, top: i32, bottom: i32) {
        let row = |y: i32| y.clamp(self.window.top, self.window.bottom).abs_diff(self.window.top) as usize * self.width;
        let rows = row(top)..row(bottom);
        if self.full {
            let background = self.background();
            self.colours.get_mut(rows).unwrap_or_default().fill(background);
        } else {
            self.indices.get_mut(rows).unwrap_or_default().fill(0);
        }
    }

    /// Makes this canvas a copy of `other`, in the memory that there is.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        (self.map, self.window, self.width, self.full) = (other.map, other.window, other.width, other.full);
        self.palette.copy_from(&other.palette);
        self.indices.clone_from(&other.indices);
        self.colours.clone_from(&other.colours);
    }

    /// Makes this canvas a copy of the part of `other` that lies in `window`, in the memory that there is.
    pub(crate) fn copy_part(&mut self, other: &Self, window: Rect<CanvasPixel>) {
        (self.map, self.window, self.full) = (other.map, window.intersection(other.window), other.full);
        if self.window.is_empty() {
            self.window = Rect::EMPTY;
        }
        self.width = self.window.size().width as usize;
        self.palette.copy_from(&other.palette);
        self.indices.clear();
        self.colours.clear();
        for y in self.window.top..self.window.bottom {
            let Some(row) = other.row_range(y, self.window.left, self.window.right) else { continue };
            if self.full {
                self.colours.extend_from_slice(other.colours.get(row).unwrap_or_default());
            } else {
                self.indices.extend_from_slice(other.indices.get(row).unwrap_or_default());
            }
        }
    }

    /// Puts back a part that was [copied](Self::copy_part) from this canvas. What was painted since then must lie
    /// in that part: its colours are forgotten too.
    pub(crate) fn put_back(&mut self, part: &Self) {
        for (y, row) in (part.window.top..part.window.bottom).zip(0..) {
            let Some(to) = self.row_range(y, part.window.left, part.window.right) else { continue };
            let from = row * part.width..(row + 1) * part.width;
            match (self.full, part.full) {
                (false, _) => copy_row(&mut self.indices, to, &part.indices, from),
                (true, true) => copy_row(&mut self.colours, to, &part.colours, from),
                // The palette was full since then, but it still knows the numbers of before.
                (true, false) => {
                    let to = self.colours.get_mut(to).unwrap_or_default();
                    for (to, &index) in to.iter_mut().zip(part.indices.get(from).unwrap_or_default()) {
                        *to = self.palette.colour(index);
                    }
                }
            }
        }
        if !self.full {
            self.palette.truncate(part.palette.colours().len());
        }
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

    /// Whether it holds four bytes a pixel.
    pub(crate) const fn is_full(&self) -> bool {
        self.full
    }

    /// The colour of what nothing was drawn on.
    #[must_use]
    pub fn background(&self) -> Rgba {
        self.palette.colour(0)
    }

    /// What was drawn.
    #[must_use]
    pub fn pixels(&self) -> Pixels<'_> {
        let shape = (self.window.size().height as usize, self.width);
        // The buffers always have the window's size: `empty` is what a window without pixels gives.
        if self.full {
            let colours = ArrayView2::from_shape(shape, &self.colours).unwrap_or_else(|_| empty(&[]));
            Pixels::Full { colours, background: self.background() }
        } else {
            let indices = ArrayView2::from_shape(shape, &self.indices).unwrap_or_else(|_| empty(&[]));
            Pixels::Indexed { indices, palette: self.palette.colours() }
        }
    }

    /// Makes a colour ready for painting.
    pub fn ink(&mut self, colour: Rgba) -> Ink {
        if self.full {
            return Ink { colour, index: 0 };
        }
        match self.palette.index(colour) {
            Some(index) => Ink { colour, index },
            None => {
                self.leave_palette();
                Ink { colour, index: 0 }
            }
        }
    }

    #[cold]
    fn leave_palette(&mut self) {
        let palette = &self.palette;
        self.colours.clear();
        self.colours.extend(self.indices.iter().map(|&index| palette.colour(index)));
        // Four bytes a pixel are enough.
        self.indices = Vec::new();
        self.full = true;
    }

    /// The colour at `point`; `None` outside of the map.
    #[must_use]
    pub fn colour_at(&self, point: Point<CanvasPixel>) -> Option<Rgba> {
        if !self.map.contains(point) {
            return None;
        }
        let Some(at) = self.offset(point) else { return Some(self.background()) };
        if self.full {
            self.colours.get(at).copied()
        } else {
            self.indices.get(at).map(|&index| self.palette.colour(index))
        }
    }

    fn offset(&self, point: Point<CanvasPixel>) -> Option<usize> {
        if !self.window.contains(point) {
            return None;
        }
        let (x, y) = (point.x - self.window.left, point.y - self.window.top);
        Some(y as usize * self.width + x as usize)
    }

    /// The buffer range of the pixels `from..to` of row `y` that lie in the window; `None` when there are none.
    #[inline]
    fn row_range(&self, y: i32, from: i32, to: i32) -> Option<Range<usize>> {
        let window = &self.window;
        let (from, to) = (from.max(window.left), to.min(window.right));
        if y < window.top || y >= window.bottom || from >= to {
            return None;
        }
        let row = (y - window.top) as usize * self.width;
        Some(row + (from - window.left) as usize..row + (to - window.left) as usize)
    }

    /// Paints the pixels `from..to` of row `y`.
    #[inline]
    pub fn fill_row(&mut self, y: i32, from: i32, to: i32, ink: Ink) {
        let Some(range) = self.row_range(y, from, to) else { return };
        if self.full {
            if let Some(row) = self.colours.get_mut(range) {
                row.fill(ink.colour);
            }
        } else if let Some(row) = self.indices.get_mut(range) {
            fill(row, ink.index);
        }
    }

    /// Paints a rectangle.
    pub fn fill_rect(&mut self, rect: Rect<CanvasPixel>, ink: Ink) {
        for y in rect.top.max(self.window.top)..rect.bottom.min(self.window.bottom) {
            self.fill_row(y, rect.left, rect.right, ink);
        }
    }

    /// The part of the window that lies in `rect`, row by row, as numbers of colours, and that of `ink`; `None` where
    /// the canvas holds four bytes a pixel.
    pub(crate) fn index_rows(
        &mut self,
        rect: Rect<CanvasPixel>,
        ink: Ink,
    ) -> Option<(u8, impl Iterator<Item = &mut [u8]>)> {
        let (window, rect) = (self.window, rect.intersection(self.window));
        if self.full || rect.is_empty() {
            return None;
        }
        let rows = (rect.top - window.top) as usize * self.width..(rect.bottom - window.top) as usize * self.width;
        let columns = (rect.left - window.left) as usize..(rect.right - window.left) as usize;
        let rows = self.indices.get_mut(rows)?.chunks_exact_mut(self.width);
        Some((ink.index, rows.map(move |row| row.get_mut(columns.clone()).unwrap_or_default())))
    }

    /// Paints one pixel.
    pub fn set(&mut self, point: Point<CanvasPixel>, ink: Ink) {
        self.fill_row(point.y, point.x, point.x.saturating_add(1), ink);
    }
}

/// Fills part of a row: most are too short to be worth a call of `memset`.
#[inline]
pub(crate) fn fill(row: &mut [u8], value: u8) {
    match row.len() {
        0 => {}
        // As many writes for one pixel as for three: nothing to guess.
        length @ 1..4 => {
            for at in [0, length / 2, length - 1] {
                row[at] = value;
            }
        }
        4..8 => fill_ends::<4>(row, value),
        8..16 => fill_ends::<8>(row, value),
        16..=32 => fill_ends::<16>(row, value),
        _ => row.fill(value),
    }
}

/// Fills a row of `N` to `2 · N` pixels.
#[inline]
fn fill_ends<const N: usize>(row: &mut [u8], value: u8) {
    if let Some(start) = row.first_chunk_mut::<N>() {
        *start = [value; N];
    }
    if let Some(end) = row.last_chunk_mut::<N>() {
        *end = [value; N];
    }
}

/// Replaces the pixels `to` of a canvas by the pixels `from` of another.
fn copy_row<P: Copy>(pixels: &mut [P], to: Range<usize>, other: &[P], from: Range<usize>) {
    if let (Some(to), Some(from)) = (pixels.get_mut(to), other.get(from))
        && to.len() == from.len()
    {
        to.copy_from_slice(from);
    }
}

fn empty<T>(nothing: &[T]) -> ArrayView2<'_, T> {
    ArrayView2::from_shape((0, 0), nothing).unwrap_or_else(|_| ndarray::aview2::<T, 0>(&[]))
}
