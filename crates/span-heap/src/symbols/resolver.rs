//! From call stacks to source lines.

use std::collections::HashMap;
use std::fmt;

use super::line::{Line, Origin, lines_at};
use super::source_roots::SourceRoots;
use crate::account::figures::{Live, StackUse};
use crate::account::thread::pause;
use crate::capture::{self, CallStack, StackId, interned};

/// A source line that allocated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The source file, relative to its source root if it has one.
    pub file: String,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// The function, with its path.
    pub function: String,
    /// Number of allocations.
    pub allocations: u64,
    /// Bytes allocated, growth by reallocation included.
    pub allocated_bytes: u64,
    /// Memory in use now.
    pub live: Live,
    /// Memory in use at the moment of the session's peak.
    pub live_at_peak: Live,
}

/// The number of a [`Site`] in [`Sites`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(u32);

impl SiteId {
    /// Stands for the stacks that were not kept apart.
    const OTHER: Self = Self(0);

    /// The number as an index into [`Sites::all`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The source lines that allocated, and the one of each call stack.
#[derive(Debug)]
pub struct Sites {
    all: Vec<Site>,
    by_stack: HashMap<StackId, SiteId>,
}

impl Sites {
    /// The source lines, by number.
    pub fn all(&self) -> &[Site] {
        &self.all
    }

    /// The source lines, by number.
    pub fn into_all(self) -> Vec<Site> {
        self.all
    }

    /// The source line of a call stack.
    pub fn site_of(&self, stack: StackId) -> SiteId {
        self.by_stack.get(&stack).copied().unwrap_or(SiteId::OTHER)
    }

    /// Adds the uses of call stacks to the figures of their source lines.
    pub fn add(&mut self, uses: impl IntoIterator<Item = StackUse>) {
        for stack in uses {
            let id = self.site_of(stack.stack);
            if let Some(site) = self.all.get_mut(id.index()) {
                site.allocations += stack.allocations;
                site.allocated_bytes += stack.allocated_bytes;
                site.live.bytes += stack.live.bytes;
                site.live.blocks += stack.live.blocks;
                site.live_at_peak.bytes += stack.live_at_peak.bytes;
                site.live_at_peak.blocks += stack.live_at_peak.blocks;
            }
        }
    }
}

/// A source line of the program's own code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnLine {
    /// The source file, relative to its source root.
    pub file: String,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// The function, with its path.
    pub function: String,
}

/// Finds the source lines of call stacks, and caches its findings in the line tables.
#[derive(Default)]
pub struct Resolver {
    roots: SourceRoots,
    lines_of: HashMap<usize, Vec<Line>>,
    /// Stacks with smaller indices were learned from.
    learned: usize,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl Resolver {
    /// A resolver for the source under `roots`.
    pub fn new(roots: SourceRoots) -> Self {
        Self { roots, ..Self::default() }
    }

    /// Opens the line tables now, so that their memory is not mistaken for the program's growth later.
    pub fn preload(&mut self) {
        let _pause = pause();
        let mut stack = CallStack::EMPTY;
        capture::capture(&mut stack);
        for &address in stack.addresses() {
            self.lines(address);
        }
    }

    /// Finds the program's own frames in the stacks that are new since the last time. From now on walks stop there, and
    /// cost a fraction.
    pub fn learn(&mut self) {
        let known = std::mem::replace(&mut self.learned, interned::count());
        for (_, addresses) in interned::stacks_from(known) {
            let own = addresses
                .iter()
                .find(|&&address| self.lines(address).iter().any(|line| line.origin == Origin::Program));
            if let Some(&address) = own {
                capture::mark_own(address);
            }
        }
    }

    /// Resolves every stack seen up to now. The sites have no figures yet: see [`Sites::add`].
    pub fn resolve(mut self) -> Sites {
        let mut all = vec![Site { file: "(other)".to_owned(), ..Site::default() }];
        let mut by_line: HashMap<OwnLine, SiteId> = HashMap::new();
        let mut by_stack = HashMap::new();
        for (stack, addresses) in interned::stacks_from(0) {
            let Line { file, line, function, .. } = self.innermost_own_line(addresses);
            let id = *by_line.entry(OwnLine { file, line, function }).or_insert_with_key(|line| {
                let OwnLine { file, line, function } = line.clone();
                all.push(Site { file, line, function, ..Site::default() });
                SiteId((all.len() - 1) as u32)
            });
            by_stack.insert(stack, id);
        }
        Sites { all, by_stack }
    }

    /// The innermost line of the program's own code, else the innermost of the next best origin.
    fn innermost_own_line(&mut self, addresses: &[usize]) -> Line {
        let mut best: Option<Line> = None;
        for &address in addresses {
            for line in self.lines(address) {
                if best.as_ref().is_none_or(|best| line.origin < best.origin) {
                    best = Some(line.clone());
                }
            }
            if best.as_ref().is_some_and(|best| best.origin == Origin::Program) {
                break;
            }
        }
        best.filter(|line| line.origin != Origin::Ignored).unwrap_or_else(|| Line {
            file: "?".to_owned(),
            line: 0,
            function: String::new(),
            origin: Origin::Ignored,
        })
    }

    /// The innermost line of the program's own code, if one of the addresses lies in it.
    pub fn own_line(&mut self, addresses: &[usize]) -> Option<OwnLine> {
        let Line { file, line, function, origin } = self.innermost_own_line(addresses);
        (origin == Origin::Program).then_some(OwnLine { file, line, function })
    }

    /// The folders of the program's own source.
    pub fn roots(&self) -> &SourceRoots {
        &self.roots
    }

    fn lines(&mut self, address: usize) -> &[Line] {
        self.lines_of.entry(address).or_insert_with(|| lines_at(address, &self.roots))
    }
}
