//! The result of an update, and the limits of its cost.

use valetudo_map_model::{CanvasPixel, Rect};

use crate::region::Region;

/// The changes of an update of a [`Drawing`](crate::Drawing).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update {
    pub(super) layers_changed: bool,
    pub(super) change: Change,
}

impl Update {
    /// Whether floor, rooms, walls or the style may be others than those of the update before.
    #[must_use]
    pub const fn layers_changed(&self) -> bool {
        self.layers_changed
    }

    /// Where the canvas may differ from the one before.
    #[must_use]
    pub const fn change(&self) -> Change {
        self.change
    }
}

/// Where a canvas may differ from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change(Option<Region>);

impl Change {
    /// Everywhere, the window and the palette included.
    pub const EVERYTHING: Self = Self(None);
    /// Nowhere.
    pub const NOTHING: Self = Self(Some(Region::EMPTY));

    /// Inside of a region. The window stays, and the palette indices in use mean the same colours.
    pub(super) const fn within(region: Region) -> Self {
        Self(Some(region))
    }

    /// Whether the canvas is as it was.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0 == Some(Region::EMPTY)
    }

    /// The rectangles outside of which every pixel is as it was; none of them is empty. `None` when everything may differ,
    /// the window and the palette included.
    pub fn rects(&self) -> Option<impl Iterator<Item = Rect<CanvasPixel>> + Clone + use<>> {
        self.0.map(Region::rects)
    }
}

/// Upper bounds of the cost of an update. A map may be small and ask for hours of work: areas that cover each other,
/// polygons of a million corners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DrawLimits {
    /// Pixels of the canvas.
    pub canvas_pixels: u64,
    /// Canvas pixels that are painted, overdraw included; each corner of a polygon counts as ten in each of its rows.
    pub painted_pixels: u64,
}

impl DrawLimits {
    /// Any map is drawn.
    pub const UNLIMITED: Self = Self::new(u64::MAX, u64::MAX);

    /// Limits of these values.
    #[must_use]
    pub const fn new(canvas_pixels: u64, painted_pixels: u64) -> Self {
        Self { canvas_pixels, painted_pixels }
    }
}

/// A scene that asks for more than the limits grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitExceeded {
    /// [`DrawLimits::canvas_pixels`]
    #[error("the canvas would have more than {max} pixels")]
    CanvasPixels {
        /// The limit.
        max: u64,
    },
    /// [`DrawLimits::painted_pixels`]
    #[error("more than {max} pixels would be painted")]
    PaintedPixels {
        /// The limit.
        max: u64,
    },
}
