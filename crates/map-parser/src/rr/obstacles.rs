//! The blocks of obstacles.

use std::sync::Arc;

use valetudo_map_model::{Entity, Obstacle};

use super::block::{Block, u16_at, u32_at};
use super::elements::{POINT, points};
use crate::budget::Budget;
use crate::error::Error;
use crate::limits::Limit;

/// Bytes of a record that has a photo, of which the last 16 are its name.
const WITH_PHOTO: usize = 28;
const PHOTO_AT: usize = 12;

/// The records of a block, of one size each. Newer firmware has longer ones; only their count tells how long.
fn records<'a>(block: &Block<'a>, budget: &mut Budget<'_>) -> Result<impl Iterator<Item = &'a [u8]> + use<'a>, Error> {
    let count = u32_at(block.header, 8).map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
    let length = block.data.len();
    let size = if count == 0 && length == 0 { POINT } else { length.checked_div(count).unwrap_or(0) };
    if size < POINT || size.checked_mul(count) != Some(length) {
        let problem = format!("{length} bytes are not {count} records of one size, {POINT} bytes or more");
        return Err(block.error(problem));
    }
    budget.spend(Limit::Points, count)?;
    Ok(block.data.chunks_exact(size))
}

/// The position of each obstacle.
pub(super) fn positions(block: &Block<'_>, budget: &mut Budget<'_>) -> Result<Vec<Entity>, Error> {
    let obstacle = |record| points(record).next().map(|position| Entity::Obstacle(Obstacle::at(position)));
    Ok(records(block, budget)?.filter_map(obstacle).collect())
}

/// Each obstacle with its label, confidence and photo, as far as its record has them.
pub(super) fn labelled(block: &Block<'_>, is_ignored: bool, budget: &mut Budget<'_>) -> Result<Vec<Entity>, Error> {
    let obstacle = |record: &[u8]| {
        let confidence = u16_at(record, 6);
        let label = u16_at(record, 4).map(|kind| label(kind, confidence));
        let position = points(record).next()?;
        Some(Entity::Obstacle(Obstacle {
            label,
            image: photo(record),
            confidence,
            is_ignored,
            ..Obstacle::at(position)
        }))
    };
    Ok(records(block, budget)?.filter_map(obstacle).collect())
}

/// The name of the photo; `None` when there is none.
fn photo(record: &[u8]) -> Option<Arc<str>> {
    let name = record.get(PHOTO_AT..WITH_PHOTO).filter(|_| record.len() == WITH_PHOTO)?;
    let name = name.split(|byte| *byte == 0).next()?;
    str::from_utf8(name).ok().filter(|name| !name.is_empty()).map(Arc::from)
}

/// As Valetudo labels it: `Cable (93%)`.
fn label(kind: u16, confidence: Option<u16>) -> Arc<str> {
    let name = match kind {
        0 | 48 => "Cable",
        1 => "Feces",
        2 => "Shoe",
        3 | 4 => "Pedestal",
        5 => "Power Strip",
        9 => "Bathroom Scale",
        10 | 34 | 51 => "Fabric",
        18 | 42 => "Obstacle",
        25 => "Dustpan",
        26 | 27 => "Furniture",
        49 => "Cat",
        50 => "Dog",
        _ => return with_confidence(&format!("Type {kind}"), confidence),
    };
    with_confidence(name, confidence)
}

/// Hundredths of a percent become whole ones, halves rounded up.
fn with_confidence(name: &str, confidence: Option<u16>) -> Arc<str> {
    match confidence {
        Some(confidence) => format!("{name} ({}%)", (u32::from(confidence) + 50) / 100).into(),
        None => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_the_type_and_whole_percents() {
        assert_eq!(&*label(48, Some(8440)), "Cable (84%)");
        assert_eq!(&*label(42, Some(7750)), "Obstacle (78%)");
        assert_eq!(&*label(1000, Some(u16::MAX)), "Type 1000 (655%)");
        assert_eq!(&*label(2, None), "Shoe");
    }

    #[test]
    fn only_records_of_28_bytes_have_a_photo() {
        let mut record = [0; WITH_PHOTO];
        assert_eq!(photo(&record), None);
        record[PHOTO_AT..PHOTO_AT + 3].copy_from_slice(b"a.b");
        assert_eq!(photo(&record).as_deref(), Some("a.b"));
        assert_eq!(photo(&record[..27]), None);
        record[PHOTO_AT] = 0xff;
        assert_eq!(photo(&record), None);
    }
}
