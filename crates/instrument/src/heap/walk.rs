//! Walking the calling thread's stack by rules that were looked up before.

use std::sync::OnceLock;

use super::capture::Stack;
use super::frames::{self, Frame};
use super::own_stack::OwnStack;
use crate::unwind::{Rule, Step, Tables};

static TABLES: OnceLock<Option<Tables>> = OnceLock::new();

/// Reads the unwind tables.
pub(super) fn prepare() {
    TABLES.get_or_init(|| Tables::of_this_process().ok());
}

/// Adds the frames of the calling thread, from that which this is inlined in, and says whether it came to the end of
/// what is wanted. If not, there may be a frame of a module that was loaded later, or one without a [`Rule`].
#[inline(always)]
pub(super) fn walk(stack: &mut Stack) -> bool {
    let Some((mut at, memory)) = OwnStack::here() else { return false };
    let mut frame = Frame::at(at.instruction as usize);
    loop {
        let Some(rule) = frame.rule().unwrap_or_else(|| look_up(at.instruction)) else { return false };
        match rule.step(at, |address| memory.read(address)) {
            Step::Caller(caller) => at = caller,
            Step::Outermost => return true,
            Step::Lost => return false,
        }
        frame = Frame::at(at.instruction as usize);
        if !stack.push(at.instruction as usize, frame) {
            return true;
        }
    }
}

/// Looks a return address up for all later walks. It allocates.
#[cold]
#[inline(never)]
fn look_up(return_address: u64) -> Option<Rule> {
    // A call can be the last instruction of its function.
    let rule = TABLES.get()?.as_ref()?.rule(return_address.wrapping_sub(1));
    frames::set_rule(return_address as usize, rule);
    rule
}
