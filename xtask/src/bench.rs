//! `cargo xtask bench [MAP…]`: what one map costs, in time and memory.
//!
//! The figures are defined as the reference renderer's benchmark defines them, so that both can be run in turn on the
//! same map. Each map is rendered in fresh processes that do nothing else ([`child`]): what a process has rendered before
//! shows in its memory, and in how warm it is.

mod child;
mod figures;

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::maps::NamedMap;
use crate::{files, maps, output};

pub(crate) use child::{Arguments as ChildArguments, SUBCOMMAND as CHILD_SUBCOMMAND, run as run_child};
use figures::Figures;

/// Time maps.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps: files, folders, `-` for standard input [default: the project's own]
    maps: Vec<PathBuf>,
    /// How many frames a session renders, the first among them
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    frames: u32,
    /// Print one JSON object a map instead of a table: milliseconds, MiB, bytes
    #[arg(long)]
    json: bool,
}

/// How many processes render a map. A figure is the median of theirs.
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
    let child = |heap| child::start(&file, arguments.frames, heap).map_err(|failure| in_map(&map.name, &failure));
    let runs: Vec<Figures> = (0..PROCESSES).map(|_| child(false)).collect::<Result<_, _>>()?;
    // Tracking slows everything down, so its times do not count.
    let tracked = child(true)?;
    let mut figures = Figures::median(&runs).ok_or_else(|| Failure::new("no process ran"))?;
    figures.map.clone_from(&map.name);
    figures.peak_heap = tracked.peak_heap;
    Ok(figures)
}

fn in_map(name: &str, failure: &Failure) -> Failure {
    Failure::at(Path::new(name), failure)
}
