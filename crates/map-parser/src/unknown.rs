//! Names that this crate does not know: each is one warning, with its count.

use std::fmt;

use valetudo_map_model::Warning;

use crate::warning::push_warning;

/// The names that are told apart; damaged bytes can have one in each entity.
const MAX_NAMES: usize = 32;
/// The characters of a name in a warning.
const MAX_CHARACTERS: usize = 40;

/// The thing that has the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Layer,
    Entity,
    Material,
    Block,
}

/// The number of occurrences of each unknown name.
#[derive(Debug, Default)]
pub(crate) struct Unknown {
    names: Vec<Count>,
    others: usize,
    /// The first byte of the first of them.
    others_from: usize,
}

#[derive(Debug)]
struct Count {
    named: Named,
    name: String,
    count: usize,
    /// The first byte of the first one.
    offset: usize,
}

impl Unknown {
    /// Counts a name of something that begins at a byte of the map. A name is empty when there is none.
    #[cold]
    pub(crate) fn count(&mut self, named: Named, name: &str, offset: usize) {
        let long = name.char_indices().nth(MAX_CHARACTERS);
        let name = long.and_then(|(end, _)| name.get(..end)).unwrap_or(name);
        if let Some(known) = self.names.iter_mut().find(|known| known.named == named && known.name == name) {
            known.count += 1;
        } else if self.names.len() < MAX_NAMES {
            self.names.push(Count { named, name: name.to_owned(), count: 1, offset });
        } else {
            if self.others == 0 {
                self.others_from = offset;
            }
            self.others += 1;
        }
    }

    /// One warning for each name.
    pub(crate) fn warn(self, warnings: &mut Vec<Warning>) {
        for count in &self.names {
            push_warning(warnings, count.to_string(), count.offset);
        }
        if self.others > 0 {
            push_warning(warnings, format!("{} of still other unknown names", self.others), self.others_from);
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { named, name, count, .. } = self;
        let (one, many, what) = match named {
            Named::Layer => ("layer", "layers", "type"),
            Named::Entity => ("entity", "entities", "type"),
            Named::Material => ("room", "rooms", "material"),
            Named::Block => ("block", "blocks", "type"),
        };
        write!(f, "{count} {}", if *count == 1 { one } else { many })?;
        if name.is_empty() { write!(f, " without a {what}") } else { write!(f, " of unknown {what} {name:?}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_warning_with_its_count_and_its_first_place() {
        let mut unknown = Unknown::default();
        unknown.count(Named::Entity, "lamp", 30);
        unknown.count(Named::Layer, "lamp", 40);
        unknown.count(Named::Entity, "lamp", 50);
        unknown.count(Named::Material, "cork\n", 60);
        unknown.count(Named::Entity, "", 70);
        let mut warnings = Vec::new();
        unknown.warn(&mut warnings);
        assert_eq!(
            warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "2 entities of unknown type \"lamp\" (at byte 30)",
                "1 layer of unknown type \"lamp\" (at byte 40)",
                "1 room of unknown material \"cork\\n\" (at byte 60)",
                "1 entity without a type (at byte 70)",
            ]
        );
    }

    #[test]
    fn many_and_long_names_stay_few_and_short() {
        let mut unknown = Unknown::default();
        for number in 0..1000 {
            unknown.count(Named::Entity, &format!("{number}{}", "ü".repeat(100)), number);
        }
        let mut warnings = Vec::new();
        unknown.warn(&mut warnings);
        assert_eq!(warnings.len(), MAX_NAMES + 1);
        assert_eq!(
            warnings.last().map(ToString::to_string).as_deref(),
            Some("968 of still other unknown names (at byte 32)")
        );
        assert!(warnings.iter().all(|warning| warning.what.len() < 130));
    }
}
