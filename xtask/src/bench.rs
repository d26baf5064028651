//! `cargo xtask bench [MAP…]`: the cost of single maps, in time and memory.
//!
//! Keys and units are those of the reference renderer's benchmark, so that both can be run in turn on the same map. Each
//! map is rendered in fresh processes that do nothing else ([`child`]), because earlier work would show in a process's
//! memory and caches.

mod child;
mod figures;
mod messages;

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::maps::NamedMap;
use crate::{files, maps, output};

use child::Work;
pub(crate) use child::{Arguments as ChildArguments, SUBCOMMAND as CHILD_SUBCOMMAND, run as run_child};
use figures::{Camera, Figures, Stages};
pub(crate) use messages::changed;

/// Time maps.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps: files, folders, `-` for standard input [default: the project's own]
    maps: Vec<PathBuf>,
    /// Messages of a session, the first among them
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    frames: u32,
    /// Print one JSON object a map instead of a table: milliseconds, MiB, bytes
    #[arg(long)]
    json: bool,
}

/// Processes of each kind that render a map. A figure is the median over them.
const PROCESSES: usize = 5;

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let maps = maps::read_valid(&arguments.maps, &own_maps())?;
    if !arguments.json {
        output::print(&format!("{}\n", figures::HEADING))?;
    }
    for map in &maps {
        let figures = measure(map, arguments)?;
        if arguments.json {
            output::print(&(serde_json::to_string(&figures).map_err(|error| Failure::of(&error))? + "\n"))?;
        } else {
            output::print(&format!("{figures}\n"))?;
        }
    }
    if !arguments.json {
        output::print(&format!("{}\n", figures::LEGEND))?;
    }
    Ok(())
}

fn own_maps() -> Vec<PathBuf> {
    ["hypfer", "rand256", "conga"].map(|folder| files::project().join("fixtures").join(folder)).into()
}

fn measure(map: &NamedMap, arguments: &Arguments) -> Result<Figures, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("temporary folder: {error}"));
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("map");
    files::write(&file, &map.bytes)?;
    let failed = |failure| in_map(&map.name, &failure);
    let (mut cameras, mut stages, mut size) = (Vec::<Camera>::new(), Vec::<Stages>::new(), [0, 0]);
    for _ in 0..PROCESSES {
        let (camera, of_picture) = child::start(&file, Work::Camera, arguments.frames).map_err(failed)?;
        cameras.push(camera);
        size = of_picture;
        stages.push(child::start(&file, Work::Stages, arguments.frames).map_err(failed)?);
    }
    // Tracking slows everything down, so this process gives the peak alone.
    let peak_heap = child::start(&file, Work::Heap, arguments.frames).map_err(failed)?;
    let (camera, stages) = Figures::median(&cameras, &stages).ok_or_else(|| Failure::new("no process ran"))?;
    Ok(Figures { map: map.name.clone(), size, camera, stages, peak_heap })
}

fn in_map(name: &str, failure: &Failure) -> Failure {
    Failure::at(Path::new(name), failure)
}
