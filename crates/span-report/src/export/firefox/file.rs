//! The file in the making.

use std::time::SystemTime;

use fxprof_processed_profile::{
    CategoryColor, CategoryHandle, Frame, FrameFlags, FrameInfo, Profile, SamplingInterval, StackHandle, ThreadHandle,
    Timestamp,
};
use serde_json::Value;

use crate::measurement::Nanoseconds;
use crate::quantity::milliseconds;

/// The file in the making.
pub(super) struct File {
    pub(super) profile: Profile,
    categories: Option<Categories>,
    /// The times that samples of spans weigh.
    weights: Vec<Nanoseconds>,
}

/// The kinds of frames and markers, with a colour each.
#[derive(Clone, Copy)]
pub(super) struct Categories {
    pub(super) inputs: CategoryHandle,
    pub(super) operations: CategoryHandle,
    pub(super) spans: CategoryHandle,
    pub(super) source: CategoryHandle,
}

impl File {
    pub(super) fn new(title: &str) -> Self {
        let interval = SamplingInterval::from_millis(1);
        // A measurement does not know its date; the file's is near.
        let profile = Profile::new(title, SystemTime::now().into(), interval);
        Self { profile, categories: None, weights: Vec::new() }
    }

    pub(super) fn categories(&mut self) -> Categories {
        let profile = &mut self.profile;
        *self.categories.get_or_insert_with(|| Categories {
            inputs: profile.add_category("Maps", CategoryColor::Green),
            operations: profile.add_category("Operations", CategoryColor::Purple),
            spans: profile.add_category("Spans", CategoryColor::Blue),
            source: profile.add_category("Source", CategoryColor::Orange),
        })
    }

    /// A frame that is a name.
    pub(super) fn frame(&mut self, category: CategoryHandle, name: &str) -> FrameInfo {
        let frame = Frame::Label(self.profile.intern_string(name));
        FrameInfo { frame, category_pair: category.into(), flags: FrameFlags::empty() }
    }

    /// The weight of a sample in the crate's file: the number of its time here, because a weight is an `i32`, which has no
    /// room for nanoseconds beyond 2 s.
    pub(super) fn weight(&mut self, time: Nanoseconds) -> i32 {
        self.weights.push(time);
        i32::try_from(self.weights.len() - 1).unwrap_or(i32::MAX)
    }

    /// The file of the crate, with times as weights: the format has milliseconds.
    pub(super) fn finish(&self) -> serde_json::Result<Value> {
        let mut profile = serde_json::to_value(&self.profile)?;
        let threads = profile.get_mut("threads").and_then(Value::as_array_mut).into_iter().flatten();
        let samples = threads.filter_map(|thread| thread.get_mut("samples"));
        for samples in samples.filter(|samples| samples.get("weightType").is_some_and(|kind| kind == "tracing-ms")) {
            for weight in samples.get_mut("weight").and_then(Value::as_array_mut).into_iter().flatten() {
                let number = weight.as_u64().and_then(|number| usize::try_from(number).ok());
                let time = number.and_then(|number| self.weights.get(number)).copied();
                *weight = milliseconds(time.unwrap_or_default() as f64).into();
            }
        }
        Ok(profile)
    }

    /// A stack of a function and one of its lines.
    pub(super) fn line(&mut self, thread: ThreadHandle, function: &str, file: &str, line: u32) -> Option<StackHandle> {
        let category = self.categories().source;
        let frames = [self.frame(category, function), self.frame(category, &format!("{file}:{line}"))];
        self.profile.intern_stack_frames(thread, frames.into_iter())
    }
}

/// A moment of a process, each of which begins at 0.
pub(super) fn at(moment: Nanoseconds) -> Timestamp {
    Timestamp::from_nanos_since_reference(moment)
}
