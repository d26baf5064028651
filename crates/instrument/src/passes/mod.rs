//! The pass runner: the program runs itself once a pass, and one report comes of it.
//!
//! Every instrument disturbs what the others measure. So [`run`] starts the program again for each pass, as a child
//! process with the same arguments and an empty standard input, or that of [`Options::standard_input`]; a child recognises
//! itself by environment variables and leaves one pass file. The parent does no work of its own: it merges the files, prints the report and writes every
//! output. Clean children, which measure the clock alone, run before, between and after the others.
//!
//! ```no_run
//! use span_instrument::heap::HeapSwitch;
//! use span_instrument::{Options, Outcome, run};
//!
//! #[global_allocator]
//! static ALLOCATOR: HeapSwitch = HeapSwitch::new();
//!
//! fn main() -> Outcome {
//!     run(Options::new("bakery").source_root(env!("CARGO_MANIFEST_DIR")), |profiler| {
//!         let _operation = profiler.time("Bake");
//!         bake();
//!     })
//! }
//! # fn bake() {}
//! ```
//!
//! # Environment variables
//! | | |
//! |---|---|
//! | `SPAN_INSTRUMENT` | `off`: do the work once and measure nothing. Else the passes to run, with commas between them: `clean,spans,heap` |
//! | `SPAN_INSTRUMENT_OUT` | the folder of the outputs |
//! | `NO_COLOR` | no colours in the progress bar |
//!
//! They win over the [`Options`] of the program. A parent sets `SPAN_INSTRUMENT_PASS`, `SPAN_INSTRUMENT_RESULT`,
//! `SPAN_INSTRUMENT_FILES` and `SPAN_INSTRUMENT_PARENT` for its children.
//!
//! # Ctrl-C
//! The first Ctrl-C ends the child at work; the passes that were finished are reported, and the exit status is 130. The
//! second exits at once. If the parent is killed or ended by another signal, Linux kills the child with it; on other systems
//! the child goes on to its end.
//!
//! # Programs with more to say
//! [`measure`] gives the measurements without report and outputs. A [`Launcher`] runs single passes of this or another
//! [`Program`], for comparisons of two builds.

mod assignment;
mod background;
mod child;
mod child_end;
mod error;
mod interrupt;
mod launcher;
mod measure;
mod options;
mod outcome;
mod plan;
mod program;
mod progress;
mod variables;
mod work;

pub use self::assignment::is_child;
pub use self::background::BackgroundWork;
pub use self::error::PassError;
pub use self::launcher::Launcher;
pub use self::measure::{Measured, measure};
pub use self::options::Options;
pub use self::outcome::{Outcome, run};
pub use self::program::Program;
pub use self::work::WorkResult;
