//! Hash functions for keys that are no secrets: addresses and hashes.

/// Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4): the upper half of the product is
/// well mixed, and no cheaper hash is.
#[inline]
pub(crate) const fn fibonacci(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014): every input bit affects every output bit.
#[inline]
pub(crate) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
