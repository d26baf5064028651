//! Floor, rooms and walls.

use valetudo_map_model::{CanvasPixel, LayerKind, MapPixel, PixelSize, Point, Rect, Run, Runs, Switch};

use crate::canvas::{Canvas, Recolour};
use crate::colour::Rgba;
use crate::materials::Patterns;
use crate::scene::Scene;

pub(crate) fn draw(canvas: &mut Canvas, scene: Scene<'_>) {
    let style = scene.style;
    let mut patterns = Patterns::new(scene.map.pixel_size);
    let mut layers = scene.layers().peekable();
    while let Some((first, _)) = layers.peek() {
        // One span a type: they come type by type.
        let (span, kind) = match first.kind {
            LayerKind::Floor => (tracing::info_span!("floor"), std::mem::discriminant(&first.kind)),
            LayerKind::Wall => (tracing::info_span!("walls"), std::mem::discriminant(&first.kind)),
            LayerKind::Segment(_) => (tracing::info_span!("rooms"), std::mem::discriminant(&first.kind)),
        };
        let _entered = span.entered();
        while let Some((layer, position)) = layers.next_if(|(next, _)| std::mem::discriminant(&next.kind) == kind) {
            let room = style.rooms[position % style.rooms.len()];
            let pixel_size = scene.map.pixel_size;
            match &layer.kind {
                LayerKind::Floor => fill(canvas, &layer.runs, pixel_size, style.rooms[0]),
                LayerKind::Wall => fill(canvas, &layer.runs, pixel_size, style.wall),
                LayerKind::Segment(segment) => {
                    let active = scene.is_active(segment, position);
                    let colour = if active { room.two_thirds(style.zone) } else { room };
                    fill(canvas, &layer.runs, pixel_size, colour);
                    if !style.hidden.contains(Switch::Materials) {
                        patterns.draw(canvas, &layer.runs, segment.material, style);
                    }
                }
            }
        }
    }
}

/// Paints each map pixel as a block. A translucent block is blended once, with the pixel in its middle.
fn fill(canvas: &mut Canvas, runs: &Runs, pixel_size: PixelSize, colour: Rgba) {
    if colour.alpha() == 255 {
        let ink = canvas.ink(colour);
        for run in runs {
            canvas.fill_rect(pixel_size.to_canvas(cells(run)), ink);
        }
        return;
    }
    let mut blend = Recolour::new(|below| colour.over(Some(below)));
    let beyond_map = if colour.alpha() == 0 { Rgba::TRANSPARENT } else { colour };
    let p = pixel_size.get();
    for run in runs {
        let rect = pixel_size.to_canvas(cells(run));
        let mut left = rect.left;
        while left < rect.right {
            let middle = |left: i32| Point::new(left + p / 2, rect.top + p / 2);
            let below = canvas.colour_at(middle(left));
            let mut right = left + p;
            while right < rect.right && canvas.colour_at(middle(right)) == below {
                right += p;
            }
            let ink = match below {
                Some(below) => blend.ink(canvas, below),
                None => canvas.ink(beyond_map),
            };
            canvas.fill_rect(Rect::new(left, rect.top, right, rect.bottom), ink);
            left = right;
        }
    }
}

/// How many canvas pixels all blocks have.
pub(crate) fn work(scene: Scene<'_>) -> u64 {
    let block = u64::from(scene.map.pixel_size.get().unsigned_abs()).pow(2);
    scene.layers().map(|(layer, _)| layer.runs.pixels().saturating_mul(block)).fold(0, u64::saturating_add)
}

/// The map pixels of a run.
pub(crate) fn cells(run: Run) -> Rect<MapPixel> {
    let y = i32::from(run.y());
    Rect::new(run.x().into(), y, run.end().into(), y + 1)
}

/// What the layers cover.
pub(crate) fn bounds(scene: Scene<'_>) -> Rect<CanvasPixel> {
    let cells = scene.layers().fold(Rect::EMPTY, |bounds, (layer, _)| bounds.union(layer.runs.bounds()));
    scene.map.pixel_size.to_canvas(cells)
}
