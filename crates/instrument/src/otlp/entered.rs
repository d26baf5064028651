//! The spans that each thread has entered, with their allocations.

use std::cell::RefCell;

use span_heap::{Counting, HeapCounts};
use tracing::span::Id;

use super::open_spans::LayerKey;

/// A span of a layer.
struct Entered {
    layer: LayerKey,
    span: Id,
    /// `None` if `HeapSwitch` is not the global allocator.
    counting: Option<Counting>,
    is_left: bool,
}

thread_local! {
    static ENTERED: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

/// Counts the allocations of this thread until [`exit`].
pub(super) fn enter(layer: LayerKey, span: &Id) {
    let entered = Entered { layer, span: span.clone(), counting: Counting::begin().ok(), is_left: false };
    // Late in the life of a thread, the list may be gone.
    let _ = ENTERED.try_with(|all| all.borrow_mut().push(entered));
}

/// The allocations since the layer entered the span. `None` if it has not, or if nothing counts.
pub(super) fn exit(layer: LayerKey, span: &Id) -> Option<HeapCounts> {
    let counts = ENTERED.try_with(|all| {
        let mut all = all.borrow_mut();
        let mut inside = all.iter_mut().rev().filter(|entered| !entered.is_left);
        let entered = inside.find(|entered| entered.layer == layer && entered.span == *span)?;
        entered.is_left = true;
        let counts = entered.counting.as_ref().map(Counting::counts);
        // Layers exit a span in the order in which they entered it, and counting must end in the reverse order.
        while all.pop_if(|last| last.is_left).is_some() {}
        counts
    });
    counts.ok().flatten()
}
