//! The fonts that a line is drawn with: the one that the user gave, and the packaged one for missing characters.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use harfrust::GlyphId;
use harfrust::font::Source;
use harfrust::font::glyph::outline::{DrawMemory, DrawOptions, PathSink};

/// The largest font file that is read, bytes. The largest in use hold all of Chinese, Japanese and Korean in several
/// weights (Noto Sans CJK's variable collection: 36 MB); something larger is not a font, and would sit in memory.
pub const MAX_FONT_BYTES: u64 = 64 << 20;

/// A font that was asked for is not used.
#[derive(Debug, thiserror::Error)]
#[error("font {}: {why}; the packaged font is used", path.display())]
pub struct FontProblem {
    /// Where it should be.
    pub path: PathBuf,
    /// The problem.
    #[source]
    pub why: FontFault,
}

/// A problem with a font file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FontFault {
    /// It is not there, or cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is a folder, a pipe or a device.
    #[error("is not a file")]
    NotAFile,
    /// It has more than [`MAX_FONT_BYTES`] bytes.
    #[error("is larger than {MAX_FONT_BYTES} bytes")]
    TooLarge,
    /// It is not a TrueType or OpenType font, or a broken one.
    #[error("is not a TrueType or OpenType font")]
    NotAFont,
}

/// A font. It can draw at least one character.
pub(crate) struct Font(harfrust::Font);

/// The box around a drawn glyph: ems, upwards from the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
}

/// One of the [`Fonts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FontId {
    Given,
    Packaged,
}

/// All fonts of a painter.
#[derive(Debug, Default)]
pub(crate) struct Fonts {
    given: Option<Given>,
    packaged: Option<Font>,
}

/// The font at a path, read and parsed once.
#[derive(Debug)]
struct Given {
    path: PathBuf,
    font: Result<Font, FontProblem>,
}

impl Fonts {
    /// The packaged font alone, ready.
    #[cfg(test)]
    pub(crate) fn packaged() -> Self {
        let mut fonts = Self::default();
        fonts.prepare(None);
        fonts
    }

    /// Makes ready the packaged font, and the one at `path`. A path is read when it was not the last one.
    pub(crate) fn prepare(&mut self, path: Option<&Path>) {
        if self.packaged.is_none() {
            self.packaged = Font::parse(dejavu::sans::regular());
        }
        if self.given.as_ref().map(|given| given.path.as_path()) != path {
            self.given = path.map(Given::read);
        }
    }

    /// Why the font that was given is not used.
    pub(crate) fn problem(&self) -> Option<&FontProblem> {
        self.given.as_ref().and_then(|given| given.font.as_ref().err())
    }

    pub(crate) fn get(&self, id: FontId) -> Option<&Font> {
        match id {
            FontId::Given => self.given.as_ref().and_then(|given| given.font.as_ref().ok()),
            FontId::Packaged => self.packaged.as_ref(),
        }
    }

    /// The first font that can draw all of these characters.
    pub(crate) fn with_all(&self, characters: impl Iterator<Item = char> + Clone) -> Option<FontId> {
        let has_all = |&id: &FontId| self.get(id).is_some_and(|font| characters.clone().all(|one| font.can_draw(one)));
        [FontId::Given, FontId::Packaged].into_iter().find(has_all)
    }
}

impl Given {
    fn read(path: &Path) -> Self {
        let font = read(path).and_then(|bytes| Font::parse(bytes).ok_or(FontFault::NotAFont));
        Self { path: path.to_owned(), font: font.map_err(|why| FontProblem { path: path.to_owned(), why }) }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, FontFault> {
    // Asked before it is opened: opening a pipe waits for somebody to write into it.
    let file = fs::metadata(path)?;
    if !file.is_file() {
        return Err(FontFault::NotAFile);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FONT_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FONT_BYTES { Err(FontFault::TooLarge) } else { Ok(bytes) }
}

impl Font {
    /// A font, or the first of a collection. A variable one in regular weight: its own default may be its thinnest.
    fn parse(bytes: impl Into<Source>) -> Option<Self> {
        const REGULAR: [(&str, f32); 1] = [("wght", 400.0)];
        let font = harfrust::Font::new(bytes, 0)?.instance_builder().variations(REGULAR).build();
        (font.charmap().has_unicode() && !font.outline_glyphs().is_empty()).then_some(Self(font))
    }

    /// For shaping, which counts in font units.
    pub(crate) fn shaper(&self) -> harfrust::ShaperFont<'_, '_> {
        harfrust::ShaperFont::new(&self.0)
    }

    /// Ems to a font unit.
    pub(crate) fn em(&self) -> f32 {
        1.0 / f32::from(self.0.units_per_em().max(1))
    }

    /// How far lines of this font reach above and below their baseline, ems.
    pub(crate) fn extent(&self) -> (f32, f32) {
        /// Of fonts in use, none reaches further; broken ones say anything.
        const FURTHEST: f32 = 2.0;
        /// Of a font that says nothing.
        const USUAL: (f32, f32) = (0.9, 0.2);
        let metrics = self.0.metrics();
        let lines = if metrics.use_typo_metrics { metrics.typo_line } else { metrics.hhea_line };
        let ems = |units: f32| (units * self.em()).clamp(0.0, FURTHEST);
        let extent = lines.map(|line| (ems(line.ascender.to_f32()), ems(-line.descender.to_f32())));
        extent.filter(|&(ascent, _)| ascent > 0.0).unwrap_or(USUAL)
    }

    /// The width of a glyph, ems.
    pub(crate) fn advance(&self, glyph: GlyphId) -> f32 {
        self.0.glyph_metrics().h_advance(glyph) * self.em()
    }

    /// The outline of a glyph; `None` when it draws nothing.
    pub(crate) fn ink(&self, glyph: GlyphId) -> Option<Ink> {
        let extents = self.0.outline_glyphs().get(glyph)?.extents().ok()?;
        let ems = |units: f32| units * self.em();
        let ink = Ink {
            left: ems(extents.x_bearing),
            right: ems(extents.x_bearing + extents.width),
            top: ems(extents.y_bearing),
            bottom: ems(extents.y_bearing - extents.height),
        };
        (ink.left < ink.right && ink.bottom < ink.top).then_some(ink)
    }

    /// Draws a glyph's outline, font units. Broken outlines end where they break.
    pub(crate) fn draw(&self, glyph: GlyphId, path: &mut dyn PathSink) {
        if let Some(outline) = self.0.outline_glyphs().get(glyph) {
            let _ = outline.draw(&DrawOptions::new(), DrawMemory::Scratch, path);
        }
    }

    /// Whether it has an outline for a character, or its gap. Fonts of coloured pictures have neither.
    fn can_draw(&self, character: char) -> bool {
        let glyph = |character| self.0.charmap().map_unicode(character);
        if character.is_whitespace() {
            // Gaps of all widths are made from this one.
            return glyph(' ').is_some();
        }
        glyph(character).is_some_and(|glyph| self.ink(glyph).is_some())
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Font").field("glyphs", &self.0.num_glyphs()).finish_non_exhaustive()
    }
}
