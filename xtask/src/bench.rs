//! `cargo xtask bench [MAP…]`: the cost of single maps, in time and memory.
//!
//! Keys and units are those of the reference renderer's benchmark, so that both can be run in turn on the same map. Each
//! map is rendered in fresh processes of a program that does nothing else (`map-camera`), because other work would show in
//! a process's memory and caches.

mod figures;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use valetudo_map_camera::Work;

use crate::builds::Builds;
use crate::failure::Failure;
use crate::maps::NamedMap;
use crate::{files, maps, output};

use figures::{Figures, MIB, rounded};

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
    let program = Builds::new(true)?.camera()?;
    if !arguments.json {
        output::print(&format!("{}\n", figures::HEADING))?;
    }
    for map in &maps {
        let figures = measure(&program, map, arguments.frames)?;
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

fn measure(program: &Path, map: &NamedMap, frames: u32) -> Result<Figures, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("temporary folder: {error}"));
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("map");
    files::write(&file, &map.bytes)?;
    let failed = |failure| in_map(&map.name, &failure);
    let (mut cameras, mut stages) = (Vec::new(), Vec::new());
    for _ in 0..PROCESSES {
        cameras.push(start::<valetudo_map_camera::Camera>(program, &file, Work::Camera, frames).map_err(failed)?);
        stages.push(start::<valetudo_map_camera::Stages>(program, &file, Work::Stages, frames).map_err(failed)?);
    }
    // Tracking slows everything down, so this process gives the peak alone.
    let peak_heap: u64 = start(program, &file, Work::Heap, frames).map_err(failed)?;
    let size = cameras.first().map_or([0, 0], |camera| camera.size);
    let cameras: Vec<_> = cameras.into_iter().map(Into::into).collect();
    let stages: Vec<_> = stages.into_iter().map(Into::into).collect();
    let (camera, stages) = Figures::median(&cameras, &stages).ok_or_else(|| Failure::new("no process ran"))?;
    Ok(Figures { map: map.name.clone(), size, camera, stages, peak_heap: Some(rounded(peak_heap as f64 / MIB, 1)) })
}

/// Measures a map in a fresh process.
fn start<T: DeserializeOwned>(program: &Path, map: &Path, work: Work, frames: u32) -> Result<T, Failure> {
    let mut command = Command::new(program);
    command.arg(work.name()).arg(map).arg(frames.to_string());
    let output = command.stdin(Stdio::null()).output().map_err(|error| Failure::at(program, error))?;
    if !output.status.success() {
        return Err(Failure::of_child(&output.stderr, output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Failure::of(&error))
}

fn in_map(name: &str, failure: &Failure) -> Failure {
    Failure::at(Path::new(name), failure)
}
