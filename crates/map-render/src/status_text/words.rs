//! The words of a language, as a type.

/// The words of one language.
#[derive(Debug)]
pub(super) struct Language {
    /// Two letters (ISO 639-1).
    pub(super) tag: &'static str,
    /// States and their names.
    pub(super) states: States,
    /// Charged, and in the dock.
    pub(super) ready: &'static str,
    /// The robot cannot be reached.
    pub(super) unreachable: &'static str,
}

/// The words for a robot's activities.
#[derive(Debug)]
pub(super) struct States {
    pub(super) docked: &'static str,
    pub(super) cleaning: &'static str,
    pub(super) idle: &'static str,
    pub(super) paused: &'static str,
    pub(super) returning: &'static str,
    pub(super) error: &'static str,
    pub(super) moving: &'static str,
    pub(super) manual_control: &'static str,
    pub(super) charging: &'static str,
    pub(super) connected: &'static str,
    pub(super) disconnected: &'static str,
    pub(super) unavailable: &'static str,
    pub(super) unknown: &'static str,
}
