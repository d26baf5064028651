//! Busy threads beside the renderer: the work of a home automation server.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use oorandom::Rand64;
use serde_json::Value;

/// The number of entities in a message.
const ENTITIES: usize = 200;
/// The number of readings in the history: 8 MiB, more than a core's own caches hold.
const HISTORY: usize = 1 << 20;

/// The work of a home automation server: states arrive as JSON, are parsed, stored in a history larger than a core's
/// caches, and summed up with older ones. It goes on until `ending` is true.
pub(super) fn serve(thread: u32, ending: &AtomicBool) {
    let mut random = Rand64::new(u128::from(thread));
    let mut history = vec![0.0; HISTORY];
    while !ending.load(Relaxed) {
        let readings = readings(&states(&mut random));
        // Readings of one message lie far apart, as in a server's tables.
        let start = random.rand_range(0..HISTORY as u64) as usize;
        for (index, reading) in readings.into_iter().enumerate() {
            history[(start + index * 4099) % HISTORY] = reading;
        }
        black_box(spread(&history, start));
    }
}

fn states(random: &mut Rand64) -> String {
    let mut text = String::from("[");
    for entity in 0..ENTITIES {
        let comma = if entity == 0 { "" } else { "," };
        let reading = random.rand_float() * 40.0;
        // Writing to a string does not fail.
        let _ =
            write!(text, "{comma}{{\"entity_id\":\"sensor.room_{entity}\",\"state\":{reading},\"attributes\":{{}}}}");
    }
    text + "]"
}

fn readings(states: &str) -> Vec<f64> {
    let states: Value = serde_json::from_str(states).unwrap_or_default();
    states.as_array().into_iter().flatten().filter_map(|state| state["state"].as_f64()).collect()
}

/// The standard deviation of some thousands of readings.
fn spread(history: &[f64], start: usize) -> f64 {
    let window = || history.iter().cycle().skip(start).step_by(61).take(4096);
    let mean = window().sum::<f64>() / 4096.0;
    (window().map(|reading| (reading - mean).powi(2)).sum::<f64>() / 4096.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn a_thread_works_until_it_is_told_to_end() {
        let ending = AtomicBool::new(false);
        let worked = thread::scope(|scope| {
            let begun = Instant::now();
            let server = scope.spawn(|| serve(1, &ending));
            thread::sleep(Duration::from_millis(30));
            let is_at_work = !server.is_finished();
            ending.store(true, Relaxed);
            server.join().unwrap();
            is_at_work.then(|| begun.elapsed())
        });
        assert!(worked.is_some_and(|time| time >= Duration::from_millis(30)));
    }

    #[test]
    fn readings_are_parsed_from_their_states() {
        let readings = readings(&states(&mut Rand64::new(1)));
        assert_eq!(readings.len(), ENTITIES);
        assert!(readings.iter().all(|reading| (0.0..40.0).contains(reading)));
        assert!(spread(&[3.0; 10_000], 5) < 1e-9);
    }
}
