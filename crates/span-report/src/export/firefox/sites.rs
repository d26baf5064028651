//! Source lines: those that allocated, and those that were sampled. Neither has times, so all stand at the end of their
//! process.

use fxprof_processed_profile::{CpuDelta, ProcessHandle, ThreadHandle, WeightType};

use super::file::{File, at};
use crate::measurement::{LineProfile, Measurement, Nanoseconds, SampledFunction};

/// Two allocations for each site: one of the bytes that are live at the end, and one of those that were freed.
pub(super) fn add_allocations(file: &mut File, thread: ThreadHandle, measurement: &Measurement) {
    let end = at(measurement.duration_ns);
    for (index, site) in measurement.sites.iter().enumerate() {
        let stack = file.line(thread, &site.function, &site.file, site.line);
        // Made up: the format matches a free with its allocation by the address.
        let address = 2 * index as u64;
        let bytes = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let freed = bytes(site.allocated_bytes.saturating_sub(site.live.bytes));
        let live = bytes(site.live.bytes);
        for (address, bytes) in [(address, live), (address + 1, freed), (address + 1, -freed)] {
            if bytes != 0 {
                file.profile.add_allocation_sample(thread, end, stack, address, bytes);
            }
        }
    }
}

/// A thread with the samples of source lines.
pub(super) fn add_lines(file: &mut File, process: ProcessHandle, lines: &LineProfile, end_ns: Nanoseconds) {
    let thread = file.profile.add_thread(process, 2000, at(0), false);
    file.profile.set_thread_name(thread, "sampled lines");
    file.profile.set_thread_samples_weight_type(thread, WeightType::Samples);
    file.profile.add_initial_visible_thread(thread);
    let add = |file: &mut File, stack, samples: u64| {
        let weight = i32::try_from(samples).unwrap_or(i32::MAX);
        if weight > 0 {
            file.profile.add_sample(thread, at(end_ns), stack, CpuDelta::ZERO, weight);
        }
    };
    let mut shown = lines.elsewhere;
    for SampledFunction { function, file: source, samples, lines, .. } in &lines.functions {
        shown = shown.saturating_add(*samples);
        let mut in_lines = 0u64;
        for line in lines.iter().filter(|line| line.samples > 0) {
            in_lines = in_lines.saturating_add(line.samples);
            let stack = file.line(thread, function, source, line.line);
            add(file, stack, line.samples);
        }
        let category = file.categories().source;
        let frame = file.frame(category, function);
        let stack = file.profile.intern_stack_frames(thread, std::iter::once(frame));
        add(file, stack, samples.saturating_sub(in_lines));
    }
    for (name, samples) in
        [("(other code)", lines.elsewhere), ("(other functions)", lines.samples.saturating_sub(shown))]
    {
        let category = file.categories().source;
        let frame = file.frame(category, name);
        let stack = file.profile.intern_stack_frames(thread, std::iter::once(frame));
        add(file, stack, samples);
    }
}
