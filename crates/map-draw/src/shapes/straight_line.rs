//! A straight line, followed step by step where it can be seen.

use valetudo_map_model::{CanvasPixel, Point, Rect};

/// A straight line between two different points. Places on it are distances from its beginning, canvas pixels.
///
/// All arithmetic is exact to the last bit on every platform, so that pictures are the same on all.
pub(super) struct StraightLine {
    from: (f64, f64),
    direction: (f64, f64),
    pub(super) length: f64,
}

impl StraightLine {
    pub(super) fn new(from: Point<CanvasPixel>, to: Point<CanvasPixel>) -> Option<Self> {
        let (x, y) = (f64::from(from.x), f64::from(from.y));
        let (dx, dy) = (f64::from(to.x) - x, f64::from(to.y) - y);
        let length = (dx * dx + dy * dy).sqrt();
        (length > 0.0).then(|| Self { from: (x, y), direction: (dx / length, dy / length), length })
    }

    /// The pixel at a distance, so far to the right of the line.
    pub(super) fn at(&self, along: f64, aside: f64) -> Point<CanvasPixel> {
        let (x, y) = self.direction;
        let pixel = |at: f64| at.round() as i32;
        Point::new(pixel(self.from.0 + x * along - y * aside), pixel(self.from.1 + y * along + x * aside))
    }

    /// The numbers of the steps of this length that lie in the window or at most `reach` pixels away from it: as many as the window
    /// has room for, however long the line is.
    pub(super) fn visible_steps(&self, step: f64, window: Rect<CanvasPixel>, reach: i32) -> std::ops::Range<i64> {
        let window = window.grown(reach.saturating_add(2));
        let (mut start, mut end) = (0.0_f64, self.length);
        for (from, direction, low, high) in [
            (self.from.0, self.direction.0, window.left, window.right),
            (self.from.1, self.direction.1, window.top, window.bottom),
        ] {
            let (low, high) = (f64::from(low) - from, f64::from(high) - from);
            if direction == 0.0 {
                if low > 0.0 || high < 0.0 {
                    return 0..0;
                }
            } else {
                let (one, other) = (low / direction, high / direction);
                (start, end) = (start.max(one.min(other)), end.min(one.max(other)));
            }
        }
        if window.is_empty() || start > end {
            return 0..0;
        }
        (start / step).floor() as i64..(end / step).ceil() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_step_in_the_window_is_found(
            ends in prop::array::uniform4(-300..300_i32), window in prop::array::uniform4(-100..100_i32), reach in 0..9_i32,
        ) {
            let [left, top, right, bottom] = window;
            let window = Rect::new(left, top, right, bottom);
            let Some(line) = StraightLine::new(Point::new(ends[0], ends[1]), Point::new(ends[2], ends[3])) else { return Ok(()) };
            let steps = line.visible_steps(3.0, window, reach);
            for step in 0..(line.length / 3.0).ceil() as i64 {
                let near = |at: i64| !Rect::of_pixel(line.at(at as f64 * 3.0, 0.0)).grown(reach).intersection(window).is_empty();
                prop_assert!(steps.contains(&step) || !near(step), "{step} is not in {steps:?}");
            }
        }
    }

    #[test]
    fn a_line_across_the_world_has_few_steps() {
        let ends = (Point::new(i32::MIN, i32::MIN + 9), Point::new(i32::MAX, i32::MAX));
        let line = StraightLine::new(ends.0, ends.1).unwrap();
        let steps = line.visible_steps(2.0, Rect::new(0, 0, 1000, 1000), 5);
        assert!((700..800).contains(&(steps.end - steps.start)), "{steps:?}");
    }
}
