//! Busy threads beside the renderer.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

use oorandom::Rand64;
use serde_json::Value;

use crate::failure::Failure;

/// Threads that do what a home automation server does all day. They are this process's, not the measured one's, so that
/// nothing they allocate or use is in its figures; what they take from it is time on the cores and room in the caches.
pub(super) struct Load {
    ending: Arc<AtomicBool>,
    threads: Vec<JoinHandle<u64>>,
}

impl Load {
    pub(super) fn start(threads: u32) -> Result<Self, Failure> {
        let ending = Arc::new(AtomicBool::new(false));
        let start = |seed: u32| {
            let ending = Arc::clone(&ending);
            thread::Builder::new().name("load".to_owned()).spawn(move || serve(&ending, u128::from(seed)))
        };
        let threads = (0..threads).map(start).collect::<Result<_, _>>();
        let threads = threads.map_err(|error| Failure::new(format!("background load: {error}")))?;
        Ok(Self { ending, threads })
    }

    /// Ends the threads, and says how many rounds of work each did.
    fn end(&mut self) -> Vec<u64> {
        self.ending.store(true, Relaxed);
        self.threads.drain(..).filter_map(|thread| thread.join().ok()).collect()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.end();
    }
}

/// Entities whose states come in together.
const ENTITIES: usize = 200;
/// Readings that are kept: 8 MiB, more than a core's own caches hold.
const HISTORY: usize = 1 << 20;

/// Until it shall end: states come in as JSON, are parsed, put into the history, and summed up with what was there.
fn serve(ending: &AtomicBool, seed: u128) -> u64 {
    let mut random = Rand64::new(seed);
    let mut history = vec![0.0; HISTORY];
    let mut rounds = 0;
    while !ending.load(Relaxed) {
        let readings = readings(&states(&mut random));
        // Neighbours in time lie far apart, as they do in a server's tables.
        let start = random.rand_range(0..HISTORY as u64) as usize;
        for (index, reading) in readings.into_iter().enumerate() {
            history[(start + index * 4099) % HISTORY] = reading;
        }
        black_box(spread(&history, start));
        rounds += 1;
    }
    rounds
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
    use std::time::Duration;

    #[test]
    fn every_thread_works_until_it_is_ended() {
        let mut load = Load::start(2).unwrap();
        thread::sleep(Duration::from_millis(300));
        let rounds = load.end();
        assert!(rounds.len() == 2 && rounds.iter().all(|&rounds| rounds > 0), "{rounds:?}");
        assert!(Load::start(0).unwrap().end().is_empty());
    }

    #[test]
    fn states_are_read_as_they_were_written() {
        let readings = readings(&states(&mut Rand64::new(1)));
        assert_eq!(readings.len(), ENTITIES);
        assert!(readings.iter().all(|reading| (0.0..40.0).contains(reading)));
        assert!(spread(&[3.0; 10_000], 5) < 1e-9);
    }
}
