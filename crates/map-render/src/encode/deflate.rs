//! Compresses rows of pixels as parts of one deflate stream that can be joined in any combination.
//!
//! A row is written as PNG wants it: filter type, then the pixels less those of the row above. On a map nearly all of that is
//! runs of one pixel, mostly of zeros, so the only matches are runs: a repetition of the pixel before. Each part is one block with
//! Huffman codes of its own, then an empty stored block, which ends on a whole byte (a full flush). No run reaches into
//! another part, so a part stays valid when others change.
//!
//! Libraries were measured first: of those that can flush, none finds runs at the speed of the picture's rows, and none that
//! does can flush. `docs/performance.md` has the figures.

use super::checksum::Checksum;
use super::huffman::{Code, MAX_SYMBOLS};

/// PNG's filter type "Up": each byte less the one above.
const UP: u8 = 2;

/// After a deflate stream's last part: an empty block that says it is the last.
pub(super) const END: [u8; 2] = [0x03, 0x00];

const END_OF_BLOCK: usize = 256;
/// Length codes 257 to 284: of each the shortest length and the number of extra bits (RFC 1951, section 3.2.5).
const LENGTHS: [(u16, u8); 28] = {
    let (mut lengths, mut length, mut code) = ([(0, 0); 28], 3, 0);
    while code < 28 {
        let extra = if code < 8 { 0 } else { (code / 4 - 1) as u8 };
        lengths[code] = (length, extra);
        length += 1 << extra;
        code += 1;
    }
    lengths
};
/// The length code of each match length, counted from the shortest.
const CODE_OF_LENGTH: [u8; 256] = {
    let (mut codes, mut at) = ([0; 256], 0);
    while at < 256 {
        let mut code = 27;
        while LENGTHS[code].0 as usize > at + 3 {
            code -= 1;
        }
        codes[at] = code as u8;
        at += 1;
    }
    codes
};
const MAX_RUN: u32 = 258;
const MIN_RUN: u32 = 3;

/// A pixel of a picture: one byte, or four.
pub(super) trait Pixel: Copy + PartialEq + Default {
    /// Bytes.
    const SIZE: u32;
    /// The deflate distance code that means one pixel, which has no extra bits.
    const DISTANCE_CODE: usize;

    fn less(self, above: Self) -> Self;

    fn flatten(pixels: &[Self]) -> &[u8];
}

impl Pixel for u8 {
    const SIZE: u32 = 1;
    const DISTANCE_CODE: usize = 0;

    #[inline]
    fn less(self, above: Self) -> Self {
        self.wrapping_sub(above)
    }

    fn flatten(pixels: &[Self]) -> &[u8] {
        pixels
    }
}

impl Pixel for [u8; 4] {
    const SIZE: u32 = 4;
    const DISTANCE_CODE: usize = 3;

    #[inline]
    fn less(self, above: Self) -> Self {
        std::array::from_fn(|channel| self[channel].wrapping_sub(above[channel]))
    }

    fn flatten(pixels: &[Self]) -> &[u8] {
        pixels.as_flattened()
    }
}

/// An element of a part: a byte, or this many bytes and 256 more that repeat the pixel before.
type Token = u32;

/// Compresses parts, one after the other. Keeps its memory.
#[derive(Debug, Default)]
pub(super) struct Compressor {
    tokens: Vec<Token>,
    /// Of bytes that are not compressed yet.
    checksum: Checksum,
}

impl Compressor {
    /// Adds a row; the row above the first counts as zeros. `difference` is memory for a row.
    pub(super) fn add_row<P: Pixel>(&mut self, row: &[P], above: Option<&[P]>, difference: &mut Vec<P>) {
        self.tokens.push(UP.into());
        self.checksum.add(&[UP]);
        if above == Some(row) {
            self.checksum.add_zeros(size_of_val(row));
            self.add_run(P::default(), row.len() as u32);
            return;
        }
        difference.clear();
        match above {
            Some(above) => difference.extend(row.iter().zip(above).map(|(pixel, &above)| pixel.less(above))),
            None => difference.extend_from_slice(row),
        }
        let mut rest = difference.as_slice();
        while let Some(&pixel) = rest.first() {
            let length = length_of_run(rest);
            self.add_run(pixel, length as u32);
            rest = &rest[length..];
        }
        self.checksum.add(P::flatten(difference));
    }

    fn add_run<P: Pixel>(&mut self, pixel: P, length: u32) {
        if length == 0 {
            return;
        }
        let repeated = (length - 1) * P::SIZE;
        let is_match = repeated >= MIN_RUN;
        // A run that is too short for a match is written out.
        let written = if is_match { 1 } else { length };
        for _ in 0..written {
            self.tokens.extend(P::flatten(&[pixel]).iter().map(|&byte| Token::from(byte)));
        }
        if is_match {
            self.tokens.push(256 + repeated);
        }
    }

    /// Compresses the rows that were added, and appends them to `out`; returns their checksum.
    pub(super) fn finish_part<P: Pixel>(&mut self, out: &mut Vec<u8>) -> Checksum {
        let mut counts = [0_u32; MAX_SYMBOLS];
        counts[END_OF_BLOCK] = 1;
        for &token in &self.tokens {
            match token.checked_sub(256) {
                None => counts[token as usize] += 1,
                Some(run) => each_match(run, |symbol, _, _, times| counts[symbol] += times),
            }
        }
        let code = Code::new(&counts, 15);
        let mut bits = BitWriter { out, bits: 0, count: 0 };
        // Not the last block, and with codes of its own.
        bits.write(0b100, 3);
        write_codes(&code, P::DISTANCE_CODE, &mut bits);
        for &token in &self.tokens {
            match token.checked_sub(256) {
                None => bits.write(code.bits[token as usize].into(), code.lengths[token as usize].into()),
                Some(run) => each_match(run, |symbol, extra, extra_bits, times| {
                    let length = u32::from(code.lengths[symbol]);
                    let word = u32::from(code.bits[symbol]) | extra << length;
                    // The only distance code is a single 0 bit.
                    (0..times).for_each(|_| bits.write(word, length + extra_bits + 1));
                }),
            }
        }
        bits.write(code.bits[END_OF_BLOCK].into(), code.lengths[END_OF_BLOCK].into());
        bits.write(0b000, 3);
        bits.align();
        out.extend_from_slice(&[0, 0, 0xff, 0xff]);
        self.tokens.clear();
        std::mem::take(&mut self.checksum)
    }
}

/// How many pixels equal the first.
fn length_of_run<P: Pixel>(pixels: &[P]) -> usize {
    const CHUNK: usize = 16;
    let Some(&first) = pixels.first() else { return 0 };
    let count = |pixels: &[P]| pixels.iter().take_while(|&&pixel| pixel == first).count();
    let (head, rest) = pixels.split_at(CHUNK.min(pixels.len()));
    let in_head = count(head);
    if in_head < CHUNK {
        return in_head;
    }
    let plain = [first; CHUNK];
    let start = rest.as_chunks::<CHUNK>().0.iter().take_while(|&&chunk| chunk == plain).count() * CHUNK;
    in_head + start + count(&rest[start..])
}

/// Cuts a run into deflate's matches: symbol, extra bits, their number, and how often.
#[inline]
fn each_match(run: u32, mut take: impl FnMut(usize, u32, u32, u32)) {
    let (mut whole, mut rest) = (run / MAX_RUN, run % MAX_RUN);
    // A rest that is too short for a match borrows from the match before.
    let mut borrowed = 0;
    if whole > 0 && (1..MIN_RUN).contains(&rest) {
        whole -= 1;
        borrowed = MAX_RUN + rest - MIN_RUN;
        rest = MIN_RUN;
    }
    if whole > 0 {
        take(285, 0, 0, whole);
    }
    for length in [borrowed, rest].into_iter().filter(|&length| length > 0) {
        let code = usize::from(CODE_OF_LENGTH[(length - MIN_RUN) as usize & 0xff]);
        let (shortest, extra) = LENGTHS[code];
        take(257 + code, length - u32::from(shortest), extra.into(), 1);
    }
}

/// Writes the codes' lengths (RFC 1951, section 3.2.7). Of the distance codes only one is used.
fn write_codes(code: &Code, distance_code: usize, bits: &mut BitWriter<'_>) {
    /// The order in which the lengths of the code for lengths are sent.
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let literals = code.lengths.iter().rposition(|&length| length > 0).map_or(257, |last| (last + 1).max(257));
    let mut lengths = [0; MAX_SYMBOLS + 4];
    lengths[..literals].copy_from_slice(&code.lengths[..literals]);
    lengths[literals + distance_code] = 1;
    let lengths = &lengths[..literals + distance_code + 1];

    let mut counts = [0_u32; 19];
    each_length(lengths, |symbol, _, _| counts[symbol] += 1);
    let code = Code::new(&counts, 7);
    let sent = ORDER.iter().rposition(|&symbol| code.lengths[symbol] > 0).map_or(4, |last| (last + 1).max(4));
    bits.write(literals as u32 - 257, 5);
    bits.write(distance_code as u32, 5);
    bits.write(sent as u32 - 4, 4);
    ORDER[..sent].iter().for_each(|&symbol| bits.write(code.lengths[symbol].into(), 3));
    each_length(lengths, |symbol, extra, extra_bits| {
        bits.write(code.bits[symbol].into(), code.lengths[symbol].into());
        bits.write(extra, extra_bits);
    });
}

/// Calls `take` with symbol, extra bits and their number for lengths, runs of which are one symbol.
fn each_length(lengths: &[u8], mut take: impl FnMut(usize, u32, u32)) {
    for run in lengths.chunk_by(|one, next| one == next) {
        let (length, mut count) = (usize::from(run[0]), run.len() as u32);
        if length > 0 {
            take(length, 0, 0);
            count -= 1;
        }
        while count > 0 {
            let (symbol, shortest, longest, extra_bits) = match (length, count) {
                (0, 11..) => (18, 11, 138, 7),
                (0, 3..) => (17, 3, 10, 3),
                (_, 3..) => (16, 3, 6, 2),
                _ => (length, 1, 1, 0),
            };
            let covered = count.min(longest);
            take(symbol, covered - shortest, extra_bits);
            count -= covered;
        }
    }
}

/// Appends bits to bytes, the first bit lowest.
struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    bits: u64,
    count: u32,
}

impl BitWriter<'_> {
    /// At most 32 bits at once.
    #[inline]
    fn write(&mut self, bits: u32, count: u32) {
        self.bits |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.out.extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }

    /// Fills up the last byte with zeros.
    fn align(&mut self) {
        let bytes = self.bits.to_le_bytes();
        self.out.extend_from_slice(&bytes[..self.count.div_ceil(8) as usize]);
        (self.bits, self.count) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    /// A zlib stream of parts.
    fn joined(parts: &[(Vec<u8>, Checksum)]) -> Vec<u8> {
        let mut stream = vec![0x78, 0x01];
        parts.iter().for_each(|(bytes, _)| stream.extend_from_slice(bytes));
        stream.extend_from_slice(&END);
        let all = parts.iter().fold(Checksum::default(), |all, &(_, next)| all.then(next));
        stream.extend_from_slice(&all.adler32().to_be_bytes());
        stream
    }

    /// Compresses rows in parts, and checks that they decompress to filtered rows. The decoder checks the checksum.
    fn check<P: Pixel>(rows: &[Vec<P>], rows_in_part: usize) {
        let (mut compressor, mut difference) = (Compressor::default(), Vec::new());
        let (mut parts, mut above) = (Vec::new(), None);
        for part in rows.chunks(rows_in_part) {
            for row in part {
                compressor.add_row(row, above, &mut difference);
                above = Some(row.as_slice());
            }
            let mut bytes = Vec::new();
            let checksum = compressor.finish_part::<P>(&mut bytes);
            parts.push((bytes, checksum));
        }
        let mut expected = Vec::new();
        for (y, row) in rows.iter().enumerate() {
            expected.push(UP);
            let above = |x: usize| if y == 0 { P::default() } else { rows[y - 1][x] };
            let line: Vec<P> = row.iter().enumerate().map(|(x, pixel)| pixel.less(above(x))).collect();
            expected.extend_from_slice(P::flatten(&line));
        }
        let mut found = Vec::new();
        flate2::read::ZlibDecoder::new(joined(&parts).as_slice()).read_to_end(&mut found).unwrap();
        assert!(found == expected);
    }

    fn runs() -> impl Strategy<Value = Vec<(u8, usize)>> {
        let length = prop_oneof![4 => 1..9_usize, 1 => 250..270_usize, 1 => 510..530_usize];
        prop::collection::vec((prop_oneof![2 => Just(0), 1 => 0..4_u8, 1 => any::<u8>()], length), 1..30)
    }

    proptest! {
        #[test]
        fn parts_decompress_to_the_rows(runs in runs(), width in 1..400_usize, rows_in_part in 1..9_usize) {
            let pixels: Vec<u8> = runs.iter().flat_map(|&(pixel, length)| std::iter::repeat_n(pixel, length)).collect();
            let rows: Vec<Vec<u8>> = pixels.chunks_exact(width).map(<[u8]>::to_vec).collect();
            check(&rows, rows_in_part);
            let colour = |&pixel: &u8| [pixel, pixel / 2, 7, 255 - pixel / 4];
            let rows: Vec<Vec<[u8; 4]>> = rows.iter().map(|row| row.iter().map(colour).collect()).collect();
            check(&rows, rows_in_part);
        }
    }

    #[test]
    fn every_length_of_run_is_cut_into_matches() {
        for run in 3..2000 {
            let mut covered = 0;
            each_match(run, |symbol, extra, _, times| {
                let length = if symbol == 285 { MAX_RUN } else { u32::from(LENGTHS[symbol - 257].0) + extra };
                assert!((MIN_RUN..=MAX_RUN).contains(&length));
                covered += times * length;
            });
            assert_eq!(covered, run);
        }
    }
}
