//! A program without the heap switch as its global allocator.

use span_instrument::heap::{HeapMode, HeapModeError, HeapSwitch};
use span_instrument::{Profiler, StartError};

#[test]
fn tracking_is_refused_rather_than_silent() {
    assert_eq!(HeapSwitch::choose(HeapMode::Tracking), Err(HeapModeError::NotInstalled));
    let started = Profiler::builder().heap(HeapMode::Tracking).start();
    assert!(matches!(started, Err(StartError::Heap(HeapModeError::NotInstalled))));
    assert_eq!(HeapSwitch::choose(HeapMode::System), Ok(()));
    assert_eq!(HeapSwitch::choose(HeapMode::System), Err(HeapModeError::AlreadyChosen));
}
