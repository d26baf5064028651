//! The loop from a frame to its outermost caller.

use std::ops::ControlFlow;

use super::{Registers, Rule, Step};

/// Goes from the frame at `at`, whose rule is `rule`, to its callers. `read` reads a word of the stack, or says that it
/// may not. `visit` gets each caller's return address, and gives the rule for it or ends the walk. Says whether the walk
/// was complete: `visit` ended it, or it came to the outermost frame.
#[inline(always)]
pub fn walk_callers(
    mut at: Registers,
    mut rule: Option<Rule>,
    read: impl Fn(u64) -> Option<u64>,
    mut visit: impl FnMut(u64) -> ControlFlow<(), Option<Rule>>,
) -> bool {
    loop {
        match rule.map(|rule| rule.step(at, &read)) {
            Some(Step::Caller(caller)) => at = caller,
            Some(Step::Outermost) => return true,
            Some(Step::Lost) | None => return false,
        }
        match visit(at.instruction) {
            ControlFlow::Continue(next) => rule = next,
            ControlFlow::Break(()) => return true,
        }
    }
}
