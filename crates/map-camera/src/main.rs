//! `map-camera WORK MAP FRAMES`: measures a map in this process, and prints the figures as JSON.
#![forbid(unsafe_code)]

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;
use span_heap::{HeapMode, HeapSwitch, Session};
use valetudo_map_camera::{Camera, Stages, Work};

/// Forwards to the system's allocator, but for [`Work::Heap`].
#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes = std::iter::successors(error.source(), |&error| error.source());
            let causes: String = causes.map(|cause| format!(": {cause}")).collect();
            eprintln!("error: {error}{causes}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let name = arguments.next();
    let work = Work::ALL.into_iter().find(|work| name.as_deref() == Some(work.name().as_ref()));
    let frames = |text: std::ffi::OsString| text.to_str()?.parse().ok();
    let (Some(work), Some(map), Some(frames)) = (work, arguments.next(), arguments.next().and_then(frames)) else {
        return Err("usage: map-camera camera|heap|stages MAP FRAMES".into());
    };
    let bytes = std::fs::read(map)?;
    match work {
        Work::Camera => print(&Camera::measure(&bytes, frames)?),
        Work::Heap => {
            HeapMode::Tracking.choose()?;
            let session = Session::begin()?;
            Camera::measure(&bytes, frames)?;
            print(&session.peak_bytes())
        }
        Work::Stages => print(&Stages::measure(&bytes, frames)?),
    }
}

fn print(figures: &impl Serialize) -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    serde_json::to_writer(&mut output, figures)?;
    Ok(writeln!(output)?)
}
