//! The memory at the moment of the peak, by source line and by tag: as a plain model has it, which copies all live blocks
//! at each new peak.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use span_heap::{HeapMode, HeapSwitch, Live, Resolver, Session, Sites, SourceRoots, Tag, pause};

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// Without the test harness, whose threads allocate at any time: here nothing but the tests does.
fn main() {
    HeapMode::Tracking.choose().unwrap();
    lines_and_tags_add_up_to_the_peak();
    a_later_change_of_the_line_that_made_the_peak_is_not_in_it();
    any_allocations_are_as_the_model_has_them();
    threads_that_rest_at_the_peak_are_counted_exactly();
    threads_that_race_are_off_by_a_block_each_at_most();
}

const LINES: usize = 4;

/// Allocates at one of four lines.
#[inline(never)]
fn block(line: usize, bytes: usize) -> Vec<u8> {
    match line {
        0 => black_box(Vec::with_capacity(bytes)),
        1 => black_box(Vec::with_capacity(black_box(bytes))),
        2 => Vec::with_capacity(black_box(bytes)),
        _ => black_box(black_box(Vec::with_capacity(bytes))),
    }
}
const FIRST_LINE: u32 = line!() - 6;

fn resize(block: &mut Vec<u8>, bytes: usize) {
    if bytes > block.capacity() {
        block.reserve_exact(bytes);
    } else {
        block.shrink_to(bytes);
    }
}

/// The lines of all stacks up to now.
fn sites() -> Sites {
    let _pause = pause();
    let mut roots = SourceRoots::default();
    roots.add(env!("CARGO_MANIFEST_DIR").as_ref());
    Resolver::new(roots).resolve()
}

fn sum(all: impl IntoIterator<Item = Live>) -> Live {
    let add = |sum: Live, live: Live| Live { bytes: sum.bytes + live.bytes, blocks: sum.blocks + live.blocks };
    all.into_iter().fold(Live::default(), add)
}

/// Live memory at the peak by line of [`block`]. `sites` are found anew if a stack is not among them.
fn by_line(session: &Session, sites: &mut Sites) -> [Live; LINES] {
    let _pause = pause();
    let mut lines = [Live::default(); LINES];
    for stack in session.stack_uses().filter(|stack| stack.live_at_peak != Live::default()) {
        if sites.site_of(stack.stack).index() == 0 {
            *sites = self::sites();
        }
        let site = &sites.all()[sites.site_of(stack.stack).index()];
        let line = site.line.checked_sub(FIRST_LINE).map_or(LINES, |line| line as usize);
        assert!(line < LINES && site.file == "tests/heap_at_peak.rs", "{}:{}", site.file, site.line);
        lines[line] = sum([lines[line], stack.live_at_peak]);
    }
    lines
}

/// Live bytes at the peak, of all stacks and of all these tags.
fn sums(session: &Session, tags: &[Tag]) -> (u64, u64) {
    let _pause = pause();
    let tags = tags.iter().map(|&tag| session.tag_heap(tag).unwrap().live_at_peak_bytes);
    (sum(session.stack_uses().map(|stack| stack.live_at_peak)).bytes, tags.sum())
}

fn lines_and_tags_add_up_to_the_peak() {
    let session = Session::begin().unwrap();
    let (outer, inner) = (session.tags().draw().unwrap(), session.tags().draw().unwrap());
    let tags = [session.tags().untagged(), outer, inner];
    let bytes = |tag| session.tag_heap(tag).unwrap().live_at_peak_bytes;
    assert_eq!(sums(&session, &tags), (0, 0));
    let kept = block(0, 100);
    {
        let _outer = outer.enter();
        let mut grown = block(1, 10);
        {
            let _inner = inner.enter();
            drop(block(2, 50));
            assert_eq!((session.peak_bytes(), bytes(inner)), (160, 50));
            // Credited to the tag that allocated.
            resize(&mut grown, 1000);
        }
        assert_eq!((session.peak_bytes(), tags.map(bytes)), (1100, [100, 1000, 0]));
        resize(&mut grown, 20);
        drop((grown, block(3, 980)));
    }
    // As much as the peak again, and so no new one.
    let other = block(3, 1000);
    assert_eq!((session.peak_bytes(), session.live().bytes, tags.map(bytes)), (1100, 1100, [100, 1000, 0]));
    drop((kept, other));
    let live = |bytes, blocks| Live { bytes, blocks };
    let lines = by_line(&session, &mut sites());
    assert_eq!(lines, [live(100, 1), live(1000, 1), live(0, 0), live(0, 0)]);
    assert_eq!(sums(&session, &tags), (1100, 1100));
}

fn a_later_change_of_the_line_that_made_the_peak_is_not_in_it() {
    let session = Session::begin().unwrap();
    let sizes = [300, 200, 100];
    // A staircase down at one line, and each step up a new peak.
    for size in sizes {
        let (first, second) = (block(0, size), block(0, size));
        drop(first);
        let third = block(0, 1);
        drop((second, third));
    }
    assert_eq!(session.peak_bytes(), 600);
    assert_eq!(by_line(&session, &mut sites())[0], Live { bytes: 600, blocks: 2 });
    let larger = block(0, 601);
    assert_eq!(by_line(&session, &mut sites())[0], Live { bytes: 601, blocks: 1 });
    drop(larger);
}

/// A step of a program. Indices are taken modulo the number of live blocks.
#[derive(Debug, Clone)]
enum Step {
    Allocate {
        line: usize,
        tag: usize,
        bytes: usize,
    },
    Free(usize),
    Resize(usize, usize),
    /// A second session begins, if none runs.
    Begin,
    /// The second session ends.
    End,
}

const TAGS: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    let bytes = || 1..5000usize;
    prop_oneof![
        8 => (0..LINES, 0..TAGS, bytes()).prop_map(|(line, tag, bytes)| Step::Allocate { line, tag, bytes }),
        6 => any::<usize>().prop_map(Step::Free),
        6 => (any::<usize>(), bytes()).prop_map(|(index, bytes)| Step::Resize(index, bytes)),
        1 => Just(Step::Begin),
        1 => Just(Step::End),
    ]
}

/// A live block of the model.
#[derive(Debug, Clone, Copy)]
struct ModelBlock {
    /// Counts all blocks.
    number: usize,
    line: usize,
    tag: usize,
    bytes: usize,
}

/// The model of a session.
struct Model {
    session: Session,
    tags: [Tag; TAGS],
    /// Blocks with smaller numbers are from before the session.
    first: usize,
    peak: usize,
    at_peak: Vec<ModelBlock>,
}

impl Model {
    fn begin(first: usize) -> Self {
        let session = Session::begin().unwrap();
        let pool = session.tags();
        let tags = [pool.untagged(), pool.draw().unwrap(), pool.draw().unwrap()];
        Self { session, tags, first, peak: 0, at_peak: Vec::new() }
    }

    fn step(&mut self, live: &[ModelBlock]) {
        let _pause = pause();
        let own: Vec<ModelBlock> = live.iter().filter(|block| block.number >= self.first).copied().collect();
        let bytes = own.iter().map(|block| block.bytes).sum();
        if bytes > self.peak {
            (self.peak, self.at_peak) = (bytes, own);
        }
    }

    fn check(&self, sites: &mut Sites) {
        let _pause = pause();
        let live = |of: &dyn Fn(&ModelBlock) -> bool| {
            let blocks = self.at_peak.iter().filter(|block| of(block));
            sum(blocks.map(|block| Live { bytes: block.bytes as u64, blocks: 1 }))
        };
        assert_eq!(self.session.peak_bytes(), self.peak as u64);
        assert_eq!(by_line(&self.session, sites), [0, 1, 2, 3].map(|line| live(&|block| block.line == line)));
        let tags = self.tags.map(|tag| self.session.tag_heap(tag).unwrap().live_at_peak_bytes);
        assert_eq!(tags, [0, 1, 2].map(|tag| live(&|block| block.tag == tag).bytes));
        assert_eq!(sums(&self.session, &self.tags), (self.peak as u64, self.peak as u64));
    }
}

fn any_allocations_are_as_the_model_has_them() {
    // Valgrind takes fifty times as long, so PROPTEST_CASES may lower their number.
    let config = Config { failure_persistence: None, ..Config::default() };
    let sites = RefCell::new(sites());
    let run = |steps: Vec<Step>| {
        // In a session, nothing but the blocks is tracked: vectors have room, and the models pause.
        let mut live: Vec<ModelBlock> = Vec::with_capacity(steps.len());
        let mut blocks: Vec<Vec<u8>> = Vec::with_capacity(steps.len());
        let mut number = 0;
        let mut whole = Model::begin(number);
        let mut part: Option<Model> = None;
        for step in steps {
            match step {
                Step::Allocate { line, tag, bytes } => {
                    let _whole = whole.tags[tag].enter();
                    let _part = part.as_ref().map(|part| part.tags[tag].enter());
                    blocks.push(block(line, bytes));
                    live.push(ModelBlock { number, line, tag, bytes });
                    number += 1;
                }
                Step::Free(index) if !live.is_empty() => {
                    let index = index % live.len();
                    live.swap_remove(index);
                    drop(blocks.swap_remove(index));
                }
                Step::Resize(index, bytes) if !live.is_empty() => {
                    let index = index % live.len();
                    resize(&mut blocks[index], bytes);
                    live[index].bytes = bytes;
                }
                Step::Begin if part.is_none() => part = Some(Model::begin(number)),
                Step::End => {
                    if let Some(part) = part.take() {
                        part.check(&mut sites.borrow_mut());
                    }
                }
                Step::Free(_) | Step::Resize(..) | Step::Begin => {}
            }
            whole.step(&live);
            if let Some(part) = &mut part {
                part.step(&live);
            }
        }
        for model in [Some(whole), part].into_iter().flatten() {
            model.check(&mut sites.borrow_mut());
        }
        Ok(())
    };
    TestRunner::new(config).run(&prop::collection::vec(step(), 0..120), run).unwrap();
}

const THREADS: usize = 4;

fn threads_that_rest_at_the_peak_are_counted_exactly() {
    let session = Session::begin().unwrap();
    let tags: Vec<Tag> = {
        let _pause = pause();
        (0..THREADS).map(|_| session.tags().draw().unwrap()).collect()
    };
    let barrier = Barrier::new(THREADS);
    let work = |thread: usize| {
        let _tag = tags[thread].enter();
        for round in 1..=3 {
            let kept: [Vec<u8>; 64] = [(); 64].map(|()| block(thread, 1000 * round + thread));
            // Nobody frees before all have allocated: this is the peak of the round.
            barrier.wait();
            drop(kept);
            barrier.wait();
        }
    };
    thread::scope(|scope| {
        let _pause = pause();
        for thread in 0..THREADS {
            let work = &work;
            scope.spawn(move || work(thread));
        }
    });
    let expected = [0, 1, 2, 3].map(|thread| 64 * (3000 + thread));
    for (tag, expected) in tags.iter().zip(expected) {
        assert_eq!(session.tag_heap(*tag).unwrap().live_at_peak_bytes, expected);
    }
    let of_all = sum(session.stack_uses().map(|stack| stack.live_at_peak)).bytes;
    assert_eq!(of_all, session.peak_bytes());
}

fn threads_that_race_are_off_by_a_block_each_at_most() {
    const LARGEST: usize = 1000;
    let session = Session::begin().unwrap();
    let work = |thread: usize| {
        let mut kept: Vec<Vec<u8>> = {
            let _pause = pause();
            Vec::with_capacity(512)
        };
        for step in 0..40_000 {
            if kept.len() == 512 || step % 3 == 0 && !kept.is_empty() {
                drop(kept.swap_remove(step % kept.len()));
            } else {
                kept.push(block((thread + step) % LINES, (step * 7 + thread) % LARGEST + 1));
            }
        }
    };
    thread::scope(|scope| {
        let _pause = pause();
        for thread in 0..THREADS {
            let work = &work;
            scope.spawn(move || work(thread));
        }
    });
    let of_all = sum(session.stack_uses().map(|stack| stack.live_at_peak)).bytes;
    let off = of_all.abs_diff(session.peak_bytes());
    assert!(off <= (THREADS * LARGEST) as u64, "{of_all} at the peak of {}", session.peak_bytes());
    // A new peak when all is quiet is exact again, whatever was kept before. One byte more, or it would be as high as the
    // last and so no new one.
    let of_the_race = session.peak_bytes();
    let quiet = block(0, of_the_race as usize + 1);
    assert!(session.peak_bytes() > of_the_race);
    let of_all = sum(session.stack_uses().map(|stack| stack.live_at_peak)).bytes;
    assert_eq!(of_all, session.peak_bytes());
    drop(quiet);
}
