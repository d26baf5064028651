//! Names that Valetudo RE publishes apart from its maps.

use serde::{Deserialize, Deserializer};

/// The user's rooms, spots and zones, as Valetudo RE publishes them in its topic `destinations`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Destinations {
    /// Names of rooms.
    pub rooms: Vec<NamedRoom>,
    /// Named places.
    pub spots: Vec<Spot>,
    /// Named groups of rectangles.
    pub zones: Vec<Zone>,
}

/// The name of a room.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NamedRoom {
    /// The segment's id on the map.
    #[serde(deserialize_with = "number_or_text")]
    pub id: String,
    /// The user's name for it.
    pub name: String,
}

/// A named place.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Spot {
    /// The user's name for it.
    pub name: String,
    /// x and y, millimetres.
    pub coordinates: [f64; 2],
}

/// A named group of rectangles.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Zone {
    /// The user's name for it.
    pub name: String,
    /// For each rectangle two corners (x0, y0, x1, y1, millimetres) and, perhaps, how often it is cleaned.
    pub coordinates: Vec<Vec<f64>>,
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(i64),
        Text(String),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Number(number) => number.to_string(),
        Id::Text(text) => text,
    })
}

impl Destinations {
    /// The name of the room with this id.
    pub(crate) fn room_name(&self, id: &str) -> Option<&str> {
        self.rooms.iter().find(|room| room.id == id).map(|room| room.name.as_str())
    }
}
