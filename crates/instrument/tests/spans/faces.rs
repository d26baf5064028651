//! The two ways in which spans reach the call tree. What holds for one must hold for the other.

use span_instrument::{Builder, Profiler};
use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Face {
    Subscriber,
    Layer,
}

impl Face {
    pub(crate) const BOTH: [Self; 2] = [Self::Subscriber, Self::Layer];

    /// Starts a profiler, which must not choose a heap mode.
    pub(crate) fn start(self, builder: Builder) -> (Profiler, Dispatch) {
        let started = match self {
            Self::Subscriber => builder.start_with_dispatch(),
            Self::Layer => {
                builder.start_with_layer().map(|(profiler, layer)| (profiler, registry().with(layer).into()))
            }
        };
        let Ok(started) = started else { unreachable!("no heap mode and no file were asked for") };
        started
    }
}
