//! The table of live allocations: who allocated the memory at an address.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Mutex;

use crate::lock::lock;

/// What is remembered of a live allocation.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    pub(crate) size: usize,
    pub(crate) stack: u32,
    pub(crate) tag: u32,
}

/// Addresses and stack hashes are their own hash once their bits are spread.
#[derive(Default)]
pub(crate) struct SpreadHasher(u64);

impl Hasher for SpreadHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = spread(self.0 ^ value);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014): every input bit moves every output bit.
pub(crate) fn spread(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

pub(crate) type SpreadMap<K, V> = HashMap<K, V, BuildHasherDefault<SpreadHasher>>;

pub(crate) const fn empty_map<K, V>() -> SpreadMap<K, V> {
    HashMap::with_hasher(BuildHasherDefault::new())
}

/// A power of two well above the number of threads that allocate at the same moment.
const SHARDS: usize = 64;

static LIVE: [Mutex<SpreadMap<usize, Block>>; SHARDS] = [const { Mutex::new(empty_map()) }; SHARDS];

fn shard(address: usize) -> &'static Mutex<SpreadMap<usize, Block>> {
    // The top bits: a map uses the low ones of the same hash for its own buckets.
    &LIVE[(spread(address as u64) >> 58) as usize % SHARDS]
}

/// Remembers the allocation at `address`.
pub(crate) fn insert(address: usize, block: Block) {
    lock(shard(address)).insert(address, block);
}

/// Forgets the allocation at `address`, and returns it if it was tracked.
pub(crate) fn remove(address: usize) -> Option<Block> {
    lock(shard(address)).remove(&address)
}
