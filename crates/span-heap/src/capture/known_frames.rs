//! A cache of facts about return addresses.
//!
//! We need the innermost frame of the program's own code. Line tables find it too slowly for an allocation, so the
//! addresses of resolved frames are cached, and later walks stop there. The rules by which walks go on are cached too.

use super::atomic_map::AtomicMap;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
use super::unwind::Rule;

/// Some thousands of calls lead to an allocation in a large program. A frame that finds no room only costs time.
static FRAMES: AtomicMap<16_384> = AtomicMap::new();

/// The address lies in the program's own code.
const OWN: u64 = 1 << 63;

/// Remembers that an address lies in the program's own code.
pub(crate) fn mark_own(address: usize) {
    FRAMES.add(address as u64, OWN);
}

/// The facts about a return address.
#[derive(Clone, Copy)]
pub(crate) struct KnownFrame(u64);

impl KnownFrame {
    #[inline]
    pub(crate) fn at(address: usize) -> Self {
        Self(FRAMES.get(address as u64))
    }

    /// Whether it lies in the program's own code.
    #[inline]
    pub(crate) fn is_own(self) -> bool {
        self.0 & OWN != 0
    }
}

/// A rule as bits: the frame's size in the lowest 32, then a byte for the saved base pointer, then these.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod bits {
    pub(crate) const SIZE_BITS: u32 = 32;
    pub(crate) const SAVED_BASE: u64 = 1 << 40;
    pub(crate) const BY_BASE: u64 = 1 << 41;
    pub(crate) const OUTERMOST: u64 = 1 << 42;
    pub(crate) const NO_RULE: u64 = 1 << 43;
    pub(crate) const LOOKED_UP: u64 = 1 << 44;
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
impl KnownFrame {
    /// The rule for it (`None` if the tables have none), if it was looked up.
    #[inline]
    pub(crate) fn rule(self) -> Option<Option<Rule>> {
        let is = |bit: u64| self.0 & bit != 0;
        if !is(bits::LOOKED_UP) {
            return None;
        }
        if is(bits::NO_RULE) {
            return Some(None);
        }
        if is(bits::OUTERMOST) {
            return Some(Some(Rule::Outermost));
        }
        let saved_base = is(bits::SAVED_BASE).then_some((self.0 >> bits::SIZE_BITS) as u8);
        Some(Some(Rule::Frame { by_base: is(bits::BY_BASE), size: self.0 as u32, saved_base }))
    }
}

/// Remembers the rule for an address, or that the tables have none. A later lookup would give the same.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn set_rule(address: usize, rule: Option<Rule>) {
    let bits = match rule {
        None => bits::NO_RULE,
        Some(Rule::Outermost) => bits::OUTERMOST,
        Some(Rule::Frame { by_base, size, saved_base }) => {
            let saved_base = saved_base.map_or(0, |words| bits::SAVED_BASE | u64::from(words) << bits::SIZE_BITS);
            u64::from(size) | saved_base | if by_base { bits::BY_BASE } else { 0 }
        }
    };
    FRAMES.add(address as u64, bits | bits::LOOKED_UP);
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn rules_come_back_as_they_were_set() {
        let frame = |by_base, size, saved_base| Some(Rule::Frame { by_base, size, saved_base });
        let rules = [
            None,
            Some(Rule::Outermost),
            frame(false, 8, None),
            frame(false, u32::MAX, Some(u8::MAX)),
            frame(true, 16, Some(2)),
            frame(true, 0, Some(0)),
        ];
        for (address, rule) in (1..).zip(rules) {
            assert_eq!(KnownFrame::at(address).rule(), None);
            set_rule(address, rule);
            assert_eq!(KnownFrame::at(address).rule(), Some(rule));
            assert!(!KnownFrame::at(address).is_own());
            mark_own(address);
            assert!(KnownFrame::at(address).is_own() && KnownFrame::at(address).rule() == Some(rule));
        }
    }
}
