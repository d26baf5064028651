//! The settings of each pass.

use std::path::Path;
use std::time::Duration;

use span_report::measurement::Pass;

use super::builder::Builder;
use super::handle::Profiler;
use super::start_error::StartError;
use crate::heap::HeapMode;
#[cfg(feature = "runner")]
use crate::heap::HeapModeError;

/// How often memory is read between snapshots.
const SAMPLE_EVERY: Duration = Duration::from_millis(10);

/// Samples of source lines in a second of processor time.
#[cfg(feature = "lines")]
const LINES_HZ: u32 = 1000;

impl Builder {
    /// A profiler for one pass. The passes flame and dhat write their own files (`tracing.folded`, `dhat-heap.json`)
    /// into the folder `out`. This is the only definition of a pass; [`run`](crate::run) uses it.
    ///
    /// # Errors
    /// [`StartError::NotBuilt`] if the pass needs a feature that is off.
    #[cfg_attr(not(any(feature = "flame", feature = "dhat")), allow(unused_variables, reason = "only they have files"))]
    pub fn for_pass(pass: Pass, out: &Path) -> Result<Self, StartError> {
        let nothing = Profiler::builder().memory(false).cpu(false).pass(pass);
        Ok(match pass {
            // The counters cost nothing while they count.
            Pass::Clean => nothing.memory(true).sample_every(SAMPLE_EVERY).counters(true),
            // Single calls are kept here, where tracking the heap does not disturb their times.
            Pass::Spans => nothing.cpu(true).timeline(true),
            #[cfg(feature = "flame")]
            Pass::Flame => nothing.flame_file(out.join(span_report::outputs::FOLDED_FILE)),
            Pass::Heap => nothing.memory(true).heap(HeapMode::Tracking).sample_every(SAMPLE_EVERY),
            #[cfg(feature = "dhat")]
            Pass::Dhat => nothing.heap(HeapMode::Dhat).dhat_file(out.join(span_report::outputs::DHAT_FILE)),
            #[cfg(feature = "lines")]
            Pass::Lines => nothing.sample_lines(LINES_HZ),
            _ => return Err(StartError::NotBuilt { pass }),
        })
    }
}

/// Whether this build of the crate can run a pass.
#[cfg(feature = "runner")]
pub(crate) fn is_built(pass: Pass) -> bool {
    Builder::for_pass(pass, Path::new("")).is_ok()
}

/// Why this program's global allocator rules a pass out; `None` if it does not.
#[cfg(feature = "runner")]
pub(crate) fn refused_by_allocator(pass: Pass) -> Option<HeapModeError> {
    let mode = Builder::for_pass(pass, Path::new("")).ok()?.heap_mode()?;
    mode.allowed_by_allocator().err()
}
