//! A colour laid over pixels that are not premultiplied.

use valetudo_map_crop::RgbaPixel;

/// Lays `colour` over `below`, as much of it as `coverage` says (0 to 255). Each colour counts as much as it can be seen,
/// so that transparent pixels, which are black in most pictures, leave no dark fringe.
pub(crate) fn over(colour: RgbaPixel, coverage: u8, below: RgbaPixel) -> RgbaPixel {
    const FULL: u32 = 255;
    let [red, green, blue, alpha] = colour.map(u32::from);
    let [red_below, green_below, blue_below, alpha_below] = below.map(u32::from);
    // All weights are of 255³.
    let alpha = alpha * u32::from(coverage);
    let above = alpha * FULL;
    let rest = alpha_below * (FULL * FULL - alpha);
    let all = above + rest;
    if above == 0 {
        return below;
    }
    let mix = |one: u32, other: u32| {
        let sum = u64::from(one) * u64::from(above) + u64::from(other) * u64::from(rest);
        ((sum + u64::from(all / 2)) / u64::from(all)) as u8
    };
    let alpha = (all + FULL * FULL / 2) / (FULL * FULL);
    [mix(red, red_below), mix(green, green_below), mix(blue, blue_below), alpha as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: RgbaPixel = [255; 4];
    const BLUE: RgbaPixel = [0, 125, 255, 255];

    #[test]
    fn a_fringe_over_nothing_keeps_its_colour() {
        assert_eq!(over(WHITE, 100, [0; 4]), [255, 255, 255, 100]);
        assert_eq!(over([200, 100, 50, 128], 128, [0; 4]), [200, 100, 50, 64]);
    }

    #[test]
    fn what_is_opaque_stays_so() {
        assert_eq!(over(WHITE, 255, BLUE), WHITE);
        assert_eq!(over(WHITE, 0, BLUE), BLUE);
        assert_eq!(over(WHITE, 51, BLUE), [51, 151, 255, 255]);
        assert_eq!(over([255, 255, 255, 0], 255, BLUE), BLUE);
    }

    #[test]
    fn see_through_over_see_through_is_denser_than_either() {
        let [red, .., alpha] = over([255, 0, 0, 128], 255, [0, 0, 255, 128]);
        assert_eq!((red, alpha), (170, 192));
    }
}
