//! A card an input: its picture and the cost of each operation on it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, html};

use super::page::Html;
use super::table::{Cell, slug, table_of};
use crate::compare::{self, Figure, Row, Runs};
use crate::quantity::{count, duration, rate, size};
use crate::report::{InputRow, OperationRow, Operations};

/// `None` without operations.
pub(super) fn cards(operations: &Operations, page: &Html<'_>) -> Option<Markup> {
    let mut inputs: Vec<Option<&str>> = operations.inputs().into_iter().map(Some).collect();
    if operations.shown().any(|row| row.on(None).is_some()) {
        inputs.push(None);
    }
    let heap = operations.heap.map(|heap| format!("; heap: {heap}")).unwrap_or_default();
    (!inputs.is_empty()).then(|| {
        html! {
            p.soft { "Times: " (operations.source.to_string()) (heap) ". The first run of a process stands apart." }
            div.maps { @for input in inputs { (card(operations, input, page)) } }
        }
    })
}

fn card(operations: &Operations, input: Option<&str>, page: &Html<'_>) -> Markup {
    let rows: Vec<(&OperationRow, &InputRow)> =
        operations.shown().filter_map(|operation| Some((operation, operation.on(input)?))).collect();
    let largest = |size: fn(&InputRow) -> Option<u64>| rows.iter().filter_map(|(_, row)| size(row)).max();
    let pixels = largest(|row| row.work.pixels);
    let bytes = largest(|row| row.work.bytes);
    let name = input.unwrap_or("no input named");
    let picture = page.pictures.iter().find(|(caption, _)| Some(*caption) == input);
    let facts: Vec<String> = [
        bytes.map(|bytes| format!("{} of input", size(bytes as f64))),
        picture.and_then(|(_, png)| dimensions(png)).map(|(width, height)| format!("{width} × {height} pixels")),
        pixels.filter(|_| picture.is_none()).map(|pixels| format!("{} pixels", count(pixels))),
        picture.map(|(_, png)| format!("PNG of {}", size(png.len() as f64))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let has_verdicts = page.comparison.is_some();
    let mut heads = vec!["Operation", "First", "Median", "p95", "Rate", "Allocations", "Peak heap"];
    heads.extend(has_verdicts.then_some("Baseline"));
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(operation, row)| {
            let mut cells = figures(operation, row);
            cells.extend(has_verdicts.then(|| verdict(page, &operation.name, input)));
            cells
        })
        .collect();
    html! {
        article.map id={ "map-" (slug(name)) } data-input=[input] {
            @if let Some((caption, png)) = picture {
                (image(caption, png))
            }
            div.about {
                h3 { (name) }
                p.soft { (facts.join(" · ")) }
                (table_of(&format!("Operations on {name}"), &heads, &cells).unwrap_or_default())
                @if input.is_some() { p.tools { button.link data-map=(name) { "Show its calls" } } }
            }
        }
    }
}

fn figures(operation: &OperationRow, row: &InputRow) -> Vec<Cell> {
    let rate = row.rate().map_or(Cell::Nothing, |(value, unit)| Cell::Shown(value, rate(value, unit)));
    vec![
        Cell::text(&operation.name),
        Cell::duration(row.first_ns),
        Cell::duration(row.later.median_ns),
        Cell::duration(row.later.p95_ns),
        rate,
        row.heap.map_or(Cell::Nothing, |heap| Cell::Count(heap.allocations)),
        row.heap.map_or(Cell::Nothing, |heap| Cell::Bytes(heap.peak_bytes)),
    ]
}

/// The verdict on an operation's later runs, or on its first ones if there are no others.
fn verdict(page: &Html<'_>, operation: &str, input: Option<&str>) -> Cell {
    let is_it =
        |row: &&Row| row.figure == Figure::OperationTime && row.subject == operation && row.input.as_deref() == input;
    let rows: Vec<&Row> = page.comparison.iter().flat_map(|comparison| &comparison.rows).filter(is_it).collect();
    let row = rows.iter().find(|row| row.runs != Runs::First).or_else(|| rows.first());
    row.map_or(Cell::Nothing, |row| {
        let before = duration(row.before);
        Cell::Shown(row.ratio.unwrap_or(1.0), format!("{}: {}, was {before}", row.verdict.name(), compare::change(row)))
    })
}

/// Pictures that no card shows.
pub(super) fn other_pictures(operations: Option<&Operations>, page: &Html<'_>) -> Option<Markup> {
    let inputs = operations.map(Operations::inputs).unwrap_or_default();
    let others: Vec<_> = page.pictures.iter().filter(|(caption, _)| !inputs.contains(caption)).collect();
    (!others.is_empty()).then(|| {
        html! {
            div.pictures {
                @for (caption, png) in others { figure { (image(caption, png)) figcaption.soft { (caption) } } }
            }
        }
    })
}

fn image(caption: &str, png: &[u8]) -> Markup {
    html! { img alt={ "Picture of " (caption) } src={ "data:image/png;base64," (BASE64_STANDARD.encode(png)) }; }
}

/// Width and height from the header of a PNG file.
fn dimensions(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| png.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    (png.get(..8)? == b"\x89PNG\r\n\x1a\n").then_some((number(16)?, number(20)?))
}
