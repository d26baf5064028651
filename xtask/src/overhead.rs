//! `cargo xtask overhead`: what each way of measuring costs.
//!
//! A child process that measures nothing but the clock, and one that measures in some way, are run in turn until the
//! ratio of their times is known. Two more programs tell what spans cost when nobody listens: this one, and one that
//! was built without them.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use span_instrument::Pass;
use span_instrument::compare::{Figure, Interleaved, Row, Side, Variant};

use crate::builds::Builds;
use crate::failure::Failure;
use crate::profile::{Family, Interrupt, Program, Session};
use crate::{maps, output};

/// Measure what measuring costs.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps: files, folders, `-` for standard input [default: those of profile-hypfer]
    maps: Vec<PathBuf>,
    /// How often each operation is repeated on each map in a child process
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: u32,
    /// How long to measure each row at most
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
    /// Which ways of measuring, with commas between them. `unheard` and `lines` take other builds of this program, and
    /// `lines` minutes more
    #[arg(long, value_name = "ROWS", value_delimiter = ',', default_values_t = DEFAULT_ROWS)]
    rows: Vec<Way>,
    /// Print the table alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// A way of measuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Way {
    /// Not at all: the spans are there, and nobody listens.
    Unheard,
    Spans,
    Flame,
    Heap,
    Dhat,
    Lines,
}

const DEFAULT_ROWS: [Way; 5] = [Way::Unheard, Way::Spans, Way::Flame, Way::Heap, Way::Dhat];

impl Way {
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

    /// What the document that this tool stands in for says of its Python tools.
    const fn in_python(self) -> &'static str {
        match self {
            Self::Heap => "5–10 %",
            Self::Spans => "10–20 %",
            Self::Lines => "50–100 %",
            _ => "",
        }
    }
}

impl fmt::Display for Way {
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
    let session = Session::apart(&maps, arguments.frames)?;
    let interrupt = Interrupt::watch()?;
    let measure = Measure { arguments, session: &session, interrupt: &interrupt };

    let (without, this) = programs(arguments)?;
    let rows = arguments.rows.iter().map(|&way| {
        if !arguments.quiet {
            eprintln!("{way}");
        }
        let clean = if way == Way::Unheard { &without } else { &this };
        Ok((way, measure.cost(clean, &this, way.pass())?))
    });
    let rows: Vec<(Way, Vec<Row>)> = rows.collect::<Result<_, Failure>>()?;

    let names: Vec<&str> = maps.iter().map(|map| map.name.as_str()).collect();
    let mut text = format!("⚖️  Overhead of Measuring, in % ({}):\n   {:<16}", names.join(", "), "");
    text += &OPERATIONS.map(|operation| format!("{operation:>10}")).concat();
    text += "  in Python\n";
    for (way, rows) in &rows {
        let name = if *way == Way::Unheard { "spans, unheard".to_owned() } else { format!("pass {way}") };
        let cells = OPERATIONS.map(|operation| cell(rows, operation)).concat();
        text += format!("   {name:<16}{cells}  {}", way.in_python()).trim_end();
        text.push('\n');
    }
    text += "   Medians of pairs of processes that ran in turn, ± half of the 99 % interval.\n";
    text += "   spans, unheard: beside a build without spans; passes: beside the clean one.\n";
    output::print(&text)
}

/// A build without spans, and one that can measure in all the ways asked for. Either is this one where no other is needed.
fn programs(arguments: &Arguments) -> Result<(Program, Program), Failure> {
    let wants = |way| arguments.rows.contains(&way);
    if !wants(Way::Unheard) && !wants(Way::Lines) {
        return Ok((Program::this()?, Program::this()?));
    }
    let builds = Builds::new(arguments.quiet)?;
    let without = if wants(Way::Unheard) { builds.with_features("no-spans") } else { Program::this() }?;
    let this = builds.with_features(if wants(Way::Lines) { "lines" } else { "" })?;
    Ok((without, this))
}

/// What the rows are measured with.
struct Measure<'a> {
    arguments: &'a Arguments,
    session: &'a Session,
    interrupt: &'a Interrupt,
}

impl Measure<'_> {
    /// The times of a program in a pass, as multiples of those of another that measures nothing but the clock.
    fn cost(&self, clean: &Program, program: &Program, pass: Pass) -> Result<Vec<Row>, Failure> {
        let until = Instant::now() + Duration::from_secs(self.arguments.seconds);
        let mut interleaved = Interleaved::new(Side::default(), Side::default());
        interleaved.run(&[pass], until, |which, pass| {
            let (program, pass) = match which {
                Variant::Before => (clean, Pass::Clean),
                Variant::After => (program, pass),
            };
            let measured = self.session.measure(program, pass, self.interrupt)?;
            measured.ok_or_else(|| Failure::interrupted("a row is not known yet"))
        })?;
        Ok(interleaved.finish().rows)
    }
}

/// An operation's cell: how much longer it takes, in per cent.
fn cell(rows: &[Row], operation: &str) -> String {
    let row = rows.iter().find(|row| row.figure == Figure::OperationTime && row.subject == operation);
    let Some((ratio, interval)) = row.and_then(|row| Some((row.ratio?, row.interval?))) else {
        return format!("{:>10}", "-");
    };
    let percent = 100.0 * (ratio - 1.0);
    let margin = 50.0 * (interval.1 - interval.0);
    let decimals = usize::from(percent.abs() < 99.5);
    format!("{:>10}", format!("{percent:+.decimals$}±{margin:.decimals$}"))
}
