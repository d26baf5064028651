//! The RR map: Roborock's binary format, little endian throughout.
//!
//! A header of 20 bytes or more, then blocks: type, header length, data length, more header, data. Nothing is found
//! by a fixed offset across blocks, since header lengths differ between firmware versions. Blocks that are not
//! drawn (carpet map, mop path, floor materials, currently cleaned rooms …) and blocks that nobody has seen yet
//! are stepped over alike.

mod block;
mod digest;
mod elements;
mod image;

use valetudo_map_model::{AreaKind, Entity, Family, Map, PathKind, PixelSize, Size, Warning};

use crate::budget::Budget;
use crate::error::Error;
use crate::grid::{self, heading};
use crate::limits::{Limit, Limits};
use crate::memory::Memory;
use crate::warning::push_warning;
use block::{Block, Blocks, Header};
pub use digest::digest_matches;

const CHARGER: u16 = 1;
const IMAGE: u16 = 2;
const PATH: u16 = 3;
const PREDICTED_PATH: u16 = 5;
const CLEANED_ZONES: u16 = 6;
const GO_TO_TARGET: u16 = 7;
const ROBOT: u16 = 8;
const NO_GO_AREAS: u16 = 9;
const VIRTUAL_WALLS: u16 = 10;
const NO_MOP_AREAS: u16 = 12;
const OBSTACLES: u16 = 13;
const OBSTACLES_WITH_PHOTO: u16 = 15;
const DIGEST: u16 = 1024;

/// Parses a bare RR map, generation 1 or 3: the bytes that begin with `rr`.
///
/// The grid is 1,024 × 1,024 map pixels of 5 cm, the family [`Family::Rand256`]. Layers are the floor without a room,
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
    parse(bytes, limits, &mut Memory::default())
}

pub(crate) fn parse(bytes: &[u8], limits: &Limits, memory: &mut Memory) -> Result<Map, Error> {
    limits.check(Limit::DecompressedBytes, bytes.len())?;
    limits.check(Limit::MapSide, usize::try_from(grid::CELLS).unwrap_or(usize::MAX))?;
    let header = Header::read(bytes)?;
    let size = Size::new(grid::CENTIMETRES, grid::CENTIMETRES);
    let mut reader = Reader {
        map: Map {
            id: Some(header.map_index.into()),
            entities: memory.entities(),
            ..Map::empty(Family::Rand256, size, PixelSize::DEFAULT)
        },
        budget: Budget::new(limits),
        memory,
        angle: heading(&[]),
        image: None,
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
    Ok(reader.finish())
}

struct Reader<'a> {
    map: Map,
    budget: Budget<'a>,
    memory: &'a mut Memory,
    /// The robot's, as its path tells.
    angle: f64,
    /// The byte where the image block begins.
    image: Option<usize>,
}

impl Reader<'_> {
    /// Reads blocks until the digest or the end. The digest's block, when there is one.
    fn blocks<'a>(&mut self, bytes: &'a [u8], start: usize) -> Result<Option<Block<'a>>, Error> {
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

    fn block(&mut self, block: &Block<'_>) -> Result<(), Error> {
        let Self { map, budget, memory, .. } = self;
        let Map { warnings, entities, .. } = map;
        let warn = &mut |what| push_warning(warnings, what, block.offset);
        let found = match block.kind {
            IMAGE => {
                if let Some(first) = self.image.replace(block.offset) {
                    return Err(block.error(format!("a second image, the first is at byte {first}")));
                }
                self.map.layers = image::layers(block, budget, memory, warn)?;
                return Ok(());
            }
            CHARGER => elements::position(block, warn)?.map(Entity::Charger).into_iter().collect(),
            ROBOT => elements::position(block, warn)?.map(Entity::Robot).into_iter().collect(),
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
            OBSTACLES | OBSTACLES_WITH_PHOTO => elements::obstacles(block, budget)?,
            _ => return Ok(()),
        };
        budget.spend(Limit::Entities, found.len())?;
        entities.extend(found);
        Ok(())
    }

    fn warn(&mut self, what: String, offset: usize) {
        push_warning(&mut self.map.warnings, what, offset);
    }

    fn finish(mut self) -> Map {
        if self.image.is_none() {
            self.map.warnings.push(Warning { what: "the map has no image".to_owned(), offset: None });
        }
        // The path may come after the robot.
        for entity in &mut self.map.entities {
            if let Entity::Robot(pose) = entity {
                pose.angle = Some(self.angle);
            }
        }
        self.map
    }
}
