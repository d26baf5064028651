//! The table of live blocks: size and origin of the memory at an address.

use std::array;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use rustc_hash::FxBuildHasher;

use super::running::MAX_SESSIONS;
use crate::capture::StackId;
use crate::hash::fibonacci;
use crate::lock::lock;

/// The facts of a live block.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    pub(super) size: usize,
    pub(super) stack: StackId,
    /// The number of the newest session when the block was allocated: sessions that began later do not count it.
    pub(super) birth: u32,
    /// The tag in each session that counts it.
    pub(super) tags: [u16; MAX_SESSIONS],
}

/// A part of the table. Its lock also guards the counts that each ledger keeps for it.
pub(super) type Shard = MutexGuard<'static, HashMap<usize, Block, FxBuildHasher>>;

const SHARD_BITS: u32 = 6;

/// The number of shards: well above the number of threads that allocate at the same moment.
pub(super) const SHARDS: usize = 1 << SHARD_BITS;

/// A lock on a pair of cache lines of its own, as processors fetch them.
#[repr(align(128))]
struct Padded(Mutex<HashMap<usize, Block, FxBuildHasher>>);

static BLOCKS: [Padded; SHARDS] = [const { Padded(Mutex::new(HashMap::with_hasher(FxBuildHasher))) }; SHARDS];

/// The index of the shard for an address. The maps themselves use other bits of another product.
#[inline]
pub(super) fn shard_of(address: usize) -> usize {
    (fibonacci(address as u64) >> (u64::BITS - SHARD_BITS)) as usize % SHARDS
}

/// Locks a shard.
#[inline]
pub(super) fn shard(index: usize) -> Shard {
    lock(&BLOCKS[index % SHARDS].0)
}

/// Locks all shards: no block is allocated, resized or freed meanwhile.
pub(super) fn all_shards() -> [Shard; SHARDS] {
    array::from_fn(shard)
}
