//! Draws status texts into pictures, and remembers the last one.

use std::path::PathBuf;

use valetudo_map_crop::RgbaPixel;
use valetudo_map_model::{PicturePixel, Rect, Size};

use super::StatusText;
use super::blend::over;
use super::fonts::{FontProblem, Fonts};
use super::line::{Line, write_line};
use super::mask::Mask;
use super::placement::Placement;
use crate::options::{LabelPosition, Labels};

/// Draws status texts into pictures.
///
/// It keeps its fonts, and what the last text covered: the same text in a picture of the same size is only blended,
/// without shaping and without allocating.
#[derive(Debug, Default)]
pub struct TextPainter {
    fonts: Fonts,
    drawn: Option<Drawn>,
    mask: Mask,
    line: String,
}

/// What a mask was filled from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Drawn {
    line: String,
    language: &'static str,
    size: u32,
    position: LabelPosition,
    font: Option<PathBuf>,
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
        let Mask { left, top, width, ref coverage } = self.mask;
        if width == 0 {
            return;
        }
        let rows = pixels.chunks_exact_mut(picture.width as usize).skip(top);
        for (row, coverage) in rows.zip(coverage.chunks_exact(width)) {
            for (pixel, &coverage) in row.iter_mut().skip(left).zip(coverage) {
                if coverage > 0 {
                    *pixel = over(labels.colour.0, coverage, *pixel);
                }
            }
        }
    }

    /// A rectangle that holds what the last text changed.
    pub(crate) fn area(&self) -> Rect<PicturePixel> {
        let Mask { left, top, width, ref coverage } = self.mask;
        let rows = coverage.len().checked_div(width).unwrap_or_default();
        let side = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        Rect::new(side(left), side(top), side(left + width), side(top + rows))
    }

    /// Why the font that the last labels named was not used.
    #[must_use]
    pub fn font_problem(&self) -> Option<&FontProblem> {
        self.fonts.problem()
    }

    /// Fills the mask, unless it is the one that is wanted.
    fn prepare(&mut self, text: &StatusText, labels: &Labels, picture: Size<PicturePixel>) {
        write_line(text, &mut self.line);
        let known = self.drawn.as_ref().is_some_and(|drawn| {
            (drawn.size, drawn.position, drawn.picture) == (text.size, labels.position, picture)
                && drawn.line == self.line
                && drawn.language == text.language
                && drawn.font == labels.font
        });
        if known {
            return;
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
            picture,
        });
    }
}
