//! How much of each pixel a line covers.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use harfrust::font::glyph::outline::PathSink;
use valetudo_map_model::{PicturePixel, Size};

use super::fonts::Fonts;
use super::line::Line;
use super::placement::Placement;

/// A part of a picture, and how much of each pixel in it is covered: row by row, 0 to 255.
#[derive(Debug, Default)]
pub(crate) struct Mask {
    /// First column and row, picture pixels.
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) width: usize,
    pub(crate) coverage: Vec<u8>,
}

impl Mask {
    /// Fills the outlines of a line, as far as they are inside the picture. All into one mask, so that letters which
    /// touch or overlap do not cover a pixel twice.
    pub(crate) fn fill(&mut self, line: &Line, placement: Placement, fonts: &Fonts, picture: Size<PicturePixel>) {
        let Placement { size, x, baseline } = placement;
        let columns = inside(x + line.left * size, x + line.right * size, picture.width);
        let rows = inside(baseline - line.top * size, baseline - line.bottom * size, picture.height);
        (self.left, self.top, self.width) = (columns.start, rows.start, columns.len());

        // Coverage at or beyond the right edge goes into two columns of its own.
        let mut rasterizer = Rasterizer::new(self.width + 2, rows.len());
        for glyph in &line.glyphs {
            let Some(font) = fonts.get(glyph.font) else { continue };
            let mut outline = Outline {
                width: self.width as f32,
                rasterizer: &mut rasterizer,
                scale: font.em() * size,
                origin: point(x + glyph.x * size - columns.start as f32, baseline - glyph.y * size - rows.start as f32),
                start: Point::default(),
                at: Point::default(),
            };
            font.draw(glyph.id, &mut outline);
        }
        self.coverage.clear();
        self.coverage.resize(self.width * rows.len(), 0);
        let stride = self.width + 2;
        rasterizer.for_each_pixel(|index, coverage| {
            let (row, column) = (index / stride, index % stride);
            if column < self.width
                && let Some(pixel) = self.coverage.get_mut(row * self.width + column)
            {
                *pixel = (coverage.min(1.0) * 255.0).round() as u8;
            }
        });
    }
}

/// The pixels from `from` to `to` that a picture of this many has, and one more on both sides.
fn inside(from: f32, to: f32, pixels: u32) -> std::ops::Range<usize> {
    // Values below 0 become 0.
    let end = (to.ceil() as usize).saturating_add(1).min(pixels as usize);
    let start = (from.floor() as usize).saturating_sub(1).min(end);
    start..end
}

/// Draws an outline's curves as lines, cut at the left and right edge: the rasterizer knows only the other two.
struct Outline<'a> {
    rasterizer: &'a mut Rasterizer,
    /// Of the mask, pixels.
    width: f32,
    /// Pixels to a font unit.
    scale: f32,
    /// The glyph's, in the mask.
    origin: Point,
    start: Point,
    at: Point,
}

impl Outline<'_> {
    fn in_mask(&self, x: f32, y: f32) -> Point {
        point(self.origin.x + x * self.scale, self.origin.y - y * self.scale)
    }

    fn line(&mut self, to: Point) {
        let from = std::mem::replace(&mut self.at, to);
        // In the order in which the line reaches them.
        let mut edges = [0.0, self.width].map(|edge| (edge - from.x) / (to.x - from.x));
        edges.sort_by(f32::total_cmp);
        let mut last = from;
        for part in edges.into_iter().filter(|part| (0.0..1.0).contains(part)).chain([1.0]) {
            let next = if part < 1.0 { lerp(part, from, to) } else { to };
            self.rasterizer.draw_line(self.at_edge(last), self.at_edge(next));
            last = next;
        }
    }

    /// A line beyond an edge covers as much as the edge would.
    fn at_edge(&self, Point { x, y }: Point) -> Point {
        point(x.clamp(0.0, self.width), y)
    }

    /// A curve, as so many lines that none is further from it than a fraction of a pixel.
    fn curve(&mut self, through: &[Point], point_at: impl Fn(f32) -> Point) {
        const MOST_LINES: f32 = 32.0;
        let distance = |point: &Point| (point.x - self.at.x).abs().max((point.y - self.at.y).abs());
        let reach = through.iter().map(distance).fold(0.0, f32::max);
        let lines = (1.0 + 2.0 * reach.sqrt()).min(MOST_LINES) as u16;
        for part in 1..=lines {
            self.line(point_at(f32::from(part) / f32::from(lines)));
        }
    }
}

impl PathSink for Outline<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.in_mask(x, y);
        self.at = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.line(self.in_mask(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (a, b, c) = (self.at, self.in_mask(x1, y1), self.in_mask(x, y));
        self.curve(&[b, c], |part| lerp(part, lerp(part, a, b), lerp(part, b, c)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (a, b, c, d) = (self.at, self.in_mask(x1, y1), self.in_mask(x2, y2), self.in_mask(x, y));
        let quad = |part, a, b, c| lerp(part, lerp(part, a, b), lerp(part, b, c));
        self.curve(&[b, c, d], |part| lerp(part, quad(part, a, b, c), quad(part, b, c, d)));
    }

    fn close(&mut self) {
        self.line(self.start);
    }
}

fn lerp(part: f32, from: Point, to: Point) -> Point {
    point(from.x + part * (to.x - from.x), from.y + part * (to.y - from.y))
}
