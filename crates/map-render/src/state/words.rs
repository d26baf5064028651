//! Words for the activities of a robot and its dock.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enum of known words that keeps unknown ones.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$meaning])* $variant,)+
            /// Another word.
            Other(String),
        }

        impl $name {
            /// The word, as in JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word),
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    };
}

words! {
    /// A robot's activity, in the words of Valetudo and Home Assistant.
    VacuumState {
        /// It stands in its dock.
        Docked = "docked",
        /// It cleans.
        Cleaning = "cleaning",
        /// It does nothing.
        Idle = "idle",
        /// It will go on with its work.
        Paused = "paused",
        /// It drives to its dock.
        Returning = "returning",
        /// It needs help.
        Error = "error",
        /// It drives without cleaning.
        Moving = "moving",
        /// Somebody steers it.
        ManualControl = "manual_control",
        /// It charges.
        Charging = "charging",
        /// It can be reached.
        Connected = "connected",
        /// It cannot be reached.
        Disconnected = "disconnected",
        /// Home Assistant does not know it any more.
        Unavailable = "unavailable",
        /// Nobody knows.
        Unknown = "unknown",
    }
}

words! {
    /// A dock's activity, in the words of Valetudo.
    DockState {
        /// It does nothing.
        Idle = "idle",
        /// It needs help.
        Error = "error",
        /// It will go on with its work.
        Pause = "pause",
        /// It empties the robot's dust box.
        Emptying = "emptying",
        /// It washes the mops.
        Cleaning = "cleaning",
        /// It dries the mops.
        Drying = "drying",
    }
}
