//! The growth of a message's cost with path points, area, and whether layers changed: a plane fitted by least squares.
//!
//! The intervals do not assume that all messages scatter alike (White's estimate, HC1): a changed layer costs many times
//! as much as a moved robot. Sizes that grow together have wide intervals.

use span_report::report::CostGrowth;

use super::facts::MapMessage;
use super::timed::{STAGES, Timed};

/// Fewer maps of a robot say nothing about growth.
const FEWEST: usize = 20;

/// A size that varies by less than this part of itself is the same for all maps.
const LEAST_VARIATION: f64 = 0.02;

/// The 97.5 % point of the normal distribution.
const NORMAL: f64 = 1.96;

/// A size of a message's map.
type SizeOf = fn(&MapMessage) -> f64;

/// One unit, several units, and the size.
const SIZES: [(&str, &str, SizeOf); 3] = [
    ("path point", "path points", |message| message.path_points as f64),
    ("m²", "m²", |message| message.area_m2),
    ("change of layers", "changes of layers", |message| f64::from(u8::from(message.has_new_layers))),
];

/// A row for each robot with enough maps, each stage, and each size that varies.
pub(super) fn growths(maps: &[Timed], robots: &[String]) -> Vec<CostGrowth> {
    let mut growths = Vec::new();
    for (index, robot) in robots.iter().enumerate() {
        // A first map is drawn whole, and a repeated one is not drawn at all.
        let is_usual = |timed: &&Timed| {
            let message = &timed.message;
            message.robot == index && !message.is_first && message.freshness == "new" && message.problem.is_none()
        };
        let maps: Vec<&Timed> = maps.iter().filter(is_usual).collect();
        if maps.len() < FEWEST {
            continue;
        }
        let sizes = SIZES
            .map(|(unit, units, of)| (unit, units, maps.iter().map(|timed| of(&timed.message)).collect::<Vec<f64>>()));
        let varying: Vec<_> = sizes.iter().filter(|(_, _, sizes)| varies(sizes)).collect();
        let columns: Vec<&[f64]> = varying.iter().map(|(_, _, sizes)| sizes.as_slice()).collect();
        for (stage, name) in STAGES.iter().enumerate() {
            let costs: Vec<f64> = maps.iter().filter_map(|timed| timed.stages_ns.get(stage).copied()).collect();
            for ((unit, units, sizes), slope) in varying.iter().zip(slopes(&columns, &costs)) {
                growths.push(CostGrowth {
                    stage: (*name).to_owned(),
                    of: robot.clone(),
                    unit: (*unit).to_owned(),
                    units: (*units).to_owned(),
                    from: sizes.iter().copied().fold(f64::INFINITY, f64::min),
                    to: sizes.iter().copied().fold(0.0, f64::max),
                    slope_ns: slope.value,
                    interval_ns: (slope.value - slope.margin, slope.value + slope.margin),
                });
            }
        }
    }
    growths
}

fn varies(sizes: &[f64]) -> bool {
    let (least, most) =
        sizes.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), size| (least.min(*size), most.max(*size)));
    most - least > LEAST_VARIATION * most
}

/// A slope with half the width of its 95 % confidence interval.
#[derive(Debug, Clone, Copy)]
struct Slope {
    value: f64,
    margin: f64,
}

/// The slopes of `costs` along each column, the others held. Empty if a column follows from others, or there are too few rows.
fn slopes(columns: &[&[f64]], costs: &[f64]) -> Vec<Slope> {
    let rows = costs.len();
    if rows <= columns.len() + 1 {
        return Vec::new();
    }
    let y = centred(costs);
    let x: Vec<Vec<f64>> = columns.iter().map(|column| centred(column)).collect();
    // What of each column the others do not tell: the slope along it is that with the others held.
    let own: Vec<Vec<f64>> = (0..x.len())
        .map(|column| {
            let (before, after) = x.split_at(column);
            after.split_first().map_or_else(Vec::new, |(this, after)| without(this, before.iter().chain(after)))
        })
        .collect();
    let is_told_by_others = own.iter().zip(&x).any(|(own, x)| dot(own, own) <= 1e-9 * dot(x, x));
    if is_told_by_others {
        return Vec::new();
    }
    let values: Vec<f64> = own.iter().map(|own| dot(own, &y) / dot(own, own)).collect();
    let rest: Vec<f64> = (0..rows)
        .map(|row| {
            let told = x.iter().zip(&values).map(|(x, value)| x.get(row).map_or(0.0, |x| x * value)).sum::<f64>();
            y.get(row).map_or(0.0, |y| y - told)
        })
        .collect();
    let correction = rows as f64 / (rows - columns.len() - 1) as f64;
    own.iter()
        .zip(&values)
        .map(|(own, value)| {
            let scatter = own.iter().zip(&rest).map(|(own, rest)| (own * rest).powi(2)).sum::<f64>();
            Slope { value: *value, margin: NORMAL * (correction * scatter).sqrt() / dot(own, own) }
        })
        .collect()
}

fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| value - mean).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The part of a column that is orthogonal to all others.
fn without<'a>(column: &[f64], others: impl Iterator<Item = &'a Vec<f64>>) -> Vec<f64> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let reduced = |column: &[f64], basis: &[Vec<f64>]| {
        basis.iter().fold(column.to_vec(), |left, direction| {
            let share = dot(&left, direction) / dot(direction, direction);
            left.iter().zip(direction).map(|(left, direction)| left - share * direction).collect()
        })
    };
    for other in others {
        let direction = reduced(other, &basis);
        if dot(&direction, &direction) > 1e-9 * dot(other, other) {
            basis.push(direction);
        }
    }
    reduced(column, &basis)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise without a pattern, from −0.5 to 0.5.
    fn noise(count: u64) -> Vec<f64> {
        let mut random = oorandom::Rand64::new(7);
        (0..count).map(|_| random.rand_float() - 0.5).collect()
    }

    #[test]
    fn slopes_are_those_of_the_plane_that_was_made() {
        let points: Vec<f64> = (0..100).map(f64::from).collect();
        let areas: Vec<f64> = (0..100).map(|row| f64::from(row / 25 * 10)).collect();
        let changes: Vec<f64> = (0..100).map(|row| f64::from(u8::from(row % 7 == 0))).collect();
        let costs: Vec<f64> = points
            .iter()
            .zip(&areas)
            .zip(noise(100))
            .zip(&changes)
            .map(|(((points, area), noise), change)| {
                5_000.0 + 12.0 * points + 30.0 * area + 900.0 * change + 40.0 * noise
            })
            .collect();
        let found = slopes(&[&points, &areas, &changes], &costs);
        assert_eq!(found.len(), 3);
        for (slope, (made, within)) in found.iter().zip([(12.0, 1.0), (30.0, 2.0), (900.0, 10.0)]) {
            // One slope in 20 lies outside of its interval, and one in 10,000 twice as far.
            assert!((slope.value - made).abs() <= 2.0 * slope.margin && slope.margin < within, "{found:?}");
        }
    }

    #[test]
    fn the_interval_contains_the_slope_in_95_of_100_samples() {
        let points: Vec<f64> = (0..60).map(f64::from).collect();
        let all = noise(60 * 400);
        let hits = all.chunks(60).filter(|noise| {
            // The scatter grows with the size.
            let costs: Vec<f64> = points.iter().zip(*noise).map(|(size, noise)| 3.0 * size + noise * size).collect();
            let slope = slopes(&[&points], &costs)[0];
            (slope.value - 3.0).abs() <= slope.margin
        });
        let share = hits.count() as f64 / 400.0;
        assert!((0.91..=0.98).contains(&share), "{share}");
    }

    #[test]
    fn columns_that_grow_together_are_not_told_apart() {
        let points: Vec<f64> = (0..30).map(f64::from).collect();
        let twice: Vec<f64> = points.iter().map(|points| 2.0 * points).collect();
        assert!(slopes(&[&points, &twice], &points).is_empty());
        assert!(!varies(&[100.0, 101.0]) && varies(&[100.0, 110.0]));
        assert!(slopes(&[&[1.0, 2.0]], &[1.0, 2.0]).is_empty());
    }
}
