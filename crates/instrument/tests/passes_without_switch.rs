//! A program that runs itself once a pass, and whose global allocator is the system's. Without the test harness: this
//! program is its own child.
#![allow(clippy::unwrap_used, reason = "it is a test")]

use std::env;
use std::process::{Command, Output};

use span_instrument::{Options, Outcome, run};
use tracing::info_span;

/// Under this name, the program is the one that is tested.
const PROGRAM: &str = "be-the-program";
const REASON: &str = "HeapSwitch is not this program's #[global_allocator]";

fn main() -> Outcome {
    if env::args().nth(1).is_some_and(|first| first == PROGRAM) {
        return run(Options::new("test"), |profiler| {
            let _operation = profiler.time("Work");
            info_span!("stage").in_scope(|| drop(std::hint::black_box(vec![1u8; 1000])));
        });
    }
    default_passes_leave_out_the_heap();
    a_heap_pass_that_is_asked_for_fails();
    println!("all passed");
    Outcome { report: None, failures: Vec::new(), missing: None }
}

fn ran(passes: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg(PROGRAM).env("SPAN_INSTRUMENT_OUT", folder.path()).env("SPAN_INSTRUMENT", passes);
    command.output().unwrap()
}

fn default_passes_leave_out_the_heap() {
    let ran = ran("");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.status.code(), Some(0), "{err}");
    assert!(err.starts_with(&format!("skipped: pass heap, because {REASON}\n")), "{err}");
    assert!(!err.contains("error"), "{err}");
    assert!(out.contains("── spans pass") && !out.contains("── heap pass"), "{out}");
}

fn a_heap_pass_that_is_asked_for_fails() {
    let ran = ran("clean,heap");
    assert_eq!(ran.status.code(), Some(1));
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(err.ends_with(&format!("error: pass heap failed: {REASON}\n")), "{err}");
}
