//! Filled polygons.

use std::ops::RangeInclusive;

use valetudo_map_model::{CanvasPixel, Point, Rect};

use super::brush::Brush;
use super::line::RowSpans;
use crate::canvas::{Canvas, Pixel};

/// The smallest rectangle that holds the corners' pixels.
pub(crate) fn bounds(corners: impl IntoIterator<Item = Point<CanvasPixel>>) -> Rect<CanvasPixel> {
    corners.into_iter().fold(Rect::EMPTY, |bounds, corner| bounds.union(Rect::of_pixel(corner)))
}

/// Paints a convex polygon and its edges: a single span in each row.
pub(crate) fn fill_convex<P: Pixel>(canvas: &mut Canvas<P>, corners: &[Point<CanvasPixel>], ink: P) {
    for y in visible_rows(canvas, corners) {
        let ends = |(start, end): (i32, i32), x: i32| (start.min(x), end.max(x));
        let (start, end) = crossings(corners, 0, y).fold((i32::MAX, i32::MIN), ends);
        canvas.fill_row(y, start, end.saturating_add(1), ink);
    }
    let brush = Brush::of_width(1);
    for (from, to) in edges(corners) {
        brush.line(canvas, from, to, ink);
    }
}

/// Calls `paint` with each row `y` and columns `from..to` of the polygon that no edge passes through.
pub(crate) fn each_interior_span<P: Pixel>(
    canvas: &mut Canvas<P>,
    corners: &[Point<CanvasPixel>],
    mut paint: impl FnMut(&mut Canvas<P>, i32, i32, i32) -> Result<(), P::Full>,
) -> Result<(), P::Full> {
    let mut row = PolygonRow::default();
    // The reference draws each area in a box of its own, which is clipped to the map.
    let origin = bounds(corners.iter().copied()).left.max(0);
    for y in visible_rows(canvas, corners) {
        row.find(corners, origin, y);
        row.find_edges(corners, y);
        let mut edges = row.edges.iter().peekable();
        for span in &row.spans {
            let mut from = *span.start();
            while let Some(edge) = edges.peek() {
                if edge.start() > span.end() {
                    break;
                }
                paint(canvas, y, from, *edge.start())?;
                from = from.max(edge.end().saturating_add(1));
                if edge.end() > span.end() {
                    break;
                }
                edges.next();
            }
            paint(canvas, y, from, span.end().saturating_add(1))?;
        }
    }
    Ok(())
}

fn visible_rows<P: Pixel>(canvas: &Canvas<P>, corners: &[Point<CanvasPixel>]) -> std::ops::Range<i32> {
    let visible = bounds(corners.iter().copied()).intersection(canvas.window());
    if visible.is_empty() { 0..0 } else { visible.top..visible.bottom }
}

fn edges(corners: &[Point<CanvasPixel>]) -> impl Iterator<Item = (Point<CanvasPixel>, Point<CanvasPixel>)> {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

/// The columns in which edges cross row `y`. An edge covers the rows from its upper end to above its lower one.
///
/// Crossings fall on half pixels often enough for rounding to show, so they are computed as the reference does: from the
/// upper end, counted from the column `origin`.
fn crossings(corners: &[Point<CanvasPixel>], origin: i32, y: i32) -> impl Iterator<Item = i32> {
    let column = move |x: i32| f64::from(x) - f64::from(origin);
    edges(corners).filter_map(move |(a, b)| {
        let (top, bottom) = if a.y <= b.y { (a, b) } else { (b, a) };
        if y < top.y || bottom.y <= y {
            return None;
        }
        let part = (f64::from(y) - f64::from(top.y)) / (f64::from(bottom.y) - f64::from(top.y));
        let x = column(top.x) + part * (column(bottom.x) - column(top.x));
        Some(((x + 0.5).floor() as i32).saturating_add(origin))
    })
}

/// One row of a polygon. Its memory is reused for the next row.
#[derive(Default)]
struct PolygonRow {
    crossings: Vec<i32>,
    /// The columns inside, in order and disjoint.
    spans: Vec<RangeInclusive<i32>>,
    /// The columns of edges, in order and disjoint.
    edges: Vec<RangeInclusive<i32>>,
}

impl PolygonRow {
    /// Computes the columns of row `y` from each odd crossing to the next even one, both included.
    fn find(&mut self, corners: &[Point<CanvasPixel>], origin: i32, y: i32) {
        self.crossings.clear();
        self.crossings.extend(crossings(corners, origin, y));
        self.crossings.sort_unstable();
        self.spans.clear();
        let pairs = self.crossings.chunks_exact(2).map(|pair| pair[0]..=pair[1]);
        self.spans.extend(pairs);
        join_overlapping(&mut self.spans);
    }

    /// Computes the pixels of row `y` that belong to an edge, drawn as a line one pixel wide.
    fn find_edges(&mut self, corners: &[Point<CanvasPixel>], y: i32) {
        self.edges.clear();
        for (from, to) in edges(corners) {
            if (from.y.min(to.y)..=from.y.max(to.y)).contains(&y) {
                let row = (i64::from(y) - i64::from(from.y)).abs();
                let (start, end) = RowSpans::new(from, to, row).next_row();
                self.edges.push(start..=end);
            }
        }
        self.edges.sort_unstable_by_key(|edge| *edge.start());
        join_overlapping(&mut self.edges);
    }
}

/// Joins sorted ranges that share a number.
fn join_overlapping(ranges: &mut Vec<RangeInclusive<i32>>) {
    ranges.dedup_by(|next, kept| {
        let overlap = next.start() <= kept.end();
        if overlap {
            *kept = *kept.start()..=*kept.end().max(next.end());
        }
        overlap
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Rgba;
    use valetudo_map_model::Size;

    fn interior(corners: &[(i32, i32)]) -> Vec<(i32, i32, i32)> {
        let size = Size::new(100, 100);
        let mut canvas = Canvas::<Rgba>::new(size, size.to_rect(), Rgba::TRANSPARENT);
        let corners: Vec<_> = corners.iter().map(|&(x, y)| Point::new(x, y)).collect();
        let mut spans = Vec::new();
        let Ok(()) = each_interior_span(&mut canvas, &corners, |_, y, from, to| {
            if from < to {
                spans.push((y, from, to));
            }
            Ok(())
        });
        spans
    }

    #[test]
    fn the_interior_of_a_rectangle_leaves_its_border_out() {
        assert_eq!(interior(&[(2, 3), (6, 3), (6, 6), (2, 6)]), [(4, 3, 6), (5, 3, 6)]);
    }

    #[test]
    fn a_notch_splits_a_row() {
        let corners = [(0, 0), (20, 0), (20, 10), (14, 10), (14, 4), (6, 4), (6, 10), (0, 10)];
        assert!(interior(&corners).contains(&(7, 1, 6)));
        assert!(interior(&corners).contains(&(7, 15, 20)));
    }

    #[test]
    fn a_line_has_no_interior() {
        assert!(interior(&[(2, 3), (9, 9), (2, 3)]).is_empty());
    }
}
