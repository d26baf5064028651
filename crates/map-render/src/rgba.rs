//! Numbers of colours become colours.

use ndarray::ArrayView2;
use valetudo_map_crop::RgbaPixel;

use crate::picture::colour_table;

/// Calls `take` with the colours of each row of `indices`.
///
/// A map pixel is several rows high, so most rows are those above them once more, and need not be looked up again.
/// `colours` is memory for a row.
pub(crate) fn each_row(
    indices: ArrayView2<'_, u8>,
    palette: &[RgbaPixel],
    colours: &mut Vec<RgbaPixel>,
    mut take: impl FnMut(&[RgbaPixel]),
) {
    let colour = colour_table(palette);
    let mut above: Option<&[u8]> = None;
    for row in slices(indices) {
        if above != Some(row) {
            colours.clear();
            colours.extend(row.iter().map(|&index| colour[usize::from(index)]));
            above = Some(row);
        }
        take(colours);
    }
}

/// The rows of pictures and canvases, which lie in order.
pub(crate) fn slices(indices: ArrayView2<'_, u8>) -> impl Iterator<Item = &[u8]> {
    indices.into_outer_iter().map(|row| row.to_slice().unwrap_or_default())
}
