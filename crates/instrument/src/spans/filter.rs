//! Which spans are measured.

use std::collections::HashSet;
use std::sync::Mutex;

use tracing::Metadata;
use tracing::callsite::Identifier;
use tracing_subscriber::filter::{ParseError, Targets};

use crate::lock::lock;

/// Keeps spans by target and level, and remembers the callsites that it leaves out.
#[derive(Debug, Clone)]
pub(crate) struct SpanFilter {
    directives: String,
    targets: Targets,
}

impl SpanFilter {
    /// Reads directives in the syntax of [`Targets`]: `my_crate=info,hyper=off`.
    pub(crate) fn parse(directives: &str) -> Result<Self, ParseError> {
        Ok(Self { directives: directives.to_owned(), targets: directives.parse()? })
    }

    /// The filter for another layer.
    #[cfg(feature = "flame")]
    pub(crate) fn targets(&self) -> Targets {
        self.targets.clone()
    }

    fn keeps(&self, span: &Metadata<'_>) -> bool {
        self.targets.would_enable(span.target(), span.level())
    }
}

/// A filter at work, or none.
#[derive(Debug, Default)]
pub(super) struct Filtering {
    filter: Option<SpanFilter>,
    left_out: Mutex<HashSet<Identifier>>,
}

impl Filtering {
    pub(super) fn new(filter: Option<SpanFilter>) -> Self {
        Self { filter, left_out: Mutex::default() }
    }

    /// Whether spans of this callsite are measured.
    pub(super) fn keeps(&self, span: &'static Metadata<'static>) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.keeps(span))
    }

    /// The same, for a callsite that tracing asks about; it is counted if it is left out.
    pub(super) fn register(&self, span: &'static Metadata<'static>) -> bool {
        let keeps = self.keeps(span);
        if !keeps {
            let _pause = span_heap::pause();
            lock(&self.left_out).insert(span.callsite());
        }
        keeps
    }

    /// A sentence about the spans that were left out, if there were any.
    pub(super) fn notice(&self) -> Option<String> {
        let directives = &self.filter.as_ref()?.directives;
        match lock(&self.left_out).len() {
            0 => None,
            1 => Some(format!("the filter {directives} left out the spans of 1 callsite")),
            several => Some(format!("the filter {directives} left out the spans of {several} callsites")),
        }
    }
}
