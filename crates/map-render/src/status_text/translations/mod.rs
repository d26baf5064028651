//! The words, language by language.

mod latin;
mod other_scripts;

use super::words::Language;

/// The language that stands in for those that are not here.
pub(super) fn english() -> &'static Language {
    let [english, ..] = &latin::LANGUAGES;
    english
}

/// All languages, English first.
pub(super) fn languages() -> impl Iterator<Item = &'static Language> {
    latin::LANGUAGES.iter().chain(&other_scripts::LANGUAGES)
}
