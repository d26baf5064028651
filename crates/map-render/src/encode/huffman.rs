//! Huffman codes of a deflate block.

/// The most symbols of an alphabet: literals and lengths.
pub(super) const MAX_SYMBOLS: usize = 286;

/// A prefix code: of each symbol the length in bits, 0 if it is not used, and the bits in the order in which they are sent,
/// the first of them lowest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    pub(super) lengths: [u8; MAX_SYMBOLS],
    pub(super) bits: [u16; MAX_SYMBOLS],
}

impl Code {
    /// The code with the fewest bits for symbols that occur this often, if none may be longer than `max_length`; nearly that
    /// code if the limit is in the way.
    pub(super) fn new(counts: &[u32], max_length: u8) -> Self {
        let mut lengths = [0; MAX_SYMBOLS];
        let mut scaled = [0; MAX_SYMBOLS];
        let scaled = &mut scaled[..counts.len()];
        scaled.copy_from_slice(counts);
        // The rarest symbols have the longest codes. Rounding counts up as they are halved makes them less rare.
        while !unlimited_lengths(scaled, &mut lengths, max_length) {
            scaled.iter_mut().for_each(|count| *count = count.div_ceil(2));
        }
        Self { bits: canonical_bits(&lengths), lengths }
    }
}

/// Code lengths by Huffman's algorithm; `false` if one is longer than `max_length`.
fn unlimited_lengths(counts: &[u32], lengths: &mut [u8; MAX_SYMBOLS], max_length: u8) -> bool {
    let mut symbols = [0_u16; MAX_SYMBOLS];
    let mut used = 0;
    for (symbol, &count) in counts.iter().enumerate() {
        if count > 0 {
            symbols[used] = symbol as u16;
            used += 1;
        }
    }
    lengths.fill(0);
    let symbols = &mut symbols[..used];
    if let &mut [only] = symbols {
        lengths[usize::from(only)] = 1;
        return true;
    }
    symbols.sort_unstable_by_key(|&symbol| (counts[usize::from(symbol)], symbol));

    // Nodes are the symbols, rarest first, then their parents in the order in which they are made, which is also by weight: so
    // the two lightest nodes without a parent are found at the fronts of two queues.
    let mut weights = [0_u64; 2 * MAX_SYMBOLS];
    let mut parents = [0_u16; 2 * MAX_SYMBOLS];
    for (weight, &symbol) in weights.iter_mut().zip(symbols.iter()) {
        *weight = counts[usize::from(symbol)].into();
    }
    let (mut leaf, mut inner) = (0, used);
    for parent in used..(2 * used).saturating_sub(1) {
        for _ in 0..2 {
            let is_leaf = leaf < used && (inner == parent || weights[leaf] <= weights[inner]);
            let front = if is_leaf { &mut leaf } else { &mut inner };
            weights[parent] += weights[*front];
            parents[*front] = parent as u16;
            *front += 1;
        }
    }
    let mut depths = [0_u8; 2 * MAX_SYMBOLS];
    for node in (0..(2 * used).saturating_sub(2)).rev() {
        depths[node] = depths[usize::from(parents[node])].saturating_add(1);
    }
    for (&symbol, &depth) in symbols.iter().zip(&depths) {
        lengths[usize::from(symbol)] = depth;
    }
    depths[..used].iter().all(|&depth| depth <= max_length)
}

/// The bits that RFC 1951, section 3.2.2, gives to codes of these lengths.
fn canonical_bits(lengths: &[u8; MAX_SYMBOLS]) -> [u16; MAX_SYMBOLS] {
    let mut counts = [0_u16; 16];
    lengths.iter().for_each(|&length| counts[usize::from(length & 15)] += 1);
    // Of each length, the bits of the next code.
    let mut next = [0_u16; 16];
    for length in 2..16 {
        next[length] = (next[length - 1] + counts[length - 1]) << 1;
    }
    let mut bits = [0; MAX_SYMBOLS];
    for (bits, &length) in bits.iter_mut().zip(lengths).filter(|&(_, &length)| length > 0) {
        let code = &mut next[usize::from(length & 15)];
        *bits = code.reverse_bits() >> (16 - length);
        *code += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn codes_are_complete_and_short_enough(
            counts in prop::collection::vec(prop_oneof![3 => Just(0), 3 => 1..50_u32, 1 => 0..1_000_000_u32], 2..286),
            max_length in 9..=15_u8,
        ) {
            let code = Code::new(&counts, max_length);
            let used = counts.iter().filter(|&&count| count > 0).count();
            prop_assert!(counts.iter().zip(&code.lengths).all(|(&count, &length)| (count > 0) == (length > 0)));
            prop_assert!(code.lengths.iter().all(|&length| length <= max_length));
            let share: u32 = code.lengths.iter().filter(|&&length| length > 0).map(|&length| 1 << (15 - length)).sum();
            prop_assert!(used < 2 || share == 1 << 15);
        }
    }

    #[test]
    fn bits_are_those_of_the_rfc() {
        // The example of RFC 1951, section 3.2.2: lengths 3, 3, 3, 3, 3, 2, 4, 4.
        let mut lengths = [0; MAX_SYMBOLS];
        lengths[..8].copy_from_slice(&[3, 3, 3, 3, 3, 2, 4, 4]);
        let sent: Vec<u16> = canonical_bits(&lengths)
            .iter()
            .zip(lengths)
            .take(8)
            .map(|(bits, length)| bits.reverse_bits() >> (16 - length))
            .collect();
        assert_eq!(sent, [0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111]);
    }

    #[test]
    fn counts_of_fibonacci_reach_the_limit() {
        let mut counts = vec![1, 1];
        while counts.len() < 30 {
            counts.push(counts[counts.len() - 1] + counts[counts.len() - 2]);
        }
        assert_eq!(Code::new(&counts, 15).lengths.iter().max(), Some(&15));
    }
}
