//! What a thread keeps to itself: the spans it has entered, and its sums.

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;

use tracing::Metadata;
use tracing::span::{Attributes, Id};

use super::events::{Events, Recorder};
use super::subscriber::Ids;
use super::tree::{Moment, ROOT, Sums, Tree};
use span_heap::Tag;

/// A span entered on this thread.
struct Entered {
    id: u64,
    node: u32,
}

/// A node of the tree on this thread.
struct Place {
    sums: Arc<Sums>,
    /// The node's tag in the heap session, if there is one.
    tag: Option<Tag>,
    span: Option<&'static Metadata<'static>>,
    /// How many of its spans are entered on this thread, or how often one is.
    entered: u32,
    /// Since when there are any.
    since: Moment,
}

/// Recently opened spans, by the low bits of their id.
const REMEMBERED: usize = 64;

/// One thread's view of one [`Tree`].
pub(super) struct Thread {
    tree: Arc<Tree>,
    /// Entered spans, outermost first.
    stack: Vec<Entered>,
    /// When the thread last entered or left a span.
    changed_at: Moment,
    /// By node.
    places: Vec<Option<Place>>,
    /// By parent: the spans opened there and their nodes. They are few, as the source names each, so a search from the
    /// first is faster than a hash table.
    children: Vec<Vec<(&'static Metadata<'static>, u32)>>,
    /// If calls are kept.
    recorder: Option<Recorder>,
    /// For the subscriber: the ids of spans opened on this thread.
    pub(super) ids: Ids,
    /// For the layer: id and node of spans opened on this thread. An id may come again once its span is closed,
    /// but a registry gives a slot only to the thread that owns it, which is the one that opened
    /// the earlier span too; so the new span overwrites the entry of the old one.
    opened: [(u64, u32); REMEMBERED],
}

thread_local! {
    /// Nearly always one. Several only if a program starts several profilers, as tests do.
    static THREADS: RefCell<Vec<Thread>> = const { RefCell::new(Vec::new()) };
}

/// Calls `act` with the calling thread's view of `tree`. Does nothing while the thread is being
/// torn down, or if called from inside itself.
#[inline]
pub(super) fn with<R>(tree: &Arc<Tree>, act: impl FnOnce(&mut Thread) -> R) -> Option<R> {
    // An error means that the thread's locals are gone: there is nothing left to write to.
    let done = THREADS.try_with(|threads| {
        let mut threads = threads.try_borrow_mut().ok()?;
        if threads.first().is_none_or(|first| !Arc::ptr_eq(&first.tree, tree)) {
            bring_first(&mut threads, tree);
        }
        threads.first_mut().map(act)
    });
    done.ok().flatten()
}

#[cold]
fn bring_first(threads: &mut Vec<Thread>, tree: &Arc<Tree>) {
    let _pause = span_heap::pause();
    match threads.iter().position(|thread| Arc::ptr_eq(&thread.tree, tree)) {
        Some(index) => threads.swap(0, index),
        None => threads.insert(0, Thread::new(tree)),
    }
}

impl Thread {
    fn new(tree: &Arc<Tree>) -> Self {
        Self {
            tree: Arc::clone(tree),
            stack: Vec::with_capacity(32),
            changed_at: Moment::default(),
            places: Vec::new(),
            children: Vec::new(),
            recorder: tree.events.as_ref().map(Events::join),
            ids: Ids::of_a_new_thread(),
            opened: [(0, ROOT); REMEMBERED],
        }
    }

    /// Keeps the node of a span for [`Thread::remembered`].
    pub(super) fn remember(&mut self, id: &Id, node: u32) {
        let id = id.into_u64();
        self.opened[id as usize % REMEMBERED] = (id, node);
    }

    /// The node of a span that this thread opened not long ago.
    pub(super) fn remembered(&self, id: &Id) -> Option<u32> {
        let id = id.into_u64();
        let (known, node) = self.opened[id as usize % REMEMBERED];
        (known == id).then_some(node)
    }

    /// The node under which a span opens: that of the parent it names, else of the innermost span entered on this
    /// thread.
    pub(super) fn parent_node(&self, attributes: &Attributes<'_>, node_of: impl FnOnce(&Id) -> u32) -> u32 {
        match attributes.parent() {
            Some(parent) => node_of(parent),
            None if attributes.is_root() => ROOT,
            None => self.innermost_node(),
        }
    }

    fn innermost_node(&self) -> u32 {
        self.stack.last().map_or(ROOT, |entered| entered.node)
    }

    /// The innermost span entered on this thread.
    pub(super) fn innermost(&self) -> Option<(Id, &'static Metadata<'static>)> {
        let entered = self.stack.last()?;
        let place = self.places.get(entered.node as usize)?.as_ref()?;
        Some((Id::from_u64(entered.id), place.span?))
    }

    /// A span was opened. Gives its node.
    #[inline]
    pub(super) fn open(&mut self, parent: u32, span: &'static Metadata<'static>) -> u32 {
        let known =
            self.children.get(parent as usize).and_then(|all| all.iter().find(|(child, _)| ptr::eq(*child, span)));
        let node = match known {
            Some((_, node)) => *node,
            None => self.meet_child(parent, span),
        };
        self.place(node).sums.called();
        node
    }

    #[cold]
    fn meet_child(&mut self, parent: u32, span: &'static Metadata<'static>) -> u32 {
        let _pause = span_heap::pause();
        let node = self.tree.child(parent, span);
        grow(&mut self.children, parent).push((span, node));
        node
    }

    /// A span was entered.
    #[inline]
    pub(super) fn enter(&mut self, id: &Id, node: u32) {
        let now = self.pass_time();
        let place = self.place(node);
        if place.entered == 0 {
            place.since = now;
        }
        place.entered += 1;
        if self.stack.len() == self.stack.capacity() {
            let _pause = span_heap::pause();
            self.stack.reserve(1);
        }
        self.stack.push(Entered { id: id.into_u64(), node });
        self.tell_heap();
    }

    /// A span was left. Guards may be dropped in any order, so it need not be the innermost.
    #[inline]
    pub(super) fn exit(&mut self, id: &Id) {
        let now = self.pass_time();
        let Some(node) = self.leave(id.into_u64()) else { return };
        // Under re-entry the place stays entered until its last guard goes, and that since its first.
        let place = self.place(node);
        place.entered -= 1;
        if place.entered == 0 {
            let (since, elapsed) = (place.since, now.since(place.since));
            place.sums.add_total(elapsed);
            if let (Some(events), Some(recorder)) = (&self.tree.events, &mut self.recorder) {
                events.add(recorder, node, since.wall_ns, elapsed.wall_ns);
            }
        }
        self.tell_heap();
    }

    /// Takes a span off the stack, and gives its node.
    #[inline]
    fn leave(&mut self, id: u64) -> Option<u32> {
        if self.stack.last()?.id == id {
            return self.stack.pop().map(|left| left.node);
        }
        let index = self.stack.iter().rposition(|entered| entered.id == id)?;
        Some(self.stack.remove(index).node)
    }

    /// Credits the time since the last change to the innermost span, and returns the time.
    #[inline]
    fn pass_time(&mut self) -> Moment {
        let now = self.tree.now();
        let elapsed = now.since(self.changed_at);
        self.changed_at = now;
        if let Some(innermost) = self.stack.last() {
            self.place(innermost.node).sums.add_self(elapsed);
        }
        now
    }

    fn tell_heap(&mut self) {
        if self.tree.follow.heap.is_some()
            && let Some(tag) = self.place(self.innermost_node()).tag
        {
            tag.set_current();
        }
    }

    #[inline]
    fn place(&mut self, node: u32) -> &mut Place {
        grow(&mut self.places, node).get_or_insert_with(|| Place::new(&self.tree, node))
    }
}

impl Place {
    #[cold]
    fn new(tree: &Tree, node: u32) -> Self {
        let _pause = span_heap::pause();
        Self {
            sums: tree.register(node),
            tag: tree.tag(node),
            span: tree.span(node),
            entered: 0,
            since: Moment::default(),
        }
    }
}

/// The item for `node`, which is made if it is not there.
#[inline]
fn grow<T: Default>(items: &mut Vec<T>, node: u32) -> &mut T {
    let index = node as usize;
    if items.len() <= index {
        let _pause = span_heap::pause();
        items.resize_with(index + 1, T::default);
    }
    &mut items[index]
}

impl Drop for Thread {
    fn drop(&mut self) {
        let _pause = span_heap::pause();
        self.tree.retire(|node| self.places.get(node as usize)?.as_ref().map(|place| &place.sums));
        if let (Some(events), Some(recorder)) = (&self.tree.events, &self.recorder) {
            events.leave(recorder);
        }
    }
}
