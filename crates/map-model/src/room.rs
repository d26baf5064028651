//! Rooms: where a segment lies, as a polygon.

use std::borrow::Cow;
use std::ops::Range;

use crate::family::Family;
use crate::layer::Segment;
use crate::map::Map;
use crate::runs::Runs;
use crate::units::{Centimetre, MapPixel, Millimetre, PixelSize, Point, Rect};

/// A room of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Room {
    /// The map's facts about it.
    pub segment: Segment,
    /// Its place among the map's segments, counted from 0.
    pub position: usize,
    /// Its convex hull.
    pub outline: Outline,
}

/// The corners of a convex polygon, clockwise on screen. No corner lies on the line between its neighbours.
///
/// A corner is the top left corner of the map pixel there. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Corners"))]
pub struct Outline {
    corners: Vec<Point<Centimetre>>,
}

/// An [`Outline`] as it is deserialised, with corners of any kind.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Corners {
    corners: Vec<Point<Centimetre>>,
}

#[cfg(feature = "serde")]
impl TryFrom<Corners> for Outline {
    type Error = &'static str;

    fn try_from(Corners { mut corners }: Corners) -> Result<Self, &'static str> {
        let mut outline = Vec::new();
        hull(&mut corners, &mut outline);
        if outline.is_empty() { Err("an outline without corners") } else { Ok(Self { corners: outline }) }
    }
}

impl Map {
    /// The rooms, in the map's order. A segment without pixels, or one too thin to have an outline, is none.
    #[must_use]
    pub fn rooms(&self) -> Vec<Room> {
        let mut tracer = Tracer::default();
        let rooms = self.segments().enumerate().filter_map(|(position, (segment, layer))| {
            let outline = tracer.outline(&layer.runs, self.pixel_size, self.family)?;
            Some(Room { segment: segment.clone(), position, outline })
        });
        rooms.collect()
    }
}

impl Room {
    /// The name of the room that stands for all of the floor on maps without rooms: its id is
    /// [`Segment::PLACEHOLDER_ID`], and nobody has named it. No place in it is worth a mention.
    pub const PLACEHOLDER_NAME: &'static str = "Room 31";

    /// Its name, or `Room` and its id.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        self.segment.name.as_deref().map_or_else(|| format!("Room {}", self.segment.id).into(), Cow::Borrowed)
    }
}

impl Outline {
    /// The corners, each once.
    #[must_use]
    pub fn corners(&self) -> &[Point<Centimetre>] {
        &self.corners
    }

    /// From the smallest coordinates to the largest, which are exclusive.
    #[must_use]
    pub fn bounds(&self) -> Rect<Centimetre> {
        let corners = self.corners.iter();
        let around = corners.fold(Rect::EMPTY, |bounds, &corner| bounds.union(Rect::of_pixel(corner)));
        Rect::new(around.left, around.top, around.right - 1, around.bottom - 1)
    }

    /// The middle of the bounds.
    #[must_use]
    pub fn centre(&self) -> Point<Millimetre> {
        self.bounds().centre()
    }

    /// Whether the outline winds around a point.
    #[must_use]
    pub fn contains(&self, point: Point<Centimetre>) -> bool {
        let next = self.corners.iter().cycle().skip(1);
        let winding: i32 = self.corners.iter().zip(next).map(|(&from, &to)| crossing(from, to, point)).sum();
        winding != 0
    }
}

/// How an edge counts in the winding number: 1 or −1 when it passes the point's row on the point's right, downwards or upwards.
fn crossing(from: Point<Centimetre>, to: Point<Centimetre>, point: Point<Centimetre>) -> i32 {
    let side = turn(from, to, point);
    if from.y <= point.y { i32::from(to.y > point.y && side > 0) } else { -i32::from(to.y <= point.y && side < 0) }
}

/// Positive when `c` lies to the right (on screen, y down) of the way from `a` to `b`, 0 on it.
fn turn<U>(a: Point<U>, b: Point<U>, c: Point<U>) -> i128 {
    let difference = |to: i32, from: i32| i64::from(to) - i64::from(from);
    // A difference has 32 bits and a sign, a product 64 and a sign.
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    product(difference(b.x, a.x), difference(c.y, a.y)) - product(difference(c.x, a.x), difference(b.y, a.y))
}

/// Finds the outlines of rooms, one after the other in the same memory.
#[derive(Default)]
struct Tracer {
    rows: Rows,
    extents: Vec<Extent>,
    /// The columns that two, and three, rows share.
    shared: [Vec<(i32, i32)>; 2],
    points: Vec<Point<MapPixel>>,
    hull: Vec<Point<MapPixel>>,
}

impl Tracer {
    /// The convex hull of a segment's pixels; for some families, of the pixels that a square of 3 × 3 reaches.
    fn outline(&mut self, runs: &Runs, pixel_size: PixelSize, family: Family) -> Option<Outline> {
        self.rows.read(runs);
        self.extents.clear();
        if family.rooms_are_opened() {
            self.rows.opened(&mut self.extents, &mut self.shared);
        } else {
            self.rows.extents(&mut self.extents);
        }
        let ends = |row: &Extent| [Point::new(row.first, row.y), Point::new(row.last, row.y)];
        self.points.clear();
        self.points.extend(self.extents.iter().flat_map(ends));
        hull(&mut self.points, &mut self.hull);
        let corners = || self.hull.iter().map(|&corner| pixel_size.to_centimetres(corner)).collect();
        (!self.hull.is_empty()).then(|| Outline { corners: corners() })
    }
}

/// Pixels, row by row.
#[derive(Default)]
struct Rows {
    /// The rows from top to bottom: y, and the row's part of `ranges`.
    rows: Vec<(i32, Range<usize>)>,
    /// Disjoint ranges of columns `start..end`, in order within each row.
    ranges: Vec<(i32, i32)>,
}

/// The first and last pixel of a row.
struct Extent {
    y: i32,
    first: i32,
    last: i32,
}

impl Rows {
    fn read(&mut self, runs: &Runs) {
        self.rows.clear();
        self.ranges.clear();
        for row in runs.as_slice().chunk_by(|a, b| a.y() == b.y()) {
            let first = self.ranges.len();
            for run in row {
                let (start, end) = (i32::from(run.x()), i32::from(run.end()));
                match self.ranges.get_mut(first..).and_then(<[_]>::last_mut) {
                    Some(last) if start <= last.1 => last.1 = end.max(last.1),
                    _ => self.ranges.push((start, end)),
                }
            }
            self.rows.extend(row.first().map(|run| (run.y().into(), first..self.ranges.len())));
        }
    }

    fn extents(&self, extents: &mut Vec<Extent>) {
        let extent = |(y, ranges): &(i32, Range<usize>)| {
            let ranges = self.ranges.get(ranges.clone())?;
            Some(Extent { y: *y, first: ranges.first()?.0, last: ranges.last()?.1 - 1 })
        };
        extents.extend(self.rows.iter().filter_map(extent));
    }

    /// The extents of the rows after a morphological opening: eroded by a square of 3 × 3 pixels, then dilated by it.
    fn opened(&self, opened: &mut Vec<Extent>, [two, three]: &mut [Vec<(i32, i32)>; 2]) {
        for rows in self.rows.windows(3) {
            let [(above_y, above), (y, row), (below_y, below)] = rows else { continue };
            if above_y + 1 != *y || y + 1 != *below_y {
                continue;
            }
            // `read` has made each row's part of `ranges`.
            let ranges = |row: &Range<usize>| &self.ranges[row.clone()];
            intersect(ranges(above), ranges(row), two);
            intersect(two, ranges(below), three);
            let mut squares = three.iter().filter(|(start, end)| end - start >= 3);
            // A column survives the erosion when its neighbours are there too, and the dilation brings those back.
            let Some(&(first, first_end)) = squares.next() else { continue };
            let last = squares.next_back().map_or(first_end, |&(_, end)| end) - 1;
            for y in y - 1..=y + 1 {
                // Only the last three rows can be this one.
                match opened.iter_mut().rev().take(3).find(|extent| extent.y == y) {
                    Some(extent) => (extent.first, extent.last) = (extent.first.min(first), extent.last.max(last)),
                    None => opened.push(Extent { y, first, last }),
                }
            }
        }
    }
}

/// Replaces `shared` by the intersection of two lists of disjoint ranges.
fn intersect(a: &[(i32, i32)], b: &[(i32, i32)], shared: &mut Vec<(i32, i32)>) {
    shared.clear();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(&&(a_start, a_end)), Some(&&(b_start, b_end))) = (a.peek(), b.peek()) {
        let (start, end) = (a_start.max(b_start), a_end.min(b_end));
        if start < end {
            shared.push((start, end));
        }
        if a_end < b_end {
            a.next();
        } else {
            b.next();
        }
    }
}

/// Replaces `hull` by the strict corners of the points' convex hull, clockwise on screen (Andrew's monotone chain).
fn hull<U>(points: &mut Vec<Point<U>>, hull: &mut Vec<Point<U>>) {
    hull.clear();
    points.sort_unstable_by_key(|point| (point.y, point.x));
    points.dedup();
    if points.len() < 3 {
        hull.extend_from_slice(points);
        return;
    }
    let mut walk = |points: &mut dyn Iterator<Item = Point<U>>| {
        let start = hull.len();
        for point in points {
            while let [.., before, last] = hull[start..] {
                if turn(before, last, point) > 0 {
                    break;
                }
                hull.pop();
            }
            hull.push(point);
        }
        // The last point begins the other half.
        hull.pop();
    };
    walk(&mut points.iter().copied());
    walk(&mut points.iter().rev().copied());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layer, LayerKind, Run, Size};

    fn outline(runs: &[(u16, u16, u16)], family: Family) -> Option<Vec<(i32, i32)>> {
        let runs: Runs = runs.iter().filter_map(|&(x, y, length)| Run::new(x, y, length)).collect();
        let kind = LayerKind::Segment(Segment { id: "1".into(), ..Segment::default() });
        let map =
            Map { layers: vec![Layer { kind, runs }], ..Map::empty(family, Size::new(1000, 1000), PixelSize::DEFAULT) };
        map.rooms().first().map(|room| room.outline.corners().iter().map(|corner| (corner.x, corner.y)).collect())
    }

    #[test]
    fn an_outline_is_clockwise_and_has_no_corner_too_many() {
        let square = [(10, 10, 4), (10, 11, 4), (10, 12, 4), (10, 13, 4)];
        assert_eq!(outline(&square, Family::Valetudo).unwrap(), [(50, 50), (65, 50), (65, 65), (50, 65)]);
    }

    #[test]
    fn rooms_of_rr_maps_alone_keep_their_thin_parts() {
        let with_tail = [(10, 10, 4), (10, 11, 30), (10, 12, 4)];
        assert_eq!(outline(&with_tail, Family::Valetudo).unwrap(), [(50, 50), (65, 50), (65, 60), (50, 60)]);
        assert_eq!(outline(&with_tail, Family::Rand256).unwrap(), [(50, 50), (65, 50), (195, 55), (65, 60), (50, 60)]);
        assert_eq!(outline(&[(10, 10, 4), (10, 11, 4)], Family::Valetudo), None);
    }

    #[test]
    fn only_ranges_of_the_same_row_are_joined() {
        // The second row begins left of where the first one ends.
        let rows = [(10, 10, 9), (10, 11, 3), (15, 11, 4), (10, 12, 9)];
        assert_eq!(outline(&rows, Family::Valetudo).unwrap(), [(50, 50), (90, 50), (90, 60), (50, 60)]);
    }

    #[test]
    fn rows_with_a_gap_between_them_make_no_room() {
        assert_eq!(outline(&[(10, 10, 4), (10, 11, 4), (10, 13, 4)], Family::Valetudo), None);
    }

    #[test]
    fn an_outline_contains_its_top_and_left_edge_only() {
        let outline = Outline { corners: [(0, 0), (10, 0), (10, 10), (0, 10)].map(|(x, y)| Point::new(x, y)).to_vec() };
        assert!(outline.contains(Point::new(5, 5)) && outline.contains(Point::new(0, 0)));
        assert!(!outline.contains(Point::new(11, 5)) && !outline.contains(Point::new(5, 10)));
        assert_eq!(outline.centre(), Point::new(50, 50));
    }

    #[test]
    fn the_placeholder_room_has_its_name() {
        let segment = Segment { id: Segment::PLACEHOLDER_ID.into(), ..Segment::default() };
        let outline = Outline { corners: vec![Point::new(0, 0)] };
        assert_eq!(Room { segment, position: 0, outline }.name(), Room::PLACEHOLDER_NAME);
    }
}
