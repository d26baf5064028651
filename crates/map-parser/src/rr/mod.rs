//! The RR map: Roborock's binary format, little endian throughout.
//!
//! A header of 20 bytes or more, then blocks: type, header length, data length, more header, data. Nothing is found
//! by a fixed offset across blocks, since header lengths differ between firmware versions. The dialect decides which
//! blocks are read; the others are stepped over.

mod block;
mod block_kind;
mod dialect;
mod digest;
mod elements;
mod image;
mod obstacles;
mod roborock;

use valetudo_map_model::{AreaKind, Entity, Map, PathKind, PixelSize, Pose, Size, Warning};

use crate::budget::Budget;
use crate::error::Error;
use crate::grid::{self, Window, heading};
use crate::limits::{Limit, Limits};
use crate::memory::Memory;
use crate::unknown::{Named, Unknown};
use crate::warning::push_warning;
use block::{Block, Blocks, Header};
use block_kind::{
    CHARGER, CLEANED_ZONES, DIGEST, GO_TO_TARGET, IGNORED_OBSTACLES, IGNORED_OBSTACLES_WITH_PHOTO, IMAGE,
    NO_CARPET_AREAS, NO_GO_AREAS, NO_MOP_AREAS, OBSTACLES, OBSTACLES_WITH_PHOTO, PATH, PREDICTED_PATH, ROBOT,
    VIRTUAL_WALLS,
};
pub use dialect::RrDialect;
pub use digest::digest_matches;
use roborock::Concerning;

/// Parses a bare RR map, generation 1 or 3: the bytes that begin with `rr`.
///
/// The grid is 1,024 × 1,024 map pixels of 5 cm, the family
/// [`Family::Rand256`](valetudo_map_model::Family::Rand256). Layers are the floor without a room,
/// the rooms in the order in which the image's bytes first name them (with the number as id), and the walls; empty ones
/// are left out. A generation 1 map knows no rooms, and sets all bits of the room number: its floor is the room `31`.
/// Rooms are never `active`: the format lists the rooms of a cleanup that may be over, and the robot's state, which the
/// caller has, tells better. The robot's angle is that of the last step of its path, not the one that
/// it states, and turned so that 0 is up; with fewer than two points on the path it is 90.
///
/// A missing digest, bytes after the digest, counts that contradict the data and positions off any map are
/// [`Map::warnings`]. Whether the digest is right is left to [`digest_matches`].
///
/// # Errors
///
/// [`Error::Truncated`] when the bytes end inside a block, or before the end that the header states without a digest
/// that proves them whole; [`Error::RrMap`] for a block that contradicts itself; [`Error::LimitExceeded`].
pub fn parse_rr_map(bytes: &[u8], limits: &Limits) -> Result<Map, Error> {
    parse(bytes, limits, RrDialect::Rand256, &mut Memory::default())
}

/// Parses a bare RR map as Roborock's firmware means it: as [`parse_rr_map`], with these differences.
///
/// The family is [`Family::Roborock`](valetudo_map_model::Family::Roborock). Floor of a generation 1 map is floor. Rooms
/// have their materials, with directions of planks, and are `active` when the map lists them as being cleaned. Carpets are
/// a layer after the others, in map pixels. Robot and dock have the angles that they state; a robot that states none has
/// that of its path. Obstacles have labels with confidence, names of photos, and are there too when they are to be ignored.
/// The stretches of the path on which the robot mopped are paths of their own, after all other entities.
///
/// Further [`Map::warnings`] are unknown materials, blocks that have data and are not read, each type with its count, and
/// carpets or mopping that do not fit the image or the path.
///
/// # Errors
///
/// As [`parse_rr_map`].
pub fn parse_roborock(bytes: &[u8], limits: &Limits) -> Result<Map, Error> {
    parse(bytes, limits, RrDialect::Roborock, &mut Memory::default())
}

pub(crate) fn parse(bytes: &[u8], limits: &Limits, dialect: RrDialect, memory: &mut Memory) -> Result<Map, Error> {
    limits.check(Limit::DecompressedBytes, bytes.len())?;
    limits.check(Limit::MapSide, usize::try_from(grid::CELLS).unwrap_or(usize::MAX))?;
    let header = Header::read(bytes)?;
    let size = Size::new(grid::CENTIMETRES, grid::CENTIMETRES);
    let mut reader = Reader {
        map: Map {
            id: Some(header.map_index.into()),
            sequence: Some(header.map_sequence.into()),
            entities: memory.entities(),
            ..Map::empty(dialect.family(), size, PixelSize::DEFAULT)
        },
        budget: Budget::new(limits),
        memory,
        dialect,
        angle: heading(&[]),
        image: None,
        window: None,
        concerning: Concerning::default(),
        unknown: Unknown::default(),
    };
    if header.major != 1 {
        reader.warn(format!("format version {}, expected 1", header.major), 8);
    }
    let digest = reader.blocks(bytes, header.length)?;
    if bytes.len() < header.stated_end && !digest.is_some_and(|digest| digest::matches(bytes, &digest)) {
        return Err(Error::Truncated {
            part: "the map".to_owned(),
            offset: 0,
            needed: header.stated_end,
            left: bytes.len(),
        });
    }
    if digest.is_none() {
        reader.warn("the digest is missing".to_owned(), bytes.len());
    }
    reader.finish()
}

struct Reader<'a, 'b> {
    map: Map,
    budget: Budget<'a>,
    memory: &'a mut Memory,
    dialect: RrDialect,
    /// The robot's, as its path tells.
    angle: f64,
    /// The byte where the image block begins.
    image: Option<usize>,
    /// The part of the grid that the image covers.
    window: Option<Window>,
    /// Blocks of Roborock's dialect that concern other blocks.
    concerning: Concerning<'b>,
    unknown: Unknown,
}

impl<'b> Reader<'_, 'b> {
    /// Reads blocks until the digest or the end. The digest's block, when there is one.
    fn blocks(&mut self, bytes: &'b [u8], start: usize) -> Result<Option<Block<'b>>, Error> {
        let mut blocks = Blocks::new(bytes, start);
        while let Some(block) = blocks.next()? {
            if block.kind == DIGEST {
                let left = bytes.len().saturating_sub(block.end());
                if left > 0 {
                    self.warn(format!("{left} bytes after the digest are ignored"), block.end());
                }
                return Ok(Some(block));
            }
            self.block(&block)?;
        }
        Ok(None)
    }

    fn block(&mut self, block: &Block<'b>) -> Result<(), Error> {
        let is_roborock = self.dialect == RrDialect::Roborock;
        let Self { map, budget, memory, .. } = self;
        let Map { warnings, entities, .. } = map;
        let warn = &mut |what| push_warning(warnings, what, block.offset);
        let found = match block.kind {
            IMAGE => {
                if let Some(first) = self.image.replace(block.offset) {
                    return Err(block.error(format!("a second image, the first is at byte {first}")));
                }
                let (layers, window) = image::layers(block, is_roborock, budget, memory, warn)?;
                (self.map.layers, self.window) = (layers, Some(window));
                return Ok(());
            }
            CHARGER | ROBOT => {
                let position = elements::position(block, warn)?;
                let angle = if is_roborock { roborock::angle(block) } else { None };
                let entity = if block.kind == ROBOT { Entity::Robot } else { Entity::Charger };
                position.map(|pose| entity(Pose { angle, ..pose })).into_iter().collect()
            }
            GO_TO_TARGET => vec![elements::go_to_target(block)?],
            PATH => {
                let path = elements::path(block, PathKind::Driven, budget, memory, warn)?;
                if let Entity::Path(path) = &path {
                    self.angle = heading(&path.points);
                }
                vec![path]
            }
            PREDICTED_PATH => vec![elements::path(block, PathKind::Predicted, budget, memory, warn)?],
            CLEANED_ZONES => elements::zones(block, budget, warn)?,
            NO_GO_AREAS => elements::areas(block, AreaKind::NoGo, budget, memory, warn)?,
            NO_MOP_AREAS => elements::areas(block, AreaKind::NoMop, budget, memory, warn)?,
            VIRTUAL_WALLS => elements::virtual_walls(block, budget, warn)?,
            OBSTACLES | OBSTACLES_WITH_PHOTO if is_roborock => obstacles::labelled(block, false, budget)?,
            OBSTACLES | OBSTACLES_WITH_PHOTO => obstacles::positions(block, budget)?,
            IGNORED_OBSTACLES | IGNORED_OBSTACLES_WITH_PHOTO if is_roborock => {
                obstacles::labelled(block, true, budget)?
            }
            NO_CARPET_AREAS if is_roborock => elements::areas(block, AreaKind::NoCarpet, budget, memory, warn)?,
            _ => {
                if is_roborock && !self.concerning.keep(block) && !block.data.is_empty() {
                    self.unknown.count(Named::Block, &block.kind.to_string(), block.offset);
                }
                return Ok(());
            }
        };
        budget.spend(Limit::Entities, found.len())?;
        entities.extend(found);
        Ok(())
    }

    fn warn(&mut self, what: String, offset: usize) {
        push_warning(&mut self.map.warnings, what, offset);
    }

    fn finish(mut self) -> Result<Map, Error> {
        if self.image.is_none() {
            self.map.warnings.push(Warning { what: "the map has no image".to_owned(), offset: None });
        }
        // The path may come after the robot.
        for entity in &mut self.map.entities {
            if let Entity::Robot(pose) = entity {
                pose.angle.get_or_insert(self.angle);
            }
        }
        let Self { mut map, concerning, window, mut unknown, mut budget, memory, .. } = self;
        concerning.apply(&mut map, window, &mut unknown, &mut budget, memory)?;
        unknown.warn(&mut map.warnings);
        Ok(map)
    }
}
