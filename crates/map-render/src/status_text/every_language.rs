//! That every word of every language can be seen.

use unicode_script::{Script, UnicodeScript};
use valetudo_map_model::Size;

use super::fonts::{FontId, Fonts};
use super::line::Line;
use super::mask::Mask;
use super::placement::Placement;
use super::runs::is_invisible;
use super::translations::languages;
use super::words::Language;
use crate::options::LabelPosition;
use crate::state::VacuumState;

const STATES: [&str; 13] = [
    "docked",
    "cleaning",
    "idle",
    "paused",
    "returning",
    "error",
    "moving",
    "manual_control",
    "charging",
    "connected",
    "disconnected",
    "unavailable",
    "unknown",
];

/// Those of the languages, of those that the packaged font lacks.
const LACKING: [Script; 6] =
    [Script::Han, Script::Hiragana, Script::Katakana, Script::Hangul, Script::Devanagari, Script::Bengali];

fn texts(language: &Language) -> Vec<String> {
    let states = STATES.iter().map(|&state| language.state(&VacuumState::from(state)).into_owned());
    states.chain([language.ready.to_owned(), language.unreachable.to_owned()]).collect()
}

/// How much of a picture a line covers, pixels.
fn coverage(line: &Line, fonts: &Fonts) -> f32 {
    let picture = Size::new(2000, 100);
    let placement = Placement::new(line, 40, LabelPosition::Top, picture);
    let mut mask = Mask::default();
    mask.fill(line, placement, fonts, picture);
    mask.coverage.iter().map(|&coverage| f32::from(coverage) / 255.0).sum()
}

#[test]
fn every_character_is_inked() {
    let fonts = Fonts::packaged();
    for language in languages() {
        for text in texts(language) {
            assert!(coverage(&Line::new(&text, language.tag, &fonts), &fonts) > 100.0, "{text}");
            for character in text.chars().filter(|character| !character.is_whitespace()) {
                let line = Line::new(&character.to_string(), language.tag, &fonts);
                assert!(coverage(&line, &fonts) > 1.0, "{} {text}: {character:?}", language.tag);
            }
        }
    }
}

#[test]
fn a_script_that_the_packaged_font_lacks_is_boxes_and_no_other_is() {
    let fonts = Fonts::packaged();
    let is_box = |character: char| fonts.with_all(std::iter::once(character)).is_none();
    for language in languages() {
        for text in texts(language) {
            let boxes = text.chars().filter(|&character| !is_invisible(character) && is_box(character)).count();
            let line = Line::new(&text, language.tag, &fonts);
            let drawn = line.glyphs.iter().filter(|glyph| glyph.id.to_u32() == 0).count();
            assert_eq!(drawn, boxes, "{text}");
            for character in text.chars() {
                let lacking = LACKING.contains(&character.script());
                // Full-width punctuation of the same languages is of no script.
                let may_be_lacking = lacking || matches!(character, '。' | '？' | '।' | 'ー');
                assert!(!lacking || is_box(character), "{text}: {character:?}");
                assert!(may_be_lacking || !is_box(character), "{text}: {character:?}");
            }
        }
    }
}

#[test]
fn the_signs_of_the_line_are_in_the_packaged_font() {
    assert_eq!(Fonts::packaged().with_all(" · ∑Ϟ …\u{fffd}%".chars()), Some(FontId::Packaged));
}
