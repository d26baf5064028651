//! The checksum of a zlib stream, from those of its parts.

/// Adler-32 sums of some bytes, as they add to those of the bytes before (RFC 1950, section 9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Checksum {
    sum: u64,
    /// The sum of the sums after each byte.
    sums: u64,
    count: u64,
}

const MODULUS: u64 = 65_521;

impl Checksum {
    /// Adds bytes at the end.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let (adler, count) = (u64::from(simd_adler32::adler32(&bytes)), bytes.len() as u64);
        // Adler-32 starts at 1, which adds 1 to the sum of each byte.
        let sum = ((adler & 0xffff) + MODULUS - 1) % MODULUS;
        let sums = ((adler >> 16) + MODULUS - count % MODULUS) % MODULUS;
        *self = self.then(Self { sum, sums, count });
    }

    /// Adds so many zeros at the end.
    pub(super) fn add_zeros(&mut self, count: usize) {
        *self = self.then(Self { sum: 0, sums: 0, count: count as u64 });
    }

    /// The sums of these bytes and then those.
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            sum: (self.sum + next.sum) % MODULUS,
            sums: (self.sums + next.count % MODULUS * self.sum + next.sums) % MODULUS,
            count: self.count + next.count,
        }
    }

    /// Adler-32, if these are all bytes.
    pub(super) fn adler32(self) -> u32 {
        let all = Self { sum: 1, sums: 0, count: 0 }.then(self);
        (all.sums << 16 | all.sum) as u32
    }
}
