//! The growth of a cost: `cost = fixed + factor × size ^ exponent`, fitted to measurements.

/// A fitted curve.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub(crate) struct Fit {
    /// 1 is linear.
    pub(crate) exponent: f64,
    /// The smallest exponent of all fits that leave out one size.
    pub(crate) exponent_from: f64,
    /// The largest.
    pub(crate) exponent_to: f64,
    /// The cost at size 0.
    pub(crate) fixed: f64,
    /// The cost of a unit of size, at exponent 1.
    pub(crate) factor: f64,
}

impl Fit {
    /// The curve at a size.
    pub(crate) fn at(&self, size: f64) -> f64 {
        self.fixed + self.factor * size.powf(self.exponent)
    }
}

/// The curve through points of size and cost, which must be positive. It minimises relative distances, because a
/// microsecond is much at the smallest size and nothing at the largest. `None` with fewer than four points.
///
/// The fixed part is never negative. Without it, a linear cost beside a fixed one would look flatter than it is.
pub(crate) fn fit(points: &[(f64, f64)]) -> Option<Fit> {
    let is_usable = |(size, cost): &(f64, f64)| *size > 0.0 && *cost > 0.0;
    if points.len() < 4 || !points.iter().all(is_usable) {
        return None;
    }
    let best = best(points);
    let without = |left_out: usize| -> Vec<(f64, f64)> {
        points.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, point)| *point).collect()
    };
    let exponents: Vec<f64> = (0..points.len()).map(|left_out| self::best(&without(left_out)).exponent).collect();
    let range = |from: f64, pick: fn(f64, f64) -> f64| exponents.iter().copied().fold(from, pick);
    Some(Fit {
        exponent_from: range(best.exponent, f64::min),
        exponent_to: range(best.exponent, f64::max),
        exponent: best.exponent,
        fixed: best.fixed,
        factor: best.factor,
    })
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    exponent: f64,
    fixed: f64,
    factor: f64,
    error: f64,
}

/// The exponents to try: from 0.3 to 3, in steps of 0.005.
fn best(points: &[(f64, f64)]) -> Candidate {
    let exponents = (60..=600).map(|step| f64::from(step) * 0.005);
    let nothing = Candidate { exponent: 0.0, fixed: 0.0, factor: 0.0, error: f64::INFINITY };
    exponents
        .map(|exponent| linear(points, exponent))
        .fold(nothing, |best, candidate| if candidate.error < best.error { candidate } else { best })
}

/// Least squares for the fixed part and the factor, each point weighted by the inverse of its cost.
fn linear(points: &[(f64, f64)], exponent: f64) -> Candidate {
    // With u = 1 / cost and v = size^exponent / cost, the sum of (fixed u + factor v - 1)² shall be small.
    let (mut uu, mut uv, mut vv, mut u_sum, mut v_sum) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (size, cost) in points {
        let (u, v) = (1.0 / cost, size.powf(exponent) / cost);
        uu += u * u;
        uv += u * v;
        vv += v * v;
        u_sum += u;
        v_sum += v;
    }
    let determinant = uu * vv - uv * uv;
    let both = ((u_sum * vv - v_sum * uv) / determinant, (v_sum * uu - u_sum * uv) / determinant);
    let (fixed, factor) = if both.0 >= 0.0 && both.1 >= 0.0 { both } else { (0.0, v_sum / vv) };
    let off = |(size, cost): &(f64, f64)| ((fixed + factor * size.powf(exponent)) / cost - 1.0).powi(2);
    Candidate { exponent, fixed, factor, error: points.iter().map(off).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(cost: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6].into_iter().map(|size| (size, cost(size))).collect()
    }

    #[test]
    fn a_fixed_cost_does_not_make_a_linear_one_flatter() {
        let found = fit(&series(|size| 5_000.0 + 2.0 * size)).unwrap();
        assert!((found.exponent - 1.0).abs() < 0.006, "{found:?}");
        assert!((found.fixed - 5_000.0).abs() < 150.0 && (found.factor - 2.0).abs() < 0.2, "{found:?}");
        assert!((found.at(1e6) / 2_005_000.0 - 1.0).abs() < 0.02);
    }

    #[test]
    fn other_powers_are_told_from_linear_also_under_noise() {
        for power in [0.5, 1.0, 1.5, 2.0] {
            let noisy = |size: f64| 3.0 * size.powf(power) * (1.0 + 0.03 * (size.ln() * 7.0).sin());
            let found = fit(&series(noisy)).unwrap();
            assert!((found.exponent - power).abs() < 0.06, "{power}: {found:?}");
            assert!(found.exponent_from <= found.exponent && found.exponent <= found.exponent_to);
        }
    }

    #[test]
    fn too_few_points_or_costs_of_nothing_give_no_curve() {
        assert_eq!(fit(&[(1.0, 1.0); 3]), None);
        assert_eq!(fit(&[(1.0, 1.0), (2.0, 0.0), (3.0, 3.0), (4.0, 4.0)]), None);
    }
}
