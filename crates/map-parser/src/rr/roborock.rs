//! The blocks that only Roborock's reading of a map looks at, and which concern other blocks: materials, carpets, mopping,
//! rooms that are cleaned. They may come before the blocks that they concern.

use valetudo_map_model::{Entity, Layer, LayerKind, Map, Material, Millimetre, Path, PathKind, Point, Run, Segment};

use super::block::{Block, i32_at, u16_at};
use super::block_kind::{CARPETS, CLEANED_ROOMS, MATERIAL_DIRECTIONS, MATERIALS, MOP_PATH, name};
use crate::budget::Budget;
use crate::error::Error;
use crate::grid::Window;
use crate::limits::Limit;
use crate::memory::Memory;
use crate::unknown::{Named, Unknown};
use crate::warning::push_warning;

/// The direction of a position block, in degrees clockwise from the top of the map. The robot counts counterclockwise from
/// the right.
pub(super) fn angle(block: &Block<'_>) -> Option<f64> {
    let stated = i64::from(i32_at(block.data, 8)?);
    Some((90 - stated).rem_euclid(360) as f64)
}

/// Carpet, in a byte of the carpet map.
const CARPET: u8 = 1;

/// The blocks as they were found.
#[derive(Debug, Default)]
pub(super) struct Concerning<'a> {
    materials: Option<Block<'a>>,
    directions: Option<Block<'a>>,
    cleaned: Option<Block<'a>>,
    carpets: Option<Block<'a>>,
    mopped: Option<Block<'a>>,
}

impl<'a> Concerning<'a> {
    /// Keeps a block if it is one of these; of two of a kind, the last.
    pub(super) fn keep(&mut self, block: &Block<'a>) -> bool {
        let place = match block.kind {
            MATERIALS => &mut self.materials,
            MATERIAL_DIRECTIONS => &mut self.directions,
            CLEANED_ROOMS => &mut self.cleaned,
            CARPETS => &mut self.carpets,
            MOP_PATH => &mut self.mopped,
            _ => return false,
        };
        *place = Some(*block);
        true
    }

    /// Applies the blocks to the map, whose image covers `window`.
    pub(super) fn apply(
        self,
        map: &mut Map,
        window: Option<Window>,
        unknown: &mut Unknown,
        budget: &mut Budget<'_>,
        memory: &mut Memory,
    ) -> Result<(), Error> {
        for layer in &mut map.layers {
            if let LayerKind::Segment(segment) = &mut layer.kind {
                self.describe(segment, unknown);
            }
        }
        if let Some(block) = &self.mopped {
            let driven = map.paths(PathKind::Driven).next().map_or(&[][..], |path| &path.points);
            let (points, flags) = (driven.len(), block.data.len());
            map.entities.extend(mopped(driven, block.data, budget, memory)?);
            if points != flags {
                let what = format!("{} has {flags} bytes for {points} points", name(MOP_PATH));
                push_warning(&mut map.warnings, what, block.offset);
            }
        }
        if let (Some(block), Some(window)) = (&self.carpets, window) {
            carpets(map, block, window, budget, memory)?;
        }
        Ok(())
    }

    fn describe(&self, segment: &mut Segment, unknown: &mut Unknown) {
        let Ok(number) = segment.id.parse::<u8>() else { return };
        segment.active = self.cleaned.is_some_and(|block| block.data.contains(&number));
        let Some(block) = &self.materials else { return };
        segment.material = match block.data.get(usize::from(number)) {
            None | Some(0) => Material::Generic,
            Some(3) => match self.directions.and_then(|block| direction(block.data, number)) {
                Some(0) => Material::WoodHorizontal,
                Some(90) => Material::WoodVertical,
                _ => Material::Wood,
            },
            Some(4) => Material::Tile,
            Some(other) => {
                unknown.count(Named::Material, &other.to_string(), block.offset);
                Material::Unknown
            }
        };
    }
}

/// The direction of a room's planks in degrees: three bytes a room, its number and the degrees. Data that is no such list
/// has a byte for each number of a room.
fn direction(data: &[u8], room: u8) -> Option<u16> {
    if data.len().is_multiple_of(3) {
        return data.chunks_exact(3).rfind(|record| record.first() == Some(&room)).and_then(|record| u16_at(record, 1));
    }
    data.get(usize::from(room)).copied().map(u16::from)
}

/// The stretches of a path on which the robot mopped: a byte for each point, not 0.
fn mopped(
    points: &[Point<Millimetre>],
    flags: &[u8],
    budget: &mut Budget<'_>,
    memory: &mut Memory,
) -> Result<Vec<Entity>, Error> {
    let mut stretches = Vec::new();
    let mut rest = points;
    for flags in flags.get(..points.len()).unwrap_or(flags).chunk_by(|a, b| (*a != 0) == (*b != 0)) {
        // There are no more flags than points.
        let Some((stretch, after)) = rest.split_at_checked(flags.len()) else { break };
        rest = after;
        if flags.first().is_some_and(|flag| *flag != 0) {
            budget.spend(Limit::Entities, 1)?;
            budget.spend(Limit::Points, stretch.len())?;
            let points = memory.points(stretch.iter().copied());
            stretches.push(Entity::Path(Path::new(PathKind::Mopped, points)));
        }
    }
    Ok(stretches)
}

/// Adds the layer of carpets: a byte for each cell of the image.
fn carpets(
    map: &mut Map,
    block: &Block<'_>,
    window: Window,
    budget: &mut Budget<'_>,
    memory: &mut Memory,
) -> Result<(), Error> {
    let cells = usize::try_from(window.cells()).unwrap_or(usize::MAX);
    let mut warn = |what| push_warning(&mut map.warnings, what, block.offset);
    if block.data.len() != cells {
        warn(format!("{} has {} cells, the image has {cells}", name(CARPETS), block.data.len()));
        return Ok(());
    }
    let others = block.data.iter().filter(|cell| **cell & !CARPET != 0).count();
    if others > 0 {
        warn(format!("{} marks {others} cells as something other than carpet", name(CARPETS)));
    }
    let mut runs = memory.runs();
    let width = usize::from(window.width()).max(1);
    for (row, cells) in block.data.chunks_exact(width).enumerate().rev() {
        let Some(y) = u16::try_from(row).ok().and_then(|row| window.row_from_bottom(row)) else { continue };
        let mut x = 0u16;
        for cells in cells.chunk_by(|a, b| a & CARPET == b & CARPET) {
            let length = u16::try_from(cells.len()).unwrap_or(u16::MAX);
            if cells.first().is_some_and(|cell| cell & CARPET != 0)
                && let Some(run) = Run::new(window.column(x), y, length)
            {
                budget.spend(Limit::Runs, 1)?;
                runs.push(run);
            }
            x = x.saturating_add(length);
        }
    }
    let runs = memory.finish_runs(runs);
    if !runs.is_empty() {
        budget.spend(Limit::Layers, 1)?;
        map.layers.push(Layer { kind: LayerKind::Carpet, runs });
    }
    Ok(())
}
