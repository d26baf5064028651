//! A map as a PNG picture: `cargo run -p valetudo-map-render --example png -- MAP PICTURE.png`
use std::error::Error;

use valetudo_map_render::{Options, Renderer, State, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(map), Some(picture)) = (arguments.next(), arguments.next()) else {
        return Err("two arguments are needed: a map, and the picture to write".into());
    };
    let map = parse(&std::fs::read(map)?)?;
    for warning in &map.warnings {
        eprintln!("warning: {warning}");
    }
    let (mut renderer, state) = (Renderer::new(Options::default()), State::default());
    let frame = renderer.frame(&map, &state)?;
    let mut png = Vec::new();
    frame.encode_png(&mut png)?;
    std::fs::write(picture, png)?;
    println!("{}", serde_json::to_string_pretty(&frame.attributes())?);
    Ok(())
}
