//! Walking the calling thread's own stack, by cached rules.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use super::call_stack::CallStack;
use super::known_frames::{self, KnownFrame};
use super::own_stack::OwnStack;
use super::unwind::{Rule, Tables, walk_callers};

static TABLES: OnceLock<Option<Tables>> = OnceLock::new();

/// Reads the unwind tables.
pub(super) fn prepare() {
    TABLES.get_or_init(|| Tables::of_this_process().ok());
}

/// Adds the frames of the calling thread, beginning with the caller of the function that this is inlined in. Says whether
/// the walk was complete; it is not where it meets a module that was loaded later, or a frame without a [`Rule`].
#[inline(always)]
pub(super) fn walk(stack: &mut CallStack) -> bool {
    let Some((at, memory)) = OwnStack::here() else { return false };
    let rule = rule_of(KnownFrame::at(at.instruction as usize), at.instruction);
    walk_callers(
        at,
        rule,
        |address| memory.read(address),
        |return_address| {
            let frame = KnownFrame::at(return_address as usize);
            if stack.push(return_address as usize, frame) {
                ControlFlow::Continue(rule_of(frame, return_address))
            } else {
                ControlFlow::Break(())
            }
        },
    )
}

#[inline(always)]
fn rule_of(frame: KnownFrame, return_address: u64) -> Option<Rule> {
    frame.rule().unwrap_or_else(|| look_up(return_address))
}

/// Looks up the rule of a return address, and caches it. It allocates.
#[cold]
#[inline(never)]
fn look_up(return_address: u64) -> Option<Rule> {
    // A call can be the last instruction of its function.
    let rule = TABLES.get()?.as_ref()?.rule(return_address.wrapping_sub(1));
    known_frames::set_rule(return_address as usize, rule);
    rule
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::hint::black_box;
    use std::panic;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::thread;

    use rayon::prelude::*;

    use super::super::call_stack::MAX_FRAMES;
    use super::super::calling_thread::trace;
    use super::*;

    /// Walks the stack with both walkers, from the same function.
    #[inline(never)]
    fn compare() {
        prepare();
        let (mut walked, mut traced) = (CallStack::EMPTY, CallStack::EMPTY);
        assert!(walk(&mut walked));
        trace(&mut traced);
        // libgcc's walk begins with some more frames.
        let from_caller = traced.addresses().iter().skip_while(|&address| *address != walked.addresses()[0]);
        let both = walked.addresses().iter().zip(from_caller.clone());
        assert!(both.clone().all(|(one, other)| one == other), "{:x?}, {:x?}", walked.addresses(), traced.addresses());
        // Those frames can cut its end off.
        let whole = traced.addresses().len() < MAX_FRAMES;
        let expected = if whole { walked.addresses().len() } else { MAX_FRAMES - 8 };
        assert!(both.count() >= expected, "{:x?}, {:x?}", walked.addresses(), traced.addresses());
    }

    #[inline(never)]
    fn deeper(frames: u32, data: &mut [u64; 100]) {
        data[frames as usize % 100] += 1;
        match frames {
            0 => compare(),
            _ => deeper(frames - 1, &mut black_box(*data)),
        }
        black_box(data);
    }

    #[test]
    fn a_walk_finds_what_libgcc_finds() {
        compare();
        for frames in [0, 1, 5, 1000] {
            deeper(frames, &mut [0; 100]);
        }
        thread::spawn(compare).join().unwrap();
        thread::spawn(|| deeper(3, &mut [0; 100])).join().unwrap();
        (0..1000).into_par_iter().for_each(|_| compare());
        let mut numbers: Vec<_> = (0..100u32).map(|number| number.wrapping_mul(2_654_435_761)).collect();
        numbers.sort_by_key(|number| {
            compare();
            *number
        });
    }

    #[test]
    fn a_walk_finds_what_libgcc_finds_while_a_panic_unwinds_and_a_thread_ends() {
        struct Compares;
        impl Drop for Compares {
            fn drop(&mut self) {
                compare();
                COMPARED.fetch_add(1, Relaxed);
            }
        }
        static COMPARED: AtomicU32 = AtomicU32::new(0);
        thread_local! {
            static AT_END: RefCell<Option<Compares>> = const { RefCell::new(None) };
        }
        let panics = || {
            let _compares = Compares;
            panic::resume_unwind(Box::new(0));
        };
        assert!(panic::catch_unwind(panics).is_err());
        thread::spawn(|| AT_END.set(Some(Compares))).join().unwrap();
        assert_eq!(COMPARED.load(Relaxed), 2);
    }
}
