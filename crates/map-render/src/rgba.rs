//! Numbers of colours become colours.

use valetudo_map_crop::RgbaPixel;

use crate::picture::colour_table;

/// Calls `take` with the colours of each row of `width` of `indices`.
///
/// A map pixel is several rows high, so most rows are those above them once more, and need not be looked up again.
/// `colours` is memory for a row.
pub(crate) fn each_row(
    indices: &[u8],
    palette: &[RgbaPixel],
    width: usize,
    colours: &mut Vec<RgbaPixel>,
    mut take: impl FnMut(&[RgbaPixel]),
) {
    let colour = colour_table(palette);
    let mut above: &[u8] = &[];
    for row in indices.chunks_exact(width.max(1)) {
        if row != above {
            colours.clear();
            colours.extend(row.iter().map(|&index| colour[usize::from(index)]));
            above = row;
        }
        take(colours);
    }
}
