//! Why a dictionary cannot be read.

/// A value that an option cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("option {key}: {found} is not {expected}")]
pub struct InvalidOption {
    /// Its key in the dictionary.
    pub key: String,
    /// The value, as JSON, shortened.
    pub found: String,
    /// The possible values.
    pub expected: &'static str,
}
