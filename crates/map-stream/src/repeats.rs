//! Whether a map brings anything new.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use valetudo_map_render::Limits;
use valetudo_map_render::parser::{self, decompress};

/// Whether a map brings anything new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// It has not been seen.
    New,
    /// It is the robot's last map again: on the other topic, retained, or because nothing has changed.
    Duplicate,
    /// It is an older map again, which others have followed since.
    Stale,
}

/// Earlier maps of one robot. They are compared without their envelopes: a robot publishes each map in two of them.
#[derive(Debug, Default)]
pub struct Repeats {
    last: Option<u64>,
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

/// How many maps are remembered: two hours of one every two seconds.
const KEPT: usize = 3600;

impl Repeats {
    /// Compares a map with the earlier ones, and remembers it.
    ///
    /// # Errors
    /// The map's envelope cannot be opened.
    pub fn judge(&mut self, payload: &[u8]) -> Result<Freshness, parser::Error> {
        let mut hasher = DefaultHasher::new();
        decompress(payload, &Limits::DEFAULT)?.hash(&mut hasher);
        let print = hasher.finish();
        let freshness = match self.last {
            Some(last) if last == print => Freshness::Duplicate,
            _ if self.known.contains(&print) => Freshness::Stale,
            _ => Freshness::New,
        };
        // A stale map does not make the newest one stale.
        if freshness == Freshness::New {
            self.last = Some(print);
            self.known.insert(print);
            self.order.push_back(print);
            if self.order.len() > KEPT
                && let Some(oldest) = self.order.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
        Ok(freshness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_new_once() {
        let mut repeats = Repeats::default();
        let mut judge = |payload: &str| repeats.judge(payload.as_bytes()).unwrap();
        assert_eq!(["{1}", "{1}", "{2}", "{1}", "{2}", "{3}"].map(&mut judge), {
            use Freshness::{Duplicate, New, Stale};
            [New, Duplicate, New, Stale, Duplicate, New]
        });
        assert!(repeats.judge(b"no map").is_err());
    }

    #[test]
    fn memory_is_bounded() {
        let mut repeats = Repeats::default();
        for number in 0..2 * KEPT {
            repeats.judge(format!("{{{number}}}").as_bytes()).unwrap();
        }
        assert_eq!((repeats.known.len(), repeats.order.len()), (KEPT, KEPT));
    }
}
