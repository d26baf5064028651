//! How much one record may ask for.

/// How much one record may ask for. The file itself may have any length: a reader holds one record at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingLimits {
    /// Bytes of a record. Default 64 MiB: more than any map has.
    pub record_bytes: u32,
    /// Bytes of a topic. Default 1,024; MQTT allows 65,535.
    pub topic_bytes: u16,
}

impl RecordingLimits {
    /// The defaults, which the fields document.
    pub const DEFAULT: Self = Self { record_bytes: 64 << 20, topic_bytes: 1024 };
}

impl Default for RecordingLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
