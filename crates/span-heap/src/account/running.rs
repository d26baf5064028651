//! Which sessions run, and which ledger each counts in.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// The number of sessions that can run at the same time. Each costs a table of 2.2 MB in the program's zero-initialised
/// data, of which a session touches only what it uses.
pub(super) const MAX_SESSIONS: usize = 4;

/// By ledger, the number of the session that counts there; 0 if none does.
static SESSIONS: [AtomicU32; MAX_SESSIONS] = [const { AtomicU32::new(0) }; MAX_SESSIONS];

/// The ledgers with a session as bits, above them the number of the newest session that ever began. It changes only while
/// all shards are locked, so under the lock of any shard it stands still.
static RUNNING: AtomicU64 = AtomicU64::new(0);
const NEWEST_SHIFT: u32 = 32;

/// The running sessions at one moment.
#[derive(Clone, Copy)]
pub(super) struct Running(u64);

impl Running {
    #[inline]
    pub(super) fn now() -> Self {
        Self(RUNNING.load(Relaxed))
    }

    #[inline]
    pub(super) fn is_none(self) -> bool {
        self.0 as u32 == 0
    }

    /// The number of the newest session that ever began.
    #[inline]
    pub(super) fn newest(self) -> u32 {
        (self.0 >> NEWEST_SHIFT) as u32
    }

    /// The ledger's index and the number of each session.
    #[inline]
    pub(super) fn sessions(self) -> impl Iterator<Item = (usize, u32)> {
        let has_session = move |(index, _): &(usize, _)| self.0 & 1 << index != 0;
        SESSIONS.iter().enumerate().filter(has_session).map(|(index, session)| (index, session.load(Relaxed)))
    }
}

/// Whether a session counts in a ledger now.
#[inline]
pub(super) fn holds(ledger: u8, session: u32) -> bool {
    session != 0 && SESSIONS[usize::from(ledger) % MAX_SESSIONS].load(Relaxed) == session
}

/// The index of a ledger that no session counts in.
pub(super) fn free_ledger() -> Option<usize> {
    SESSIONS.iter().position(|session| session.load(Relaxed) == 0)
}

/// From now on, a session counts in a ledger. The caller holds the locks of all shards.
pub(super) fn started(ledger: usize, session: u32) {
    SESSIONS[ledger % MAX_SESSIONS].store(session, Relaxed);
    let ledgers = RUNNING.load(Relaxed) as u32 | 1 << ledger;
    RUNNING.store(u64::from(session) << NEWEST_SHIFT | u64::from(ledgers), Relaxed);
}

/// No session counts in a ledger any more. The caller holds the locks of all shards.
pub(super) fn ended(ledger: usize) {
    SESSIONS[ledger % MAX_SESSIONS].store(0, Relaxed);
    RUNNING.fetch_and(!(1 << ledger), Relaxed);
}
