//! dhat takes its memory from the system's allocator, so it is refused over another one.
#![cfg(feature = "dhat")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod another;

use another::Another;
use span_heap::{HeapMode, HeapModeError, HeapSwitch, Session};

#[global_allocator]
static ALLOCATOR: HeapSwitch<Another> = HeapSwitch::over(Another);

#[test]
fn dhat_is_refused_and_tracking_is_not() {
    assert_eq!(HeapMode::Dhat.choose(), Err(HeapModeError::DhatNeedsSystem));
    assert_eq!(HeapMode::current(), HeapMode::System);
    HeapMode::Tracking.choose().unwrap();
    let session = Session::begin().unwrap();
    let kept = std::hint::black_box(vec![1u8; 100]);
    assert!(session.live().bytes >= 100);
    drop(kept);
}
