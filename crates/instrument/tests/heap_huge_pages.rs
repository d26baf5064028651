//! Large blocks in huge pages: as good as others, counted as they were asked for, and where the kernel should put them.

use std::hint::black_box;
use std::thread;

use span_instrument::heap::{self, HeapMode, HeapSwitch};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

const MIB: usize = 1 << 20;

/// Around the least size of a mapping, and around whole huge pages.
const SIZES: [usize; 10] =
    [MIB / 2 - 1, MIB / 2, MIB / 2 + 1, MIB, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 4 * MIB, 5 * MIB + 3, 9 * MIB];

/// Bytes that tell where in which block they are.
fn filled(size: usize, number: usize) -> Vec<u8> {
    (0..size).map(|at| (at / 4096 + 31 * number) as u8).collect()
}

fn is_filled(block: &[u8], number: usize) -> bool {
    block.iter().enumerate().all(|(at, &byte)| byte == (at / 4096 + 31 * number) as u8)
}

/// One test: the mode is chosen once per process.
#[test]
fn large_blocks_are_as_good_as_others() {
    let early = black_box(filled(3 * MIB, 0));
    HeapSwitch::set_huge_pages(true);
    HeapSwitch::choose(HeapMode::Tracking).unwrap();
    let live = || heap::statistics().unwrap().live.bytes;
    let before = live();

    for (number, &size) in SIZES.iter().enumerate() {
        let zeros = black_box(vec![0u8; size]);
        assert_eq!(live() - before, size as u64, "counted as it was asked for");
        assert!(zeros.iter().all(|&byte| byte == 0), "{size}");
        drop(zeros);

        let mut block = filled(size, number);
        for other in SIZES {
            // Grown and shrunk, across the least size of a mapping and within a page.
            block.truncate(other.min(size));
            block.shrink_to_fit();
            block.reserve_exact(other);
            assert!(is_filled(&block, number), "{size} by way of {other}");
            block = filled(size, number);
        }
        // Freed by another thread, after huge pages were switched off.
        HeapSwitch::set_huge_pages(false);
        thread::spawn(move || drop(block)).join().unwrap();
        HeapSwitch::set_huge_pages(true);
    }
    assert!(is_filled(&early, 0));
    assert_eq!(live(), before);

    // More than there are places for.
    let many: Vec<_> = (0..100).map(|number| filled(MIB / 2 + number, number)).collect();
    assert!(many.iter().enumerate().all(|(number, block)| is_filled(block, number)));
    drop((early, many));

    // Threads take and free places of one another.
    let work = |thread| move || (0..50).all(|round| is_filled(&filled(MIB / 2 + 4096 * round, thread), thread));
    let threads = [1, 2, 3, 4].map(|number| thread::spawn(work(number)));
    assert!(threads.map(thread::JoinHandle::join).into_iter().all(Result::unwrap));
    assert!(live() <= before, "{} bytes more than before", live() - before);

    #[cfg(target_os = "linux")]
    {
        use procfs::process::{MemoryMap, Process, VmFlags};

        let choice = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").unwrap_or_default();
        if !choice.contains("[madvise]") && !choice.contains("[always]") {
            println!("skipped: where blocks lie, this kernel gives no huge pages");
            return;
        }
        let block = black_box(vec![1u8; 5 * MIB]);
        let address = block.as_ptr().addr();
        assert!(address.is_multiple_of(2 * MIB), "begins within a huge page: {address:#x}");
        let holds = |map: &&MemoryMap| (map.address.0..map.address.1).contains(&(address as u64));
        let maps = Process::myself().unwrap().smaps().unwrap();
        let map = maps.iter().find(holds).unwrap();
        assert!(map.extension.vm_flags.contains(VmFlags::HG), "{map:?}");
        assert!(map.address.1 >= (address + 6 * MIB) as u64, "the last page is not whole: {map:?}");
    }
}
