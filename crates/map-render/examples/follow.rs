//! Follows a robot: reads maps in a row and writes a picture of each into a folder, as a camera would.
//!
//! `cargo run -p valetudo-map-render --example follow -- FOLDER MAP…`; without maps, their paths come from standard input, one a
//! line. A file that is no map is reported and skipped, since the next message may be fine.
use std::error::Error;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Instant;

use valetudo_map_render::model::Rotation;
use valetudo_map_render::{Options, Renderer, State, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("the first argument is a folder for the pictures")?;
    std::fs::create_dir_all(&folder)?;
    let mut options = Options::default();
    options.style.rotation = Rotation::Quarter;
    let mut camera = Camera { renderer: Renderer::new(options), png: Vec::new(), count: 0, before: None };
    let maps: Vec<PathBuf> = arguments.collect();
    if maps.is_empty() {
        for line in std::io::stdin().lock().lines() {
            camera.follow(Path::new(line?.trim()), &folder);
        }
    }
    maps.iter().for_each(|map| camera.follow(map, &folder));
    Ok(())
}

/// One renderer for all maps of a robot: it draws and compresses only what changed.
struct Camera {
    renderer: Renderer,
    png: Vec<u8>,
    count: usize,
    /// The attributes of the picture before.
    before: Option<serde_json::Value>,
}

impl Camera {
    fn follow(&mut self, map: &Path, folder: &Path) {
        match self.picture(map, folder) {
            Ok(news) => println!("{}: {news}", map.display()),
            Err(error) => eprintln!("{}: {error}", map.display()),
        }
    }

    /// Writes a picture; tells how long it took, and which attributes changed.
    fn picture(&mut self, map: &Path, folder: &Path) -> Result<String, Box<dyn Error>> {
        let bytes = std::fs::read(map)?;
        let (start, state) = (Instant::now(), State::default());
        let map = parse(&bytes)?;
        let frame = self.renderer.frame(&map, &state)?;
        frame.encode_png(&mut self.png)?;
        let time = start.elapsed();
        let attributes = serde_json::to_value(frame.attributes())?;
        let changed: Vec<&str> = match (&self.before, attributes.as_object()) {
            (Some(before), Some(now)) => {
                now.iter().filter(|(key, value)| before.get(key) != Some(value)).map(|(key, _)| key.as_str()).collect()
            }
            _ => vec!["everything"],
        };
        let news = format!("{} bytes in {time:.1?}; changed: {}", self.png.len(), changed.join(", "));
        std::fs::write(folder.join(format!("{:05}.png", self.count)), &self.png)?;
        self.count += 1;
        self.before = Some(attributes);
        Ok(news)
    }
}
