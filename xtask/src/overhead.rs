//! `cargo xtask overhead`: the cost of each pass.
//!
//! A child process that measures the clock alone and one that runs another pass are run in turn until the ratio of their
//! times is known. A build without spans, run in turn with this one, shows the cost of spans without a subscriber.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use span_instrument::Pass;
use span_instrument::compare::{Figure, Interleaved, Row, Runs, Side, Variant};
use span_instrument::passes::{Launcher, PassError, Program};

use crate::builds::Builds as OtherBuilds;
use crate::failure::Failure;
use crate::family::Family;
use crate::{maps, output, programs};

/// Measure the cost of measuring.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps: files, folders, `-` for standard input [default: those of profile-hypfer]
    maps: Vec<PathBuf>,
    /// Repetitions of each operation on each map in a child process
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// How long to measure each row at most
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
    /// Which instruments, with commas between them. `unheard` and `lines` need other builds of this program, and `lines`
    /// takes minutes more
    #[arg(long, value_name = "ROWS", value_delimiter = ',', default_values_t = DEFAULT_ROWS)]
    rows: Vec<Instrument>,
    /// Print the table alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Instrument {
    /// Spans without a subscriber.
    Unheard,
    Spans,
    Flame,
    Heap,
    Dhat,
    Lines,
}

const DEFAULT_ROWS: [Instrument; 5] =
    [Instrument::Unheard, Instrument::Spans, Instrument::Flame, Instrument::Heap, Instrument::Dhat];

impl Instrument {
    const fn pass(self) -> Pass {
        match self {
            Self::Unheard => Pass::Clean,
            Self::Spans => Pass::Spans,
            Self::Flame => Pass::Flame,
            Self::Heap => Pass::Heap,
            Self::Dhat => Pass::Dhat,
            Self::Lines => Pass::Lines,
        }
    }

    /// The cost of the Python tool that the pass replaces, from the document of that tool.
    const fn in_python(self) -> &'static str {
        match self {
            Self::Heap => "5–10 %",
            Self::Spans => "10–20 %",
            Self::Lines => "50–100 %",
            _ => "",
        }
    }
}

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unheard => f.write_str("unheard"),
            _ => self.pass().fmt(f),
        }
    }
}

/// The operations of a run, in the order of the columns.
const OPERATIONS: [&str; 5] = ["Parse", "Image", "Steady", "Changed", "Encode"];

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let maps = maps::read_valid(&arguments.maps, &[Family::Hypfer.own_maps()])?;
    let temporary = tempfile::tempdir().map_err(|error| Failure::new(format!("temporary folder: {error}")))?;
    let mut launcher = Launcher::new(temporary.path()).map_err(Failure::of_pass)?;
    if let Some(map) = maps.iter().find(|map| map.is_standard_input) {
        launcher = launcher.with_standard_input(&map.bytes).map_err(Failure::of_pass)?;
    }
    let builds = builds(arguments)?;
    let rows = arguments.rows.iter().map(|&instrument| {
        if !arguments.quiet {
            eprintln!("{instrument}");
        }
        Ok((instrument, cost(&launcher, &builds, instrument, arguments.seconds)?))
    });
    let rows: Vec<(Instrument, Vec<Row>)> = rows.collect::<Result<_, Failure>>()?;

    let names: Vec<&str> = maps.iter().map(|map| map.name.as_str()).collect();
    let mut text = format!("⚖️  Overhead of Measuring, in % ({}):\n   {:<16}", names.join(", "), "");
    text += &OPERATIONS.map(|operation| format!("{operation:>10}")).concat();
    text += "  in Python\n";
    for (instrument, rows) in &rows {
        let name =
            if *instrument == Instrument::Unheard { "spans, unheard".to_owned() } else { format!("pass {instrument}") };
        let cells = OPERATIONS.map(|operation| cell(rows, operation)).concat();
        text += format!("   {name:<16}{cells}  {}", instrument.in_python()).trim_end();
        text.push('\n');
    }
    text += "   Medians of pairs of processes that ran in turn, ± half of the 99 % interval.\n";
    text += "   spans, unheard: beside a build without spans; passes: beside the clean one.\n";
    output::print(&text)
}

/// The programs that are compared.
struct Builds {
    without_spans: Program,
    /// It can run all passes that are asked for.
    this: Program,
}

/// Makes the builds that the rows need; this build stands for those that they do not.
fn builds(arguments: &Arguments) -> Result<Builds, Failure> {
    let program = |build| programs::of_maps(build, &arguments.maps, arguments.frames);
    let wants = |instrument| arguments.rows.contains(&instrument);
    if !wants(Instrument::Unheard) && !wants(Instrument::Lines) {
        let this = program(Program::this_executable().map_err(Failure::of_pass)?.path().to_owned());
        return Ok(Builds { without_spans: this.clone(), this });
    }
    let other = OtherBuilds::new(arguments.quiet)?;
    let without_spans = other.with_features(if wants(Instrument::Unheard) { "no-spans" } else { "" })?;
    let this = other.with_features(if wants(Instrument::Lines) { "lines" } else { "" })?;
    Ok(Builds { without_spans: program(without_spans), this: program(this) })
}

/// The times of operations under an instrument, as multiples of those without it.
fn cost(launcher: &Launcher, builds: &Builds, instrument: Instrument, seconds: u64) -> Result<Vec<Row>, Failure> {
    let clean = if instrument == Instrument::Unheard { &builds.without_spans } else { &builds.this };
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut interleaved = Interleaved::new(Side::default(), Side::default());
    let measured = interleaved.run(&[instrument.pass()], until, |variant, pass| match variant {
        Variant::Before => launcher.measure(clean, Pass::Clean),
        Variant::After => launcher.measure(&builds.this, pass),
    });
    match measured {
        Ok(()) => Ok(interleaved.finish().rows),
        Err(PassError::Interrupted) => Err(Failure::interrupted("a row is not known yet")),
        Err(error) => Err(Failure::of_pass(error)),
    }
}

/// The cell of an operation: the additional time in per cent.
fn cell(rows: &[Row], operation: &str) -> String {
    let of_operation =
        |row: &&Row| row.figure == Figure::OperationTime && row.subject == operation && row.runs == Runs::Later;
    // On all maps together, if there are several.
    let row = rows.iter().filter(of_operation).min_by_key(|row| row.input.is_some());
    let Some((ratio, interval)) = row.and_then(|row| Some((row.ratio?, row.interval?))) else {
        return format!("{:>10}", "-");
    };
    let percent = 100.0 * (ratio - 1.0);
    let margin = 50.0 * (interval.1 - interval.0);
    let decimals = usize::from(percent.abs() < 99.5);
    format!("{:>10}", format!("{percent:+.decimals$}±{margin:.decimals$}"))
}
