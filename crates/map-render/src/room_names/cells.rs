//! Which map pixels are a room's alone, and where among them a rectangle fits.

use valetudo_map_model::{LayerKind, Map, MapPixel, Rect};

/// Columns `start..end` of a row, map pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) y: i32,
    pub(super) start: i32,
    pub(super) end: i32,
}

/// The map pixels within `shown` that a room has and no other room and no wall, row by row, for each room by its position.
pub(super) fn of_rooms(map: &Map, shown: Rect<MapPixel>, most_rooms: usize) -> Vec<Vec<Span>> {
    const WALL: usize = usize::MAX;
    let mut claims: Vec<(Span, usize)> = Vec::new();
    let mut rooms = 0;
    for layer in &map.layers {
        let owner = match layer.kind {
            LayerKind::Segment(_) => {
                rooms += 1;
                rooms - 1
            }
            LayerKind::Wall => WALL,
            LayerKind::Floor | LayerKind::Carpet | LayerKind::Other(_) => continue,
        };
        let spans = layer.runs.iter().map(|run| Span {
            y: run.y().into(),
            start: i32::from(run.x()).max(shown.left),
            end: i32::from(run.end()).min(shown.right),
        });
        let is_shown = |span: &Span| span.start < span.end && shown.top <= span.y && span.y < shown.bottom;
        claims.extend(spans.filter(is_shown).map(|span| (span, owner)));
    }
    claims.sort_unstable_by_key(|&(Span { y, start, end }, owner)| (y, start, end, owner));
    let mut own = vec![Vec::new(); rooms.min(most_rooms)];
    let mut take = |span: Span, owner: usize| {
        if let Some(own) = own.get_mut(owner).filter(|_| span.start < span.end) {
            own.push(span);
        }
    };
    for row in claims.chunk_by(|(one, _), (other, _)| one.y == other.y) {
        // The claim that reaches furthest so far, from where on nobody else has claimed its pixels.
        let mut last: Option<(Span, usize)> = None;
        for &(claim, owner) in row {
            last = Some(match last {
                Some((before, its_owner)) if its_owner == owner && claim.start <= before.end => {
                    (Span { end: before.end.max(claim.end), ..before }, owner)
                }
                Some((before, its_owner)) => {
                    take(Span { end: before.end.min(claim.start), ..before }, its_owner);
                    if before.end > claim.end {
                        (Span { start: before.start.max(claim.end), ..before }, its_owner)
                    } else {
                        (Span { start: before.end.max(claim.start), ..claim }, owner)
                    }
                }
                None => (claim, owner),
            });
        }
        if let Some((span, owner)) = last {
            take(span, owner);
        }
    }
    own
}

/// The map pixels of a room, and memory for searching them.
#[derive(Debug, Default)]
pub(super) struct Space {
    rows: Rows,
    pixels: u64,
    /// The middle of all its pixels, x and y.
    centroid: (f64, f64),
    found: Rows,
    next: Rows,
}

impl Space {
    /// Turns to the room of these spans.
    pub(super) fn read(&mut self, spans: &[Span]) {
        self.rows.read(spans);
        let sum = |of: fn(&Span) -> f64| spans.iter().map(of).sum::<f64>();
        let length = |span: &Span| f64::from(span.end - span.start);
        let pixels = sum(|span| f64::from(span.end - span.start));
        self.pixels = spans.iter().map(|span| length(span) as u64).sum();
        let x = sum(|span| f64::from(span.end - span.start) * f64::from(span.start + span.end) / 2.0);
        let y = sum(|span| f64::from(span.end - span.start) * (f64::from(span.y) + 0.5));
        self.centroid = (x / pixels.max(1.0), y / pixels.max(1.0));
    }

    /// The rectangle of `width` × `height` map pixels, both above 0, that lies wholly in the room, its centre as near as possible to
    /// the room's centroid; the first of those that are equally near.
    pub(super) fn fit(&mut self, width: i32, height: i32) -> Option<Rect<MapPixel>> {
        let area = u64::from(width.unsigned_abs()) * u64::from(height.unsigned_abs());
        if area > self.pixels || height as usize > self.rows.ends.len() {
            return None;
        }
        self.rows.narrowed(width, &mut self.found);
        // Rows that share columns with `reach - 1` rows below them; twice as many with each step.
        let mut reach = 1;
        while reach < height && !self.found.spans.is_empty() {
            let step = reach.min(height - reach);
            self.found.shared(step as usize, &mut self.next);
            std::mem::swap(&mut self.found, &mut self.next);
            reach += step;
        }
        let wanted = (self.centroid.0 - f64::from(width) / 2.0, self.centroid.1 - f64::from(height) / 2.0);
        let mut nearest: Option<(f64, i32, i32)> = None;
        for (y, spans) in self.found.iter() {
            for &(start, end) in spans {
                let x = (wanted.0.round() as i32).clamp(start, end - 1);
                let (dx, dy) = (f64::from(x) - wanted.0, f64::from(y) - wanted.1);
                let distance = dx * dx + dy * dy;
                if nearest.is_none_or(|(least, ..)| distance < least) {
                    nearest = Some((distance, x, y));
                }
            }
        }
        nearest.map(|(_, x, y)| Rect::new(x, y, x + width, y + height))
    }
}

/// Columns, row by row, without gaps between the rows.
#[derive(Debug, Default)]
struct Rows {
    top: i32,
    /// For each row, where its spans end.
    ends: Vec<usize>,
    /// `start..end` of columns, in order within each row, none touching the next.
    spans: Vec<(i32, i32)>,
}

impl Rows {
    fn read(&mut self, spans: &[Span]) {
        self.clear(spans.first().map_or(0, |span| span.y));
        for row in spans.chunk_by(|a, b| a.y == b.y) {
            let Some(&Span { y, .. }) = row.first() else { continue };
            // Rows without spans before this one.
            self.ends.resize((y - self.top).max(0) as usize, self.spans.len());
            let first = self.spans.len();
            for &Span { start, end, .. } in row {
                match self.spans.get_mut(first..).and_then(<[_]>::last_mut) {
                    Some(last) if last.1 == start => last.1 = end,
                    _ => self.spans.push((start, end)),
                }
            }
            self.ends.push(self.spans.len());
        }
    }

    fn clear(&mut self, top: i32) {
        self.top = top;
        self.ends.clear();
        self.spans.clear();
    }

    /// Each row's y and spans.
    fn iter(&self) -> impl Iterator<Item = (i32, &[(i32, i32)])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let spans = starts.zip(&self.ends).map(|(start, &end)| self.spans.get(start..end).unwrap_or_default());
        (self.top..).zip(spans)
    }

    /// Of each row, the columns in which `width` pixels begin.
    fn narrowed(&self, width: i32, out: &mut Self) {
        out.clear(self.top);
        for (_, row) in self.iter() {
            let begin = row.iter().map(|&(start, end)| (start, end - (width - 1)));
            out.spans.extend(begin.filter(|(start, end)| start < end));
            out.ends.push(out.spans.len());
        }
    }

    /// Of each row, the columns that it shares with the row `distance` rows below it.
    fn shared(&self, distance: usize, out: &mut Self) {
        out.clear(self.top);
        for ((_, row), (_, below)) in self.iter().zip(self.iter().skip(distance)) {
            let (mut row, mut below) = (row.iter().peekable(), below.iter().peekable());
            while let (Some(one), Some(other)) = (row.peek(), below.peek()) {
                let (start, end) = (one.0.max(other.0), one.1.min(other.1));
                if start < end {
                    out.spans.push((start, end));
                }
                if one.1 < other.1 {
                    row.next()
                } else {
                    below.next()
                };
            }
            out.ends.push(out.spans.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use valetudo_map_model::{Family, Layer, PixelSize, Run, Runs, Segment, Size};

    use super::*;

    const SHOWN: Rect<MapPixel> = Rect::new(2, 1, 22, 19);

    /// Whether each layer is a room, and its runs.
    type Layers = Vec<(bool, Vec<(u16, u16, u16)>)>;

    fn map(layers: Layers) -> Map {
        let layers = layers.into_iter().map(|(is_room, runs)| Layer {
            kind: if is_room { LayerKind::Segment(Segment::default()) } else { LayerKind::Wall },
            runs: runs.into_iter().filter_map(|(x, y, length)| Run::new(x, y, length)).collect::<Runs>(),
        });
        Map { layers: layers.collect(), ..Map::empty(Family::Valetudo, Size::new(150, 150), PixelSize::DEFAULT) }
    }

    fn layers() -> impl Strategy<Value = Layers> {
        vec((prop::bool::weighted(0.8), vec((0..24_u16, 0..20_u16, 0..16_u16), 0..25)), 0..4)
    }

    proptest! {
        #[test]
        fn pixels_that_two_claim_are_nobodys(layers in layers()) {
            let map = map(layers);
            let mut owners: HashMap<(i32, i32), Vec<usize>> = HashMap::new();
            let rooms = map.segments().count();
            let mut room = 0;
            for layer in &map.layers {
                let owner = if layer.kind == LayerKind::Wall { rooms } else { room };
                room += usize::from(layer.kind != LayerKind::Wall);
                for run in &layer.runs {
                    for x in run.x()..run.end() {
                        let of_pixel = owners.entry((x.into(), run.y().into())).or_default();
                        if !of_pixel.contains(&owner) {
                            of_pixel.push(owner);
                        }
                    }
                }
            }
            let found = of_rooms(&map, SHOWN, usize::MAX);
            prop_assert_eq!(found.len(), rooms);
            for (room, spans) in found.iter().enumerate() {
                let inside = |&(x, y): &(i32, i32)| (SHOWN.left..SHOWN.right).contains(&x) && (SHOWN.top..SHOWN.bottom).contains(&y);
                let mut expected: Vec<_> =
                    owners.iter().filter(|(_, of_pixel)| **of_pixel == [room]).map(|(at, _)| *at).filter(inside).collect();
                expected.sort_unstable_by_key(|&(x, y)| (y, x));
                let pixels: Vec<_> = spans.iter().flat_map(|span| (span.start..span.end).map(|x| (x, span.y))).collect();
                prop_assert_eq!(pixels, expected);
            }
        }

        #[test]
        fn a_rectangle_fits_where_every_pixel_is_the_rooms(
            layers in layers(), width in 1..9_i32, height in 1..9_i32,
        ) {
            for spans in of_rooms(&map(layers), SHOWN, usize::MAX) {
                let has = |x: i32, y: i32| spans.iter().any(|span| span.y == y && span.start <= x && x < span.end);
                let mut space = Space::default();
                space.read(&spans);
                let (middle, centre) = space.centroid;
                let distance = |x: i32, y: i32| {
                    let (dx, dy) =
                        (f64::from(x) + f64::from(width) / 2.0 - middle, f64::from(y) + f64::from(height) / 2.0 - centre);
                    dx * dx + dy * dy
                };
                let mut nearest: Option<f64> = None;
                for (x, y) in (0..20).flat_map(|y| (0..24).map(move |x| (x, y))) {
                    if (x..x + width).all(|x| (y..y + height).all(|y| has(x, y))) {
                        nearest = Some(distance(x, y).min(nearest.unwrap_or(f64::INFINITY)));
                    }
                }
                let found = space.fit(width, height);
                prop_assert_eq!(found.is_some(), nearest.is_some());
                if let (Some(found), Some(nearest)) = (found, nearest) {
                    prop_assert_eq!(found.size(), Size::new(width as u32, height as u32));
                    prop_assert!((found.left..found.right).all(|x| (found.top..found.bottom).all(|y| has(x, y))));
                    prop_assert!((distance(found.left, found.top) - nearest).abs() < 1e-9);
                }
            }
        }
    }
}
