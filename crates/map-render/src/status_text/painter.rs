//! Draws status texts into pictures, and remembers the last one.

use std::path::PathBuf;

use valetudo_map_crop::RgbaPixel;
use valetudo_map_draw::Rgba;
use valetudo_map_model::{PicturePixel, Rect, Size};

use super::blend::over;
use super::composition::StatusText;
use super::fonts::{FontProblem, Fonts};
use super::line::{Line, write_line};
use super::mask::Mask;
use super::placement::Placement;
use crate::options::{LabelPosition, Labels};

/// Draws status texts into pictures.
///
/// It keeps its fonts, and the mask of the last text: the same text in a picture of the same size is only blended,
/// without shaping and without allocating.
#[derive(Debug, Default)]
pub struct TextPainter {
    fonts: Fonts,
    drawn: Option<Drawn>,
    mask: Mask,
    line: String,
}

/// The source of the last text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Drawn {
    line: String,
    language: &'static str,
    size: u32,
    position: LabelPosition,
    font: Option<PathBuf>,
    colour: Rgba,
    picture: Size<PicturePixel>,
}

impl TextPainter {
    /// Lays a text over a picture: one line in the labels' font and colour, at their position. Whether labels are shown
    /// at all is not asked.
    ///
    /// `pixels` are the picture's rows from the top, not premultiplied; fewer than `picture` says are drawn on as far as
    /// they go. The line begins 10 pixels from the left edge; its top is 10 pixels below the picture's, or as far above the
    /// bottom as it is high and 20 pixels more. Where a text is wider than the picture less both margins, or higher
    /// than the picture, it is made smaller until it is not, down to 1 pixel to the em. Of more than 1024 characters
    /// the rest is left out, and "…" stands for it.
    ///
    /// Words are shaped and ordered as their scripts want it. What the labels' font lacks comes from the packaged one, and
    /// what that lacks too is a box. A font that cannot be read is [said](Self::font_problem), not tried again until the
    /// labels name another.
    pub fn paint(&mut self, text: &StatusText, labels: &Labels, pixels: &mut [RgbaPixel], picture: Size<PicturePixel>) {
        let _span = tracing::info_span!("status_text").entered();
        if picture.width == 0 || picture.height == 0 {
            return;
        }
        self.prepare(text, labels, picture);
        let Mask { left, top, width, .. } = self.mask;
        let rows = pixels.chunks_exact_mut(picture.width as usize).skip(top);
        self.blend(labels.colour, rows.map(|row| &mut row[left..left + width]));
    }

    /// Blends the text into rows of the pixels of its area.
    pub(crate) fn blend<'a>(&self, colour: Rgba, rows: impl Iterator<Item = &'a mut [RgbaPixel]>) {
        if self.mask.width == 0 {
            return;
        }
        for (row, coverage) in rows.zip(self.mask.coverage.chunks_exact(self.mask.width)) {
            for (pixel, &coverage) in row.iter_mut().zip(coverage) {
                if coverage > 0 {
                    *pixel = over(colour.0, coverage, *pixel);
                }
            }
        }
    }

    /// The rectangle that the last text can change, inside of the picture; empty if it can change nothing.
    pub(crate) fn area(&self) -> Rect<PicturePixel> {
        let Mask { left, top, width, ref coverage } = self.mask;
        if coverage.is_empty() {
            return Rect::EMPTY;
        }
        // A mask is as large as a picture at most.
        let side = |length: usize| length as i32;
        Rect::new(side(left), side(top), side(left + width), side(top + coverage.len() / width))
    }

    /// Its fonts, which other texts can be drawn with.
    pub(crate) const fn fonts(&mut self) -> &mut Fonts {
        &mut self.fonts
    }

    /// Why the font that the last labels named was not used.
    #[must_use]
    pub fn font_problem(&self) -> Option<&FontProblem> {
        self.fonts.problem()
    }

    /// Makes the mask of a text; `false` if text and colour are those of the last one.
    pub(crate) fn prepare(&mut self, text: &StatusText, labels: &Labels, picture: Size<PicturePixel>) -> bool {
        write_line(text, &mut self.line);
        let mut known_colour = None;
        let known = self.drawn.as_mut().is_some_and(|drawn| {
            known_colour = Some(std::mem::replace(&mut drawn.colour, labels.colour));
            (drawn.size, drawn.position, drawn.picture) == (text.size, labels.position, picture)
                && drawn.line == self.line
                && drawn.language == text.language
                && drawn.font == labels.font
        });
        if known {
            return known_colour != Some(labels.colour);
        }
        self.fonts.prepare(labels.font.as_deref());
        let line = Line::new(&self.line, text.language, &self.fonts);
        if line.glyphs.is_empty() {
            self.mask = Mask::default();
        } else {
            let placement = Placement::new(&line, text.size, labels.position, picture);
            self.mask.fill(&line, placement, &self.fonts, picture);
        }
        self.drawn = Some(Drawn {
            line: self.line.clone(),
            language: text.language,
            size: text.size,
            position: labels.position,
            font: labels.font.clone(),
            colour: labels.colour,
            picture,
        });
        true
    }
}
