//! The mode of the allocator, and the word that every allocation reads.

use std::hint::black_box;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

use thiserror::Error;

/// The behaviour of every [`HeapSwitch`](crate::HeapSwitch) in the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum HeapMode {
    /// Forwards to the allocator underneath and counts nothing.
    #[default]
    System,
    /// Counts every allocation for each running [`Session`](crate::Session), by tag and call stack. The
    /// [crate](crate) says at which cost.
    Tracking,
    /// Forwards to dhat. Whoever chooses this mode also starts and ends dhat's profiler.
    #[cfg(feature = "dhat")]
    Dhat,
}

/// The reason why a heap mode cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeapModeError {
    /// A mode was chosen before. It holds for the life of the process: dhat's counts break when it is switched off
    /// and on again.
    #[error("the heap mode was already chosen in this process")]
    AlreadyChosen,
    /// Another global allocator is in place, so nothing would be counted.
    #[error("HeapSwitch is not this program's #[global_allocator]")]
    NotInstalled,
    /// The switch is over another allocator than `System`, and dhat takes its memory from `System` only. A block of
    /// one must not be freed by the other.
    #[cfg(feature = "dhat")]
    #[error("dhat allocates from the system's allocator, and this program's HeapSwitch is over another one")]
    DhatNeedsSystem,
}

/// The mode in the lowest two bits (0 until one is chosen), above them the number of [`Watch`]es.
static STATE: AtomicU32 = AtomicU32::new(0);
const MODE_BITS: u32 = 2;
const MODE_MASK: u32 = (1 << MODE_BITS) - 1;
const SYSTEM: u32 = 1;
const TRACKING: u32 = 2;
#[cfg(feature = "dhat")]
const DHAT: u32 = 3;
const WATCH: u32 = 1 << MODE_BITS;

/// The allocator that a watched allocation went through: [`NONE`], [`OVER_ANOTHER`] or [`OVER_SYSTEM`].
static INSTALLED: AtomicU8 = AtomicU8::new(NONE);
const NONE: u8 = 0;
const OVER_ANOTHER: u8 = 1;
const OVER_SYSTEM: u8 = 2;

impl HeapMode {
    /// Chooses this mode, once per process.
    ///
    /// # Errors
    /// [`HeapModeError`]: a mode was chosen before, or this one is not possible with the global allocator in place.
    pub fn choose(self) -> Result<(), HeapModeError> {
        let mode = match self {
            Self::System => SYSTEM,
            Self::Tracking => TRACKING,
            #[cfg(feature = "dhat")]
            Self::Dhat => DHAT,
        };
        let is_open = |state: u32| state & MODE_MASK == 0;
        if !is_open(STATE.load(Relaxed)) {
            return Err(HeapModeError::AlreadyChosen);
        }
        self.allowed_by_allocator()?;
        // Relaxed is enough: a thread that sees the choice late leaves some allocations uncounted.
        STATE
            .fetch_update(Relaxed, Relaxed, |state| is_open(state).then_some(state | mode))
            .map(drop)
            .map_err(|_| HeapModeError::AlreadyChosen)
    }

    /// Whether the global allocator in place allows this mode. Chooses nothing.
    ///
    /// # Errors
    /// [`HeapModeError::NotInstalled`], or with the feature `dhat` [`HeapModeError::DhatNeedsSystem`].
    pub fn allowed_by_allocator(self) -> Result<(), HeapModeError> {
        if self == Self::System {
            return Ok(());
        }
        match installed() {
            NONE => Err(HeapModeError::NotInstalled),
            #[cfg(feature = "dhat")]
            OVER_ANOTHER if self == Self::Dhat => Err(HeapModeError::DhatNeedsSystem),
            _ => Ok(()),
        }
    }

    /// The mode in force: [`HeapMode::System`] until one is chosen.
    #[must_use]
    pub fn current() -> Self {
        match STATE.load(Relaxed) & MODE_MASK {
            TRACKING => Self::Tracking,
            #[cfg(feature = "dhat")]
            DHAT => Self::Dhat,
            _ => Self::System,
        }
    }
}

/// [`STATE`] as an allocation sees it.
#[derive(Clone, Copy)]
pub(crate) struct State(u32);

impl State {
    #[inline(always)]
    pub(crate) fn load() -> Self {
        Self(STATE.load(Relaxed))
    }

    /// Whether the allocator underneath does all there is to do.
    #[inline(always)]
    pub(crate) fn is_plain(self) -> bool {
        self.0 <= SYSTEM
    }

    #[inline(always)]
    pub(crate) fn is_tracking(self) -> bool {
        self.0 & MODE_MASK == TRACKING
    }

    /// Whether any [`Watch`] exists.
    #[inline(always)]
    pub(crate) fn is_watched(self) -> bool {
        self.0 >= WATCH
    }

    #[cfg(feature = "dhat")]
    #[inline(always)]
    pub(crate) fn is_dhat(self) -> bool {
        self.0 & MODE_MASK == DHAT
    }
}

/// While one exists, every allocation of the process notes that it went through a switch, and is offered to the counter
/// of its thread.
#[derive(Debug)]
pub(crate) struct Watch(());

impl Watch {
    pub(crate) fn begin() -> Self {
        STATE.fetch_add(WATCH, Relaxed);
        Self(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        STATE.fetch_sub(WATCH, Relaxed);
    }
}

/// Notes that allocations go through a switch.
pub(crate) fn note_installed(over_system: bool) {
    let kind = if over_system { OVER_SYSTEM } else { OVER_ANOTHER };
    if INSTALLED.load(Relaxed) != kind {
        INSTALLED.store(kind, Relaxed);
    }
}

/// Finds out with an allocation whether a switch is the global allocator. Once it is known, nothing is allocated.
fn installed() -> u8 {
    let known = INSTALLED.load(Relaxed);
    if known != NONE {
        return known;
    }
    let _watch = Watch::begin();
    drop(black_box(Box::new(0u8)));
    INSTALLED.load(Relaxed)
}

/// Whether a switch is the global allocator.
pub(crate) fn is_installed() -> bool {
    installed() != NONE
}
