//! `cargo xtask profile-hypfer` and `profile-rand`: where time and memory go while maps become pictures.
//!
//! `span_instrument::passes` runs this command again in a child process for each pass; all passes do the same work
//! ([`Workload`]). The parent compares the report with a baseline, and writes it with the other outputs.

mod arguments;
mod budgets;
mod build_info;
mod load;
#[cfg(feature = "otlp")]
mod otlp;
mod outputs;
mod recording;
mod report;
mod standards;

use span_instrument::passes::{self, is_child};
use span_instrument::{Options, Pass};
use valetudo_map_workload::{KeepSizes, Workload};

use crate::failure::Failure;
use crate::family::Family;
use crate::maps::{self, Inputs};
use crate::{files, rebuilt};

pub(crate) use arguments::Arguments;
use standards::Standards;

/// How many processes run the clean and the spans pass, so that a change on one map of many is found.
const PROCESSES: usize = 12;

/// Runs the task: as a parent all passes, as a child one.
pub(crate) fn run(family: Family, arguments: &Arguments) -> Result<(), Failure> {
    let missing: Vec<(&str, &str)> = [
        ("lines", "--lines", arguments.lines && !cfg!(feature = "lines")),
        ("otlp", "--otlp", arguments.otlp.is_some() && !cfg!(feature = "otlp")),
    ]
    .into_iter()
    .filter_map(|(feature, flag, is_missing)| is_missing.then_some((feature, flag)))
    .collect();
    if !missing.is_empty() {
        return rebuilt::with(&missing);
    }
    let own_inputs = family.own_inputs();
    let inputs = maps::read_inputs(maps::or_else(&arguments.maps, &own_inputs))?;
    // A child relies on the checks of its parent, so that its memory is that of the work alone.
    let standards = if is_child() {
        Standards::default()
    } else {
        check(&inputs)?;
        Standards::read(family, arguments, &inputs)?
    };

    let options = options(family, arguments, &inputs);
    let folder = options.folder();
    if !is_child() {
        outputs::clear(&folder, &inputs)?;
    }
    let limits = arguments.limits();
    let (named, recordings) = (inputs.borrowed_maps(), inputs.borrowed_recordings());
    let has_sizes = inputs.recordings.iter().all(|recording| recording::has_sizes(&folder, &recording.name));
    let measured = passes::measure(options, |profiler| {
        let keep_sizes: KeepSizes<'_> = &|name, sizes| Ok(recording::keep_sizes(&folder, name, sizes)?);
        // One process is enough.
        let keeps_sizes = profiler.pass() == Some(Pass::Clean) && !has_sizes;
        Workload {
            maps: &named,
            recordings: &recordings,
            frames: arguments.frames,
            limits: &limits,
            keep_sizes: keeps_sizes.then_some(keep_sizes),
            plays_again: profiler.pass() == Some(Pass::Heap),
        }
        .run(profiler)
    });
    report::report(family, arguments, &inputs, &standards, measured.map_err(Failure::of_pass)?)
}

/// A bad map is said now, not after a minute, and by one process.
fn check(inputs: &Inputs) -> Result<(), Failure> {
    inputs.maps.iter().try_for_each(|map| map.parse().map(drop))?;
    inputs.recordings.iter().try_for_each(recording::check)
}

fn options(family: Family, arguments: &Arguments, inputs: &Inputs) -> Options {
    let out = arguments.out.clone().unwrap_or_else(|| files::project().join("profiles").join(family.name()));
    let mut options = Options::new(family.name())
        .title(family.command())
        .out(out)
        .passes(chosen_passes(!arguments.no_memory, !arguments.no_cpu, arguments.lines))
        .processes(PROCESSES)
        .source_root(files::project())
        .background_load(arguments.background_load, load::serve)
        .speeds(arguments.needs_baseline())
        .quiet(arguments.quiet);
    if is_child() {
        return options;
    }
    if let Some(bytes) = inputs.standard_input() {
        options = options.standard_input(bytes);
    }
    options.build_info(build_info::describe())
}

/// The passes, in the order in which they run.
fn chosen_passes(memory: bool, cpu: bool, lines: bool) -> Vec<Pass> {
    let of = |wanted: bool, passes: &[Pass]| if wanted { passes.to_vec() } else { Vec::new() };
    [
        vec![Pass::Clean],
        of(cpu, &[Pass::Spans, Pass::Flame]),
        of(memory, &[Pass::Heap, Pass::Dhat]),
        of(lines, &[Pass::Lines]),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_choose_passes() {
        use Pass::{Clean, Dhat, Flame, Heap, Lines, Spans};
        assert_eq!(chosen_passes(true, true, true), [Clean, Spans, Flame, Heap, Dhat, Lines]);
        assert_eq!(chosen_passes(true, false, false), [Clean, Heap, Dhat]);
        assert_eq!(chosen_passes(false, true, false), [Clean, Spans, Flame]);
        assert_eq!(chosen_passes(false, false, false), [Clean]);
    }
}
