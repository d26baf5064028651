//! Indices into a measurement, a type each, so that one is not taken for another.

use bincode::{Decode, Encode};
use serde::Serialize;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Encode, Decode)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its list.
            #[inline]
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index! {
    /// Index into [`Measurement::spans`](super::Measurement::spans).
    NodeId
}

index! {
    /// Index into [`Measurement::operations`](super::Measurement::operations).
    OperationId
}

index! {
    /// Index into [`Measurement::sites`](super::Measurement::sites).
    SiteId
}

index! {
    /// Index into [`SpanEvents::threads`](super::SpanEvents::threads).
    ThreadIndex
}

impl NodeId {
    /// The node for everything outside spans.
    pub const ROOT: Self = Self(0);
}
