//! The fixed grid of RR maps, which the binary map and its decoded JSON share.

use std::sync::Arc;

use valetudo_map_model::{Area, AreaKind, Layer, LayerKind, Millimetre, Point, RunsBuilder, Segment};

/// Cells along either side of the grid.
pub(crate) const CELLS: u32 = 1024;

/// The side of the grid in centimetres: [`CELLS`] of 50 mm.
pub(crate) const CENTIMETRES: u32 = 5120;

/// The side of the grid in millimetres. The robot's y points up from its lower edge, the model's down from its upper.
const MILLIMETRES: i64 = 51_200;

/// A point whose y the robot counts upwards. `None` when it lies beyond 32 bits.
pub(crate) fn from_y_up(x: impl Into<i64>, y: impl Into<i64>) -> Option<Point<Millimetre>> {
    Some(Point::new(i32::try_from(x.into()).ok()?, i32::try_from(MILLIMETRES.checked_sub(y.into())?).ok()?))
}

/// The rectangle that two opposite corners span, as an area.
pub(crate) fn zone(from: Point<Millimetre>, to: Point<Millimetre>) -> Area {
    let corners = vec![from, Point::new(from.x, to.y), to, Point::new(to.x, from.y)];
    Area { kind: AreaKind::ActiveZone, corners }
}

/// The direction of the robot: that of the last step of its path, in degrees clockwise from the top of the map. The step's
/// own angle (0 when there is none, or it leads nowhere) is truncated to whole degrees before it is turned.
pub(crate) fn heading(path: &[Point<Millimetre>]) -> f64 {
    let step = match path {
        [.., from, to] => {
            let (dx, dy) = (f64::from(to.x) - f64::from(from.x), f64::from(to.y) - f64::from(from.y));
            dy.atan2(dx).to_degrees().trunc()
        }
        _ => 0.0,
    };
    (step + 90.0).rem_euclid(360.0)
}

/// The part of the grid that the image covers, in cells from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    left: u16,
    top: u16,
    width: u16,
    height: u16,
}

impl Window {
    /// `None` when it reaches beyond the grid.
    pub(crate) fn new(left: i64, top: i64, width: i64, height: i64) -> Option<Self> {
        let cells = i64::from(CELLS);
        let fits = |start: i64, length: i64| {
            (0..=cells).contains(&start) && (0..=cells).contains(&length) && start + length <= cells
        };
        if !fits(left, width) || !fits(top, height) {
            return None;
        }
        let cell = |value: i64| u16::try_from(value).ok();
        Some(Self { left: cell(left)?, top: cell(top)?, width: cell(width)?, height: cell(height)? })
    }

    pub(crate) const fn width(self) -> u16 {
        self.width
    }

    pub(crate) const fn cells(self) -> u32 {
        self.width as u32 * self.height as u32
    }

    /// The column on the grid of a column of the image. (No sum on a grid of 1,024 overflows.)
    pub(crate) const fn column(self, x: u16) -> u16 {
        self.left.saturating_add(x)
    }

    /// The row on the grid of a row of the image, which counts rows from the bottom. `None` above the window.
    pub(crate) const fn row_from_bottom(self, row: u16) -> Option<u16> {
        match self.height.checked_sub(1) {
            Some(last) => match last.checked_sub(row) {
                Some(y) => Some(self.top.saturating_add(y)),
                None => None,
            },
            None => None,
        }
    }
}

/// The pixels of an image: floor without a room, walls, and rooms.
#[derive(Debug, Default)]
pub(crate) struct Pixels {
    pub(crate) floor: RunsBuilder,
    pub(crate) wall: RunsBuilder,
    pub(crate) segments: Vec<Found>,
}

/// A room of an image.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) id: Arc<str>,
    /// The index of its first pixel: rooms are listed, and coloured, in that order.
    pub(crate) first: u32,
    pub(crate) runs: RunsBuilder,
}

impl Pixels {
    pub(crate) fn runs(&self) -> usize {
        self.floor.len() + self.wall.len() + self.segments.iter().map(|found| found.runs.len()).sum::<usize>()
    }

    /// Adds floor without a room, rooms in the order in which the image's bytes first name them, and walls to `layers`,
    /// which are empty. Leaves out those without pixels.
    pub(crate) fn into_layers(mut self, mut layers: Vec<Layer>) -> Vec<Layer> {
        self.segments.sort_by_key(|found| found.first);
        let rooms = self.segments.into_iter().map(|found| {
            let segment = Segment { id: found.id, id_is_number: true, ..Segment::default() };
            (LayerKind::Segment(segment), found.runs)
        });
        let all = std::iter::once((LayerKind::Floor, self.floor))
            .chain(rooms)
            .chain(std::iter::once((LayerKind::Wall, self.wall)))
            .filter(|(_, runs)| !runs.is_empty())
            .map(|(kind, runs)| Layer { kind, runs: runs.finish() });
        layers.extend(all);
        layers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_degrees_clockwise_from_the_top() {
        let toward = |x, y| heading(&[Point::new(0, 0), Point::new(x, y)]);
        assert_eq!([toward(0, -5), toward(5, 0), toward(0, 5), toward(-5, 0)], [0.0, 90.0, 180.0, 270.0]);
        // atan2 is -90.3 and 177.8 degrees here.
        assert_eq!(toward(-1, -189), 0.0);
        assert_eq!(toward(-26, 1), 267.0);
        assert_eq!([heading(&[]), heading(&[Point::new(1, 1)]), toward(0, 0)], [90.0; 3]);
    }

    #[test]
    fn a_window_stays_on_the_grid() {
        let window = Window::new(413, 365, 263, 262).expect("on the grid");
        assert_eq!(
            (window.column(1), window.row_from_bottom(0), window.row_from_bottom(261)),
            (414, Some(626), Some(365))
        );
        assert_eq!(window.row_from_bottom(262), None);
        assert!(Window::new(1000, 0, 25, 1).is_none());
        assert!(Window::new(-1, 0, 1, 1).is_none());
        assert!(Window::new(i64::MAX, 0, i64::MAX, 1).is_none());
        assert_eq!(Window::new(1024, 1024, 0, 0).and_then(|empty| empty.row_from_bottom(0)), None);
    }

    #[test]
    fn points_beyond_32_bits_are_none() {
        assert_eq!(from_y_up(26_139, 26_459), Some(Point::new(26_139, 24_741)));
        assert_eq!(from_y_up(u32::MAX, 0u32), None);
        assert_eq!(from_y_up(0, i64::MIN), None);
    }
}
