//! The end of a child, noticed at once where the system can tell.

use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
pub(super) use self::linux::ChildEnd;

/// Nothing but the child's status tells of its end.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct ChildEnd;

#[cfg(not(target_os = "linux"))]
impl ChildEnd {
    pub(super) fn of(_: &std::process::Child) -> Self {
        Self
    }

    /// Waits for a time.
    pub(super) fn wait_at_most(&self, time: Duration) {
        thread::sleep(time);
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::OwnedFd;
    use std::process::Child;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    use super::{Duration, thread};

    /// A descriptor of the child, which can be read once the child has ended. `None` before Linux 5.3.
    #[derive(Debug)]
    pub(crate) struct ChildEnd(Option<OwnedFd>);

    impl ChildEnd {
        pub(crate) fn of(child: &Child) -> Self {
            Self(pidfd_open(Pid::from_child(child), PidfdFlags::empty()).ok())
        }

        /// Waits until the child ends or a signal comes, but no longer than for a time.
        pub(crate) fn wait_at_most(&self, time: Duration) {
            let ended = self
                .0
                .as_ref()
                .zip(Timespec::try_from(time).ok())
                .map(|(child, time)| poll(&mut [PollFd::new(child, PollFlags::IN)], Some(&time)));
            if !matches!(ended, Some(Ok(_) | Err(Errno::INTR))) {
                thread::sleep(time);
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::process::{Command, Stdio};
        use std::time::Instant;

        use super::*;

        #[test]
        fn the_end_of_a_child_ends_the_wait() {
            let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
            let end = ChildEnd::of(&child);
            assert!(end.0.is_some(), "the tests need Linux 5.3");
            end.wait_at_most(Duration::from_millis(1));
            assert_eq!(child.try_wait().unwrap(), None);
            drop(child.stdin.take());
            let begun = Instant::now();
            end.wait_at_most(Duration::from_secs(60));
            assert!(begun.elapsed() < Duration::from_secs(50));
            assert!(child.try_wait().unwrap().is_some());
        }
    }
}
