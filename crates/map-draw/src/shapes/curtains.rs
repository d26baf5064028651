//! Curtains: waves with a darker border.
//!
//! Measures are those of Valetudo's interface (`frontend/src/map/structures/map_structures/CurtainMapStructure.ts`) where it shows a
//! centimetre as a pixel.

use tracing::info_span;
use valetudo_map_model::{CanvasPixel, Entity, Point, Rect};

use super::group::Group;
use super::straight_line::StraightLine;
use crate::canvas::{Canvas, Pixel};
use crate::colour::Rgba;
use crate::raster::{Brush, Pen};
use crate::region::Region;

/// Widths of the wave and of its border, centimetres.
const WIDTH: i32 = 3;
const BORDER: i32 = 5;
/// The length of a wave and its height to one side, centimetres.
const LENGTH: f64 = 30.0;
const HEIGHT: f64 = 5.0;
/// Of a wave's length, the part at both ends in which it rises to its height.
const RISE: f64 = 0.35;
/// The waves' corners are so many canvas pixels apart.
const STEP: f64 = 2.0;

pub(super) fn bounds(group: Group<'_>) -> Rect<CanvasPixel> {
    each_bounds(group).fold(Rect::EMPTY, Rect::union)
}

/// The rectangle of each curtain.
fn each_bounds(group: Group<'_>) -> impl Iterator<Item = Rect<CanvasPixel>> {
    let border = brush(group, BORDER);
    ends(group).map(move |(from, to)| border.bounds(from, to).grown(height(group)).intersection(group.look.map))
}

pub(super) fn spread(group: Group<'_>, region: &mut Region) {
    each_bounds(group).for_each(|curtain| region.spread_to(curtain));
}

/// A step is at most twice as long as along a straight line.
pub(super) fn cost(group: Group<'_>, window: Rect<CanvasPixel>) -> u64 {
    let side = 2 * STEP as u64 + 1;
    let step: u64 = [WIDTH, BORDER].map(|width| brush(group, width).cost_of_lines(1, side, side)).iter().sum();
    let steps = |(from, to)| {
        let steps = StraightLine::new(from, to).map_or(0..0, |line| steps(group, &line, window));
        1 + steps.end.abs_diff(steps.start)
    };
    ends(group).map(|ends| step.saturating_mul(steps(ends))).fold(0, u64::saturating_add)
}

pub(super) fn draw<P: Pixel>(canvas: &mut Canvas<P>, group: Group<'_>) -> Result<(), P::Full> {
    let _span = info_span!("curtains").entered();
    let colour = group.look.style.curtain;
    let Rgba([red, green, blue, alpha]) = colour;
    let darker = Rgba([red, green, blue, alpha].map(|channel| (u16::from(channel) * 2 / 5) as u8)).with_alpha(alpha);
    for (width, colour) in [(BORDER, darker), (WIDTH, colour)] {
        let mut pen = Pen::new(brush(group, width), colour, group.look.map);
        for (from, to) in ends(group) {
            let Some(line) = StraightLine::new(from, to) else { continue };
            for step in steps(group, &line, canvas.window()) {
                let (from, to) = (corner(group, &line, step), corner(group, &line, step + 1));
                if from != to {
                    pen.line(canvas, from, to)?;
                }
            }
        }
    }
    Ok(())
}

fn ends(group: Group<'_>) -> impl Iterator<Item = (Point<CanvasPixel>, Point<CanvasPixel>)> {
    group.entities().filter_map(|entity| match entity {
        Entity::Curtain(line) => Some((line.from.to_canvas_floored(), line.to.to_canvas_floored())),
        _ => None,
    })
}

fn brush(group: Group<'_>, width: i32) -> Brush {
    Brush::of_width(group.look.symbol(width))
}

/// The waves' height to one side, canvas pixels, rounded up.
fn height(group: Group<'_>) -> i32 {
    (HEIGHT * group.look.style.scale.of_symbols()).ceil() as i32 + 1
}

fn steps(group: Group<'_>, line: &StraightLine, window: Rect<CanvasPixel>) -> std::ops::Range<i64> {
    line.visible_steps(STEP, window, height(group) + group.look.symbol(BORDER))
}

/// The corner of the waves before this step.
fn corner(group: Group<'_>, line: &StraightLine, step: i64) -> Point<CanvasPixel> {
    let growth = group.look.style.scale.of_symbols();
    let along = (step as f64 * STEP).min(line.length);
    let length = LENGTH * growth;
    let to_end = along.min(line.length - along);
    let risen = (to_end / (RISE * length)).min(1.0);
    let smooth = risen * risen * (3.0 - 2.0 * risen);
    line.at(along, wave(along / length) * HEIGHT * growth * smooth)
}

/// The sine of so many turns, within 0.002. (After Bhaskara I; sines of the standard library differ between platforms.)
fn wave(turns: f64) -> f64 {
    let turn = turns - turns.floor();
    let half = if turn < 0.5 { 2.0 * turn } else { 2.0 * turn - 1.0 };
    let arch = half * (1.0 - half);
    let sine = 16.0 * arch / (5.0 - 4.0 * arch);
    if turn < 0.5 { sine } else { -sine }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::{Annotations, Style};
    use crate::text_art;
    use valetudo_map_model::Line;

    #[test]
    fn a_wave_is_a_sine() {
        for turns in (-200..200).map(|percent| f64::from(percent) / 50.0) {
            let sine = (turns * std::f64::consts::TAU).sin();
            assert!((wave(turns) - sine).abs() < 0.002, "{turns}: {} for {sine}", wave(turns));
        }
    }

    #[test]
    fn a_curtain_is_a_wave_with_a_border_and_straight_ends() {
        let line = Line { from: Point::new(30, 90), to: Point::new(430, 90) };
        let style = Style { annotations: Annotations::All, ..Style::default() };
        let picture = text_art::entities((46, 18), vec![Entity::Curtain(line)], &style, &[('c', style.curtain)]);
        let expected = [
            "..............................................",
            "..............................................",
            "........................####..................",
            "......................##cccc##................",
            ".....................#cccccccc#...............",
            "....................#cccccccccc#..............",
            "...................#cccc####cccc#.............",
            "...###............#ccc##....##ccc#.......###..",
            "..#ccc##.........#ccc#........#ccc#.....#ccc#.",
            ".#cccccc#.......#ccc#..........#ccc#####ccccc#",
            "..#cccccc#....##ccc#............#ccccccccccc#.",
            "...###cccc####cccc#..............#ccccccc###..",
            "......##ccccccccc#................#ccccc#.....",
            "........#ccccccc#..................#####......",
            ".........#cccc##..............................",
            "..........####................................",
            "..............................................",
            "..............................................",
        ];
        assert_eq!(picture, expected);
    }
}
