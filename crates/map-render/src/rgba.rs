//! Numbers of colours become colours.

use ndarray::ArrayView2;
use valetudo_map_crop::RgbaPixel;

use crate::picture::colour_table;

/// So many pixels are compared with those above them at once: compilers make a few vector instructions of that.
const CHUNK: usize = 64;

/// Calls `take` with the colours of each row of `indices`.
///
/// A map pixel is several rows high, so most of a row is what stands above it once more: only chunks that differ are
/// looked up. `colours` is memory for a row.
pub(crate) fn each_row(
    indices: ArrayView2<'_, u8>,
    palette: &[RgbaPixel],
    colours: &mut Vec<RgbaPixel>,
    mut take: impl FnMut(&[RgbaPixel]),
) {
    let colour = colour_table(palette);
    let look_up = |index: &u8| colour[usize::from(*index)];
    let mut rows = slices(indices);
    let Some(mut above) = rows.next() else { return };
    colours.clear();
    colours.extend(above.iter().map(look_up));
    take(colours);
    for row in rows {
        if row != above {
            let chunks = row.chunks(CHUNK).zip(above.chunks(CHUNK));
            for (to, (chunk, above)) in colours.chunks_mut(CHUNK).zip(chunks) {
                if chunk != above {
                    to.iter_mut().zip(chunk).for_each(|(to, index)| *to = look_up(index));
                }
            }
            above = row;
        }
        take(colours);
    }
}

/// The rows of pictures and canvases, which lie in order.
pub(crate) fn slices(indices: ArrayView2<'_, u8>) -> impl Iterator<Item = &[u8]> {
    indices.into_outer_iter().map(|row| row.to_slice().unwrap_or_default())
}
