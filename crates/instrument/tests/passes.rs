//! A program that runs itself once a pass. Without the test harness: this program is its own child.
#![allow(clippy::unwrap_used, clippy::panic, reason = "it is a test")]

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use span_instrument::heap::HeapSwitch;
use span_instrument::passes::is_child;
use span_instrument::{Options, Outcome, Pass, Profiler, run};
use tempfile::TempDir;
use tracing::info_span;

#[global_allocator]
static ALLOCATOR: HeapSwitch = HeapSwitch::new();

/// Under this name, the program is the one that is tested.
const PROGRAM: &str = "be-the-program";

fn main() -> Outcome {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == PROGRAM) {
        return program(&arguments[1..]);
    }
    every_pass_is_run_and_every_output_is_written();
    the_environment_chooses_passes_and_folder();
    #[cfg(all(feature = "flame", feature = "dhat"))]
    the_first_child_of_a_pass_leaves_its_file_and_later_ones_keep_it();
    off_does_the_work_once_and_measures_nothing();
    a_pass_that_fails_leaves_the_others();
    children_read_the_same_standard_input();
    a_childs_own_child_is_not_measured();
    an_unknown_pass_is_named();
    a_profiler_that_is_dropped_says_so();
    #[cfg(unix)]
    a_child_that_a_signal_ends_names_the_signal();
    #[cfg(unix)]
    ctrl_c_reports_what_there_is();
    println!("all passed");
    Outcome { report: None, failures: Vec::new(), missing: None }
}

/// Work that its arguments change.
fn program(arguments: &[String]) -> Outcome {
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    if has("drop") {
        drop(Profiler::builder().start().unwrap());
        drop(Profiler::disabled());
    }
    let mut options = Options::new("test").passes([Pass::Clean, Pass::Spans, Pass::Heap]).quiet(has("quiet"));
    #[cfg(all(feature = "flame", feature = "dhat"))]
    if has("files") {
        options = options.passes([Pass::Clean, Pass::Flame, Pass::Dhat]).processes(5);
    }
    if has("stdin") && !is_child() {
        options = options.standard_input("from the parent");
    }
    let outcome = run(options, |profiler| {
        println!("the work prints");
        profiler.snapshot("Start");
        for _ in 0..3 {
            let _operation = profiler.time("Work");
            info_span!("stage").in_scope(|| drop(std::hint::black_box(vec![1u8; 1000])));
        }
        if has("fail-spans") && profiler.pass() == Some(Pass::Spans) {
            return Err("the spans pass was told to fail".into());
        }
        if has("panic-heap") && profiler.pass() == Some(Pass::Heap) {
            panic!("the heap pass was told to panic");
        }
        let own_file = match profiler.pass() {
            Some(Pass::Flame) => Some("tracing.folded"),
            Some(Pass::Dhat) => Some("dhat-heap.json"),
            _ => None,
        };
        if let Some(name) = own_file {
            let out = env::var_os("SPAN_INSTRUMENT_OUT").unwrap();
            if Path::new(&out).join(name).exists() {
                info_span!("later").in_scope(|| drop(std::hint::black_box(vec![1u8; 7_654_321])));
                let mut later = fs::File::options().create(true).append(true).open(Path::new(&out).join("later"))?;
                writeln!(later, "{name}")?;
            }
        }
        if has("kill-heap") && profiler.pass() == Some(Pass::Heap) {
            eprintln!("loaded 5 maps");
            Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status()?;
        }
        if has("stdin") {
            let read = std::io::read_to_string(std::io::stdin())?;
            assert_eq!(read, "from the parent");
        }
        if has("grandchild") {
            let again = Command::new(env::current_exe()?).args([PROGRAM, "quiet"]).output()?;
            assert!(again.status.success(), "{again:?}");
            assert_eq!(String::from_utf8_lossy(&again.stdout), "the work prints\nafter the run\n");
        }
        if has("forever") && profiler.pass() == Some(Pass::Heap) {
            loop {
                std::thread::park();
            }
        }
        Ok::<(), Box<dyn std::error::Error>>(())
    });
    println!("after the run");
    outcome
}

/// Runs the program with its outputs in `out`.
fn command(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg(PROGRAM).args(arguments).env("SPAN_INSTRUMENT_OUT", out).env_remove("SPAN_INSTRUMENT");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
}

fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn every_pass_is_run_and_every_output_is_written() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &[]).output().unwrap());
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(
        ran.err,
        "pass 1/7: clean\npass 2/7: spans\npass 3/7: heap\npass 4/7: spans\npass 5/7: clean\npass 6/7: clean\npass 7/7: spans\n"
    );
    assert!(ran.out.ends_with("\nafter the run\n") && !ran.out.contains("the work prints"), "{}", ran.out);
    let report = fs::read_to_string(folder.path().join("report.txt")).unwrap();
    assert!(ran.out.starts_with(&report) && report.contains("Count: 9") && report.contains("stage"), "{report}");
    for output in ["report.html", "report.json", "trace.json", "speedscope.json", "profile_output_test.prof"] {
        assert!(ran.out.contains(output) && folder.path().join(output).is_file(), "{output}");
    }
    assert!(names(folder.path()).iter().all(|name| !name.starts_with('.')), "{:?}", names(folder.path()));
}

fn the_environment_chooses_passes_and_folder() {
    let folder = TempDir::new().unwrap();
    let output = command(&folder.path().join("there"), &["quiet"]).env("SPAN_INSTRUMENT", "spans").output().unwrap();
    let ran = ran(output);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.contains("── spans pass") && !ran.out.contains("── heap pass"), "{}", ran.out);
    assert_eq!(names(folder.path()), ["there"]);
}

#[cfg(all(feature = "flame", feature = "dhat"))]
fn the_first_child_of_a_pass_leaves_its_file_and_later_ones_keep_it() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &["quiet", "files"]).output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let later = read("later");
    for (name, trace) in [("tracing.folded", "later"), ("dhat-heap.json", "7654321")] {
        assert_eq!(later.lines().filter(|line| *line == name).count(), 4, "{name}");
        assert!(!read(name).contains(trace), "a later child replaced {name}");
    }
    assert!(names(folder.path()).iter().all(|name| !name.starts_with('.')), "{:?}", names(folder.path()));
}

fn off_does_the_work_once_and_measures_nothing() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &[]).env("SPAN_INSTRUMENT", "off").output().unwrap());
    assert_eq!((ran.status, ran.out.as_str(), ran.err.as_str()), (Some(0), "the work prints\nafter the run\n", ""));
    assert!(names(folder.path()).is_empty());
}

fn a_pass_that_fails_leaves_the_others() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &["quiet", "fail-spans", "panic-heap"]).output().unwrap());
    assert_eq!(ran.status, Some(1));
    let expected = "error: pass spans failed: the spans pass was told to fail\n\
                    error: pass heap failed: the heap pass was told to panic\n";
    assert_eq!(ran.err, expected);
    assert!(ran.out.contains("Count: 9") && folder.path().join("report.html").is_file(), "{}", ran.out);
}

fn children_read_the_same_standard_input() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &["quiet", "stdin"]).output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
}

fn a_childs_own_child_is_not_measured() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &["quiet", "grandchild"]).output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
}

fn an_unknown_pass_is_named() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &[]).env("SPAN_INSTRUMENT", "clean,heep").output().unwrap());
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), "error: SPAN_INSTRUMENT: there is no pass heep\n"));
}

fn a_profiler_that_is_dropped_says_so() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &["drop"]).env("SPAN_INSTRUMENT", "off").output().unwrap());
    let said = "span-instrument: a profiler was dropped unfinished, and its figures are lost\n";
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), said));
}

#[cfg(unix)]
fn a_child_that_a_signal_ends_names_the_signal() {
    let folder = TempDir::new().unwrap();
    let ran = ran(command(folder.path(), &["quiet", "kill-heap"]).output().unwrap());
    let expected = "error: pass heap failed: signal: 9 (SIGKILL), after it printed: loaded 5 maps\n";
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), expected));
}

#[cfg(unix)]
fn ctrl_c_reports_what_there_is() {
    use std::io::{BufRead, BufReader};

    let folder = TempDir::new().unwrap();
    let mut running = command(folder.path(), &["forever"]).spawn().unwrap();
    let mut lines = BufReader::new(running.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "pass 3/7: heap"));
    let sent = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let said: Vec<String> = lines.collect();
    let ran = ran(running.wait_with_output().unwrap());
    assert_eq!(said, ["error: interrupted: the passes heap, a further spans, a further clean are missing"]);
    assert_eq!(ran.status, Some(130));
    assert!(ran.out.contains("Count: 3") && ran.out.contains("── spans pass"), "{}", ran.out);
}
