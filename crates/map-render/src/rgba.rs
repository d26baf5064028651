//! Numbers of colours become colours.

use ndarray::ArrayView2;
use valetudo_map_crop::RgbaPixel;

use crate::picture::colour_table;

/// So many pixels are compared with those above them at once: compilers make a few vector instructions of that.
const CHUNK: usize = 32;

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
            let ((chunks, rest), (chunks_above, _)) = (row.as_chunks::<CHUNK>(), above.as_chunks::<CHUNK>());
            let (known, known_rest) = colours.as_chunks_mut::<CHUNK>();
            for (known, (chunk, chunk_above)) in known.iter_mut().zip(chunks.iter().zip(chunks_above)) {
                if chunk != chunk_above {
                    *known = chunk.map(|index| look_up(&index));
                }
            }
            known_rest.iter_mut().zip(rest).for_each(|(known, index)| *known = look_up(index));
            above = row;
        }
        take(colours);
    }
}

/// The rows of pictures and canvases, which lie in order.
pub(crate) fn slices(indices: ArrayView2<'_, u8>) -> impl Iterator<Item = &[u8]> {
    indices.into_outer_iter().map(|row| row.to_slice().unwrap_or_default())
}
