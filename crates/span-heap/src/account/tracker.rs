//! The work at each allocation while the heap is tracked.

use super::blocks::{self, Block};
use super::ledger::ledgers;
use super::running::{MAX_SESSIONS, Running};
use super::thread;
use crate::capture::interned;

/// Counts a block that was just allocated.
#[inline(never)]
pub(crate) fn allocated(address: usize, size: usize) {
    thread::enter(|thread| {
        if thread.is_paused() || Running::now().is_none() {
            return;
        }
        let stack = interned::current();
        let shard = blocks::shard_of(address);
        let mut blocks = blocks::shard(shard);
        let running = Running::now();
        let mut block = Block { size, stack, birth: running.newest(), tags: [0; MAX_SESSIONS] };
        for (index, session, ledger) in ledgers(running) {
            let tag = thread.tag_in(index, session);
            block.tags[index] = tag;
            ledger.allocated(shard, block, tag);
        }
        blocks.insert(address, block);
    });
}

/// Counts that a block is about to be freed. Its entry leaves the table before its memory is given back: the address may
/// come again on another thread at once.
#[inline(never)]
pub(crate) fn freeing(address: usize) {
    thread::enter(|_| {
        let shard = blocks::shard_of(address);
        let mut blocks = blocks::shard(shard);
        if let Some(block) = blocks.remove(&address) {
            for (index, session, ledger) in ledgers(Running::now()) {
                if session <= block.birth {
                    ledger.freed(shard, block, block.tags[index]);
                }
            }
        }
    });
}

/// Takes a block out of the table that is about to be resized and perhaps moved. The result goes to [`resized`].
pub(crate) fn resizing(address: usize) -> Option<Block> {
    thread::enter(|_| blocks::shard(blocks::shard_of(address)).remove(&address)).flatten()
}

/// Counts a block that was resized, with its new address and size, or puts it back if it was not.
pub(crate) fn resized(block: Block, old_address: usize, new: Option<(usize, usize)>) {
    thread::enter(|_| {
        let Some((address, size)) = new else {
            blocks::shard(blocks::shard_of(old_address)).insert(old_address, block);
            return;
        };
        let shard = blocks::shard_of(address);
        let mut blocks = blocks::shard(shard);
        for (index, session, ledger) in ledgers(Running::now()) {
            if session <= block.birth {
                ledger.reallocated(shard, block, block.tags[index], size as u64);
            }
        }
        blocks.insert(address, Block { size, ..block });
    });
}
