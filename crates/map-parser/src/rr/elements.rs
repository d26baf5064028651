//! The blocks of points: positions, paths, areas.

use valetudo_map_model::{Area, AreaKind, Entity, Line, Millimetre, Path, PathKind, Point, Pose};

use super::block::{Block, u16_at, u32_at};
use super::block_kind;
use crate::budget::Budget;
use crate::error::Error;
use crate::grid::{from_y_up, zone};
use crate::limits::Limit;
use crate::memory::Memory;

type Warn<'a> = &'a mut dyn FnMut(String);

/// Bytes of a point on a path, in an area or on a wall: two 16-bit numbers.
pub(super) const POINT: usize = 4;

/// The position of the robot or its dock. A robot that does not know it writes numbers outside every map: then `None`, and
/// a warning.
pub(super) fn position(block: &Block<'_>, warn: Warn<'_>) -> Result<Option<Pose>, Error> {
    let (Some(x), Some(y)) = (u32_at(block.data, 0), u32_at(block.data, 4)) else {
        return Err(block.error(format!("it has {} bytes of data, expected 8 or more", block.data.len())));
    };
    let position = from_y_up(x, y);
    if position.is_none() {
        warn(format!("{} at ({x}, {y}) mm lies on no map, and is left out", block_kind::name(block.kind)));
    }
    Ok(position.map(|position| Pose { position, angle: None }))
}

pub(super) fn go_to_target(block: &Block<'_>) -> Result<Entity, Error> {
    points(block.data)
        .next()
        .map(Entity::GoToTarget)
        .ok_or_else(|| block.error(format!("it has {} bytes of data, expected {POINT} or more", block.data.len())))
}

pub(super) fn path(
    block: &Block<'_>,
    kind: PathKind,
    budget: &mut Budget<'_>,
    memory: &mut Memory,
    warn: Warn<'_>,
) -> Result<Entity, Error> {
    if let Some(size) = u32_at(block.header, 12).filter(|size| usize::try_from(*size) != Ok(POINT)) {
        return Err(block.error(format!("its points have {size} bytes each, expected {POINT}")));
    }
    let count = records(block, POINT, warn)?;
    budget.spend(Limit::Points, count)?;
    Ok(Entity::Path(Path::new(kind, memory.points(points(block.data)))))
}

pub(super) fn zones(block: &Block<'_>, budget: &mut Budget<'_>, warn: Warn<'_>) -> Result<Vec<Entity>, Error> {
    Ok(lines(block, budget, warn)?.map(|Line { from, to }| Entity::Area(zone(from, to))).collect())
}

pub(super) fn virtual_walls(block: &Block<'_>, budget: &mut Budget<'_>, warn: Warn<'_>) -> Result<Vec<Entity>, Error> {
    Ok(lines(block, budget, warn)?.map(Entity::VirtualWall).collect())
}

pub(super) fn areas(
    block: &Block<'_>,
    kind: AreaKind,
    budget: &mut Budget<'_>,
    memory: &mut Memory,
    warn: Warn<'_>,
) -> Result<Vec<Entity>, Error> {
    const AREA: usize = 4 * POINT;
    let count = records(block, AREA, warn)?;
    budget.spend(Limit::Points, count.saturating_mul(4))?;
    let area = |bytes| Entity::Area(Area { kind, corners: memory.points(points(bytes)) });
    Ok(block.data.chunks_exact(AREA).map(area).collect())
}

/// Pairs of points.
fn lines<'a>(
    block: &Block<'a>,
    budget: &mut Budget<'_>,
    warn: Warn<'_>,
) -> Result<impl Iterator<Item = Line> + use<'a>, Error> {
    const LINE: usize = 2 * POINT;
    let count = records(block, LINE, warn)?;
    budget.spend(Limit::Points, count.saturating_mul(2))?;
    Ok(block.data.chunks_exact(LINE).filter_map(|bytes| {
        let mut ends = points(bytes);
        Some(Line { from: ends.next()?, to: ends.next()? })
    }))
}

/// How many records of `size` bytes the data holds. The data's length decides; a header that counts otherwise is odd.
fn records(block: &Block<'_>, size: usize, warn: Warn<'_>) -> Result<usize, Error> {
    let length = block.data.len();
    if !length.is_multiple_of(size) {
        return Err(block.error(format!("{length} bytes of data are not whole records of {size} bytes")));
    }
    let count = length / size;
    if let Some(stated) = u32_at(block.header, 8).filter(|stated| usize::try_from(*stated) != Ok(count)) {
        warn(format!("{} states {stated} records and has {count}", block_kind::name(block.kind)));
    }
    Ok(count)
}

pub(super) fn points(bytes: &[u8]) -> impl Iterator<Item = Point<Millimetre>> + use<'_> {
    bytes.chunks_exact(POINT).filter_map(|point| from_y_up(u16_at(point, 0)?, u16_at(point, 2)?))
}
