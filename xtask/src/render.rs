//! `cargo xtask render MAP`: a map as a picture, or each map of a recording.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use span_instrument::Profiler;
use valetudo_map_render::model::Rect;
use valetudo_map_render::parser::RrDialect;
use valetudo_map_render::{FrameError, Options, PictureFormat, Renderer, State};
use valetudo_map_workload::{NO_LIMITS, Outcome, Player};

use crate::failure::Failure;
use crate::maps::{self, Inputs};
use crate::recordings::NamedRecording;
use crate::{files, output};

/// Of JPEG pictures, 1 to 100.
const JPEG_QUALITY: u8 = 90;

/// A map as a picture, with its attributes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The map in any envelope, or a recording; `-` for standard input
    map: PathBuf,
    /// Options: a JSON dictionary, as the Home Assistant integration stores it
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// What the robot does: a JSON dictionary with vacuum_state, battery, …
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Names of rooms, zones and spots: JSON as Valetudo RE publishes it
    #[arg(long, value_name = "FILE")]
    destinations: Option<PathBuf>,
    /// What an RR map is taken to mean: what tools for Valetudo RE read in it, or what Roborock's firmware means
    #[arg(long, value_enum, default_value_t = Dialect::Rand256)]
    dialect: Dialect,
    /// How many frames of one session to render; the last is the picture
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// The picture: a PNG file, or a JPEG file by its ending; of a recording, a folder for the pictures
    #[arg(long, value_name = "PICTURE")]
    out: PathBuf,
    /// Where to write the attributes, as JSON
    #[arg(long, value_name = "FILE")]
    attributes: Option<PathBuf>,
}

/// The dialects of RR maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Dialect {
    Rand256,
    Roborock,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Inputs { maps, recordings } = read_input(&arguments.map)?;
    let options = match &arguments.options {
        Some(path) => Options::from_json(&json::<Value>(path)?.unwrap_or_else(|| Value::Object(Map::new())))
            .map_err(|error| Failure::at(path, error))?,
        None => Options::default(),
    };
    if let Some(recording) = recordings.first() {
        return render_all(recording, options, arguments);
    }
    let named = maps.first().ok_or_else(|| Failure::at(&arguments.map, "no map"))?;
    let map = named.parse_in(match arguments.dialect {
        Dialect::Rand256 => RrDialect::Rand256,
        Dialect::Roborock => RrDialect::Roborock,
    })?;
    for warning in &map.warnings {
        eprintln!("warning: {}: {warning}", named.name);
    }
    let state: State = arguments.state.as_deref().map_or(Ok(None), json)?.unwrap_or_default();

    let mut renderer = Renderer::new(options);
    renderer.set_destinations(arguments.destinations.as_deref().map_or(Ok(None), json)?);
    let failed = |error: FrameError| Failure::new(format!("{}: {error}", named.name));
    for _ in 1..arguments.frames {
        renderer.frame(&map, &state).map_err(failed)?;
    }
    let frame = renderer.frame(&map, &state).map_err(failed)?;
    if let Some(problem) = frame.font_problem() {
        eprintln!("warning: {problem}");
    }
    if let Some(drawn) = frame.outside_trims() {
        let Rect { left, top, right, bottom, .. } = drawn;
        eprintln!(
            "warning: {}: the saved trims cut off a part of the map, which reaches from ({left}, {top}) to ({right}, {bottom}) cm",
            named.name
        );
    }
    let mut picture = Vec::new();
    let format = format_of(&arguments.out)?;
    let encoded = match format {
        PictureFormat::Jpeg => frame.encode_jpeg(JPEG_QUALITY, &mut picture),
        _ => frame.encode_png(&mut picture),
    };
    encoded.map_err(|error| Failure::of(&error))?;
    files::write(&arguments.out, &picture)?;
    if let Some(path) = &arguments.attributes {
        let mut text =
            serde_json::to_string_pretty(&frame.attributes_of(format)).map_err(|error| Failure::at(path, error))?;
        text.push('\n');
        files::write(path, text.as_bytes())?;
    }
    Ok(())
}

/// Reads the map at this path or finds that it is a recording; `-` is standard input.
fn read_input(path: &Path) -> Result<Inputs, Failure> {
    if path.is_dir() {
        return Err(Failure::at(path, "is a folder, not a map"));
    }
    maps::read_inputs(&[path.to_owned()])
}

/// Draws each map of a recording, in one session a robot, with the states that it tells.
fn render_all(recording: &NamedRecording, options: Options, arguments: &Arguments) -> Result<(), Failure> {
    let of_a_map = [
        ("--state", arguments.state.is_some()),
        ("--destinations", arguments.destinations.is_some()),
        ("--attributes", arguments.attributes.is_some()),
        ("--frames", arguments.frames != 1),
        ("--dialect", arguments.dialect != Dialect::Rand256),
    ];
    if let Some((flag, _)) = of_a_map.iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::new(format!("{}: {flag} is for a map, and this is a recording", recording.name)));
    }
    files::make_folder(&arguments.out)?;
    let mut player = Player::new(options, NO_LIMITS);
    let (mut number, mut drawn) = (0, 0);
    let ends_early = player.play(&Profiler::disabled(), &recording.borrowed(), |message, played| {
        number += 1;
        match &played.outcome {
            Outcome::Drawn(_) => {
                drawn += 1;
                let name = maps::tame(&format!("{number:05} {}.png", played.robot.name()));
                files::write_one(&arguments.out.join(name), played.png)
            }
            Outcome::NotParsed(reason) | Outcome::NotDrawn(reason) => {
                eprintln!("warning: {}: map {number}, {}: {reason}", recording.name, message.topic);
                Ok(())
            }
        }
    })?;
    if let Some(reason) = ends_early {
        eprintln!("warning: {}: {reason}", recording.name);
    }
    output::print(&format!("{drawn} pictures in {}\n", arguments.out.display()))
}

/// Reads a JSON file; one that says `null` holds nothing.
fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    serde_json::from_slice(&files::read(path)?).map_err(|error| Failure::at(path, error))
}

fn format_of(path: &Path) -> Result<PictureFormat, Failure> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("png") => Ok(PictureFormat::Png),
        Some("jpg" | "jpeg") => Ok(PictureFormat::Jpeg),
        _ => Err(Failure::at(path, "is no picture's name: it should end in .png, .jpg or .jpeg")),
    }
}
