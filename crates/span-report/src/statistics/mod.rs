//! Statistics of samples, which know nothing of their subject.

mod median;
mod ranks;
mod resample;

pub use median::{median, percentile};
pub(crate) use median::{median_time, upper_median};
pub(crate) use ranks::{Estimate, Values, logarithm};
pub use resample::PROCESSES_FOR_AN_INTERVAL;
pub(crate) use resample::ratio_of_sums;
