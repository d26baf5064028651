//! A share of the frames of a program in production.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use opentelemetry::trace::SpanId;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SpanData};
use tracing::span::{Attributes, Id};
use tracing::{Subscriber, subscriber::NoSubscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::delivery::{Collector, Delivery, number, span};
use super::entered;
use super::error::OtlpError;
use super::open_spans::{Fields, Frame, LayerKey, Open, OpenSpans};
use crate::lock::lock;

/// Frames that may wait for the collector. Those beyond are lost: a program in production must not wait.
const WAITING: usize = 64;

/// A [`Layer`] that sends a share of a program's frames. A frame is a span of one name without a parent, with all spans in
/// it.
///
/// Each span has `heap.allocations`, `heap.allocated_bytes` and `heap.peak_bytes`: of its threads while it was entered,
/// child spans and layers of other kinds included, if [`HeapSwitch`](crate::heap::HeapSwitch) is the global allocator. No
/// heap mode is needed.
/// A frame that is not sent costs a count and a look-up of its parents. A subscriber may have several such layers.
pub struct FrameLayer {
    key: LayerKey,
    frame: String,
    share: f64,
    seen: AtomicU64,
    ids: RandomIdGenerator,
    shared: Arc<Shared>,
    queue: SyncSender<Message>,
}

impl fmt::Debug for FrameLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameLayer").field("frame", &self.frame).field("share", &self.share).finish_non_exhaustive()
    }
}

/// The thread that sends. Dropping it leaves the thread to itself.
#[derive(Debug)]
#[must_use = "`finish` sends what waits, and says what was lost"]
pub struct FrameSender {
    shared: Arc<Shared>,
    queue: SyncSender<Message>,
    thread: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    delivery: Mutex<Delivery>,
    is_finishing: AtomicBool,
}

#[derive(Debug)]
enum Message {
    Frame(Vec<SpanData>),
    Finish,
}

impl FrameLayer {
    /// A layer for the spans named `frame`, of which it sends the given share, and the thread that sends.
    ///
    /// # Errors
    /// [`OtlpError`]: the URL or the share cannot be used, or the thread cannot be started.
    pub fn start(url: &str, service: &str, frame: &str, share: f64) -> Result<(Self, FrameSender), OtlpError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(OtlpError::Share(share));
        }
        let (queue, waiting) = sync_channel(WAITING);
        let (ready, opened) = sync_channel(1);
        let shared = Arc::new(Shared::default());
        let (url, service, of_thread) = (url.to_owned(), service.to_owned(), Arc::clone(&shared));
        let thread = thread::Builder::new().name("span-otlp".to_owned()).spawn(move || {
            let _pause = span_heap::pause();
            // The SDK and the client must not be traced themselves.
            tracing::subscriber::with_default(NoSubscriber::new(), || match Collector::new(&url, &service) {
                Ok(collector) => {
                    let _ = ready.send(Ok(()));
                    send_all(&collector, &waiting, &of_thread);
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            });
        });
        let thread = thread.map_err(OtlpError::Thread)?;
        let gone = || Err(OtlpError::Thread(std::io::Error::other("it ended")));
        opened.recv().unwrap_or_else(|_| gone())?;
        let sender = FrameSender { shared: Arc::clone(&shared), queue: queue.clone(), thread };
        let (key, frame) = (LayerKey::new(), frame.to_owned());
        let (ids, seen) = (RandomIdGenerator::default(), AtomicU64::new(0));
        Ok((Self { key, frame, share, seen, ids, shared, queue }, sender))
    }

    /// Every n-th frame, spread evenly.
    fn is_chosen(&self) -> bool {
        let before = self.seen.fetch_add(1, Relaxed) as f64 * self.share;
        (before + self.share).floor() > before.floor()
    }
}

fn send_all(collector: &Collector, waiting: &Receiver<Message>, shared: &Shared) {
    let mut is_lost = false;
    while let Ok(Message::Frame(spans)) = waiting.recv() {
        let mut delivery = Delivery::default();
        // At the end, a collector that is gone is not waited for again.
        if is_lost && shared.is_finishing.load(Relaxed) {
            delivery.lose(spans.len(), "the collector does not answer");
        } else {
            collector.send(spans, &mut delivery);
        }
        is_lost = delivery.lost_spans > 0;
        let mut all = lock(&shared.delivery);
        all.sent_spans += delivery.sent_spans;
        if let Some(reason) = delivery.reason {
            all.lose(delivery.lost_spans as usize, &reason);
        }
    }
}

impl FrameSender {
    /// The delivery up to now.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        lock(&self.shared.delivery).clone()
    }

    /// Sends the frames that wait, and says what arrived. If the collector does not answer, it takes twice its time for an
    /// answer at most (10 seconds).
    #[must_use]
    pub fn finish(self) -> Delivery {
        self.shared.is_finishing.store(true, Relaxed);
        // The thread is gone if it panicked, and has printed a message then.
        let _ = self.queue.send(Message::Finish);
        let _ = self.thread.join();
        let delivery = lock(&self.shared.delivery);
        delivery.clone()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for FrameLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let parent = span.parent();
        let (frame, parent) = match &parent {
            Some(parent) => match parent.extensions().get().and_then(|open: &OpenSpans| open.of(self.key)) {
                Some(open) => (Arc::clone(&open.frame), Some(open.id)),
                None => return,
            },
            None if span.name() == self.frame && self.is_chosen() => {
                let _pause = span_heap::pause();
                (Arc::new(Frame::new(self.ids.new_trace_id())), None)
            }
            None => return,
        };
        let _pause = span_heap::pause();
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let open = Open { frame, id: self.ids.new_span_id(), parent, start: SystemTime::now(), fields, heap: None };
        OpenSpans::insert(&mut span.extensions_mut(), self.key, open);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if span.extensions().get().is_some_and(|open: &OpenSpans| open.of(self.key).is_some()) {
            let _pause = span_heap::pause();
            entered::enter(self.key, id);
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut extensions = span.extensions_mut();
        let Some(open) = extensions.get_mut().and_then(|open: &mut OpenSpans| open.of_mut(self.key)) else { return };
        let _pause = span_heap::pause();
        let Some(counts) = entered::exit(self.key, id) else { return };
        let [allocations, bytes, peak] = open.heap.unwrap_or_default();
        let allocations = allocations + counts.allocations;
        open.heap = Some([allocations, bytes + counts.allocated_bytes, peak.max(counts.peak_bytes)]);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(closed) = context.span(&id) else { return };
        let _pause = span_heap::pause();
        let Some(open) = OpenSpans::remove(&mut closed.extensions_mut(), self.key) else { return };
        let mut attributes = open.fields.0;
        if let Some(figures) = open.heap {
            let keys = ["heap.allocations", "heap.allocated_bytes", "heap.peak_bytes"];
            attributes.extend(keys.into_iter().zip(figures).map(|(key, figure)| number(key, figure)));
        }
        let ids = (open.id, open.parent.unwrap_or(SpanId::INVALID));
        let over = SpanData {
            start_time: open.start,
            end_time: SystemTime::now(),
            ..span(open.frame.trace, ids, closed.name().to_owned(), attributes)
        };
        lock(&open.frame.spans).push(over);
        if open.parent.is_some() {
            return;
        }
        // A span closes after all spans in it.
        let spans = std::mem::take(&mut *lock(&open.frame.spans));
        let count = spans.len();
        if let Err(error) = self.queue.try_send(Message::Frame(spans)) {
            let reason = match error {
                TrySendError::Full(_) => "the collector is slower than the program",
                TrySendError::Disconnected(_) => "sending has ended",
            };
            lock(&self.shared.delivery).lose(count, reason);
        }
    }
}
