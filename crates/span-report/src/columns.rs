//! Names and sentences that fit a terminal of 80 columns.

/// The width of every line, in columns.
pub(crate) const WIDTH: usize = 80;

/// The end of a text, such as a path, which tells files apart.
pub(crate) fn end(text: &str, room: usize) -> String {
    let excess = text.chars().count().saturating_sub(room);
    if excess == 0 { text.to_owned() } else { std::iter::once('…').chain(text.chars().skip(excess + 1)).collect() }
}

/// The start of a text.
pub(crate) fn start(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// A text, broken between words into lines of 80 columns: the first begins with `first`, the others with `other`. A word
/// that is longer than a line is broken.
#[must_use]
pub fn wrapped(text: &str, first: &str, other: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_begun = false;
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let space = usize::from(is_begun);
        if is_begun && line.chars().count() + space + word.len() > WIDTH {
            lines += &(line + "\n");
            line = other.to_owned();
            is_begun = false;
        }
        if is_begun {
            line.push(' ');
        }
        while line.chars().count() + word.len() > WIDTH && other.len() < WIDTH {
            let rest = word.split_off((WIDTH - line.chars().count()).min(word.len()));
            line.extend(&word);
            lines += &(line + "\n");
            line = other.to_owned();
            word = rest;
        }
        line.extend(&word);
        is_begun = true;
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_keep_their_start_or_their_end() {
        assert_eq!([end("a/b/name.rs", 7), start("a_long_name", 7)], ["…ame.rs", "a_long…"]);
        assert_eq!([end("name.rs", 7), start("a_name", 7)], ["name.rs", "a_name"]);
        assert_eq!(end("äöü", 2), "…ü");
    }

    #[test]
    fn texts_are_broken_between_words_and_long_words_inside() {
        let text = "word ".repeat(30) + &"w".repeat(190);
        let wrapped = wrapped(&text, "   ", "     ");
        assert!(wrapped.lines().all(|line| line.chars().count() <= WIDTH), "{wrapped}");
        assert!(wrapped.starts_with("   word") && wrapped.lines().skip(1).all(|line| line.starts_with("     w")));
        assert_eq!(wrapped.matches('w').count(), 30 + 190);
    }
}
