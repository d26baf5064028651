//! A page: its content as callers give it, and its frame.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::table::slug;
use crate::compare::Comparison;

/// The policy: styles, script and pictures of the page itself, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/// The report as a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html<'a> {
    /// The heading.
    pub title: &'a str,
    /// The comparison with an earlier run.
    pub comparison: Option<&'a Comparison>,
    /// Pictures: a caption and the bytes of a PNG file each. One whose caption is the name of an input is on its card.
    pub pictures: &'a [(&'a str, &'a [u8])],
}

/// A page with the policy and the styles.
pub(super) fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(include_str!("page.css"))) }
            }
            body { (body) }
        }
    }
}

/// A section, unless it has no content.
pub(super) fn section(heading: &str, content: Option<Markup>) -> Markup {
    let id = slug(heading);
    html! {
        @if let Some(content) = content {
            section id=(id) aria-labelledby={ (id) "-heading" } { h2 id={ (id) "-heading" } { (heading) } (content) }
        }
    }
}
