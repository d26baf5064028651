//! The patterns of Valetudo's own interface (2026.08), as masks of map pixels that are aligned to the map's origin.

use valetudo_map_model::Material;

/// A pattern that repeats after `period` columns and after as many rows.
pub(super) struct Mask {
    pub(super) period: i32,
    /// Whether the map pixel in this column and row, both 0 or more, belongs to the pattern.
    pub(super) has: fn(i32, i32) -> bool,
}

impl Mask {
    /// `None` for a floor without a pattern.
    pub(super) fn of(material: Material) -> Option<Self> {
        let (period, has): (_, fn(i32, i32) -> bool) = match material {
            Material::Tile => (6, |x, y| x % 6 == 0 || y % 6 == 0),
            Material::Wood => (16, has_chevron),
            // Two rows of planks are 10 pixels wide; 120 is a multiple of that and of a plank's length.
            Material::WoodHorizontal => (120, |x, y| has_plank_seam(x, y)),
            Material::WoodVertical => (120, |x, y| has_plank_seam(y, x)),
            Material::Carpet => (4, |x, y| (x / 2 + y) % 2 == 0),
            Material::CarpetLow => (4, |x, y| x % 2 == 0 && x % 4 == y % 4),
            Material::CarpetHigh => (8, |x, y| is_marked(&LOOPS, x, y)),
            Material::Unknown => (9 * 11, |x, y| is_marked(&QUESTION_MARK, x, y)),
            _ => return None,
        };
        Some(Self { period, has })
    }
}

/// Diagonals four pixels apart, which turn every eight columns.
const fn has_chevron(x: i32, y: i32) -> bool {
    let rises = x / 8 % 2 == 0;
    (if rises { x + y } else { x - y }) % 4 == 0
}

/// Planks of 24 × 5 pixels; every other row of them is shifted by half a plank.
const fn has_plank_seam(along: i32, across: i32) -> bool {
    let first_joint = if across / 5 % 2 == 0 { 0 } else { 12 };
    across % 5 == 0 || along % 24 == first_joint
}

/// A high pile.
const LOOPS: [&str; 8] =
    ["#.....#.", ".#.....#", "...##...", "........", "..#...#.", ".#...#..", "........", "...##..."];

const QUESTION_MARK: [&str; 11] = [
    ".........",
    ".........",
    "...###...",
    "..#...#..",
    "......#..",
    "....##...",
    "....#....",
    ".........",
    "....#....",
    ".........",
    ".........",
];

/// Whether a picture, repeated, has a `#` there.
fn is_marked(rows: &[&str], x: i32, y: i32) -> bool {
    // Both are 0 or more.
    let row = rows.get(y as usize % rows.len()).map_or(&[][..], |row| row.as_bytes());
    row.get(x as usize % row.len().max(1)) == Some(&b'#')
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATERIALS: [Material; 9] = [
        Material::Generic,
        Material::Tile,
        Material::Wood,
        Material::WoodHorizontal,
        Material::WoodVertical,
        Material::Carpet,
        Material::CarpetLow,
        Material::CarpetHigh,
        Material::Unknown,
    ];

    fn picture(material: Material, width: i32, height: i32) -> Vec<String> {
        let mask = Mask::of(material).unwrap();
        let letter = |x, y| if (mask.has)(x, y) { '#' } else { '.' };
        (0..height).map(|y| (0..width).map(|x| letter(x, y)).collect()).collect()
    }

    #[test]
    fn patterns_look_like_their_materials() {
        assert_eq!(picture(Material::Tile, 8, 3), ["########", "#.....#.", "#.....#."]);
        assert_eq!(picture(Material::Wood, 16, 3), ["#...#...#...#...", "...#...#.#...#..", "..#...#...#...#."]);
        let planks = picture(Material::WoodHorizontal, 26, 7);
        assert_eq!(planks[0], "#".repeat(26));
        assert_eq!([&*planks[1], &*planks[6]], ["#.......................#.", "............#............."]);
        assert_eq!(picture(Material::Carpet, 6, 2), ["##..##", "..##.."]);
        assert_eq!(picture(Material::CarpetLow, 6, 4), ["#...#.", "......", "..#...", "......"]);
        assert_eq!(picture(Material::CarpetHigh, 10, 3), ["#.....#.#.", ".#.....#.#", "...##....."]);
        assert_eq!(picture(Material::Unknown, 12, 4)[3], "..#...#....#");
    }

    #[test]
    fn patterns_repeat_after_their_period() {
        for material in MATERIALS {
            let Some(Mask { period, has }) = Mask::of(material) else {
                assert_eq!(material, Material::Generic);
                continue;
            };
            for (x, y) in (0..period * period).map(|place| (place % period, place / period)) {
                let here = has(x, y);
                assert_eq!((has(x + period, y), has(x, y + period)), (here, here), "{material:?} at {x}, {y}");
            }
        }
    }

    /// The number of pixels of each pattern, and a sum over their places, on 97 × 103 map pixels from (3, 5). As the pattern
    /// code of Valetudo 2026.08 counts them: `docs/maps.md` tells how to run it.
    #[test]
    fn patterns_are_those_of_valetudo() {
        for (material, count, sum) in VALETUDO {
            let mask = Mask::of(material).unwrap();
            let places = (5..108).flat_map(|y| (3..100).map(move |x| (x, y))).filter(|&(x, y)| (mask.has)(x, y));
            let (found, total) = places.fold((0, 0), |(found, total), (x, y)| (found + 1, total + place_value(x, y)));
            assert_eq!((found, total), (count, sum), "{material:?}");
        }
    }

    fn place_value(x: i32, y: i32) -> i64 {
        i64::from((x * 7919 + y * 104_729) % 65_521)
    }

    const VALETUDO: [(Material, i64, i64); 8] = [
        (Material::Tile, 3025, 99_038_117),
        (Material::Wood, 2498, 81_730_827),
        (Material::WoodHorizontal, 2365, 78_480_048),
        (Material::WoodVertical, 2269, 75_553_139),
        (Material::Carpet, 4996, 163_541_347),
        (Material::CarpetLow, 1224, 40_070_351),
        (Material::CarpetHigh, 1874, 61_170_245),
        (Material::Unknown, 1025, 33_678_377),
    ];
}
