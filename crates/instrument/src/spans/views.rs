//! The calling thread's views of the call trees of all profilers.

use std::cell::RefCell;
use std::sync::Arc;

use super::call_tree::CallTree;
use super::thread_spans::ThreadSpans;

thread_local! {
    /// One view for each profiler that runs; the one that was used last is first.
    static VIEWS: RefCell<Vec<ThreadSpans>> = const { RefCell::new(Vec::new()) };
}

/// Calls `act` with the calling thread's view of `tree`. Does nothing while the thread is being torn down, or if called
/// from inside itself.
#[inline]
pub(super) fn with<R>(tree: &Arc<CallTree>, act: impl FnOnce(&mut ThreadSpans) -> R) -> Option<R> {
    // An error means that the thread's locals are gone.
    let done = VIEWS.try_with(|views| {
        let mut views = views.try_borrow_mut().ok()?;
        if views.first().is_none_or(|first| !first.is_of(tree)) {
            bring_first(&mut views, tree)?;
        }
        views.first_mut().map(act)
    });
    done.ok().flatten()
}

/// Drops the views of finished profilers, so that a thread that meets many profilers keeps none of their trees. `None` if
/// the tree is one of these.
#[cold]
fn bring_first(views: &mut Vec<ThreadSpans>, tree: &Arc<CallTree>) -> Option<()> {
    let _pause = span_heap::pause();
    views.retain(|view| !view.is_done());
    match views.iter().position(|view| view.is_of(tree)) {
        Some(index) => views.swap(0, index),
        None if tree.is_finished() => return None,
        None => views.insert(0, ThreadSpans::new(tree)),
    }
    Some(())
}
