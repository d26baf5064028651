//! Colours for rooms, such that rooms that touch each other never have the same one.

use valetudo_map_model::{Map, Run, Runs};

/// Rooms touch where at most so many map pixels are between them: a wall.
const WALL: i32 = 2;
/// Of maps with more rooms, the rooms have colours by their position. (Robots have 32 at most, mostly under 15.)
const MOST_ROOMS: usize = 255;
/// Of maps whose rooms have more runs, too. (Homes have under 5,000, a factory of 20,000 m² 90,000.) Each run is compared with
/// each room up to eight times: of 255 rooms, 256 Mi comparisons.
const MOST_RUNS: usize = 128 << 10;
/// The numbers of colours that there can be.
const COLOURS: usize = 256;
/// The most looks of all searches for fewer colours: from a room at another one, or at a colour. Homes need under a million;
/// drawn graphs that need more keep the colours found so far.
const MOST_LOOKS: usize = 64 << 20;

/// Finds colours for the rooms of a map, and keeps them until its rooms change.
#[derive(Debug, Default)]
pub struct RoomColours {
    rooms: Vec<Runs>,
    colours: Vec<u8>,
}

impl RoomColours {
    /// For each room, by its position on the map, a number counted from 0. Rooms that touch (or have only a wall of two map pixels
    /// between them) have different ones, and there are no more numbers than that needs, unless the search for fewer takes too
    /// long. The same map has the same numbers. A map of more than 255 rooms, or with more than 128 Ki runs in them, which no
    /// robot has, gets none: its colours go by position.
    pub fn of(&mut self, map: &Map) -> &[u8] {
        let rooms = || map.segments().map(|(_, layer)| &layer.runs);
        if !self.rooms.iter().eq(rooms()) {
            self.rooms = rooms().cloned().collect();
            self.colours = colours(&neighbours(&self.rooms));
        }
        &self.colours
    }
}

/// For each room those that it touches.
pub(crate) fn neighbours(rooms: &[Runs]) -> Vec<Vec<bool>> {
    let all_runs: usize = rooms.iter().map(|runs| runs.len()).sum();
    if rooms.len() > MOST_ROOMS || all_runs > MOST_RUNS {
        return Vec::new();
    }
    let mut touching = vec![vec![false; rooms.len()]; rooms.len()];
    let of_room =
        |(room, runs): (usize, &Runs)| runs.as_slice().iter().map(move |&run| (run, room)).collect::<Vec<_>>();
    let mut runs: Vec<(Run, usize)> = rooms.iter().enumerate().flat_map(of_room).collect();
    runs.sort_unstable_by_key(|(run, room)| (run.y(), run.x(), *room));
    let rows: Vec<&[(Run, usize)]> = runs.chunk_by(|a, b| a.0.y() == b.0.y()).collect();
    let mut both: Vec<(Run, usize)> = Vec::new();
    let mut ends = vec![None; rooms.len()];
    for (index, row) in rows.iter().enumerate() {
        let y = |row: &[(Run, usize)]| row.first().map_or(0, |(run, _)| i32::from(run.y()));
        for other in rows.iter().skip(index).take_while(|other| y(other) - y(row) <= WALL + 1) {
            both.clear();
            both.extend_from_slice(row);
            both.extend_from_slice(other);
            both.sort_unstable_by_key(|(run, room)| (run.x(), *room));
            ends.fill(None);
            // They come by their starts, so that a run touches those before whose ends are near.
            for &(run, room) in &both {
                for (before, end) in ends.iter().enumerate() {
                    if before != room && end.is_some_and(|end: i32| i32::from(run.x()) - end <= WALL) {
                        touching[before][room] = true;
                        touching[room][before] = true;
                    }
                }
                let end = ends[room].map_or(i32::from(run.end()), |end: i32| end.max(run.end().into()));
                ends[room] = Some(end);
            }
        }
    }
    touching
}

/// Colours with as few numbers as there can be.
fn colours(touching: &[Vec<bool>]) -> Vec<u8> {
    let Some(mut best) = search(touching, u8::MAX, &mut usize::MAX.clone()) else { return Vec::new() };
    let mut steps = most_steps(touching.len());
    // The greedy colours may be one too many, rarely two.
    while let Some(fewest) = best.iter().max().copied() {
        match search(touching, fewest, &mut steps) {
            Some(better) => best = better,
            None => break,
        }
    }
    best
}

/// The most steps of all searches. In each step, each room may look at all rooms and colours.
fn most_steps(rooms: usize) -> usize {
    MOST_LOOKS / (rooms * (rooms + COLOURS)).max(1)
}

/// Colours below `most`, if there are any: the room with the most colours around it is coloured first (Brélaz), and a colour that
/// leads nowhere is taken back.
fn search(touching: &[Vec<bool>], most: u8, steps: &mut usize) -> Option<Vec<u8>> {
    let mut colours = vec![None; touching.len()];
    colour_next(touching, most, steps, &mut colours).then(|| colours.into_iter().flatten().collect())
}

fn colour_next(touching: &[Vec<bool>], most: u8, steps: &mut usize, colours: &mut [Option<u8>]) -> bool {
    let around = |room: usize, colours: &[Option<u8>]| {
        let mut around = [false; COLOURS];
        let near = touching.get(room).into_iter().flatten().zip(colours);
        near.filter(|(touches, _)| **touches).filter_map(|(_, colour)| *colour).for_each(|colour| {
            around[usize::from(colour)] = true;
        });
        around
    };
    let urgency = |&room: &usize| {
        let taken = around(room, colours).iter().filter(|&&taken| taken).count();
        let degree = touching.get(room).into_iter().flatten().filter(|&&touches| touches).count();
        (taken, degree, std::cmp::Reverse(room))
    };
    let open = (0..colours.len()).filter(|&room| colours.get(room) == Some(&None));
    let Some(room) = open.max_by_key(urgency) else { return true };
    let taken = around(room, colours);
    // A colour that nobody has yet is as good as any other such.
    let unused = colours.iter().flatten().max().map_or(0, |&colour| colour.saturating_add(1));
    for colour in (0..=unused).filter(|&colour| colour < most && !taken[usize::from(colour)]) {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        if let Some(place) = colours.get_mut(room) {
            *place = Some(colour);
        }
        if colour_next(touching, most, steps, colours) {
            return true;
        }
    }
    if let Some(place) = colours.get_mut(room) {
        *place = None;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pixel by pixel.
    fn touch(a: &Runs, b: &Runs) -> bool {
        let pixels = |runs: &Runs| -> Vec<(i32, i32)> {
            runs.iter().flat_map(|run| (run.x()..run.end()).map(move |x| (x.into(), run.y().into()))).collect()
        };
        let b = pixels(b);
        let near = |a: i32, b: i32| a.abs_diff(b) <= WALL.unsigned_abs() + 1;
        pixels(a).iter().any(|(ax, ay)| b.iter().any(|(bx, by)| near(*ax, *bx) && near(*ay, *by)))
    }

    fn room() -> impl Strategy<Value = Runs> {
        let run = (0..25_u16, 0..25_u16, 1..7_u16);
        prop::collection::vec(run, 0..5).prop_map(|runs| runs.iter().filter_map(|r| Run::new(r.0, r.1, r.2)).collect())
    }

    fn graph(edges: &[(usize, usize)], rooms: usize) -> Vec<Vec<bool>> {
        let mut touching = vec![vec![false; rooms]; rooms];
        for &(a, b) in edges {
            (touching[a][b], touching[b][a]) = (a != b, a != b);
        }
        touching
    }

    /// Whether any of all ways to give so many colours is right.
    fn can_be_coloured(touching: &[Vec<bool>], most: usize) -> bool {
        (0..most.pow(touching.len() as u32)).any(|number| {
            let colour = |room: usize| number / most.pow(room as u32) % most;
            (0..touching.len()).all(|a| (0..a).all(|b| !touching[a][b] || colour(a) != colour(b)))
        })
    }

    #[test]
    fn rooms_of_too_many_runs_are_not_compared() {
        let comb = |first: u16| -> Runs {
            (0..8192).flat_map(|y| (0..8).filter_map(move |tooth| Run::new(first + 4 * tooth, y, 1))).collect()
        };
        let mut rooms = [comb(0), comb(2)];
        assert_eq!(neighbours(&rooms), [[false, true], [true, false]]);
        rooms[1].extend(Run::new(40, 0, 1));
        assert!(neighbours(&rooms).is_empty());
    }

    #[test]
    fn a_search_looks_only_so_often() {
        for rooms in 1..=MOST_ROOMS {
            assert!(most_steps(rooms) * rooms * (rooms + COLOURS) <= MOST_LOOKS);
        }
        // Far more than a home needs, and enough to colour each of the most rooms again.
        assert!(most_steps(32) > 5000 && most_steps(MOST_ROOMS) > 2 * MOST_ROOMS);
        // A graph by chance: the search for the fewest colours would take years.
        let mut state = 1_u32;
        let mut chance = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 31 == 0
        };
        let pairs = (0..MOST_ROOMS).flat_map(|a| (0..a).map(move |b| (a, b)));
        let edges: Vec<_> = pairs.filter(|_| chance()).collect();
        let touching = graph(&edges, MOST_ROOMS);
        let colours = colours(&touching);
        assert!(edges.iter().all(|&(a, b)| colours[a] != colours[b]));
    }

    proptest! {
        #[test]
        fn rooms_touch_where_their_pixels_do(rooms in prop::collection::vec(room(), 0..6)) {
            let found = neighbours(&rooms);
            for (a, of_a) in rooms.iter().enumerate() {
                for (b, of_b) in rooms.iter().enumerate().filter(|(b, _)| *b != a) {
                    prop_assert_eq!(found[a][b], touch(of_a, of_b), "{} and {}", a, b);
                }
            }
        }

        #[test]
        fn colours_are_as_few_as_can_be(edges in prop::collection::vec((0..6_usize, 0..6_usize), 0..16)) {
            let touching = graph(&edges, 6);
            let colours = colours(&touching);
            for (a, b) in edges.into_iter().filter(|(a, b)| a != b) {
                prop_assert_ne!(colours[a], colours[b]);
            }
            let count = usize::from(*colours.iter().max().unwrap()) + 1;
            prop_assert!(count == 1 || !can_be_coloured(&touching, count - 1), "{colours:?}");
        }
    }
}
