//! A call stack as return addresses.

use super::known_frames::KnownFrame;

/// Deep enough to leave the standard library's frames behind even in an unoptimised build.
pub(crate) const MAX_FRAMES: usize = 32;

/// The return addresses of a call stack, innermost first.
pub(crate) struct CallStack {
    addresses: [usize; MAX_FRAMES],
    length: usize,
}

impl CallStack {
    pub(crate) const EMPTY: Self = Self { addresses: [0; MAX_FRAMES], length: 0 };

    pub(crate) fn addresses(&self) -> &[usize] {
        &self.addresses[..self.length]
    }

    /// Adds a frame, and says whether more are wanted.
    #[inline]
    pub(super) fn push(&mut self, address: usize, frame: KnownFrame) -> bool {
        if let Some(slot) = self.addresses.get_mut(self.length) {
            *slot = address;
            self.length += 1;
        }
        self.length < MAX_FRAMES && !frame.is_own()
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }
}
