//! The families of robots whose maps are profiled.

use std::path::PathBuf;

use crate::files;

/// The family of robots whose maps are profiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Valetudo JSON.
    Hypfer,
    /// RR maps.
    Rand,
}

impl Family {
    /// Both families.
    pub(crate) const ALL: [Self; 2] = [Self::Hypfer, Self::Rand];

    /// The name in commands and outputs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand",
        }
    }

    /// The command that profiles its maps.
    pub(crate) fn command(self) -> String {
        format!("profile-{}", self.name())
    }

    /// The project's own maps and recordings.
    pub(crate) fn own_inputs(self) -> Vec<PathBuf> {
        let recordings = (self == Self::Hypfer).then(|| files::project().join("fixtures/recordings"));
        std::iter::once(self.own_maps()).chain(recordings).collect()
    }

    /// The folder of the project's own maps.
    pub(crate) fn own_maps(self) -> PathBuf {
        let folder = match self {
            Self::Hypfer => "hypfer",
            Self::Rand => "rand256",
        };
        files::project().join("fixtures").join(folder)
    }
}
