//! From registers and a copy of the stack to return addresses.

use std::collections::HashMap;

use procfs::ProcError;

use span_heap::unwind::{Registers, Rule, Step, Tables};

/// RBP, RSP and RIP by the kernel's numbers (`arch/x86/include/uapi/asm/perf_regs.h`).
pub(super) const REGISTERS: u64 = 1 << 6 | 1 << 7 | 1 << 8;

/// From the values of those in [`REGISTERS`], lowest number first.
pub(super) fn registers(values: &[u64]) -> Option<Registers> {
    let &[base, stack, instruction] = values else { return None };
    Some(Registers { base, stack, instruction })
}

/// The unwind tables of this process, and what was looked up in them.
pub(super) struct CallStacks {
    tables: Tables,
    rules: HashMap<u64, Option<Rule>>,
}

impl CallStacks {
    pub(super) fn of_this_process() -> Result<Self, ProcError> {
        Ok(Self { tables: Tables::of_this_process()?, rules: HashMap::new() })
    }

    /// Addresses as `backtrace::resolve` wants them, one behind the instruction, innermost first.
    pub(super) fn walk(&mut self, mut at: Registers, copy: &[u8]) -> Vec<usize> {
        let copied_from = at.stack;
        let read = |address: u64| {
            let from = usize::try_from(address.checked_sub(copied_from)?).ok()?;
            Some(u64::from_le_bytes(*copy.get(from..)?.first_chunk()?))
        };
        let mut addresses = Vec::with_capacity(32);
        // The sample was taken before this instruction; all others are where a call returns to.
        let mut behind = at.instruction.wrapping_add(1);
        loop {
            addresses.push(behind as usize);
            let instruction = behind.wrapping_sub(1);
            let rule = *self.rules.entry(instruction).or_insert_with(|| self.tables.rule(instruction));
            match rule.map(|rule| rule.step(at, read)) {
                Some(Step::Caller(caller)) => at = caller,
                // It is lost where the copy ends.
                Some(Step::Outermost | Step::Lost) | None => return addresses,
            }
            behind = at.instruction;
        }
    }
}
