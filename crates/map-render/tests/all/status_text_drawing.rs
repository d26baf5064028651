//! Status texts in pictures.

use std::fs;

use proptest::prelude::*;
use valetudo_map_render::State;
use valetudo_map_render::draw::Rgba;
use valetudo_map_render::model::{PicturePixel, Size};
use valetudo_map_render::options::{LabelPosition, Labels};
use valetudo_map_render::status_text::{FontFault, MAX_FONT_BYTES, StatusText, TextPainter};

const BLUE: [u8; 4] = [0, 125, 255, 255];
const NOTHING: [u8; 4] = [0; 4];

fn size(width: u32, height: u32) -> Size<PicturePixel> {
    Size::new(width, height)
}

fn text(parts: &[&str], size: u32, language: &'static str) -> StatusText {
    StatusText { parts: parts.iter().map(|&part| part.to_owned()).collect(), size, language }
}

/// A picture of one colour with a text on it.
fn painted(text: &StatusText, labels: &Labels, picture: Size<PicturePixel>, below: [u8; 4]) -> Vec<[u8; 4]> {
    let mut pixels = vec![below; (picture.width * picture.height) as usize];
    TextPainter::default().paint(text, labels, &mut pixels, picture);
    pixels
}

/// The first and last column, and the first and last row, that differ from `below`.
fn inked(pixels: &[[u8; 4]], picture: Size<PicturePixel>, below: [u8; 4]) -> Option<[u32; 4]> {
    let places = || {
        let differ = pixels.iter().enumerate().filter(move |(_, pixel)| **pixel != below);
        differ.map(|(index, _)| (index as u32 % picture.width, index as u32 / picture.width))
    };
    let (left, right) = (places().map(|(x, _)| x).min()?, places().map(|(x, _)| x).max()?);
    let (top, bottom) = (places().map(|(_, y)| y).min()?, places().map(|(_, y)| y).max()?);
    Some([left, right, top, bottom])
}

#[test]
fn a_line_stands_at_the_top_or_at_the_bottom() {
    let picture = size(600, 200);
    let text = text(&["Ågjp", " (Hall)"], 40, "en");
    let at = |position| {
        let labels = Labels { position, ..Labels::default() };
        inked(&painted(&text, &labels, picture, BLUE), picture, BLUE).unwrap()
    };
    let [left, right, top, bottom] = at(LabelPosition::Top);
    assert!((10..14).contains(&left) && right < 300, "{left} {right}");
    // The ring of Å reaches a little over the line.
    assert!((8..16).contains(&top) && (52..60).contains(&bottom), "{top} {bottom}");
    let [below_left, below_right, below_top, below_bottom] = at(LabelPosition::Bottom);
    assert_eq!((below_left, below_right), (left, right));
    // 20 pixels and the size above the bottom edge, not 10 below the top.
    assert_eq!((below_top - top, below_bottom - bottom), (130, 130));
}

#[test]
fn nothing_is_cut_off_in_a_picture_that_is_hardly_higher_than_the_line() {
    let shape = |height, position| {
        let picture = size(600, height);
        let labels = Labels { position, ..Labels::default() };
        let pixels = painted(&text(&["Ågjp"], 40, "en"), &labels, picture, BLUE);
        let [left, right, top, bottom] = inked(&pixels, picture, BLUE).unwrap();
        ((right + 1 - left) as f32, (bottom + 1 - top) as f32)
    };
    for position in [LabelPosition::Top, LabelPosition::Bottom] {
        let (width, height) = shape(400, position);
        for narrow in [30, 40, 48, 49, 50, 55, 60, 70] {
            let (narrow_width, narrow_height) = shape(narrow, position);
            let ratio = (narrow_height / narrow_width) / (height / width);
            // Within a pixel's rounding, at both ends.
            assert!((ratio - 1.0).abs() < 3.0 / narrow_height, "{narrow} {position:?}: {ratio}");
            assert!(narrow_height > narrow.min(48) as f32 * 0.8, "{narrow} {position:?}: {narrow_height}");
        }
    }
}

#[test]
fn a_text_that_is_too_wide_is_made_smaller() {
    let long = "a robot with a name that is longer than its map is wide";
    for width in [80, 200, 500] {
        let picture = size(width, 100);
        let pixels = painted(&text(&[long], 49, "en"), &Labels::default(), picture, BLUE);
        let [left, right, ..] = inked(&pixels, picture, BLUE).unwrap();
        assert!(left >= 9 && right <= width - 10, "{width}: {left} {right}");
        // As large as it can be: another pixel of size would be too wide.
        assert!(right > width / 2, "{width}: {right}");
    }
}

#[test]
fn a_colour_over_nothing_stays_itself() {
    let picture = size(200, 60);
    let labels = Labels { colour: Rgba([250, 200, 10, 200]), ..Labels::default() };
    let pixels = painted(&text(&["robot"], 30, "en"), &labels, picture, NOTHING);
    let drawn: Vec<_> = pixels.iter().filter(|pixel| pixel[3] > 0).collect();
    assert!(drawn.iter().all(|pixel| pixel[..3] == [250, 200, 10]));
    assert_eq!(drawn.iter().map(|pixel| pixel[3]).max(), Some(200));
    assert!(drawn.iter().any(|pixel| pixel[3] < 100), "edges are soft");
    let unseen = Labels { colour: Rgba([250, 200, 10, 0]), ..Labels::default() };
    assert_eq!(inked(&painted(&text(&["robot"], 30, "en"), &unseen, picture, BLUE), picture, BLUE), None);
}

#[test]
fn joined_letters_do_not_cover_a_pixel_twice() {
    let picture = size(300, 80);
    let labels = Labels { colour: Rgba([255, 255, 255, 100]), ..Labels::default() };
    let pixels = painted(&text(&["الشحن"], 49, "ar"), &labels, picture, NOTHING);
    assert_eq!(pixels.iter().map(|pixel| pixel[3]).max(), Some(100));
}

#[test]
fn a_painter_draws_the_second_text_as_the_first_painter_would() {
    let mut painter = TextPainter::default();
    let mut draw = |text: &StatusText, labels: &Labels, picture: Size<PicturePixel>| {
        let mut pixels = vec![BLUE; (picture.width * picture.height) as usize];
        painter.paint(text, labels, &mut pixels, picture);
        assert_eq!(pixels, painted(text, labels, picture, BLUE), "{text:?} {labels:?} {picture:?}");
    };
    let (one, other) = (text(&["robot: ", "Docked"], 20, "en"), text(&["robot: Cleaning"], 20, "en"));
    let (top, bottom) = (Labels::default(), Labels { position: LabelPosition::Bottom, ..Labels::default() });
    draw(&one, &top, size(300, 90));
    draw(&one, &top, size(300, 90));
    draw(&other, &top, size(300, 90));
    draw(&other, &bottom, size(300, 90));
    draw(&other, &bottom, size(200, 90));
    draw(&StatusText { size: 30, ..other.clone() }, &bottom, size(200, 90));
    draw(&StatusText { language: "ar", ..other }, &bottom, size(200, 90));
    draw(&text(&[], 20, "en"), &bottom, size(200, 90));
    draw(&one, &Labels { colour: Rgba::opaque(9, 9, 9), ..top.clone() }, size(300, 90));
    draw(&one, &top, size(0, 0));
}

#[test]
fn a_font_file_is_used_and_a_broken_one_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("serif.ttf"), dejavu::serif::regular()).unwrap();
    fs::write(path("cut.ttf"), &dejavu::serif::regular()[..1000]).unwrap();
    fs::write(path("text.ttf"), "not a font").unwrap();
    fs::write(path("empty.ttf"), "").unwrap();
    fs::File::create(path("large.ttf")).unwrap().set_len(MAX_FONT_BYTES + 1).unwrap();

    let picture = size(400, 60);
    let robot = text(&["robot"], 40, "en");
    let with = |font: Option<&str>| {
        let labels = Labels { font: font.map(path), ..Labels::default() };
        let mut pixels = vec![BLUE; 400 * 60];
        let mut painter = TextPainter::default();
        painter.paint(&robot, &labels, &mut pixels, picture);
        (pixels, painter.font_problem().map(|problem| (problem.to_string(), format!("{:?}", problem.why))))
    };
    let (packaged, problem) = with(None);
    assert_eq!(problem, None);
    let (serif, problem) = with(Some("serif.ttf"));
    assert_eq!(problem, None);
    assert_ne!(serif, packaged);
    for (name, why) in
        [("cut.ttf", "NotAFont"), ("text.ttf", "NotAFont"), ("empty.ttf", "NotAFont"), ("large.ttf", "TooLarge")]
    {
        let (pixels, problem) = with(Some(name));
        let (words, kind) = problem.unwrap();
        assert!(words.contains(name) && words.ends_with("the packaged font is used"), "{words}");
        assert_eq!(kind, why, "{name}");
        assert!(pixels == packaged, "{name}");
    }
    assert!(with(Some("none.ttf")).1.unwrap().1.starts_with("Unreadable"));
    assert!(with(Some("")).1.unwrap().1.starts_with("NotAFile"));
}

#[test]
fn a_font_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let font = folder.path().join("serif.ttf");
    fs::write(&font, dejavu::serif::regular()).unwrap();
    let labels = Labels { font: Some(font.clone()), ..Labels::default() };
    let mut painter = TextPainter::default();
    let mut draw = |words: &str, labels: &Labels| {
        painter.paint(&text(&[words], 20, "en"), labels, &mut [BLUE; 100 * 50], size(100, 50));
        painter.font_problem().is_some()
    };
    assert!(!draw("one", &labels));
    fs::remove_file(&font).unwrap();
    assert!(!draw("two", &labels));
    // Another path forgets it.
    assert!(!draw("two", &Labels::default()));
    assert!(draw("three", &labels));
    let fault = FontFault::NotAFont;
    assert_eq!(fault.to_string(), "is not a TrueType or OpenType font");
}

#[test]
fn long_names_are_cut_before_they_are_shaped() {
    for name in ["x", "شحن", "e\u{301}", "\u{301}", "中", "\u{202e}", "\u{200d}", "👩‍👧", "क्ष", "\n"]
    {
        let state = State { robot_name: name.repeat(300_000), ..State::default() };
        let text = StatusText::compose(&state, None, 500, &Labels::default());
        let cut = StatusText { parts: vec![text.parts.concat().chars().take(2000).collect()], ..text.clone() };
        let painted = |text| painted(text, &Labels::default(), size(500, 100), BLUE);
        assert!(painted(&text) == painted(&cut), "{name:?}");
    }
}

#[test]
fn a_painter_can_be_sent() {
    fn can_be_sent<T: Send + Sync>() {}
    can_be_sent::<TextPainter>();
}

/// Any text, more often of what is handled in a way of its own.
fn any_name() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::char::ranges(std::borrow::Cow::Borrowed(&['\0'..='\u{a0}', 'א'..='ي', 'ऀ'..='\u{9ff}', '가'..='각'])),
        prop::sample::select(vec![
            '\u{202e}', '\u{2066}', '\u{2069}', '\u{200d}', '\u{301}', '\u{fe0f}', '😀', '\u{2029}'
        ]),
    ];
    prop::collection::vec(character, 0..40).prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_drawn_inside_any_picture(
        name in any_name(),
        room in any_name(),
        pixels_to_the_em in prop_oneof![0..100u32, any::<u32>()],
        (width, height) in (0..400u32, 0..120u32),
        bottom in any::<bool>(),
        language in prop::sample::select(vec!["en", "ar", "hi", "ja", "?"]),
    ) {
        let position = if bottom { LabelPosition::Bottom } else { LabelPosition::Top };
        let labels = Labels { position, ..Labels::default() };
        let text = text(&[&name, ": Docked", &room], pixels_to_the_em, language);
        let picture = size(width, height);
        let pixels = painted(&text, &labels, picture, NOTHING);
        prop_assert_eq!(pixels.len() as u32, width * height);
        // There is always "Docked".
        prop_assert!(width < 20 || height < 20 || inked(&pixels, picture, NOTHING).is_some());
    }
}
