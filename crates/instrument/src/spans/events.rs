//! The single calls of spans in time, recorded when they are asked for.

use std::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Arc, Mutex};

use super::tree::MAX_NODES;
use crate::lock::lock;
use span_report::measurement::{Nanoseconds, SpanEvent, SpanEvents};

/// Calls that are kept, over all threads: 4 MB of them.
const KEPT: usize = 1 << 18;

/// Calls that a thread makes room for at first, and at most, when it has none left. It doubles its room otherwise.
const SMALLEST_BLOCK: usize = 16;
const LARGEST_BLOCK: usize = 1024;

/// What all threads record.
#[derive(Debug, Default)]
pub(super) struct Events {
    threads: Mutex<Vec<Arc<Track>>>,
    /// Calls that threads have room for.
    room: AtomicUsize,
}

/// What one thread records. Only that thread writes; others may read at any time.
#[derive(Debug)]
struct Track {
    name: String,
    blocks: Mutex<Vec<Arc<Block>>>,
    dropped: AtomicU64,
}

/// A stretch of calls, filled from its beginning. Only the first `filled` have a meaning, and those stay as they are,
/// so recording takes no lock.
#[derive(Debug)]
struct Block {
    filled: AtomicUsize,
    calls: Box<[Call]>,
}

/// A call in 16 bytes, as fresh memory is most of what recording costs.
#[derive(Debug, Default)]
struct Call {
    start_ns: AtomicU64,
    /// The duration in nanoseconds, below 2^52 of them (52 days), times [`MAX_NODES`], and the node.
    duration_and_node: AtomicU64,
}

const LONGEST_NS: Nanoseconds = u64::MAX / MAX_NODES as u64;

impl Call {
    #[inline]
    fn set(&self, node: u32, start_ns: Nanoseconds, duration_ns: Nanoseconds) {
        self.start_ns.store(start_ns, Relaxed);
        self.duration_and_node.store(duration_ns.min(LONGEST_NS) * MAX_NODES as u64 + u64::from(node), Relaxed);
    }

    fn event(&self, thread: u32) -> SpanEvent {
        let duration_and_node = self.duration_and_node.load(Relaxed);
        SpanEvent {
            node: (duration_and_node % MAX_NODES as u64) as u32,
            thread,
            start_ns: self.start_ns.load(Relaxed),
            duration_ns: duration_and_node / MAX_NODES as u64,
        }
    }
}

/// A thread's end.
#[derive(Debug)]
pub(super) struct Recorder {
    track: Arc<Track>,
    /// The block that is being filled.
    block: Arc<Block>,
    /// How far it is filled.
    filled: usize,
    /// Room in all blocks.
    room: usize,
}

impl Block {
    fn new(room: usize) -> Arc<Self> {
        let calls = std::iter::repeat_with(Call::default).take(room).collect();
        Arc::new(Self { filled: AtomicUsize::new(0), calls })
    }
}

impl Events {
    /// Adds the calling thread.
    pub(super) fn join(&self) -> Recorder {
        let mut threads = lock(&self.threads);
        let current = std::thread::current();
        let name = current.name().map_or_else(|| format!("thread {}", threads.len() + 1), str::to_owned);
        let track = Arc::new(Track { name, blocks: Mutex::default(), dropped: AtomicU64::new(0) });
        threads.push(Arc::clone(&track));
        Recorder { track, block: Block::new(0), filled: 0, room: 0 }
    }

    /// Keeps a call that ended, as long as there is room.
    #[inline]
    pub(super) fn add(&self, recorder: &mut Recorder, node: u32, start_ns: Nanoseconds, duration_ns: Nanoseconds) {
        if recorder.filled == recorder.block.calls.len() {
            self.extend(recorder);
        }
        let Some(call) = recorder.block.calls.get(recorder.filled) else {
            let dropped = &recorder.track.dropped;
            return dropped.store(dropped.load(Relaxed) + 1, Relaxed);
        };
        call.set(node, start_ns, duration_ns);
        recorder.filled += 1;
        // Whoever reads that the call is there reads the call as well.
        recorder.block.filled.store(recorder.filled, Release);
    }

    /// Begins another block, unless all the room is taken.
    #[cold]
    fn extend(&self, recorder: &mut Recorder) {
        let wanted = recorder.room.clamp(SMALLEST_BLOCK, LARGEST_BLOCK);
        let taken = self.room.fetch_update(Relaxed, Relaxed, |room| (room < KEPT).then(|| KEPT.min(room + wanted)));
        let Ok(before) = taken else { return };
        let granted = wanted.min(KEPT - before);
        let _pause = span_heap::pause();
        recorder.block = Block::new(granted);
        recorder.filled = 0;
        recorder.room += granted;
        lock(&recorder.track.blocks).push(Arc::clone(&recorder.block));
    }

    /// Takes back the room that a thread did not need.
    pub(super) fn leave(&self, recorder: &Recorder) {
        self.room.fetch_sub(recorder.block.calls.len() - recorder.filled, Relaxed);
    }

    /// All calls that ended up to now, in the order in which they began.
    pub(super) fn collect(&self) -> SpanEvents {
        let threads = lock(&self.threads);
        let mut events = Vec::new();
        for (thread, track) in (0..).zip(&*threads) {
            for block in &*lock(&track.blocks) {
                let filled = block.filled.load(Acquire);
                events.extend(block.calls.iter().take(filled).map(|call| call.event(thread)));
            }
        }
        // A parent that begins with its child comes first.
        events.sort_by_key(|event| (event.start_ns, std::cmp::Reverse(event.duration_ns)));
        SpanEvents {
            threads: threads.iter().map(|track| track.name.clone()).collect(),
            events,
            dropped: threads.iter().map(|track| track.dropped.load(Relaxed)).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_kept_as_there_is_room_for() {
        let events = Events::default();
        let mut recorders = [events.join(), events.join(), events.join()];
        // Enough for each of them to fill what it took.
        let beyond = 4 * LARGEST_BLOCK;
        for number in 0..(KEPT + beyond) as u64 {
            events.add(&mut recorders[number as usize % 3], 7, number, 1);
        }
        let all = events.collect();
        assert_eq!((all.threads.len(), all.events.len(), all.dropped), (3, KEPT, beyond as u64));
        assert!(all.events.is_sorted_by_key(|event| event.start_ns));
        for (thread, recorder) in (0..).zip(&recorders) {
            let own = all.events.iter().filter(|event| event.thread == thread);
            assert!(own.clone().all(|event| event.start_ns % 3 == u64::from(thread)));
            assert_eq!(own.count(), recorder.room);
        }
    }

    #[test]
    fn threads_that_end_leave_their_room_to_others() {
        let events = Events::default();
        let threads = 2 * KEPT / SMALLEST_BLOCK;
        for _ in 0..threads {
            let mut recorder = events.join();
            events.add(&mut recorder, 1, 2, 3);
            events.leave(&recorder);
        }
        let all = events.collect();
        assert_eq!((all.events.len(), all.dropped), (threads, 0));
    }

    #[test]
    fn a_call_is_kept_as_it_was() {
        let kept = |node, duration_ns| {
            let call = Call::default();
            call.set(node, u64::MAX, duration_ns);
            call.event(3)
        };
        for (node, duration_ns) in [(0, 0), (1, 1), (MAX_NODES as u32 - 1, LONGEST_NS)] {
            assert_eq!(kept(node, duration_ns), SpanEvent { node, thread: 3, start_ns: u64::MAX, duration_ns });
        }
        assert_eq!(kept(5, u64::MAX).duration_ns, LONGEST_NS);
    }
}
