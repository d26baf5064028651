//! A line as glyphs, each in its place: independent of the size in which it is drawn.

use harfrust::{Buffer, Direction, GlyphId, Language, Script, ShapeOptions, Tag, shape};
use unicode_bidi::ParagraphBidiInfo;

use super::composition::{CHARGING, StatusText};
use super::fonts::{Font, FontId, Fonts, Ink};
use super::runs::{Run, is_invisible, runs};

/// The most characters of a line that are drawn. At the smallest readable size, some eight pixels, so many are wider than any
/// screen. Names can be longer, and this bounds the time of shaping them.
pub(crate) const MOST_CHARACTERS: usize = 1024;

/// Stands for the part that is left out.
const ELLIPSIS: char = '…';

/// Keeps the battery's signs and its number together, where they would be taken for words of two directions.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// Languages that are read from right to left, of those that a status text can have.
const RIGHT_TO_LEFT: [&str; 1] = ["ar"];

/// A glyph, and where its origin stands: ems from the beginning of the line, upwards from its baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) font: FontId,
    pub(crate) id: GlyphId,
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// Glyphs from left to right, and the room that they take: ems, upwards from the baseline.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) glyphs: Vec<Glyph>,
    /// Of the fonts: where the line's own height ends.
    pub(crate) ascent: f32,
    /// The height of the drawn glyphs or of the line itself, whichever is larger.
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) top: f32,
    pub(crate) bottom: f32,
    /// Whether a box stands for a character that no font has.
    pub(crate) has_boxes: bool,
}

/// Replaces `line` by the characters that are drawn: on one line, and not too many.
pub(crate) fn write_line(text: &StatusText, line: &mut String) {
    line.clear();
    let mut room = MOST_CHARACTERS;
    for part in &text.parts {
        if is_right_to_left(text.language) && part.starts_with(CHARGING) {
            line.push(LEFT_TO_RIGHT);
        }
        let mut characters = part.chars().map(on_one_line);
        line.extend(characters.by_ref().take(room).inspect(|_| room -= 1));
        if characters.next().is_some() {
            line.push(ELLIPSIS);
            return;
        }
    }
}

pub(crate) fn is_right_to_left(language: &str) -> bool {
    RIGHT_TO_LEFT.contains(&language)
}

/// Line breaks and tabs are gaps; other control characters have no look of their own. A name that turns the direction of
/// text by hand would turn the rest of the line with it: what does so is replaced by nothing that can be seen.
pub(crate) fn on_one_line(character: char) -> char {
    const NOTHING: char = '\u{2060}';
    match character {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => NOTHING,
        '\u{2028}' | '\u{2029}' => ' ',
        gap if gap.is_control() && gap.is_whitespace() => ' ',
        control if control.is_control() => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

impl Line {
    /// Shapes a line of a language's words. Fonts that it needs must have been prepared.
    pub(crate) fn new(line: &str, language: &str, fonts: &Fonts) -> Self {
        Self::shape(line, language, is_right_to_left(language), fonts)
    }

    /// Shapes a line that has the direction of its first letter: a name stands alone.
    pub(crate) fn of_name(name: &str, language: &str, fonts: &Fonts) -> Self {
        let right_to_left = ParagraphBidiInfo::new(name, None).paragraph_level.is_rtl();
        Self::shape(name, language, right_to_left, fonts)
    }

    fn shape(line: &str, language: &str, right_to_left: bool, fonts: &Fonts) -> Self {
        let mut shaped = Self::default();
        let language_tag = Language::new(language);
        let mut pen = 0.0;
        let mut buffer = Buffer::new();
        for run in runs(line, right_to_left, fonts) {
            let Some(font) = fonts.get(run.font.unwrap_or(FontId::Packaged)) else { continue };
            shaped.make_room(font);
            if let Some(id) = run.font {
                fill(&mut buffer, line, &run, language_tag.as_ref());
                // Fails only where the direction is not set.
                let _ = shape(&font.shaper(), &mut buffer, ShapeOptions::new());
                shaped.push_shaped(&mut pen, id, font, &buffer);
            } else {
                shaped.push_boxes(&mut pen, font, line.get(run.range).unwrap_or_default());
            }
        }
        shaped.right = shaped.right.max(pen);
        shaped
    }

    fn make_room(&mut self, font: &Font) {
        let (ascent, descent) = font.extent();
        self.ascent = self.ascent.max(ascent);
        self.top = self.top.max(ascent);
        self.bottom = self.bottom.min(-descent);
    }

    fn push_shaped(&mut self, pen: &mut f32, id: FontId, font: &Font, glyphs: &Buffer) {
        let ems = |units: i32| units as f32 * font.em();
        for (info, position) in glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()) {
            let glyph = GlyphId::new(info.glyph_id);
            self.push(Glyph { font: id, id: glyph, x: *pen + ems(position.x_offset), y: ems(position.y_offset) }, font);
            // Broken fonts go backwards.
            *pen += ems(position.x_advance).max(0.0);
        }
    }

    /// One box for each character that no font has, in no need of order: they look the same.
    fn push_boxes(&mut self, pen: &mut f32, font: &Font, characters: &str) {
        const BOX: GlyphId = GlyphId::NOTDEF;
        let advance = font.advance(BOX);
        self.has_boxes |= characters.chars().any(|character| !is_invisible(character));
        for _ in characters.chars().filter(|&character| !is_invisible(character)) {
            self.push(Glyph { font: FontId::Packaged, id: BOX, x: *pen, y: 0.0 }, font);
            *pen += advance;
        }
    }

    fn push(&mut self, glyph: Glyph, font: &Font) {
        // Broken fonts draw further out than this; that is cut off.
        const FURTHEST: f32 = 1.0;
        let Some(Ink { left, right, top, bottom }) = font.ink(glyph.id) else { return };
        self.left = self.left.min((glyph.x + left).max(-FURTHEST));
        self.right = self.right.max((glyph.x + right).min(glyph.x + 1.0 + FURTHEST));
        self.top = self.top.max((glyph.y + top).min(1.0 + FURTHEST));
        self.bottom = self.bottom.min((glyph.y + bottom).max(-FURTHEST));
        self.glyphs.push(glyph);
    }
}

fn fill(buffer: &mut Buffer, line: &str, run: &Run, language: Option<&Language>) {
    debug_assert!(line.get(run.range.clone()).is_some(), "a run is a part of its line");
    let (before, rest) = line.split_at_checked(run.range.start).unwrap_or_default();
    let (text, after) = rest.split_at_checked(run.range.len()).unwrap_or_default();
    buffer.clear();
    buffer.push_str(text);
    // Letters join across a change of font.
    buffer.set_pre_context(before);
    buffer.set_post_context(after);
    buffer.set_direction(if run.right_to_left { Direction::RightToLeft } else { Direction::LeftToRight });
    let tag = Tag::new_checked(run.script.short_name().as_bytes()).ok();
    buffer.set_script(tag.and_then(Script::from_iso15924_tag));
    buffer.set_language(language.cloned());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(line: &str, language: &str) -> Vec<u32> {
        Line::new(line, language, &Fonts::packaged()).glyphs.iter().map(|glyph| glyph.id.to_u32()).collect()
    }

    /// Each character's glyph by itself, gaps left out.
    fn alone(characters: &str) -> Vec<u32> {
        characters.chars().flat_map(|character| ids(&character.to_string(), "en")).collect()
    }

    fn written(parts: &[&str], language: &'static str) -> String {
        let parts = parts.iter().map(|&part| part.to_owned()).collect();
        let mut line = "what was there before".to_owned();
        write_line(&StatusText { parts, size: 20, language }, &mut line);
        line
    }

    #[test]
    fn arabic_letters_join() {
        // Beh, teh, theh: each joins the next, none looks as it does alone.
        let joined = ids("بتث", "ar");
        assert_eq!(joined.len(), 3);
        assert!(joined.iter().zip(alone("ثتب")).all(|(joined, alone)| *joined != alone), "{joined:?}");
        // Lam and alef become one.
        assert_eq!(ids("لا", "ar").len(), 1);
    }

    #[test]
    fn arabic_comes_from_right_to_left_in_every_line() {
        // Letters that never join keep their own glyphs: reh, dal, waw.
        let read = "ردو";
        let seen: Vec<u32> = alone(read).into_iter().rev().collect();
        for language in ["ar", "en"] {
            assert_eq!(ids(read, language), seen);
        }
        // The first word stands at the right of a line in Arabic, at the left of one in English.
        let name = alone("ab:");
        assert_eq!(ids("ab: ردو", "en"), [name.clone(), seen.clone()].concat());
        assert_eq!(ids("ab: ردو", "ar"), [&seen[..], &alone(":ab")[..]].concat());
        // Numbers are read from left to right in both.
        assert_eq!(ids("ردو 63", "ar"), [&alone("63")[..], &seen[..]].concat());
    }

    #[test]
    fn brackets_are_turned_round_with_the_text_in_them() {
        assert_eq!(ids("ر (د)", "ar"), alone("(د)ر"));
    }

    #[test]
    fn the_battery_stays_together_in_arabic() {
        let line = written(&["ر", " · ", "∑Ϟ ", "63%"], "ar");
        assert_eq!(ids(&line, "ar"), alone("∑Ϟ63%·ر"));
    }

    #[test]
    fn a_line_has_no_breaks_and_no_control_characters() {
        assert_eq!(written(&["a\tb\r\nc", "\0d\u{1b}\u{85}\u{2029}e"], "en"), "a b  c\u{fffd}d\u{fffd}  e");
    }

    #[test]
    fn a_name_cannot_turn_the_line_round() {
        let line = written(&["\u{202e}ab\u{2067}: Docked"], "en");
        assert_eq!(ids(&line, "en"), alone("ab:Docked"));
    }

    #[test]
    fn a_long_line_ends_in_an_ellipsis() {
        let long = "x".repeat(MOST_CHARACTERS - 1);
        assert_eq!(written(&[&long, "y"], "en"), format!("{long}y"));
        assert_eq!(written(&[&long, "y", "", "z"], "en"), format!("{long}y…"));
        assert_eq!(written(&[&long, "yz"], "en"), format!("{long}y…"));
    }

    #[test]
    fn what_the_given_font_lacks_comes_from_the_packaged_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("serif.ttf");
        std::fs::write(&path, dejavu::serif::regular()).unwrap();
        let mut fonts = Fonts::default();
        fonts.prepare(Some(&path));
        let of = |line: &str| Line::new(line, "en", &fonts).glyphs.iter().map(|glyph| glyph.font).collect::<Vec<_>>();
        use FontId::{Given, Packaged};
        assert_eq!(of("aرb"), [Given, Packaged, Given]);
        // No font has it.
        assert_eq!(of("a中"), [Given, Packaged]);
        // A letter and its mark come from one font.
        assert_eq!(of("x\u{323}"), [Given, Given]);
    }

    #[test]
    fn what_cannot_be_seen_takes_no_room() {
        let width = |line| Line::new(line, "en", &Fonts::packaged()).right;
        assert_eq!(width("ab"), width("a\u{200d}\u{2060}\u{feff}b"));
        assert_eq!(ids("中\u{fe0f}", "en"), [0]);
    }
}
