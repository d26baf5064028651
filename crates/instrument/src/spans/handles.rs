//! Clones of span handles. tracing tells a subscriber when a handle is cloned and when one is dropped; a span is closed
//! when the last one is. Most spans have one handle, for which nothing is kept.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::ids::{SHARDS, shard_of};
use crate::lock::lock;

/// The number of further handles of each span that has several.
#[derive(Debug, Default)]
pub(super) struct ClonedHandles {
    further: [Mutex<HashMap<u64, u32>>; SHARDS],
    /// Spans with further handles. While there is none, no thread takes a lock to look.
    spans: AtomicUsize,
}

impl ClonedHandles {
    pub(super) fn cloned(&self, id: u64) {
        let _pause = span_heap::pause();
        let mut further = lock(self.shard(id));
        let count = further.entry(id).or_insert(0);
        if *count == 0 {
            self.spans.fetch_add(1, Relaxed);
        }
        *count += 1;
    }

    /// A handle was dropped. Whether it was the last one.
    #[inline]
    pub(super) fn dropped(&self, id: u64) -> bool {
        self.spans.load(Relaxed) == 0 || self.dropped_of_several(id)
    }

    #[cold]
    fn dropped_of_several(&self, id: u64) -> bool {
        let mut further = lock(self.shard(id));
        let Some(count) = further.get_mut(&id) else { return true };
        *count -= 1;
        if *count == 0 {
            further.remove(&id);
            self.spans.fetch_sub(1, Relaxed);
        }
        false
    }

    fn shard(&self, id: u64) -> &Mutex<HashMap<u64, u32>> {
        &self.further[shard_of(id)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_handle_closes_a_span() {
        let handles = ClonedHandles::default();
        assert!(handles.dropped(1));
        handles.cloned(1);
        handles.cloned(1);
        assert!(handles.dropped(2), "another span has one handle");
        assert_eq!([(); 3].map(|()| handles.dropped(1)), [false, false, true]);
        assert_eq!(handles.spans.load(Relaxed), 0);
    }
}
