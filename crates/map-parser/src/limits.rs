//! How much a map may ask for.

/// Makes a struct of limits from one list, and an enum of which limit was exceeded, displayed as the name of the field.
///
/// The struct has its defaults as `DEFAULT`, and a function `get` from the enum to the value. `valetudo-map-render` lists
/// the limits of pictures with it; it is no part of the public interface.
#[doc(hidden)]
#[macro_export]
macro_rules! limits {
    (
        $(#[$of_struct:meta])*
        pub struct $Limits:ident: $Number:ty, exceeded: $Limit:ident {
            $( $(#[$of_field:meta])* $field:ident: $Variant:ident = $default:expr, )+
        }
    ) => {
        $(#[$of_struct])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $Limits {
            $( $(#[$of_field])* pub $field: $Number, )+
        }

        #[doc = concat!("Which of the [`", stringify!($Limits), "`] it is; displayed as the name of the field.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $Limit {
            $(
                #[doc = concat!("[`", stringify!($Limits), "::", stringify!($field), "`]")]
                $Variant,
            )+
        }

        impl $Limits {
            /// The defaults, which the fields document.
            pub const DEFAULT: Self = Self { $( $field: $default, )+ };

            /// The value of `limit`.
            #[must_use]
            pub const fn get(&self, limit: $Limit) -> $Number {
                match limit {
                    $( $Limit::$Variant => self.$field, )+
                }
            }
        }

        impl Default for $Limits {
            fn default() -> Self {
                Self::DEFAULT
            }
        }

        impl std::fmt::Display for $Limit {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $( Self::$Variant => stringify!($field), )+
                })
            }
        }
    };
}

limits! {
    /// How much a map may cost. Bytes come from the network, and a few hundred of them can ask for gigabytes.
    ///
    /// The defaults hold any real home and then some: 20,000 m² at 5 cm a map pixel are 2,829 × 2,829 map pixels.
    ///
    /// ```
    /// use valetudo_map_parser::Limits;
    ///
    /// let small = Limits { decompressed_bytes: 1 << 20, ..Limits::DEFAULT };
    /// assert_eq!(small.points, Limits::default().points);
    /// ```
    pub struct Limits: usize, exceeded: Limit {
        /// Bytes of the map without its envelope. Default 96 MiB: the 8,000,000 map pixels of 20,000 m², listed one by one
        /// as JSON numbers, at 12 bytes each.
        decompressed_bytes: DecompressedBytes = 96 << 20,
        /// Decompressed bytes for each byte of an envelope, so that few bytes on the wire stay few in memory. Default 128.
        /// (The most seen is 77, of an RR map that is mostly outside; JSON shrinks to a tenth at best. Deflate goes up to
        /// 1,032.) The first 4 MiB are free: the whole grid of an RR map, empty, is 1 MiB of zeros.
        expansion: Expansion = 128,
        /// Map pixels along the longer side of the map. Default 8,192: 410 m at 5 cm. (The largest seen is 1,311; robots
        /// publish a map that is far larger than the home.)
        map_side: MapSide = 8192,
        /// Layers. Default 4,096: every room is one, and robots count rooms in a byte or less.
        layers: Layers = 4096,
        /// Runs of all layers together. Default 4 Mi, 24 MiB in memory: each pixel of an RR map alone in its run makes
        /// 1 Mi. (The largest home seen has 5,000.)
        runs: Runs = 4 << 20,
        /// Entities. Default 65,536. (The most seen are 36.)
        entities: Entities = 1 << 16,
        /// Points of all entities together. Default 4 Mi, 32 MiB in memory. (The most seen are 1,500.)
        points: Points = 4 << 20,
        /// Bytes of a room's name or id, or of an obstacle's label or id. Default 1,024. (The longest seen is an id of 36.)
        name_bytes: NameBytes = 1024,
    }
}

/// Bytes to which any envelope may expand.
const FREE_EXPANSION: usize = 4 << 20;

impl Limits {
    /// How many bytes an envelope of `compressed` bytes may hold, and which limit that is.
    pub(crate) fn inflated(&self, compressed: usize) -> (usize, Limit) {
        let expanded = compressed.saturating_mul(self.expansion).max(FREE_EXPANSION);
        if expanded < self.decompressed_bytes {
            (expanded, Limit::Expansion)
        } else {
            (self.decompressed_bytes, Limit::DecompressedBytes)
        }
    }
}
