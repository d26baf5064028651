//! Floor, rooms, walls and carpets, in bands of rows.

mod blocks;
mod masks;
mod materials;
mod pattern;

use std::mem::discriminant;

use valetudo_map_model::{CanvasPixel, LayerKind, Rect, Run};

use self::blocks::fill;
pub(crate) use self::blocks::rect_of;
use self::materials::Patterns;
use crate::canvas::{Canvas, Pixel};
use crate::scene::Scene;
use crate::style::Switch;

/// The number of canvas pixels of a band. Layers are drawn in bands, so that pixels that are painted again are still in the
/// cache of a core.
const BAND: usize = 256 << 10;

/// Draws all layers. Unless the canvas `is_clear`, each band is cleared first.
pub(crate) fn draw<P: Pixel>(canvas: &mut Canvas<P>, scene: Scene<'_>, is_clear: bool) -> Result<(), P::Full> {
    let (window, p) = (canvas.window(), scene.map.pixel_size.get());
    let mut layers: Vec<Remaining<'_>> = scene
        .layers()
        .map(|(layer, position)| Remaining { kind: &layer.kind, position, runs: layer.runs.as_slice() })
        .collect();
    let mut patterns = Patterns::new(scene.map.pixel_size);
    // In rows of map pixels, so that no block is in two bands.
    let rows = window.top.div_euclid(p)..(window.bottom - 1).div_euclid(p) + 1;
    let step = (BAND / (p as usize * window.size().width.max(1) as usize)).max(1);
    for top in rows.clone().step_by(step) {
        let bottom = rows.end.min(top.saturating_add(step as i32));
        if !is_clear {
            canvas.clear_rows(top.saturating_mul(p), bottom.saturating_mul(p));
        }
        // One span a type: they come type by type.
        for layers in layers.chunk_by_mut(|a, b| discriminant(a.kind) == discriminant(b.kind)) {
            draw_band(canvas, scene, layers, bottom, &mut patterns)?;
        }
    }
    Ok(())
}

/// The part of a layer that is not drawn yet.
struct Remaining<'a> {
    kind: &'a LayerKind,
    /// Among those of its type.
    position: usize,
    runs: &'a [Run],
}

/// Draws the rows of layers of one type that are above the row `bottom`, map pixels.
fn draw_band<P: Pixel>(
    canvas: &mut Canvas<P>,
    scene: Scene<'_>,
    layers: &mut [Remaining<'_>],
    bottom: i32,
    patterns: &mut Patterns,
) -> Result<(), P::Full> {
    let is_above = |run: &Run| i32::from(run.y()) < bottom;
    let Some(first) = layers.iter().find(|layer| layer.runs.first().is_some_and(is_above)) else { return Ok(()) };
    let _span = match first.kind {
        LayerKind::Floor => tracing::info_span!("floor"),
        LayerKind::Wall => tracing::info_span!("walls"),
        LayerKind::Segment(_) => tracing::info_span!("rooms"),
        LayerKind::Carpet => tracing::info_span!("carpets"),
        // Not shown.
        _ => return Ok(()),
    }
    .entered();
    let (style, pixel_size) = (scene.style, scene.map.pixel_size);
    for layer in layers {
        let (runs, rest) = layer.runs.split_at(layer.runs.partition_point(is_above));
        layer.runs = rest;
        if runs.is_empty() {
            continue;
        }
        match layer.kind {
            LayerKind::Floor => fill(canvas, runs, pixel_size, style.rooms[0])?,
            LayerKind::Wall => fill(canvas, runs, pixel_size, style.wall)?,
            LayerKind::Carpet => fill(canvas, runs, pixel_size, style.carpet)?,
            LayerKind::Segment(segment) => {
                fill(canvas, runs, pixel_size, scene.room_fill(segment, layer.position))?;
                if !style.hidden.contains(Switch::Materials) {
                    patterns.draw(canvas, runs, segment.material, style)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The number of canvas pixels of all blocks.
pub(crate) fn cost(scene: Scene<'_>) -> u64 {
    let block = scene.map.pixel_size.area();
    scene.layers().map(|(layer, _)| layer.runs.pixels().saturating_mul(block)).fold(0, u64::saturating_add)
}

/// The rectangle that the layers cover.
pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let cells = scene.layers().fold(Rect::EMPTY, |bounds, (layer, _)| bounds.union(layer.runs.bounds()));
    scene.map.pixel_size.to_canvas(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Rgba;
    use crate::scene::Activity;
    use crate::style::Style;
    use crate::text_art;
    use valetudo_map_model::{Family, Layer, Map, Material, PixelSize, Point, Segment, Size};

    /// Rooms that lie over each other, walls across them, more rows than a band has.
    fn map() -> Map {
        let layer = |kind, left: u16, right: u16| {
            let rows = (3..397).filter(move |y| (y * left) % 7 != 3);
            let runs =
                rows.flat_map(move |y| (left..right).step_by(30).filter_map(move |x| Run::new(x + y % 9, y, 25)));
            Layer { kind, runs: runs.collect() }
        };
        let room = |id: &str, material| LayerKind::Segment(Segment { id: id.into(), material, ..Segment::default() });
        let mut map = Map::empty(Family::Valetudo, Size::new(1500, 2003), PixelSize::DEFAULT);
        map.layers = vec![
            layer(room("1", Material::Tile), 2, 200),
            layer(LayerKind::Wall, 90, 95),
            layer(room("2", Material::WoodVertical), 100, 270),
            layer(LayerKind::Floor, 40, 240),
        ];
        map
    }

    #[test]
    fn types_are_drawn_in_the_order_in_which_they_first_appear_and_rooms_in_their_own() {
        let layer = |kind, x, length| Layer { kind, runs: Run::new(x, 0, length).into_iter().collect() };
        let room = |id: &str| LayerKind::Segment(Segment { id: id.into(), ..Segment::default() });
        let (style, activity) = (Style::default(), Activity::default());
        let letters = [
            ('f', style.rooms[0]),
            ('1', style.rooms[0]),
            ('2', style.rooms[1]),
            ('3', style.rooms[2]),
            ('w', style.wall),
        ];
        let picture = |layers: Vec<Layer>| {
            let map = Map { layers, ..Map::empty(Family::Valetudo, Size::new(12, 1), PixelSize::new(1).unwrap()) };
            text_art::scene(&map, &style, &activity, &letters).remove(0)
        };
        let (wall, floor) = (layer(LayerKind::Wall, 2, 5), layer(LayerKind::Floor, 0, 4));
        assert_eq!(picture(vec![wall.clone(), floor.clone()]), "ffffwww.....");
        assert_eq!(picture(vec![floor.clone(), wall.clone()]), "ffwwwww.....");
        // The second room is drawn with the first, below the wall that stands between them in the list.
        let rooms = [layer(room("7"), 0, 6), layer(room("4"), 4, 6), layer(room("5"), 9, 2)];
        let [first, second, third] = rooms;
        let listed = vec![first.clone(), wall.clone(), second.clone(), third.clone()];
        assert_eq!(picture(listed), "ffwwwww2233.");
        assert_eq!(picture(vec![wall, second, first, third]), "222222ff133.".replace(['1', 'f'], "f"));
    }

    #[test]
    fn hidden_rooms_keep_the_colours_of_the_others() {
        let room = |id: &str, x| Layer {
            kind: LayerKind::Segment(Segment { id: id.into(), active: id == "3", ..Segment::default() }),
            runs: Run::new(x, 0, 2).into_iter().collect(),
        };
        let mut style = Style::default();
        style.hidden.hide_room(0);
        let active = style.rooms[2].two_thirds(style.zone);
        let letters = [('1', style.rooms[0]), ('2', style.rooms[1]), ('a', active)];
        let map = Map {
            layers: vec![room("1", 0), room("2", 2), room("3", 4)],
            ..Map::empty(Family::Valetudo, Size::new(6, 1), PixelSize::new(1).unwrap())
        };
        assert_eq!(text_art::scene(&map, &style, &Activity::default(), &letters), ["..22aa"]);
        // Maps of this family say nothing about active rooms: the state does.
        let map = Map { family: Family::Rand256, ..map };
        let activity = Activity { active_rooms: vec![false, true], ..Activity::default() };
        let letters = [('3', style.rooms[2]), ('a', style.rooms[1].two_thirds(style.zone))];
        assert_eq!(text_art::scene(&map, &style, &activity, &letters), ["..aa33"]);
    }

    #[test]
    fn bands_show_what_whole_layers_show_also_over_what_was_there() {
        let map = map();
        let mut translucent = Style::default();
        translucent.rooms.iter_mut().for_each(|room| *room = room.with_alpha(100));
        (translucent.wall, translucent.tile) = (translucent.wall.with_alpha(50), translucent.tile.with_alpha(99));
        for style in [Style::default(), translucent] {
            let scene = Scene { map: &map, style: &style, activity: &Activity::default() };
            // Its first and its last row cut blocks.
            let window = Rect::new(7, 13, 1490, 1988);
            let mut whole = Canvas::<u8>::new(map.size.to_canvas(), window, style.background);
            assert!(window.size().area() > 8 * BAND as u64);
            let mut patterns = Patterns::new(map.pixel_size);
            for (layer, position) in scene.layers() {
                let rest = Remaining { kind: &layer.kind, position, runs: layer.runs.as_slice() };
                draw_band(&mut whole, scene, &mut [rest], i32::MAX, &mut patterns).unwrap();
            }

            let mut fresh = Canvas::<u8>::new(map.size.to_canvas(), window, style.background);
            draw(&mut fresh, scene, true).unwrap();
            let mut used = Canvas::<u8>::new(map.size.to_canvas(), map.size.to_canvas().to_rect(), style.background);
            let ink = used.ink(Rgba::opaque(1, 2, 3)).unwrap();
            used.fill_rect(map.size.to_canvas().to_rect(), ink);
            let is_clear = used.restart(map.size.to_canvas(), window, style.background);
            assert!(!is_clear);
            draw(&mut used, scene, is_clear).unwrap();

            let pixels = || (window.top..window.bottom).flat_map(|y| (window.left..window.right).map(move |x| (x, y)));
            for (x, y) in pixels() {
                let at = |canvas: &Canvas<u8>| canvas.colour_at(Point::new(x, y));
                assert!(at(&fresh) == at(&whole) && at(&used) == at(&whole), "at {x}, {y}");
            }
        }
    }
}
