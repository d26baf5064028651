//! The timeline: the single calls of spans, if the builder asks for them.

use std::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Arc, Mutex};

use super::ids::MAX_NODES;
use crate::lock::lock;
use span_report::measurement::{Nanoseconds, NodeId, SpanEvent, SpanEvents, ThreadIndex};

/// The most calls that are kept, over all threads: 4 MB of them.
const KEPT: usize = 1 << 18;

/// The first and the largest number of calls for which a thread takes room at once. In between, it doubles its room.
const SMALLEST_BLOCK: usize = 16;
const LARGEST_BLOCK: usize = 1024;

/// The timelines of all threads.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    threads: Mutex<Vec<Arc<ThreadTimeline>>>,
    /// The number of calls for which threads have taken room.
    room: AtomicUsize,
}

/// The calls of one thread. Only that thread writes; others may read at any time.
#[derive(Debug)]
struct ThreadTimeline {
    name: String,
    blocks: Mutex<Vec<Arc<Block>>>,
    dropped: AtomicU64,
}

/// A block of calls, filled from its beginning. The first `filled` are valid and never change, so recording takes no
/// lock.
#[derive(Debug)]
struct Block {
    filled: AtomicUsize,
    calls: Box<[Call]>,
}

/// A call in 16 bytes, as fresh memory is most of what recording costs.
#[derive(Debug, Default)]
struct Call {
    start_ns: AtomicU64,
    /// The duration in nanoseconds (less than 2^50, which are 13 days) times [`MAX_NODES`], plus the node.
    duration_and_node: AtomicU64,
}

const LONGEST_NS: Nanoseconds = u64::MAX / MAX_NODES as u64;

impl Call {
    #[inline]
    fn set(&self, node: NodeId, start_ns: Nanoseconds, duration_ns: Nanoseconds) {
        self.start_ns.store(start_ns, Relaxed);
        self.duration_and_node.store(duration_ns.min(LONGEST_NS) * MAX_NODES as u64 + u64::from(node.0), Relaxed);
    }

    fn event(&self, thread: ThreadIndex) -> SpanEvent {
        let duration_and_node = self.duration_and_node.load(Relaxed);
        SpanEvent {
            node: NodeId((duration_and_node % MAX_NODES as u64) as u32),
            thread,
            start_ns: self.start_ns.load(Relaxed),
            duration_ns: duration_and_node / MAX_NODES as u64,
        }
    }
}

/// One thread's write handle: its current block and position.
#[derive(Debug)]
pub(super) struct TimelineWriter {
    own: Arc<ThreadTimeline>,
    block: Arc<Block>,
    /// The number of calls in the current block.
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

impl Timeline {
    /// Adds the calling thread.
    pub(super) fn join(&self) -> TimelineWriter {
        let mut threads = lock(&self.threads);
        let current = std::thread::current();
        let name = current.name().map_or_else(|| format!("thread {}", threads.len() + 1), str::to_owned);
        let own = Arc::new(ThreadTimeline { name, blocks: Mutex::default(), dropped: AtomicU64::new(0) });
        threads.push(Arc::clone(&own));
        TimelineWriter { own, block: Block::new(0), filled: 0, room: 0 }
    }

    /// Keeps a call that ended, if there is room.
    #[inline]
    pub(super) fn add(
        &self,
        writer: &mut TimelineWriter,
        node: NodeId,
        start_ns: Nanoseconds,
        duration_ns: Nanoseconds,
    ) {
        if writer.filled == writer.block.calls.len() {
            self.extend(writer);
        }
        let Some(call) = writer.block.calls.get(writer.filled) else {
            let dropped = &writer.own.dropped;
            return dropped.store(dropped.load(Relaxed) + 1, Relaxed);
        };
        call.set(node, start_ns, duration_ns);
        writer.filled += 1;
        // A reader that sees the new count sees the call as well.
        writer.block.filled.store(writer.filled, Release);
    }

    /// Begins another block, if there is room.
    #[cold]
    fn extend(&self, writer: &mut TimelineWriter) {
        let wanted = writer.room.clamp(SMALLEST_BLOCK, LARGEST_BLOCK);
        let taken = self.room.fetch_update(Relaxed, Relaxed, |room| (room < KEPT).then(|| KEPT.min(room + wanted)));
        let Ok(before) = taken else { return };
        let granted = wanted.min(KEPT - before);
        let _pause = span_heap::pause();
        writer.block = Block::new(granted);
        writer.filled = 0;
        writer.room += granted;
        lock(&writer.own.blocks).push(Arc::clone(&writer.block));
    }

    /// A thread ends and gives back the room that it did not use.
    pub(super) fn leave(&self, writer: &TimelineWriter) {
        self.room.fetch_sub(writer.block.calls.len() - writer.filled, Relaxed);
    }

    /// All calls that ended up to now, in the order in which they began.
    pub(super) fn collect(&self) -> SpanEvents {
        let threads = lock(&self.threads);
        let mut events = Vec::new();
        for (thread, calls) in (0..).map(ThreadIndex).zip(&*threads) {
            for block in &*lock(&calls.blocks) {
                let filled = block.filled.load(Acquire);
                events.extend(block.calls.iter().take(filled).map(|call| call.event(thread)));
            }
        }
        // A parent that began at the same nanosecond as its child comes first.
        events.sort_by_key(|event| (event.start_ns, std::cmp::Reverse(event.duration_ns)));
        SpanEvents {
            threads: threads.iter().map(|calls| calls.name.clone()).collect(),
            events,
            dropped: threads.iter().map(|calls| calls.dropped.load(Relaxed)).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_kept_as_there_is_room_for() {
        let timeline = Timeline::default();
        let mut writers = [timeline.join(), timeline.join(), timeline.join()];
        // Enough for each of them to fill what it took.
        let beyond = 4 * LARGEST_BLOCK;
        for number in 0..(KEPT + beyond) as u64 {
            timeline.add(&mut writers[number as usize % 3], NodeId(7), number, 1);
        }
        let all = timeline.collect();
        assert_eq!((all.threads.len(), all.events.len(), all.dropped), (3, KEPT, beyond as u64));
        assert!(all.events.is_sorted_by_key(|event| event.start_ns));
        for (thread, writer) in (0..).zip(&writers) {
            let own = all.events.iter().filter(|event| event.thread == ThreadIndex(thread));
            assert!(own.clone().all(|event| event.start_ns % 3 == u64::from(thread)));
            assert_eq!(own.count(), writer.room);
        }
    }

    #[test]
    fn threads_that_end_leave_their_room_to_others() {
        let timeline = Timeline::default();
        let threads = 2 * KEPT / SMALLEST_BLOCK;
        for _ in 0..threads {
            let mut writer = timeline.join();
            timeline.add(&mut writer, NodeId(1), 2, 3);
            timeline.leave(&writer);
        }
        let all = timeline.collect();
        assert_eq!((all.events.len(), all.dropped), (threads, 0));
    }

    #[test]
    fn a_call_is_kept_as_it_was() {
        let kept = |node, duration_ns| {
            let call = Call::default();
            call.set(node, u64::MAX, duration_ns);
            call.event(ThreadIndex(3))
        };
        for (node, duration_ns) in [(NodeId(0), 0), (NodeId(1), 1), (NodeId(MAX_NODES as u32 - 1), LONGEST_NS)] {
            let expected = SpanEvent { node, thread: ThreadIndex(3), start_ns: u64::MAX, duration_ns };
            assert_eq!(kept(node, duration_ns), expected);
        }
        assert_eq!(kept(NodeId(5), u64::MAX).duration_ns, LONGEST_NS);
    }
}
