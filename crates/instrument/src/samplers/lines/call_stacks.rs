//! From registers and a copy of the stack to return addresses.

use std::collections::HashMap;
use std::ops::ControlFlow;

use procfs::ProcError;

use span_heap::unwind::{Registers, Rule, Tables, walk_callers};

/// RBP, RSP and RIP by the kernel's numbers (`arch/x86/include/uapi/asm/perf_regs.h`).
pub(super) const REGISTERS: u64 = 1 << 6 | 1 << 7 | 1 << 8;

/// The registers from their values, which the kernel orders as [`REGISTERS`] numbers them.
pub(super) fn registers(values: &[u64]) -> Option<Registers> {
    let &[base, stack, instruction] = values else { return None };
    Some(Registers { base, stack, instruction })
}

/// The unwind tables of this process, and the rules found in them.
pub(super) struct CallStacks {
    tables: Tables,
    rules: HashMap<u64, Option<Rule>>,
}

impl CallStacks {
    pub(super) fn of_this_process() -> Result<Self, ProcError> {
        Ok(Self { tables: Tables::of_this_process()?, rules: HashMap::new() })
    }

    /// Walks a copied stack. Gives the addresses behind each call, as `backtrace::resolve` takes them, innermost first.
    pub(super) fn walk(&mut self, at: Registers, copy: &[u8]) -> Vec<usize> {
        let read = |address: u64| {
            let from = usize::try_from(address.checked_sub(at.stack)?).ok()?;
            Some(u64::from_le_bytes(*copy.get(from..)?.first_chunk()?))
        };
        let mut addresses = Vec::with_capacity(32);
        // The sample was taken at this instruction; all other addresses are where a call returns to.
        addresses.push(at.instruction.wrapping_add(1) as usize);
        let rule = self.rule(at.instruction);
        // The walk ends with the copy at the latest.
        let _complete = walk_callers(at, rule, read, |return_address| {
            addresses.push(return_address as usize);
            ControlFlow::Continue(self.rule(return_address.wrapping_sub(1)))
        });
        addresses
    }

    fn rule(&mut self, instruction: u64) -> Option<Rule> {
        *self.rules.entry(instruction).or_insert_with(|| self.tables.rule(instruction))
    }
}
