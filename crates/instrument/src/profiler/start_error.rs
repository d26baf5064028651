//! Why a profiler could not be started.

use std::io;

use span_report::measurement::Pass;
use thiserror::Error;
use tracing_subscriber::filter::ParseError;

use crate::heap::{HeapModeError, SessionError};
use crate::samplers::flame::RecordError;

/// Why a profiler could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The program, or another profiler, has set tracing's global subscriber. Compose the layer from
    /// [`Builder::start_with_layer`](crate::Builder::start_with_layer) into that subscriber instead.
    #[error("a global tracing subscriber is already set")]
    SubscriberAlreadySet,
    /// The heap mode could not be chosen.
    #[error(transparent)]
    Heap(#[from] HeapModeError),
    /// The heap is tracked, and this profiler cannot have a session of its own.
    #[error(transparent)]
    HeapSession(#[from] SessionError),
    /// The filter's directives could not be read.
    #[error("the span filter {directives}")]
    Filter {
        /// The directives, as given.
        directives: String,
        /// The reason.
        source: ParseError,
    },
    /// The sampler's thread could not be started.
    #[error("starting the sampler thread")]
    Sampler(#[source] io::Error),
    /// The file for tracing-flame's stacks could not be created.
    #[error(transparent)]
    Flame(#[from] RecordError),
    /// This build of the program lacks the feature of span-instrument that a pass needs.
    #[error("the pass {pass} needs the feature `{pass}` of span-instrument")]
    NotBuilt {
        /// The pass.
        pass: Pass,
    },
}
