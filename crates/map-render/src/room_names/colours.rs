//! Colours in which a name can be read.

use valetudo_map_draw::Rgba;

/// Black or white, whichever stands out more from `ground`: its contrast is 4.58 or more, and 4.5 is asked of text (WCAG 2.2, 1.4.3).
pub(super) fn readable_on(ground: Rgba) -> Rgba {
    /// Where black and white stand out alike.
    const MIDDLE: f64 = 0.179;
    if luminance(ground) > MIDDLE { Rgba::opaque(0, 0, 0) } else { Rgba::opaque(255, 255, 255) }
}

/// The relative luminance of a colour, 0 to 1 (WCAG 2.2).
fn luminance(Rgba([red, green, blue, _]): Rgba) -> f64 {
    let linear = |channel: u8| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_out_from_every_colour() {
        let steps = || (0..=255_u8).step_by(5);
        for (red, green, blue) in steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b)))) {
            let ground = Rgba::opaque(red, green, blue);
            let (text, ground) = (luminance(readable_on(ground)), luminance(ground));
            let contrast = (text.max(ground) + 0.05) / (text.min(ground) + 0.05);
            assert!(contrast >= 4.5, "{red} {green} {blue}: {contrast}");
        }
    }
}
