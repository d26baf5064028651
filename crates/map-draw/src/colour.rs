//! Colours, and how they are blended.

/// Red, green, blue and alpha, 0 to 255 each; colours are not premultiplied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Rgba(pub [u8; 4]);

impl Rgba {
    /// All four channels 0.
    pub const TRANSPARENT: Self = Self([0; 4]);

    /// An opaque colour.
    #[must_use]
    pub const fn opaque(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue, 255])
    }

    /// The alpha channel.
    #[must_use]
    pub const fn alpha(self) -> u8 {
        self.0[3]
    }

    /// This colour with another alpha.
    #[must_use]
    pub const fn with_alpha(self, alpha: u8) -> Self {
        let [red, green, blue, _] = self.0;
        Self([red, green, blue, alpha])
    }

    /// This colour blended with `below`: each channel weighted by this colour's alpha, in single precision, halves rounded away
    /// from zero. Alphas add up. Without a colour below (outside of the map) the colour stays as it is.
    #[must_use]
    pub fn over(self, below: Option<Self>) -> Self {
        let Some(below) = below else { return self };
        let alpha = f32::from(self.alpha()) / 255.0;
        let rest = 1.0 - alpha;
        let mut out = [0; 4];
        for (channel, (&above, &below)) in out.iter_mut().zip(self.0.iter().zip(&below.0)).take(3) {
            *channel = (f32::from(above) * alpha + f32::from(below) * rest).round() as u8;
        }
        out[3] = (f32::from(self.alpha()) + f32::from(below.alpha()) * rest).round() as u8;
        Self(out)
    }

    /// This colour blended with `below` as a material's seam: all four channels weighted alike, in double precision, truncated.
    #[must_use]
    pub fn seam_over(self, below: Self) -> Self {
        let alpha = f64::from(self.alpha()) / 255.0;
        let mut out = [0; 4];
        for (channel, (&above, &below)) in out.iter_mut().zip(self.0.iter().zip(&below.0)) {
            *channel = ((1.0 - alpha) * f64::from(below) + alpha * f64::from(above)) as u8;
        }
        Self(out)
    }

    /// This colour blended with `below` as a translucent area: weights rounded to single precision, results truncated. The alpha
    /// below stays.
    #[must_use]
    pub fn area_over(self, below: Self) -> Self {
        let alpha = f64::from(self.alpha()) / 255.0;
        let (weight, rest) = (alpha as f32, (1.0 - alpha) as f32);
        let mut out = below.0;
        for (channel, &above) in out.iter_mut().zip(&self.0).take(3) {
            *channel = (f32::from(*channel) * rest + f32::from(above) * weight) as u8;
        }
        Self(out)
    }

    /// The colour of an active room: each channel, alpha too, two parts this colour and one part `other`.
    #[must_use]
    pub fn two_thirds(self, other: Self) -> Self {
        self.zip(other, |a, b| ((2 * u16::from(a) + u16::from(b)) / 3) as u8)
    }

    /// Every channel (alpha too) halfway to `other`, rounded down.
    #[must_use]
    pub fn average(self, other: Self) -> Self {
        self.zip(other, u8::midpoint)
    }

    fn zip(self, other: Self, mut channel: impl FnMut(u8, u8) -> u8) -> Self {
        let ([r, g, b, a], [r2, g2, b2, a2]) = (self.0, other.0);
        Self([channel(r, r2), channel(g, g2), channel(b, b2), channel(a, a2)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opaque_colour_covers_and_a_clear_one_leaves() {
        let (below, above) = (Rgba([10, 20, 30, 200]), Rgba([1, 2, 3, 255]));
        assert_eq!(above.over(Some(below)), above);
        assert_eq!(above.with_alpha(0).over(Some(below)), below);
        assert_eq!(above.with_alpha(7).over(None), above.with_alpha(7));
    }

    #[test]
    fn halves_round_away_from_zero_and_alphas_add() {
        // 255 · 51/255 + 0 · 204/255 = 51; 51 + 100 · 0.8 = 131
        assert_eq!(Rgba([255, 255, 0, 51]).over(Some(Rgba([0, 0, 0, 100]))), Rgba([51, 51, 0, 131]));
    }
}
