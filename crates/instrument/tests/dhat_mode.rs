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
    let profile: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let stacks = profile["pps"].as_array().unwrap();
    assert!(profile["dhatFileVersion"] == 2 && stacks.iter().any(|stack| stack["tb"] == 1234), "{profile}");
    assert!(!profile["cmd"].as_str().unwrap().contains('/'));
    let sum = |field: &str| stacks.iter().map(|stack| stack[field].as_u64().unwrap()).sum::<u64>();
    let totals = measurement.dhat.unwrap();
    assert_eq!((totals.total.bytes, totals.total.blocks), (sum("tb"), sum("tbk")));
    assert_eq!((totals.at_peak.bytes, totals.at_peak.blocks), (sum("gb"), sum("gbk")));
    assert_eq!((totals.at_end.bytes, totals.at_end.blocks), (sum("eb"), sum("ebk")));
    for stack in stacks {
        let top = stack["fs"][0].as_u64().and_then(|frame| profile["ftbl"][frame as usize].as_str()).unwrap();
        let is_own = ["dhat::", "(dhat-", "span_heap::switch", "span-heap/src"].iter().any(|part| top.contains(part));
        assert!(!is_own, "{top}");
    }
}
