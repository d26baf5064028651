//! Classes of sizes: powers of two.

/// One class for each power of two that a size can be at most.
pub(super) const CLASSES: usize = u64::BITS as usize + 1;

/// The class of a size. A class holds the sizes above half of its power of two, up to it.
#[inline]
pub(super) fn class_of(size: u64) -> usize {
    (u64::BITS - size.saturating_sub(1).leading_zeros()) as usize
}

/// The largest size of a class.
pub(super) fn largest_bytes(class: usize) -> u64 {
    1u64.checked_shl(class as u32).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_ends_at_its_power_of_two() {
        assert_eq!([1, 2, 3, 4, 5, 8, 9, 1024, 1025].map(class_of), [0, 1, 2, 2, 3, 3, 4, 10, 11]);
        assert_eq!(class_of(u64::MAX), 64);
        for size in [1, 2, 3, 1024, 1025, u64::MAX] {
            assert!(size <= largest_bytes(class_of(size)) && (size == 1 || size > largest_bytes(class_of(size)) / 2));
        }
    }
}
