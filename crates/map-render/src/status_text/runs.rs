//! A line cut into runs of one direction, one script and one font, in the order in which they stand on the screen.

use std::ops::Range;

use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_script::{Script, UnicodeScript};

use super::fonts::{FontId, Fonts};

/// Characters that are drawn alike, in the order in which they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Bytes of the line.
    pub(super) range: Range<usize>,
    pub(super) right_to_left: bool,
    pub(super) script: Script,
    /// `None`: no font has them.
    pub(super) font: Option<FontId>,
}

/// How one character is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    script: Script,
    font: Option<FontId>,
}

/// Cuts up a line that has no line breaks. The reading direction of the whole is given, for a name in another script must
/// not turn the sentence around that it stands in.
pub(super) fn runs(line: &str, right_to_left: bool, fonts: &Fonts) -> Vec<Run> {
    if line.is_empty() {
        return Vec::new();
    }
    let looks = looks(line, fonts);
    let base = if right_to_left { Level::rtl() } else { Level::ltr() };
    let (levels, in_one_direction) = ParagraphBidiInfo::new(line, Some(base)).visual_runs(0..line.len());
    let mut runs: Vec<Run> = Vec::new();
    for stretch in in_one_direction {
        let right_to_left = levels.get(stretch.start).is_some_and(Level::is_rtl);
        let from = looks.partition_point(|&(at, _)| at < stretch.start);
        let to = looks.partition_point(|&(at, _)| at < stretch.end);
        let first = runs.len();
        for alike in looks.get(from..to).unwrap_or_default().chunk_by(|(_, one), (_, other)| one == other) {
            let Some(&(start, look)) = alike.first() else { continue };
            // The next begins where this one ends.
            if let Some(before) = runs.get_mut(first..).and_then(<[Run]>::last_mut) {
                before.range.end = start;
            }
            runs.push(Run { range: start..stretch.end, right_to_left, script: look.script, font: look.font });
        }
        if right_to_left && let Some(stretch) = runs.get_mut(first..) {
            stretch.reverse();
        }
    }
    runs
}

/// Where each character begins, and how it is drawn.
fn looks(line: &str, fonts: &Fonts) -> Vec<(usize, Look)> {
    let characters: Vec<(usize, char)> = line.char_indices().collect();
    let own_script = |&(_, character): &(usize, char)| Some(character.script()).filter(|script| !is_shared(*script));
    // Characters that all scripts share belong to the script before them.
    let mut script = characters.iter().find_map(own_script).unwrap_or(Script::Latin);
    let mut looks = Vec::with_capacity(characters.len());
    // A letter and its marks should come from one font: others do not know where to put the marks.
    for cluster in characters.chunk_by(|_, &(_, next)| next.script() == Script::Inherited || is_invisible(next)) {
        let visible = cluster.iter().map(|&(_, character)| character).filter(|&character| !is_invisible(character));
        let for_all = fonts.with_all(visible);
        let mut font = for_all;
        for character in cluster {
            script = own_script(character).unwrap_or(script);
            let &(at, character) = character;
            if for_all.is_none() && !is_invisible(character) {
                font = fonts.with_all(std::iter::once(character));
            }
            looks.push((at, Look { script, font }));
        }
    }
    looks
}

fn is_shared(script: Script) -> bool {
    matches!(script, Script::Common | Script::Inherited | Script::Unknown)
}

/// Characters that only tell others how to look (Unicode: `Default_Ignorable_Code_Point`).
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}
