//! Follows a robot: replays the path of a map point by point, and prints how much of the picture each frame changed.
//!
//! ```sh
//! cargo run -p valetudo-map-draw --example follow_robot -- fixtures/hypfer/house.json
//! ```

use std::error::Error;

use valetudo_map_draw::{Activity, DrawLimits, Drawing, Scene, Style};
use valetudo_map_model::{Entity, Map, PathKind};

fn main() -> Result<(), Box<dyn Error>> {
    let input = std::env::args().nth(1).ok_or("usage: follow MAP")?;
    let last = valetudo_map_parser::parse(&std::fs::read(input)?)?;
    let points = last.paths(PathKind::Driven).map(|path| path.points.len()).sum();

    let (style, activity) = (Style::default(), Activity::default());
    // A canvas of at most 41 × 41 metres.
    let limits = DrawLimits::new(16 << 20, u64::MAX);
    let mut drawing = Drawing::default();
    for driven in (2..=points).step_by((points / 20).max(1)) {
        let map = earlier(&last, driven);
        let update = drawing.update(Scene { map: &map, style: &style, activity: &activity }, 100, limits)?;
        let all = drawing.canvas().window().size().area();
        let changed = match update.change().rects() {
            Some(rects) => rects.map(|rect| rect.size().area()).sum(),
            None => all,
        };
        println!("{driven:>6} points: {changed:>8} of {all} pixels to look at again");
    }
    Ok(())
}

/// The map when its robot had driven along the first `points` of its paths, and stood at the last of them.
fn earlier(last: &Map, mut points: usize) -> Map {
    let mut map = last.clone();
    let mut end = None;
    for entity in &mut map.entities {
        if let Entity::Path(path) = entity
            && path.kind == PathKind::Driven
        {
            path.points.truncate(points);
            points -= path.points.len();
            end = path.points.last().copied().or(end);
        }
    }
    for entity in &mut map.entities {
        if let (Entity::Robot(robot), Some(end)) = (entity, end) {
            robot.position = end;
        }
    }
    map
}
