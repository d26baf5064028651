//! From registers and a copy of the stack to return addresses.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use framehop::x86_64::{CacheX86_64, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{ExplicitModuleSectionInfo, MayAllocateDuringUnwind, Module, Unwinder};
use object::read::elf::ElfFile64;
use object::{Object, ObjectSection, ObjectSegment};
use procfs::ProcError;
use procfs::process::{MMapPath, Process};

/// What a walk begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registers {
    base: u64,
    stack: u64,
    instruction: u64,
}

impl Registers {
    /// RBP, RSP and RIP by the kernel's numbers (`arch/x86/include/uapi/asm/perf_regs.h`).
    pub(super) const MASK: u64 = 1 << 6 | 1 << 7 | 1 << 8;

    /// From the values of those in [`Self::MASK`], lowest number first.
    pub(super) fn new(values: &[u64]) -> Option<Self> {
        let &[base, stack, instruction] = values else { return None };
        Some(Self { base, stack, instruction })
    }
}

/// The unwind tables of this process, as it is mapped now.
pub(super) struct CallStacks {
    unwinder: UnwinderX86_64<Vec<u8>, MayAllocateDuringUnwind>,
    cache: CacheX86_64<MayAllocateDuringUnwind>,
}

/// Where a file lies in memory.
struct Mapped {
    /// Where its first byte would be.
    base: u64,
    start: u64,
    end: u64,
}

impl CallStacks {
    pub(super) fn of_this_process() -> Result<Self, ProcError> {
        let mut files: BTreeMap<PathBuf, Mapped> = BTreeMap::new();
        for map in Process::myself()?.maps()? {
            let MMapPath::Path(path) = map.pathname else { continue };
            let (start, end) = map.address;
            let known = files.entry(path).or_insert(Mapped { base: start.saturating_sub(map.offset), start, end });
            known.end = end;
        }
        let mut unwinder = UnwinderX86_64::new();
        files.iter().filter_map(|(path, mapped)| module(path, mapped)).for_each(|module| unwinder.add_module(module));
        Ok(Self { unwinder, cache: CacheX86_64::default() })
    }

    /// Addresses as `backtrace::resolve` wants them, one behind the instruction, innermost first.
    pub(super) fn walk(&mut self, registers: Registers, copy: &[u8]) -> Vec<usize> {
        let Registers { base, stack, instruction } = registers;
        let mut read = |address: u64| {
            let from = address.checked_sub(stack).and_then(|from| usize::try_from(from).ok()).ok_or(())?;
            let bytes = copy.get(from..).and_then(|bytes| bytes.first_chunk()).ok_or(())?;
            Ok(u64::from_le_bytes(*bytes))
        };
        let registers = UnwindRegsX86_64::new(instruction, stack, base);
        let mut frames = self.unwinder.iter_frames(instruction, registers, &mut self.cache, &mut read);
        let mut addresses = Vec::with_capacity(32);
        // It ends with an error where the copy does.
        while let Ok(Some(frame)) = frames.next() {
            addresses.push(frame.address_for_lookup() as usize + 1);
        }
        addresses
    }
}

/// A file's unwind tables, if it is a program or library and has some.
fn module(path: &Path, mapped: &Mapped) -> Option<Module<Vec<u8>>> {
    let bytes = fs::read(path).ok()?;
    let file: ElfFile64<'_> = ElfFile64::parse(&*bytes).ok()?;
    let section = |name: &str| {
        let section = file.section_by_name(name)?;
        let addresses = section.address()..section.address() + section.size();
        Some((addresses, section.data().ok()?.to_vec()))
    };
    let (text_svma, text) = section(".text").unzip();
    let (eh_frame_svma, eh_frame) = section(".eh_frame").unzip();
    let (eh_frame_hdr_svma, eh_frame_hdr) = section(".eh_frame_hdr").unzip();
    let sections = ExplicitModuleSectionInfo {
        base_svma: file.segments().map(|segment| segment.address()).min()?,
        text_svma,
        text,
        eh_frame_svma,
        eh_frame,
        eh_frame_hdr_svma,
        eh_frame_hdr,
        ..ExplicitModuleSectionInfo::default()
    };
    Some(Module::new(path.display().to_string(), mapped.start..mapped.end, mapped.base, sections))
}
