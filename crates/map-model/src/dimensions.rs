//! The dimensions of a layer, which Valetudo writes beside its pixels.

use crate::layer::Layer;
use crate::runs::{Run, Runs};
use crate::units::PixelSize;

/// The place and number of a layer's pixels: `dimensions` in Valetudo's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Dimensions {
    /// Columns, map pixels.
    pub x: Extent,
    /// Rows, map pixels.
    pub y: Extent,
    /// The number of pixels.
    pub pixels: u64,
}

/// The statements of a map's JSON about a layer.
///
/// [`Layer::dimensions`] and [`Layer::area`] compute the same from the pixels. They differ when the robot lists a pixel
/// twice: Valetudo counts it twice and writes it once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Stated {
    /// `dimensions`.
    pub dimensions: Option<Dimensions>,
    /// `area`: square centimetres.
    pub area: Option<u64>,
}

/// The columns or rows that pixels lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Extent {
    /// The first.
    pub min: u16,
    /// The last.
    pub max: u16,
    /// The one halfway between them, halves rounded up.
    pub mid: u16,
    /// The mean of all pixels, halves rounded up.
    pub avg: u16,
}

impl Extent {
    /// From the first, the last, and the doubled sum over all pixels.
    fn new(min: u16, max: u16, double_sum: u64, pixels: u64) -> Self {
        // The mean of 16-bit numbers fits 16 bits.
        let avg = (double_sum + pixels) / (2 * pixels);
        Self { min, max, mid: min + (max - min).div_ceil(2), avg: u16::try_from(avg).unwrap_or(max) }
    }
}

impl Dimensions {
    /// The dimensions of these pixels; `None` when there are none. A pixel that is listed twice counts twice.
    #[must_use]
    pub fn of(runs: &Runs) -> Option<Self> {
        let (first, last) = (runs.as_slice().first()?, runs.as_slice().last()?);
        let pixels = runs.pixels();
        let length = |run: Run| u64::from(run.length());
        let double_x = runs.iter().map(|run| length(run) * (u64::from(run.x()) + u64::from(run.end()) - 1)).sum();
        let double_y = runs.iter().map(|run| 2 * length(run) * u64::from(run.y())).sum();
        let left = runs.iter().map(Run::x).min()?;
        let right = runs.iter().map(Run::end).max()? - 1;
        Some(Self {
            x: Extent::new(left, right, double_x, pixels),
            y: Extent::new(first.y(), last.y(), double_y, pixels),
            pixels,
        })
    }
}

impl Layer {
    /// The dimensions of the layer's pixels; `None` when it has none.
    #[must_use]
    pub fn dimensions(&self) -> Option<Dimensions> {
        Dimensions::of(&self.runs)
    }

    /// The area of the layer's pixels in square centimetres.
    #[must_use]
    pub fn area(&self, pixel_size: PixelSize) -> u64 {
        self.runs.pixels().saturating_mul(pixel_size.area())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::LayerKind;

    #[test]
    fn dimensions_are_those_of_single_pixels() {
        let runs: Runs =
            [(10, 4, 3), (3, 4, 1), (7, 9, 6)].into_iter().filter_map(|run| Run::try_from(run).ok()).collect();
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for run in &runs {
            xs.extend((run.x()..run.end()).map(f64::from));
            ys.extend((run.x()..run.end()).map(|_| f64::from(run.y())));
        }
        let rounded = |number: f64| (number + 0.5).floor() as u16;
        let extent = |at: &[f64]| {
            let (min, max) = (at.iter().copied().fold(f64::MAX, f64::min), at.iter().copied().fold(0.0, f64::max));
            let mean = at.iter().sum::<f64>() / at.len() as f64;
            Extent { min: min as u16, max: max as u16, mid: rounded((min + max) / 2.0), avg: rounded(mean) }
        };
        let expected = Dimensions { x: extent(&xs), y: extent(&ys), pixels: 10 };
        let layer = Layer { kind: LayerKind::Floor, runs };
        assert_eq!(layer.dimensions(), Some(expected));
        assert_eq!(layer.area(PixelSize::DEFAULT), 250);
        assert_eq!(Dimensions::of(&Runs::default()), None);
    }

    #[test]
    fn the_last_column_has_dimensions_too() {
        let runs: Runs = Run::new(0, u16::MAX, u16::MAX).into_iter().collect();
        let dimensions = Dimensions::of(&runs).unwrap();
        assert_eq!((dimensions.x.max, dimensions.x.mid, dimensions.x.avg), (65_534, 32_767, 32_767));
        assert_eq!(dimensions.y, Extent { min: 65_535, max: 65_535, mid: 65_535, avg: 65_535 });
    }
}
