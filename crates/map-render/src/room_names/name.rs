//! A name in each of the ways in which it can be broken into lines.

use valetudo_map_model::{PicturePixel, Rect, Size};

use crate::status_text::{Fonts, Line, Mask, Placement, on_one_line};

/// Longer names fit in no room.
const MOST_CHARACTERS: usize = 64;
/// More are no name but a text.
const MOST_LINES: usize = 3;

/// A name that can be drawn.
#[derive(Debug)]
pub(super) struct Name {
    /// As the map or the user writes it.
    pub(super) text: String,
    /// In one line, in two, in three; none if it cannot be drawn.
    pub(super) layouts: Vec<Layout>,
}

/// A name in lines.
#[derive(Debug)]
pub(super) struct Layout {
    lines: Vec<Line>,
}

/// How much of each pixel of a name's rectangle is covered, 0 to 255, row by row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) letters: Vec<u8>,
    /// The letters and the pixels near them.
    pub(super) halo: Vec<u8>,
}

impl Name {
    /// Shapes a name. Empty ones, very long ones and those with characters that no font has are not drawn.
    pub(super) fn new(text: &str, language: &str, fonts: &Fonts) -> Self {
        let mut name = Self { text: text.to_owned(), layouts: Vec::new() };
        let written: String = text.chars().take(MOST_CHARACTERS + 1).map(on_one_line).collect();
        let words: Vec<&str> = written.split_whitespace().collect();
        if written.chars().count() > MOST_CHARACTERS {
            return name;
        }
        for count in 1..=words.len().min(MOST_LINES) {
            let lines = broken(&words, count).iter().map(|line| Line::of_name(line, language, fonts)).collect();
            name.layouts.push(Layout { lines });
        }
        let cannot_be_drawn =
            |layout: &Layout| layout.lines.iter().any(|line| line.has_boxes || line.glyphs.is_empty());
        if name.layouts.iter().any(cannot_be_drawn) {
            name.layouts.clear();
        }
        name
    }
}

/// Words in `count` lines whose longest has the fewest characters. There are as many words or more.
fn broken(words: &[&str], count: usize) -> Vec<String> {
    let (Some(_), true) = (words.first(), count > 1) else { return vec![words.join(" ")] };
    let length = |lines: &[String]| lines.iter().map(|line| line.chars().count()).max();
    let broken_after = |first: usize| {
        let mut lines = vec![words[..first].join(" ")];
        lines.extend(broken(&words[first..], count - 1));
        lines
    };
    (1..=words.len() + 1 - count).map(broken_after).min_by_key(|lines| length(lines)).unwrap_or_default()
}

impl Layout {
    /// The width of the halo, pixels.
    const fn halo(size: u32) -> usize {
        1 + size as usize / 14
    }

    /// The pixels that it takes, its halo included.
    pub(super) fn size(&self, size: u32) -> Size<PicturePixel> {
        // And one more for letters that are placed at a fraction of a pixel.
        let around = 2 * Self::halo(size) as u32 + 2;
        let width = self.lines.iter().map(|line| line.right - line.left).fold(0.0, f32::max);
        let height: f32 = self.lines.iter().map(|line| above(line, size) + below(line, size)).sum();
        Size::new((width * size as f32).ceil() as u32 + around, height as u32 + around)
    }

    /// Draws it, each line in the middle.
    pub(super) fn draw(&self, size: u32, fonts: &Fonts) -> Picture {
        let (all, halo) = (self.size(size), Self::halo(size));
        let width = all.width as usize;
        let mut letters = vec![0; width * all.height as usize];
        let mut mask = Mask::default();
        let mut top = halo as f32 + 1.0;
        for line in &self.lines {
            let ems = size as f32;
            let x = (all.width as f32 - (line.right - line.left) * ems) / 2.0 - line.left * ems;
            let placement = Placement { size: ems, x, baseline: top + above(line, size) };
            mask.fill(line, placement, fonts, all);
            let rows = letters.chunks_exact_mut(width).skip(mask.top);
            for (row, covered) in rows.zip(mask.coverage.chunks_exact(mask.width.max(1))) {
                row.iter_mut().skip(mask.left).zip(covered).for_each(|(one, other)| *one = (*one).max(*other));
            }
            top += above(line, size) + below(line, size);
        }
        let halo = grown(&letters, width, halo);
        Picture { letters, halo }
    }
}

/// Whole pixels above a line's baseline.
fn above(line: &Line, size: u32) -> f32 {
    (line.top * size as f32).ceil()
}

/// Whole pixels below a line's baseline.
fn below(line: &Line, size: u32) -> f32 {
    (-line.bottom * size as f32).ceil()
}

/// Each pixel covered as much as the most covered one within a disk of this radius.
fn grown(pixels: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let mut grown = vec![0; pixels.len()];
    let height = pixels.len() / width.max(1);
    let reach = radius as isize;
    for dy in -reach..=reach {
        // Half a pixel more, so that the smallest is no cross.
        let across = ((radius as f64 + 0.5).powi(2) - (dy * dy) as f64).sqrt() as usize;
        for y in 0..height {
            let Some(from) = y.checked_add_signed(dy).filter(|&from| from < height) else { continue };
            let from = &pixels[from * width..][..width];
            let to = &mut grown[y * width..][..width];
            for (x, &covered) in from.iter().enumerate().filter(|(_, covered)| **covered > 0) {
                let near = x.saturating_sub(across)..(x + across + 1).min(width);
                to[near].iter_mut().for_each(|pixel| *pixel = covered.max(*pixel));
            }
        }
    }
    grown
}

/// The part of `outer` in which a rectangle of `size` stands in the middle.
pub(super) fn centred(outer: Rect<PicturePixel>, size: Size<PicturePixel>) -> Option<Rect<PicturePixel>> {
    let spare = outer.size();
    let (spare_x, spare_y) = (spare.width.checked_sub(size.width)?, spare.height.checked_sub(size.height)?);
    let (left, top) = (outer.left + (spare_x / 2) as i32, outer.top + (spare_y / 2) as i32);
    Some(Rect::new(left, top, left + size.width as i32, top + size.height as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_broken_where_its_longest_line_is_shortest() {
        let words = ["The", "large", "room", "of", "the", "children"];
        assert_eq!(broken(&words, 1), ["The large room of the children"]);
        assert_eq!(broken(&words, 2), ["The large room", "of the children"]);
        assert_eq!(broken(&words, 3), ["The large", "room of the", "children"]);
        assert_eq!(broken(&["Kitchen"], 1), ["Kitchen"]);
    }

    #[test]
    fn names_that_say_nothing_are_not_drawn() {
        let layouts = |name: &str| Name::new(name, "en", &Fonts::packaged()).layouts.len();
        assert_eq!(layouts("Kitchen"), 1);
        assert_eq!(layouts("Living  room"), 2);
        assert_eq!(layouts("a b c d e f"), 3);
        assert_eq!(layouts("غرفة المعيشة"), 2);
        for name in ["", "  \t", "\u{200b}", "客厅", "Room 客厅", &"x".repeat(65), &"x ".repeat(40)] {
            assert_eq!(layouts(name), 0, "{name:?}");
        }
        assert_eq!(layouts(&"x".repeat(64)), 1);
    }

    #[test]
    fn letters_and_halo_stay_within_the_size() {
        let fonts = Fonts::packaged();
        for text in ["Äjg", "Wohn zimmer", "غرفة المعيشة", "f", "\u{e0}\u{301}\u{301}\u{301}"] {
            for layout in Name::new(text, "en", &fonts).layouts {
                for size in [8, 13, 40] {
                    let Size { width, height, .. } = layout.size(size);
                    let picture = layout.draw(size, &fonts);
                    assert_eq!(picture.letters.len(), (width * height) as usize);
                    let columns = |row: &[u8]| [row[0], row[width as usize - 1]];
                    let rows = || picture.letters.chunks_exact(width as usize);
                    assert!(rows().flat_map(columns).all(|covered| covered == 0), "{text} at {size}");
                    let first_and_last = [rows().next(), rows().last()];
                    assert!(first_and_last.iter().flatten().copied().flatten().all(|&covered| covered == 0), "{text}");
                    assert!(picture.letters.iter().any(|&covered| covered > 100));
                    assert!(picture.letters.iter().zip(&picture.halo).all(|(letters, halo)| letters <= halo));
                }
            }
        }
    }

    #[test]
    fn a_halo_is_a_disk_around_each_letter() {
        let mut pixels = vec![0; 35];
        pixels[17] = 9;
        let rows: Vec<_> = grown(&pixels, 7, 2).chunks(7).map(<[u8]>::to_vec).collect();
        let (narrow, wide) = (vec![0, 0, 9, 9, 9, 0, 0], vec![0, 9, 9, 9, 9, 9, 0]);
        assert_eq!(rows, [narrow.clone(), wide.clone(), wide.clone(), wide, narrow]);
    }
}
