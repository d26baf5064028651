//! Pictures as text, for tests: a row is a string, `.` the background.

use valetudo_map_model::{Entity, Family, Map, PixelSize, Point, Size};

use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::scene::{Activity, Scene};
use crate::style::Style;
use crate::whole::draw_window;

pub(crate) const BACKGROUND: Rgba = Rgba::opaque(0, 0, 0);
pub(crate) const INK: Rgba = Rgba::opaque(200, 0, 0);

/// A canvas of a whole map of this size.
pub(crate) fn canvas(width: u32, height: u32) -> Canvas {
    let size = Size::new(width, height);
    Canvas::new(size, size.to_rect(), BACKGROUND)
}

/// The canvas's window: `.` the background, `#` everything else.
pub(crate) fn text_art<P: Pixel>(canvas: &Canvas<P>) -> Vec<String> {
    with_letters(canvas, &[])
}

/// The canvas's window, with a letter for each colour that is known: `.` the background, `#` any other colour.
pub(crate) fn with_letters<P: Pixel>(canvas: &Canvas<P>, letters: &[(char, Rgba)]) -> Vec<String> {
    let window = canvas.window();
    let letter = |at| {
        let colour = canvas.colour_at(at).unwrap();
        let known = letters.iter().find(|(_, known)| *known == colour).map(|&(letter, _)| letter);
        known.unwrap_or(if colour == canvas.background() { '.' } else { '#' })
    };
    let row = |y| (window.left..window.right).map(|x| letter(Point::new(x, y))).collect();
    (window.top..window.bottom).map(row).collect()
}

/// Entities alone on a map of this size, with a letter for each of the colours.
pub(crate) fn entities(
    (width, height): (u32, u32),
    entities: Vec<Entity>,
    style: &Style,
    letters: &[(char, Rgba)],
) -> Vec<String> {
    let size = Size::new(width, height);
    let map = Map { entities, ..Map::empty(Family::Valetudo, size, PixelSize::DEFAULT) };
    scene(&map, style, &Activity::default(), letters)
}

/// A whole map, with a letter for each of the colours.
pub(crate) fn scene(map: &Map, style: &Style, activity: &Activity, letters: &[(char, Rgba)]) -> Vec<String> {
    let mut canvas = Canvas::<u8>::default();
    draw_window(&mut canvas, Scene { map, style, activity }, map.size.to_canvas().to_rect()).unwrap();
    with_letters(&canvas, letters)
}
