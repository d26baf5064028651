//! Sessions that follow each other and overlap: each has figures of its own, as if it were alone.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::hint::black_box;
use std::thread;

use span_heap::{HeapMode, HeapSwitch, Live, Session, SessionError, SizeClass, StackUse, Statistics, Tag};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

fn block(bytes: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(bytes))
}

fn begin() -> Session {
    // Chosen the first time.
    let _ = HeapMode::Tracking.choose();
    Session::begin().unwrap()
}

/// Allocations, frees, live bytes and their maximum.
fn counts(session: &Session) -> (u64, u64, u64, u64) {
    let Statistics { allocations, frees, live, peak_bytes, .. } = session.statistics();
    (allocations, frees, live.bytes, peak_bytes)
}

/// Allocations, allocated bytes, live bytes and their maximum under a tag.
fn under(tag: Tag, session: &Session) -> (u64, u64, u64, u64) {
    let heap = session.tag_heap(tag).unwrap();
    (heap.allocations, heap.allocated_bytes, heap.live_bytes, heap.peak_live_bytes)
}

/// Without the test harness, whose threads allocate at any time: here nothing but the tests does.
fn main() {
    a_later_session_starts_from_nothing();
    overlapping_sessions_each_count_their_own_period();
    a_thread_has_a_tag_in_each_session();
    sessions_are_refused_beyond_their_number_and_tags_beyond_theirs();
    sessions_that_begin_and_end_under_load_lose_no_block();
}

fn a_later_session_starts_from_nothing() {
    let first = begin();
    let tag_of_first = first.tags().draw().unwrap();
    let kept = {
        let _tagged = tag_of_first.enter();
        block(1000)
    };
    assert_eq!(under(tag_of_first, &first), (1, 1000, 1000, 1000));
    let tags_of_first = first.tags();
    drop(first);
    assert_eq!(tags_of_first.draw(), None);

    let second = begin();
    let tag_of_second = second.tags().draw().unwrap();
    assert_eq!(under(tag_of_second, &second), (0, 0, 0, 0));
    assert_eq!(second.tag_heap(tag_of_first), None);
    assert!(second.stack_uses().all(|stack| stack.allocations == 0));
    assert!(second.size_classes().is_empty());
    {
        let _tagged = tag_of_second.enter();
        // A subscriber that outlives its profiler goes on setting tags. They displace none of the new session's.
        let _stale = tag_of_first.enter();
        tag_of_first.set_current();
        drop(block(30));
    }
    assert_eq!(under(tag_of_second, &second), (1, 30, 0, 30));
    assert_eq!(counts(&second), (1, 1, 0, 30));
    // From before the session: neither its free nor its growth counts.
    let mut kept = kept;
    kept.reserve_exact(5000);
    drop(kept);
    assert_eq!(counts(&second), (1, 1, 0, 30));
    assert_eq!(second.live(), Live::default());
}

fn overlapping_sessions_each_count_their_own_period() {
    let first = begin();
    let one = block(100);
    let second = begin();
    let two = block(20);
    drop(one);
    let third = begin();
    let mut three = block(3);
    assert_eq!(counts(&first), (3, 1, 23, 120));
    assert_eq!(counts(&second), (2, 0, 23, 23));
    assert_eq!(counts(&third), (1, 0, 3, 3));
    drop(second);
    three.reserve_exact(7);
    drop(two);
    assert_eq!(counts(&first), (3, 2, 7, 120));
    assert_eq!(counts(&third), (1, 0, 7, 7));
    // In the ledger of the second.
    let fourth = begin();
    drop(three);
    drop(block(4));
    assert_eq!(counts(&first), (4, 4, 0, 120));
    assert_eq!(counts(&third), (2, 2, 0, 7));
    assert_eq!(counts(&fourth), (1, 1, 0, 4));
    let by_stack = |session: &Session| session.stack_uses().map(|stack| stack.allocations).sum::<u64>();
    let by_size = |session: &Session| session.size_classes().iter().map(|class| class.allocations).sum::<u64>();
    for (session, expected) in [(&first, 4), (&third, 2), (&fourth, 1)] {
        assert_eq!((by_stack(session), by_size(session)), (expected, expected));
    }
}

fn a_thread_has_a_tag_in_each_session() {
    let (first, second) = (begin(), begin());
    let (outer, inner) = (first.tags().draw().unwrap(), second.tags().draw().unwrap());
    let untagged = [first.tags().untagged(), second.tags().untagged()];
    {
        let _outer = outer.enter();
        drop(block(1));
        {
            let _inner = inner.enter();
            drop(block(10));
        }
        drop(block(100));
    }
    drop(block(1000));
    assert_eq!(under(outer, &first), (3, 111, 0, 100));
    assert_eq!(under(untagged[0], &first), (1, 1000, 0, 1000));
    assert_eq!(under(inner, &second), (1, 10, 0, 10));
    assert_eq!(under(untagged[1], &second), (3, 1101, 0, 1000));
}

fn sessions_are_refused_beyond_their_number_and_tags_beyond_theirs() {
    let running: Vec<_> = (0..Session::MAX_RUNNING).map(|_| begin()).collect();
    assert!(matches!(Session::begin(), Err(SessionError::TooMany)));
    drop(running);
    let session = begin();
    let drawn = std::iter::from_fn(|| session.tags().draw()).count();
    assert_eq!(drawn, Session::MAX_TAGS - 1);
}

fn sessions_that_begin_and_end_under_load_lose_no_block() {
    let whole = begin();
    let before = counts(&whole);
    let work = || {
        let mut kept: Vec<Vec<u8>> = Vec::with_capacity(64);
        for step in 0..20_000usize {
            if kept.len() == 64 {
                kept.swap_remove(step % 64);
            }
            kept.push(block(step % 500 + 1));
            let last = kept.len() - 1;
            kept[last].reserve_exact(step % 1000);
            kept[last].shrink_to(step % 300);
        }
    };
    let threads = [(); 4].map(|()| thread::spawn(work));
    for _ in 0..300 {
        let sessions = [begin(), begin()];
        for session in &sessions {
            let under_tags = || under(session.tags().untagged(), session).0;
            let (before, statistics, after) = (under_tags(), session.statistics(), under_tags());
            assert!(before <= statistics.allocations && statistics.allocations <= after);
            assert!(statistics.peak_bytes >= statistics.live.bytes);
        }
    }
    // The end of a scope does not wait until a thread has freed its own memory, and this does.
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let after = counts(&whole);
    let tagged = under(whole.tags().untagged(), &whole);
    assert_eq!((after.0, after.2), (tagged.0, tagged.2));
    let by_size = |of: fn(&SizeClass) -> u64| whole.size_classes().iter().map(of).sum::<u64>();
    assert_eq!(
        (after.0, whole.live().blocks),
        (by_size(|class| class.allocations), by_size(|class| class.live.blocks))
    );
    let by_stack = |of: fn(&StackUse) -> u64| whole.stack_uses().map(|stack| of(&stack)).sum::<u64>();
    assert_eq!(whole.statistics().allocated_bytes, by_stack(|stack| stack.allocated_bytes));
    assert_eq!(
        (after.0, after.0 - after.1),
        (by_stack(|stack| stack.allocations), by_stack(|stack| stack.live.blocks))
    );
    assert!(after.0 - before.0 >= 4 * 20_000);
    let session = begin();
    drop(block(1));
    assert_eq!(counts(&session), (1, 1, 0, 1), "a block of an ended session was counted");
}
