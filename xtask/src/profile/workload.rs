//! The work that every pass does: maps become pictures, as in a home automation server.

use std::path::Path;

use sha1::{Digest, Sha1};
use span_instrument::Profiler;
use span_instrument::outputs::picture_file;
use valetudo_map_camera::messages::changed;
use valetudo_map_render::{Frame, FrameError, Map, Options, PictureLimits, Renderer, State};

use crate::failure::Failure;
use crate::files;
use crate::maps::{Inputs, NamedMap};

use super::recording;

/// Describes the work. Two runs did the same work if all lines agree.
pub(super) fn described(inputs: &Inputs, frames: u32, background_load: u32) -> Result<Vec<String>, Failure> {
    let map = |map: &NamedMap| {
        let digest: String = Sha1::digest(&map.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{} ({} bytes, SHA-1 {digest})", map.name, map.bytes.len())
    };
    let mut lines: Vec<String> = inputs.maps.iter().map(map).collect();
    for found in &inputs.recordings {
        lines.push(recording::described(found)?);
    }
    lines.push(format!("{frames} frames"));
    lines.push(format!("{background_load} busy threads beside"));
    Ok(lines)
}

/// Limits for maps that no camera shows, such as factories.
pub(crate) const NO_LIMITS: PictureLimits = PictureLimits { picture_pixels: u64::MAX, painted_pixels: u64::MAX };

/// Measures all maps, `frames` times each operation: *Parse*, *Image* (the first picture of a session), *Steady* (a frame
/// whose layers did not change), *Changed* (one whose layers did), *Encode*. Nothing runs before, so the first run of each
/// is as cold as a user's. Recordings come after the maps, each message with *Parse*, *Frame* and *Encode*, and all of them
/// with *Play*.
///
/// Writes the pictures below the folder `pictures`, if one is given, outside of all timed operations.
pub(super) fn run(
    profiler: &Profiler,
    inputs: &Inputs,
    frames: u32,
    limits: &PictureLimits,
    pictures: Option<&Path>,
) -> Result<(), Failure> {
    profiler.snapshot("Test Setup Start");
    let state = State::default();
    let mut png = Vec::new();
    profiler.snapshot("Test Setup Complete");
    profiler.snapshot("Test Start");
    for map in &inputs.maps {
        one(profiler, map, &state, frames, limits, &mut png, pictures)?;
    }
    for found in &inputs.recordings {
        recording::run(profiler, found, frames, limits, pictures)?;
    }
    profiler.snapshot("Test Complete");
    Ok(())
}

fn one(
    profiler: &Profiler,
    named: &NamedMap,
    state: &State,
    frames: u32,
    limits: &PictureLimits,
    png: &mut Vec<u8>,
    pictures: Option<&Path>,
) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::new(format!("{}: {error}", named.name));
    let parse = || {
        let _operation = profiler.time("Parse").input(&named.name).bytes(named.bytes.len());
        named.parse()
    };
    for _ in 1..frames {
        parse()?;
    }
    let map = parse()?;

    profiler.snapshot(format!("Before Image Gen - {}", named.name));
    let frame = |operation, renderer: &mut Renderer, map: &Map| {
        let mut operation = profiler.time(operation).input(&named.name);
        operation.set_pixels(pixels(&renderer.frame(map, state)?));
        Ok::<_, FrameError>(())
    };
    let first = || -> Result<Renderer, Failure> {
        let mut renderer = Renderer::new(Options::default());
        renderer.set_limits(limits.clone());
        frame("Image", &mut renderer, &map).map_err(|error| failed(&error))?;
        Ok::<_, Failure>(renderer)
    };
    for _ in 1..frames {
        first()?;
    }
    let mut renderer = first()?;
    profiler.snapshot(format!("After Image Gen - {}", named.name));

    for _ in 0..frames {
        frame("Steady", &mut renderer, &map).map_err(|error| failed(&error))?;
    }
    let other = changed(&map);
    for map in [&other, &map].into_iter().cycle().take(frames as usize) {
        let frame = {
            let mut operation = profiler.time("Changed").input(&named.name);
            let frame = renderer.frame(map, state).map_err(|error| failed(&error))?;
            operation.set_pixels(pixels(&frame));
            frame
        };
        // A picture that was encoded before would cost nothing.
        let mut operation = profiler.time("Encode").input(&named.name);
        operation.set_pixels(pixels(&frame));
        frame.encode_png(png).map_err(|error| failed(&error))?;
    }
    if let Some(folder) = pictures {
        let frame = renderer.frame(&map, state).map_err(|error| failed(&error))?;
        frame.encode_png(png).map_err(|error| failed(&error))?;
        files::write(&folder.join(picture_file(&named.name)), png)?;
    }
    Ok(())
}

/// The number of pixels of the picture.
fn pixels(frame: &Frame<'_>) -> u64 {
    let size = frame.size();
    u64::from(size.width) * u64::from(size.height)
}
