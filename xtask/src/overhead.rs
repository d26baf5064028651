//! `cargo xtask overhead`: what each way of measuring costs.
//!
//! A child process that measures nothing but the clock, and one that measures in some way, are run in turn until the
//! ratio of their times is known. Two more programs tell what spans cost when nobody listens: this one, and one that
//! was built without them.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use span_instrument::Pass;
use span_instrument::compare::{Figure, Interleaved, Program as Which, Row, Side};

use crate::builds::Builds;
use crate::failure::Failure;
use crate::profile::{Family, Interrupt, PASSES, Program, Session};
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
    /// Leave out the row that needs another build of this program
    #[arg(long)]
    no_build: bool,
    /// Add the row of the lines pass, which takes minutes
    #[arg(long, conflicts_with = "no_build")]
    lines: bool,
    /// Print the table alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// The operations of a run, in the order of the columns.
const OPERATIONS: [&str; 5] = ["Parse", "Image", "Steady", "Changed", "Encode"];

/// What the document that this tool stands in for says of its Python tools.
const fn in_python(pass: Pass) -> &'static str {
    match pass {
        Pass::Heap => "5–10 %",
        Pass::Spans => "10–20 %",
        Pass::Lines => "50–100 %",
        _ => "",
    }
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let maps = maps::read_valid(&arguments.maps, &[Family::Hypfer.own_maps()])?;
    let session = Session::apart(&maps, arguments.frames)?;
    let interrupt = Interrupt::watch()?;
    let measure = Measure { arguments, session: &session, interrupt: &interrupt };

    let mut this = Program::this()?;
    let mut rows = Vec::new();
    if !arguments.no_build {
        let builds = Builds::new(arguments.quiet)?;
        let without = builds.with_features("no-spans")?;
        this = builds.with_features(if arguments.lines { "lines" } else { "" })?;
        drop(builds);
        rows.push(("spans, unheard".to_owned(), "", measure.cost(&without, &this, Pass::Clean)?));
    }
    let lines = arguments.lines.then_some(Pass::Lines);
    for pass in PASSES.into_iter().filter(|&pass| pass != Pass::Clean).chain(lines) {
        rows.push((format!("pass {pass}"), in_python(pass), measure.cost(&this, &this, pass)?));
    }

    let names: Vec<&str> = maps.iter().map(|map| map.name.as_str()).collect();
    let mut text = format!("⚖️  Overhead of Measuring, in % ({}):\n   {:<16}", names.join(", "), "");
    text += &OPERATIONS.map(|operation| format!("{operation:>10}")).concat();
    text += "  in Python\n";
    for (name, in_python, rows) in &rows {
        let cells = OPERATIONS.map(|operation| cell(rows, operation)).concat();
        text += format!("   {name:<16}{cells}  {in_python}").trim_end();
        text.push('\n');
    }
    text += "   Medians of pairs of processes that ran in turn, ± half of the 99 % interval.\n";
    text += "   spans, unheard: beside a build without spans; passes: beside the clean one.\n";
    output::print(&text)
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
        if !self.arguments.quiet {
            eprintln!("{pass}");
        }
        let until = Instant::now() + Duration::from_secs(self.arguments.seconds);
        let mut interleaved = Interleaved::new(Side::default(), Side::default());
        interleaved.run(&[pass], until, |which, pass| {
            let (program, pass) = match which {
                Which::Before => (clean, Pass::Clean),
                Which::After => (program, pass),
            };
            let measured = self.session.measure(program, pass, self.interrupt)?;
            measured.ok_or_else(|| Failure::interrupted("a row is not known yet"))
        })?;
        Ok(interleaved.finish().rows)
    }
}

/// An operation's cell: how much longer it takes, in per cent.
fn cell(rows: &[Row], operation: &str) -> String {
    let row = rows.iter().find(|row| row.figure == Figure::OperationTime && row.of == operation);
    let Some((ratio, interval)) = row.and_then(|row| Some((row.ratio?, row.interval?))) else {
        return format!("{:>10}", "-");
    };
    let percent = 100.0 * (ratio - 1.0);
    let margin = 50.0 * (interval.1 - interval.0);
    let decimals = usize::from(percent.abs() < 99.5);
    format!("{:>10}", format!("{percent:+.decimals$}±{margin:.decimals$}"))
}
