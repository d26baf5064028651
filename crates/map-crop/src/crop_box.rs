//! Which rectangle of the map is shown.

use valetudo_map_model::{Centimetre, Rect};

/// How much is cut off each side of the box, in the unrotated map's sense, centimetres. Negative values show more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Offsets {
    /// Off the top.
    pub top: i32,
    /// Off the bottom.
    pub bottom: i32,
    /// Off the left.
    pub left: i32,
    /// Off the right.
    pub right: i32,
}

impl Offsets {
    /// The rest of `rect`; possibly empty.
    #[must_use]
    pub const fn apply(self, rect: Rect<Centimetre>) -> Rect<Centimetre> {
        Rect::new(
            rect.left.saturating_add(self.left),
            rect.top.saturating_add(self.top),
            rect.right.saturating_sub(self.right),
            rect.bottom.saturating_sub(self.bottom),
        )
    }
}

/// The box that shows `content` with `margin` centimetres around it.
///
/// As in the reference its right and bottom lie `margin` beyond the *last* pixel and are exclusive, so that there is one
/// column and one row less on those sides.
#[must_use]
pub const fn with_margin(content: Rect<Centimetre>, margin: i32) -> Rect<Centimetre> {
    let grown = content.grown(margin);
    Rect::new(grown.left, grown.top, grown.right.saturating_sub(1), grown.bottom.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_is_one_short_on_the_far_sides() {
        assert_eq!(with_margin(Rect::new(200, 300, 401, 501), 100), Rect::new(100, 200, 500, 600));
    }

    #[test]
    fn offsets_can_eat_the_box() {
        let offsets = Offsets { left: 60, right: 60, ..Offsets::default() };
        assert!(offsets.apply(Rect::new(0, 0, 100, 100)).is_empty());
    }
}
