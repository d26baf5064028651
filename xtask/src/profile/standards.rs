//! The standards of a run: an earlier run, and bounds.

use span_instrument::Baseline;
use valetudo_map_workload::described;

use super::arguments::Arguments;
use super::budgets::Bounds;
use crate::failure::Failure;
use crate::family::Family;
use crate::maps::Inputs;

/// The standards of a run, read before it: a mistake is said now, not after a minute.
#[derive(Default)]
pub(super) struct Standards {
    /// Describes the work, if the run is compared or stored.
    pub(super) work: Option<Vec<String>>,
    pub(super) earlier: Option<Baseline>,
    pub(super) bounds: Option<Bounds>,
}

impl Standards {
    /// Reads those that the arguments name.
    pub(super) fn read(family: Family, arguments: &Arguments, inputs: &Inputs) -> Result<Self, Failure> {
        let work = || {
            described(
                &inputs.borrowed_maps(),
                &inputs.borrowed_recordings(),
                arguments.frames,
                arguments.background_load,
            )
        };
        Ok(Self {
            earlier: arguments.baseline.as_ref().map(|name| arguments.store.load(family, name)).transpose()?,
            bounds: arguments.budgets.as_deref().map(Bounds::read).transpose()?,
            work: arguments.needs_baseline().then(work).transpose()?,
        })
    }
}
