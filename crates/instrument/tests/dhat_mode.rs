//! A run under dhat.
#![cfg(feature = "dhat")]

use std::fs;
use std::hint::black_box;

use span_instrument::heap::{HeapMode, HeapSwitch};
use span_instrument::{Pass, Profiler};
use tempfile::TempDir;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

#[test]
fn dhat_writes_its_file_where_it_was_told_to() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("dhat-heap.json");
    let before = black_box(vec![1u8; 4321]);
    let (large, mut growing) = (black_box(vec![1u8; 5 << 20]), black_box(vec![2u8; 5 << 20]));
    let profiler = Profiler::builder().cpu(false).heap(HeapMode::Dhat).dhat_file(&file).start().unwrap();
    drop((before, large));
    growing.resize(9 << 20, 3);
    assert!(growing.iter().take(5 << 20).all(|&byte| byte == 2) && growing.ends_with(&[3; 4 << 20]));
    drop(black_box(vec![1u8; 1234]));
    let measurement = profiler.into_measurement().unwrap();
    assert_eq!((measurement.pass, measurement.warnings), (Pass::Dhat, Vec::new()));
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.contains("dhatFileVersion") && written.contains("1234"));
}
