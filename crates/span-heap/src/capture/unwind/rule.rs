//! The step from a frame to its caller.

use gimli::{CfaRule, RegisterRule, UnwindContextStorage, UnwindTableRow, X86_64};

/// The registers that a walk needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registers {
    /// RIP: an address in the frame's function. In all frames but the first it is a return address.
    pub instruction: u64,
    /// RSP: the lowest address of the frame.
    pub stack: u64,
    /// RBP: the frame pointer, or a general register.
    pub base: u64,
}

/// An entry of the unwind tables, for frames whose caller's registers lie at fixed distances on the stack: all frames of
/// Rust code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// There is no caller.
    Outermost,
    /// The frame begins `size` bytes above RSP, or above RBP if `by_base`, with the return address at its top.
    Frame {
        /// Whether the size counts from RBP.
        by_base: bool,
        /// In bytes.
        size: u32,
        /// The distance of the caller's saved RBP below the beginning, in words, if it was saved.
        saved_base: Option<u8>,
    },
}

/// The result of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The caller's registers.
    Caller(Registers),
    /// There is no caller.
    Outermost,
    /// Memory could not be read, or the stack does not look like the rule.
    Lost,
}

/// The size of a register on the stack in bytes.
const WORD: u64 = 8;

impl Rule {
    /// The rule of a row, if it can be expressed as one.
    pub(super) fn from_row<S: UnwindContextStorage<usize>>(row: &UnwindTableRow<usize, S>) -> Option<Self> {
        match row.register(X86_64::RA) {
            Some(RegisterRule::Undefined) => return Some(Self::Outermost),
            Some(RegisterRule::Offset(-8)) => {}
            _ => return None,
        }
        let CfaRule::RegisterAndOffset { register, offset } = *row.cfa() else { return None };
        let by_base = register == X86_64::RBP;
        if !by_base && register != X86_64::RSP {
            return None;
        }
        let saved_base = match row.register(X86_64::RBP) {
            None | Some(RegisterRule::SameValue) => None,
            Some(RegisterRule::Offset(offset)) if offset % WORD as i64 == 0 => {
                Some(u8::try_from(offset / -(WORD as i64)).ok()?)
            }
            Some(_) => return None,
        };
        Some(Self::Frame { by_base, size: u32::try_from(offset).ok()?, saved_base })
    }

    /// Goes to the caller. `read` reads the word at an address of the stack, or gives `None` if it may not.
    #[inline]
    pub fn step(self, at: Registers, read: impl Fn(u64) -> Option<u64>) -> Step {
        let Self::Frame { by_base, size, saved_base } = self else { return Step::Outermost };
        let beginning = (if by_base { at.base } else { at.stack }).wrapping_add(u64::from(size));
        // Every call takes stack: a walk that does not go up would not end.
        if beginning <= at.stack {
            return Step::Lost;
        }
        let saved_base = saved_base.map(|words| beginning.wrapping_sub(WORD * u64::from(words)));
        // At a function's end RBP may be restored already, which the tables need not tell.
        let base = saved_base.filter(|&saved| saved >= at.stack).map_or(Some(at.base), &read);
        match (read(beginning - WORD), base) {
            (Some(0), _) => Step::Outermost,
            (Some(instruction), Some(base)) => Step::Caller(Registers { instruction, stack: beginning, base }),
            _ => Step::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Registers = Registers { instruction: 1, stack: 1000, base: 77 };

    /// A hundred bytes of stack: each word holds its own address, except one that holds 0.
    fn read(address: u64) -> Option<u64> {
        match address {
            1032 => Some(0),
            1000..1100 => Some(address),
            _ => None,
        }
    }

    #[test]
    fn a_step_finds_the_callers_registers() {
        let rule = |size, saved_base| Rule::Frame { by_base: false, size, saved_base };
        let caller = |stack, base| Step::Caller(Registers { instruction: stack - 8, stack, base });
        assert_eq!(rule(24, None).step(AT, read), caller(1024, 77));
        assert_eq!(rule(24, Some(2)).step(AT, read), caller(1024, 1008));
        // At a function's end, RBP is restored already.
        assert_eq!(rule(8, Some(2)).step(AT, read), caller(1008, 77));
        assert_eq!(rule(40, None).step(AT, read), Step::Outermost);
        assert_eq!(Rule::Outermost.step(AT, read), Step::Outermost);
        assert_eq!(rule(200, None).step(AT, read), Step::Lost);
        assert_eq!(rule(0, None).step(AT, read), Step::Lost);

        let by_base = Rule::Frame { by_base: true, size: 16, saved_base: Some(2) };
        assert_eq!(by_base.step(Registers { base: 1040, ..AT }, read), caller(1056, 1040));
        // RBP is below the stack, or anything at all.
        assert_eq!(by_base.step(AT, read), Step::Lost);
        assert_eq!(by_base.step(Registers { base: u64::MAX - 8, ..AT }, read), Step::Lost);
    }
}
