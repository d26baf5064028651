//! Palette indices become colours.

use valetudo_map_crop::{RgbaPixel, Rows};

/// This many pixels are compared with those above at once, which takes a few vector instructions.
const CHUNK: usize = 32;

/// The palette, extended to as many colours as a byte can name.
pub(crate) fn colour_table(palette: &[RgbaPixel]) -> [RgbaPixel; 256] {
    let mut table = [RgbaPixel::default(); 256];
    table.iter_mut().zip(palette).for_each(|(to, from)| *to = *from);
    table
}

/// Calls `take` with the colours of each row of `indices`.
///
/// A map pixel is several rows high, so most of a row repeats the row above: only chunks that differ are looked up.
/// `colours` is memory for a row.
pub(crate) fn each_row(
    indices: Rows<'_, u8>,
    palette: &[RgbaPixel],
    colours: &mut Vec<RgbaPixel>,
    mut take: impl FnMut(&[RgbaPixel]),
) {
    let colour = colour_table(palette);
    let look_up = |index: &u8| colour[usize::from(*index)];
    let mut rows = indices.iter();
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
