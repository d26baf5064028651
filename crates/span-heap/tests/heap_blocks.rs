//! Memory from the heap switch is as good as the system's. This test is the one to run under memory checkers (see
//! docs/robustness.md).

use std::hint::black_box;
use std::thread;

use span_heap::{HeapMode, HeapSwitch, Session};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(align(64))]
struct Aligned([u8; 64]);

/// Blocks of many sizes and two alignments: filled, zeroed, grown, shrunk.
fn blocks(round: u8) -> (Vec<Vec<u8>>, Vec<Aligned>) {
    let mut filled = Vec::new();
    for size in [0usize, 1, 7, 8, 9, 63, 64, 65, 1000, 5000, 40_000] {
        let mut grown: Vec<u8> = (0..size).map(|at| at as u8 ^ round).collect();
        grown.extend(black_box(vec![0; size]));
        grown.reserve_exact(3 * size);
        filled.push(grown.clone());
        grown.truncate(size / 2);
        grown.shrink_to_fit();
        filled.push(grown);
    }
    (filled, vec![Aligned([round; 64]); 9])
}

/// One test: the mode is chosen once per process.
#[test]
fn blocks_keep_their_bytes_across_modes_sizes_and_threads() {
    let (early, early_aligned) = black_box(blocks(0));
    HeapMode::Tracking.choose().unwrap();
    let session = Session::begin().unwrap();
    let before = session.statistics();
    for round in 1..4 {
        let (filled, aligned) = black_box(blocks(round));
        for (pair, expected) in filled.chunks_exact(2).zip(early.chunks_exact(2)) {
            let [whole, half] = pair else { unreachable!() };
            let size = whole.len() / 2;
            assert!(
                (0..size).all(|at| whole[at] == expected[0][at] ^ round) && whole[size..].iter().all(|&zero| zero == 0)
            );
            assert_eq!(half[..], whole[..size / 2]);
        }
        assert!(aligned.iter().all(|block| block.0 == [round; 64] && std::ptr::from_ref(block).addr() % 64 == 0));
        // Freed on another thread.
        thread::spawn(move || drop((filled, aligned))).join().unwrap();
    }
    let after = session.statistics();
    assert!(after.allocations >= before.allocations + 3 * 30, "{before:?} {after:?}");
    // Blocks from before the session are not counted, also when they are freed.
    drop((early, early_aligned));
    assert_eq!(session.statistics().frees, after.frees);
}
