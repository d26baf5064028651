//! The file in the making.

use std::time::SystemTime;

use fxprof_processed_profile::{
    CategoryColor, CategoryHandle, Frame, FrameFlags, FrameInfo, Profile, SamplingInterval, StackHandle, ThreadHandle,
    Timestamp,
};

use crate::measurement::Nanoseconds;

/// The file in the making.
pub(super) struct File {
    pub(super) profile: Profile,
    categories: Option<Categories>,
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
        Self { profile: Profile::new(title, SystemTime::now().into(), interval), categories: None }
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
