//! The unwind tables of this process.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use gimli::{BaseAddresses, EhFrame, EhFrameHdr, LittleEndian, RegisterRule, UnwindContext, UnwindContextStorage};
use gimli::{UnwindSection, UnwindTableRow};
use object::elf::{FileHeader64, PF_X, PT_LOAD};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::read::{ReadCache, ReadRef};
use procfs::ProcError;
use procfs::process::{MMPermissions, MMapPath, MemoryMap, Process};

use super::Rule;

/// The unwind tables of the program and of the libraries that were mapped when this was made.
pub struct Tables {
    /// By address.
    modules: Vec<Module>,
}

/// Code, and its unwind tables.
struct Module {
    code: Range<u64>,
    /// Addresses in memory less the file's own addresses.
    bias: u64,
    bases: BaseAddresses,
    eh_frame: Vec<u8>,
    /// The index of `eh_frame`.
    eh_frame_hdr: Vec<u8>,
}

impl Tables {
    /// Reads the tables from the files that are mapped: some hundreds of kilobytes in all, in about a millisecond.
    pub fn of_this_process() -> Result<Self, ProcError> {
        let mut modules: Vec<_> = Process::myself()?.maps()?.iter().filter_map(Module::of).collect();
        modules.sort_unstable_by_key(|module| module.code.start);
        Ok(Self { modules })
    }

    /// The rule for an address in code. `None` if the tables have none, or one that a [`Rule`] cannot express.
    ///
    /// A return address can lie behind the end of the calling function: look up the byte before it.
    pub fn rule(&self, address: u64) -> Option<Rule> {
        let above = self.modules.partition_point(|module| module.code.start <= address);
        let module = self.modules[..above].last().filter(|module| module.code.contains(&address))?;
        module.rule(address)
    }
}

impl Module {
    fn of(map: &MemoryMap) -> Option<Self> {
        if !map.perms.contains(MMPermissions::EXECUTE) {
            return None;
        }
        match &map.pathname {
            // A program is many times larger than its unwind tables, and only these are read.
            MMapPath::Path(path) => Self::read(&ReadCache::new(File::open(path).ok()?), map),
            MMapPath::Vdso => Self::read(&*copy(map).ok()?, map),
            _ => None,
        }
    }

    fn read<'data>(file: impl ReadRef<'data>, map: &MemoryMap) -> Option<Self> {
        let header = FileHeader64::<object::LittleEndian>::parse(file).ok()?;
        let endian = header.endian().ok()?;
        // A mapping is its segment extended to whole pages, of whatever size.
        let mapped = map.offset..map.offset.saturating_add(map.address.1 - map.address.0);
        let segment = header.program_headers(endian, file).ok()?.iter().find(|segment| {
            let (from, size) = segment.file_range(endian);
            let executable = segment.p_type(endian) == PT_LOAD && segment.p_flags(endian).0 & PF_X.0 != 0;
            executable && from < mapped.end && mapped.start < from.saturating_add(size)
        })?;
        let from_file_to_own = segment.p_vaddr(endian).wrapping_sub(segment.p_offset(endian));
        let own_start = map.offset.wrapping_add(from_file_to_own);

        let sections = header.sections(endian, file).ok()?;
        let section = |name: &[u8]| {
            let (_, section) = sections.section_by_name(endian, name)?;
            Some((section.sh_addr(endian), section.data(endian, file).ok()?.to_vec()))
        };
        let (eh_frame_at, eh_frame) = section(b".eh_frame")?;
        let (eh_frame_hdr_at, eh_frame_hdr) = section(b".eh_frame_hdr")?;
        Some(Self {
            code: map.address.0..map.address.1,
            bias: map.address.0.wrapping_sub(own_start),
            bases: BaseAddresses::default().set_eh_frame(eh_frame_at).set_eh_frame_hdr(eh_frame_hdr_at),
            eh_frame,
            eh_frame_hdr,
        })
    }

    fn rule(&self, address: u64) -> Option<Rule> {
        let index = EhFrameHdr::new(&self.eh_frame_hdr, LittleEndian).parse(&self.bases, 8).ok()?;
        let table = EhFrame::new(&self.eh_frame, LittleEndian);
        let mut context: UnwindContext<usize, Small> = UnwindContext::new_in();
        let own_address = address.wrapping_sub(self.bias);
        let row = index.table()?.unwind_info_for_address(
            &table,
            &self.bases,
            &mut context,
            own_address,
            EhFrame::cie_from_offset,
        );
        Rule::from_row(row.ok()?)
    }
}

/// Copies a mapping without a file: the kernel's vDSO, which tells the time.
fn copy(map: &MemoryMap) -> io::Result<Vec<u8>> {
    let (start, end) = map.address;
    let mut bytes = vec![0; (end - start) as usize];
    File::open("/proc/self/mem")?.read_exact_at(&mut bytes, start)?;
    Ok(bytes)
}

/// Storage for the 17 registers of x86-64 in unwind tables. gimli's own has room for 192, which makes a row too large for
/// the stack of a small thread.
struct Small;

impl UnwindContextStorage<usize> for Small {
    type Rules = [(gimli::Register, RegisterRule<usize>); 20];
    type Stack = Vec<UnwindTableRow<usize, Self>>;
}
