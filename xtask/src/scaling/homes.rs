//! Homes of growing size.

use serde::Serialize;
use valetudo_map_fixtures::Home;
use valetudo_map_fixtures::formats::valetudo_json::{self, PixelForm};
use valetudo_map_model::{Entity, Map, Millimetre, PathKind, Point};
use valetudo_map_render::{Options, Renderer, State};

use crate::failure::Failure;
use crate::maps::NamedMap;
use valetudo_map_workload::NO_LIMITS;

/// The quantity that grows from map to map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Axis {
    /// The home, and with it the picture.
    Area,
    /// The points of the driven path, in a home that stays the same.
    PathPoints,
}

impl Axis {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Area => "drawn area",
            Self::PathPoints => "path points",
        }
    }

    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::PathPoints => "path-points",
        }
    }

    /// The unit that sizes are shown in.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::Area => "Mpx",
            Self::PathPoints => "points",
        }
    }

    /// A size in that unit, as text.
    pub(super) fn value(self, size: f64) -> String {
        match self {
            Self::Area => format!("{:.2}", size / 1e6),
            Self::PathPoints => format!("{size:.0}"),
        }
    }

    /// The heading of the column for the cost of growth.
    pub(super) const fn per(self) -> &'static str {
        match self {
            Self::Area => "per Mpx",
            Self::PathPoints => "per 1000",
        }
    }

    pub(super) const fn per_unit(self) -> f64 {
        match self {
            Self::Area => 1e6,
            Self::PathPoints => 1e3,
        }
    }
}

/// A map and its size.
pub(super) struct Sized {
    /// Picture pixels, or path points.
    pub(super) size: f64,
    /// The number of repetitions of each operation: fewer for larger maps.
    pub(super) frames: u32,
    pub(super) map: NamedMap,
}

/// The seed of the home, equal in every run.
const SEED: u64 = 7;

/// Floor in square metres, from a room to a factory.
const AREAS_M2: [u32; 7] = [20, 63, 200, 632, 2_000, 6_325, 20_000];

/// From the path of a few minutes to that of a few weeks.
const PATH_POINTS: [usize; 7] = [1_000, 3_162, 10_000, 31_623, 100_000, 316_228, 1_000_000];

/// Floor of the home whose path grows, square metres.
const PATH_HOME_M2: u32 = 100;

/// The maps of an axis, smallest first.
pub(super) fn along(axis: Axis) -> Result<Vec<Sized>, Failure> {
    match axis {
        Axis::Area => AREAS_M2.into_iter().map(home).collect(),
        Axis::PathPoints => {
            let map = Home::generate(SEED, PATH_HOME_M2).valetudo_map();
            PATH_POINTS.into_iter().map(|points| with_path(&map, points)).collect()
        }
    }
}

fn home(square_metres: u32) -> Result<Sized, Failure> {
    let map = Home::generate(SEED, square_metres).valetudo_map();
    let mut renderer = Renderer::new(Options::default());
    renderer.set_limits(NO_LIMITS);
    let state = State::default();
    let frame = renderer.frame(&map, &state).map_err(|error| Failure::of(&error))?;
    let size = f64::from(frame.size().width) * f64::from(frame.size().height);
    sized(size, &map, format!("{square_metres} m²"), frames(size, 2e7))
}

fn with_path(map: &Map, points: usize) -> Result<Sized, Failure> {
    let mut map = map.clone();
    let mut is_first = true;
    map.entities.retain_mut(|entity| match entity {
        Entity::Path(path) if path.kind == PathKind::Driven => {
            path.points = to_and_fro(&path.points, points);
            std::mem::take(&mut is_first)
        }
        _ => true,
    });
    sized(points as f64, &map, format!("{points} points"), frames(points as f64, 1e6))
}

/// `count` points that run through the path and back, again and again, so that the strokes keep their lengths.
fn to_and_fro(points: &[Point<Millimetre>], count: usize) -> Vec<Point<Millimetre>> {
    points.iter().chain(points.iter().rev()).copied().cycle().take(count).collect()
}

fn frames(size: f64, enough: f64) -> u32 {
    (enough / size).clamp(5.0, 50.0) as u32
}

fn sized(size: f64, map: &Map, name: String, frames: u32) -> Result<Sized, Failure> {
    let bytes = valetudo_json::write(map, PixelForm::Runs).map_err(|error| Failure::of(&error))?;
    Ok(Sized { size, frames, map: NamedMap { name, bytes, is_standard_input: false } })
}
