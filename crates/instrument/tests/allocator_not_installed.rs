//! A program without the heap switch as its global allocator.

use span_instrument::heap::{HeapMode, HeapModeError};
use span_instrument::{Profiler, StartError};

#[test]
fn tracking_is_refused_rather_than_silent() {
    assert_eq!(HeapMode::Tracking.choose(), Err(HeapModeError::NotInstalled));
    let started = Profiler::builder().heap(HeapMode::Tracking).start();
    assert!(matches!(started, Err(StartError::Heap(HeapModeError::NotInstalled))));
    assert_eq!(HeapMode::System.choose(), Ok(()));
    assert_eq!(HeapMode::System.choose(), Err(HeapModeError::AlreadyChosen));
}
