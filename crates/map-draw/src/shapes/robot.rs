//! The robot: a disk with an outline, a bumper, the lidar's tower and a button.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Point, Rect};

use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::raster::{Brush, Pen};
use crate::scene::{Look, Robot, Scene};

/// The body of a robot that reports an error …
const ERROR: Rgba = Rgba([255, 0, 0, 191]);
/// … and everything on it.
const ERROR_DETAILS: Rgba = Rgba::opaque(0, 0, 0);
/// The radius, centimetres, for which the details' sizes below are given.
const NOMINAL_RADIUS: f64 = 11.0;
/// The bumper is a chord whose ends lie this far from the centre …
const BUMPER_RADIUS: f64 = 10.0;
/// … and this many degrees to either side of the direction.
const BUMPER_ANGLE: f64 = 80.0;
const LIDAR_RADIUS: f64 = 3.0;
const BUTTON_RADIUS: f64 = 1.0;
/// Where lidar and button are, as parts of the radius.
const LIDAR_DISTANCE: f64 = 0.6;
const BUTTON_DISTANCE: f64 = -0.8;

/// The robot's box, cut with the map. Empty when its centre is beyond the map.
pub(crate) fn bounds(look: Look<'_>, robot: &Robot) -> Rect<CanvasPixel> {
    let centre = robot.pose.position.to_canvas_rounded();
    if !look.map.contains(centre) {
        return Rect::EMPTY;
    }
    let reach = look.symbol(look.style.robot_radius) + 1;
    Rect::new(centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach).intersection(look.map)
}

/// The rectangle that the robot of a scene covers; empty when none is shown.
pub(crate) fn bounds_in(scene: Scene<'_>) -> Rect<CanvasPixel> {
    scene.robot().map_or(Rect::EMPTY, |robot| bounds(scene.look(), &robot))
}

pub(crate) fn draw<P: Pixel>(canvas: &mut Canvas<P>, look: Look<'_>, robot: &Robot) -> Result<(), P::Full> {
    let _span = info_span!("robot").entered();
    let area = bounds(look, robot);
    if area.is_empty() {
        return Ok(());
    }
    let centre = robot.pose.position.to_canvas_rounded();
    let radius = look.symbol(look.style.robot_radius);
    let body = if robot.error { ERROR } else { look.style.robot }.over(canvas.colour_at(centre));
    let details = if robot.error { ERROR_DETAILS } else { darker(body) };
    let (body_ink, details_ink) = (canvas.ink(body)?, canvas.ink(details)?);

    Brush::of_width(2 * radius).dot(canvas, centre, body_ink);
    circle(canvas, centre, radius, details_ink);

    let is_turned = robot.docked && look.rules.docked_robot_is_turned;
    // A robot that reports no angle is drawn at 0°.
    let angle = robot.pose.degrees().unwrap_or(0.0) - if is_turned { 180.0 } else { 0.0 };
    let scale = (f64::from(look.style.robot_radius) / NOMINAL_RADIUS).max(1.0) * look.style.scale.of_symbols();
    // Positions count from the corner of the robot's box, and are cut to whole pixels there.
    let (x, y) = (f64::from(centre.x - area.left), f64::from(centre.y - area.top));
    let place = |dx: f64, dy: f64| {
        Some(Point::new(area.left + (x + dx) as i32, area.top + (y + dy) as i32)).filter(|&at| area.contains(at))
    };

    let reach = (BUMPER_RADIUS * scale).floor();
    let end = |degrees: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        place(-(reach * sin), reach * cos)
    };
    if let (Some(from), Some(to)) = (end(angle - BUMPER_ANGLE), end(angle + BUMPER_ANGLE)) {
        Pen::new(Brush::of_width(1), details, area).line(canvas, from, to)?;
    }

    let (sin, cos) = (angle + 90.0).to_radians().sin_cos();
    for (size, distance) in [(LIDAR_RADIUS, LIDAR_DISTANCE), (BUTTON_RADIUS, BUTTON_DISTANCE)] {
        let along = distance.signum() * (distance.abs() * f64::from(radius)).floor();
        if let Some(at) = place(along * cos, along * sin) {
            let radius = (size * scale).floor().max(1.0) as i32;
            Brush::of_width(2 * radius).dot(canvas, at, details_ink);
        }
    }
    Ok(())
}

/// Half as bright, as opaque.
fn darker(colour: Rgba) -> Rgba {
    let [red, green, blue, alpha] = colour.0;
    Rgba([red / 2, green / 2, blue / 2, alpha])
}

/// A circle one pixel wide, by the midpoint method.
fn circle<P: Pixel>(canvas: &mut Canvas<P>, centre: Point<CanvasPixel>, radius: i32, ink: P) {
    let (mut x, mut y, mut error) = (radius, 0, 1 - radius);
    while x >= y {
        for (dx, dy) in [(x, y), (y, x), (-x, y), (-y, x), (x, -y), (y, -x), (-x, -y), (-y, -x)] {
            canvas.set(Point::new(centre.x + dx, centre.y + dy), ink);
        }
        y += 1;
        if error < 0 {
            error += 2 * y + 1;
        } else {
            x -= 1;
            error += 2 * (y - x + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Activity;
    use crate::style::Style;
    use crate::text_art;
    use valetudo_map_model::{Entity, Family, Map, PixelSize, Pose, Size};

    fn robot(family: Family, angle: Option<f64>, activity: &Activity) -> Vec<String> {
        let style = Style { robot_radius: 11, ..Style::default() };
        let mut map = Map::empty(family, Size::new(26, 26), PixelSize::DEFAULT);
        map.entities = vec![Entity::Robot(Pose { position: Point::new(130, 130), angle })];
        let error = ERROR.over(Some(style.background));
        text_art::scene(&map, &style, activity, &[('o', style.robot), ('x', error), ('#', darker(style.robot))])
    }

    #[test]
    fn a_robot_that_looks_up_has_its_lidar_below_and_its_button_above() {
        let expected = [
            "..........................",
            "..........................",
            "..........#######.........",
            "........##ooooooo##.......",
            ".......#ooooo#ooooo#......",
            "......#ooooo###ooooo#.....",
            ".....#ooooooo#ooooooo#....",
            "....#ooooooooooooooooo#...",
            "...#ooooooooooooooooooo#..",
            "...#ooooooooooooooooooo#..",
            "..#ooooooooooooooooooooo#.",
            "..#ooooooooooooooooooooo#.",
            "..#ooooooooooooooooooooo#.",
            "..#ooooooooooooooooooooo#.",
            "..#####################o#.",
            "..#ooooooooooooooooooooo#.",
            "..#oooooooooo#oooooooooo#.",
            "...#ooooooo#####ooooooo#..",
            "...#ooooooo#####ooooooo#..",
            "....#ooooo#######ooooo#...",
            ".....#ooooo#####ooooo#....",
            "......#oooo#####oooo#.....",
            ".......#ooooo#ooooo#......",
            "........##ooooooo##.......",
            "..........#######.........",
            "..........................",
        ];
        assert_eq!(robot(Family::Valetudo, Some(0.0), &Activity::default()), expected);
        assert_eq!(robot(Family::Valetudo, None, &Activity::default()), expected);
    }

    #[test]
    fn a_docked_robot_is_turned_around_where_its_family_does_so() {
        let docked = Activity { docked: true, ..Activity::default() };
        let idle = Activity::default();
        assert_eq!(robot(Family::Valetudo, Some(30.0), &docked), robot(Family::Valetudo, Some(210.0), &idle));
        assert_eq!(robot(Family::Rand256, Some(30.0), &docked), robot(Family::Rand256, Some(30.0), &idle));
        assert_ne!(robot(Family::Rand256, Some(30.0), &idle), robot(Family::Rand256, Some(210.0), &idle));
    }

    #[test]
    fn a_robot_that_reports_an_error_is_red_and_black() {
        let failed = Activity { error: true, ..Activity::default() };
        let [ok, failed] = [&Activity::default(), &failed].map(|now| robot(Family::Valetudo, Some(75.0), now));
        let red: Vec<String> = ok.iter().map(|row| row.replace('o', "x")).collect();
        assert_eq!(failed, red);
    }

    #[test]
    fn a_robot_beyond_the_map_is_not_drawn() {
        let style = Style::default();
        let robot = Entity::Robot(Pose { position: Point::new(-10, 50), angle: Some(1.0) });
        assert_eq!(text_art::entities((9, 8), vec![robot], &style, &[]), ["........."; 8]);
    }
}
