//! Walking the calling thread's stack by rules that were looked up before.

use std::sync::OnceLock;

use crate::capture::Stack;
use crate::frames::{self, Frame};
use crate::own_stack::OwnStack;
use crate::unwind::{Rule, Step, Tables};

static TABLES: OnceLock<Option<Tables>> = OnceLock::new();

/// Reads the unwind tables.
pub(crate) fn prepare() {
    TABLES.get_or_init(|| Tables::of_this_process().ok());
}

/// Adds the frames of the calling thread, from that which this is inlined in, and says whether it came to the end of
/// what is wanted. If not, there may be a frame of a module that was loaded later, or one without a [`Rule`].
#[inline(always)]
pub(crate) fn walk(stack: &mut Stack) -> bool {
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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::hint::black_box;
    use std::panic;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
    use std::thread;

    use rayon::prelude::*;

    use super::*;
    use crate::capture::{MAX_FRAMES, trace};

    /// Walks the stack in both ways, from the same function.
    #[inline(never)]
    fn compare() {
        prepare();
        let (mut walked, mut traced) = (Stack::EMPTY, Stack::EMPTY);
        assert!(walk(&mut walked));
        trace(&mut traced);
        // libgcc's way begins with some frames more.
        let from_caller = traced.addresses().iter().skip_while(|&address| *address != walked.addresses()[0]);
        let both = walked.addresses().iter().zip(from_caller.clone());
        assert!(both.clone().all(|(one, other)| one == other), "{:x?}, {:x?}", walked.addresses(), traced.addresses());
        let whole = walked.addresses().len() < MAX_FRAMES;
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
