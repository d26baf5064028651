//! Threads with the spans that they entered.

use fxprof_processed_profile::{CpuDelta, ProcessHandle, StackHandle, ThreadHandle, WeightType};

use super::file::{File, at};
use super::markers::Call;
use crate::measurement::{Innermost, Measurement, Nanoseconds, SpanEvents};

/// A thread in the file.
struct Track {
    thread: ThreadHandle,
    /// The stack of each node; `None` for those that stand for time outside spans.
    stacks: Vec<Option<StackHandle>>,
    /// The end of the last sample, and the time that it weighs.
    end_ns: Nanoseconds,
    weight_ns: Nanoseconds,
}

pub(super) fn add(file: &mut File, process: ProcessHandle, measurement: &Measurement, calls: &SpanEvents) {
    let category = file.categories().spans;
    let nodes = &measurement.spans;
    let frames: Vec<_> = nodes.iter().map(|node| file.frame(category, &node.name)).collect();
    let profile = &mut file.profile;
    let markers: Vec<Call> = nodes.iter().map(|node| Call::of(profile, category, measurement, node)).collect();
    let mut tracks: Vec<Track> = Vec::with_capacity(calls.threads.len());
    for (number, name) in (1000..).zip(&calls.threads) {
        let thread = profile.add_thread(process, number, at(0), false);
        profile.set_thread_name(thread, name);
        profile.set_thread_samples_weight_type(thread, WeightType::TracingMs);
        profile.add_initial_visible_thread(thread);
        if tracks.is_empty() {
            profile.add_initial_selected_thread(thread);
        }
        let mut stacks: Vec<Option<StackHandle>> = Vec::with_capacity(nodes.len());
        for (node, frame) in nodes.iter().zip(&frames) {
            let stack = node.parent.map(|parent| {
                let frame = profile.intern_frame(thread, frame.clone());
                profile.intern_stack(thread, stacks.get(parent.index()).copied().flatten(), frame)
            });
            stacks.push(stack);
        }
        tracks.push(Track { thread, stacks, end_ns: 0, weight_ns: 0 });
    }
    for call in &calls.events {
        let track = tracks.get(call.thread.index());
        if let Some((track, marker)) = track.zip(markers.get(call.node.index())) {
            marker.add(profile, track.thread, call);
        }
    }
    calls.innermost(|Innermost { call, start_ns, duration_ns }| {
        let call = calls.events[call];
        if let Some(track) = tracks.get_mut(call.thread.index()) {
            let stack = track.stacks.get(call.node.index()).copied().flatten();
            track.add(file, start_ns, duration_ns, stack);
        }
    });
    for mut track in tracks {
        track.leave(file);
    }
}

impl Track {
    fn add(&mut self, file: &mut File, start_ns: Nanoseconds, duration_ns: Nanoseconds, stack: Option<StackHandle>) {
        if start_ns > self.end_ns {
            self.leave(file);
        }
        self.sample(file, start_ns, stack, duration_ns);
        self.end_ns = start_ns.saturating_add(duration_ns);
    }

    /// No span is entered from now on.
    fn leave(&mut self, file: &mut File) {
        self.sample(file, self.end_ns, None, 0);
    }

    /// A sample, with the time in spans since the one before as its processor time, which the graphs draw.
    fn sample(&mut self, file: &mut File, at_ns: Nanoseconds, stack: Option<StackHandle>, weight_ns: Nanoseconds) {
        let cpu = CpuDelta::from_nanos(std::mem::replace(&mut self.weight_ns, weight_ns));
        let weight = file.weight(weight_ns);
        file.profile.add_sample(self.thread, at(at_ns), stack, cpu, weight);
    }
}
