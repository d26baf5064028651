//! Which words a reader gets.

use std::borrow::Cow;

use super::translations::{english, languages};
use super::words::Language;
use crate::state::VacuumState;

impl Language {
    /// By a tag such as `de`, `pt-BR` or `zh_CN`; English where there is none such.
    pub(super) fn of(tag: &str) -> &'static Self {
        let base = tag.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
        let base = match base.as_str() {
            // The two written forms of Norwegian; Home Assistant says which.
            "nb" | "nn" => "no",
            other => other,
        };
        languages().find(|language| language.tag == base).unwrap_or(english())
    }

    /// The name of a state. A word that is not known is shown as it is, capitalised; an empty one is the unknown state.
    pub(super) fn state<'a>(&self, state: &'a VacuumState) -> Cow<'a, str> {
        let states = &self.states;
        let name = match state {
            VacuumState::Docked => states.docked,
            VacuumState::Cleaning => states.cleaning,
            VacuumState::Idle => states.idle,
            VacuumState::Paused => states.paused,
            VacuumState::Returning => states.returning,
            VacuumState::Error => states.error,
            VacuumState::Moving => states.moving,
            VacuumState::ManualControl => states.manual_control,
            VacuumState::Charging => states.charging,
            VacuumState::Connected => states.connected,
            VacuumState::Disconnected => states.disconnected,
            VacuumState::Unavailable => states.unavailable,
            VacuumState::Unknown => states.unknown,
            VacuumState::Other(word) if word.is_empty() => states.unknown,
            VacuumState::Other(word) => return Cow::Owned(capitalised(word)),
        };
        Cow::Borrowed(name)
    }
}

/// The first letter large, all others small.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    // A first letter such as ß has two large ones.
    let mut first = characters.next().into_iter().flat_map(char::to_uppercase);
    let large = first.next();
    large
        .into_iter()
        .chain(first.flat_map(char::to_lowercase))
        .chain(characters.as_str().to_lowercase().chars())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_their_base() {
        for (tag, base) in [
            ("de", "de"),
            ("DE", "de"),
            ("pt-BR", "pt"),
            ("zh_CN", "zh"),
            ("zh-Hant-TW", "zh"),
            ("ru_RU.UTF-8", "ru"),
            ("nb", "no"),
            ("", "en"),
            ("tlh", "en"),
            ("-", "en"),
        ] {
            assert_eq!(Language::of(tag).tag, base, "{tag}");
        }
    }

    #[test]
    fn states_without_a_translation_are_capitalised() {
        let german = Language::of("de");
        for (state, name) in [("", "Unbekannt"), ("segment CLEANING", "Segment cleaning"), ("ßa", "Ssa"), ("5", "5")] {
            assert_eq!(german.state(&state.into()), name);
        }
    }

    #[test]
    fn every_language_is_there_once() {
        let tags: Vec<_> = languages().map(|language| language.tag).collect();
        let expected = "en de fr it pl pt tr sv no cs da fi es nl ru zh ja ko ar hi bn el";
        assert_eq!(tags, expected.split(' ').collect::<Vec<_>>());
    }
}
