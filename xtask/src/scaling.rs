//! `cargo xtask scaling`: how cost grows with the size of the home and with the length of the path.
//!
//! Homes are generated ([`homes`]), each is measured in processes of its own, and a curve is [`fit`]ted to each figure.

pub(crate) mod fit;
mod homes;
mod plot;
mod series;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use span_instrument::passes::{Launcher, PassError, Program};
use span_instrument::{Measurement, Pass};
use span_report::median;
use span_report::quantity::duration;
use span_report::report::CallTree;

use self::homes::{Axis, Sized};
use self::series::{Growth, Kind, Series};
use crate::failure::Failure;
use crate::{files, output, programs};

/// Measure how cost grows with size.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The number of processes for each size, in turn with the other sizes
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// Where to write the tables and plots [default: profiles/scaling of the project]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the tables alone, no progress
    #[arg(long)]
    quiet: bool,
}

/// A span with a smaller share of the time at the largest size is left out.
const LEAST_SHARE: f64 = 0.01;

/// A cost that grows by less than this factor from the smallest to the largest size is called flat.
const LEAST_GROWTH: f64 = 2.0;

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| files::project().join("profiles/scaling"));
    files::make_folder(&out)?;
    let temporary = tempfile::tempdir().map_err(|error| Failure::new(format!("temporary folder: {error}")))?;
    let launcher = Launcher::new(temporary.path()).map_err(Failure::of_pass)?;
    let mut text = String::new();
    let mut all = Vec::new();
    for axis in [Axis::Area, Axis::PathPoints] {
        let homes = homes::along(axis)?;
        let series = measure(axis, &homes, arguments, &launcher, temporary.path())?;
        if !text.is_empty() {
            text.push('\n');
        }
        text += &table(&series);
        files::write(&out.join(format!("{}.svg", axis.file_name())), plot::draw(&series)?.as_bytes())?;
        all.push(series);
    }
    files::write(&out.join("scaling.html"), plot::page(&all).as_bytes())?;
    let json = serde_json::to_string_pretty(&all).map_err(|error| Failure::of(&error))?;
    files::write(&out.join("scaling.json"), json.as_bytes())?;
    files::write(&out.join("scaling.txt"), text.as_bytes())?;
    output::print(&text)?;
    if !arguments.quiet {
        output::print(&format!(
            "\nWritten to {}: scaling.txt, scaling.html, scaling.json, area.svg, path-points.svg\n",
            out.display()
        ))?;
    }
    Ok(())
}

/// Measures all sizes in turn, as often as asked.
fn measure(
    axis: Axis,
    homes: &[Sized],
    arguments: &Arguments,
    launcher: &Launcher,
    folder: &Path,
) -> Result<Series, Failure> {
    let programs = programs(homes, folder)?;
    let mut times: BTreeMap<(Kind, String), Vec<Vec<f64>>> = BTreeMap::new();
    for round in 1..=arguments.rounds {
        for (index, (home, program)) in homes.iter().zip(&programs).enumerate() {
            if !arguments.quiet {
                eprintln!(
                    "{}: round {round} of {}, size {} of {}",
                    axis.name(),
                    arguments.rounds,
                    index + 1,
                    homes.len()
                );
            }
            for pass in [Pass::Clean, Pass::Spans] {
                let measurement = launcher.measure(program, pass).map_err(|error| match error {
                    PassError::Interrupted => Failure::interrupted("not every size was measured"),
                    error => Failure::of_pass(error),
                })?;
                for (key, time) in figures(&measurement, home.frames) {
                    times.entry(key).or_insert_with(|| vec![Vec::new(); homes.len()])[index].push(time);
                }
            }
        }
    }
    let sizes: Vec<f64> = homes.iter().map(|home| home.size).collect();
    let mut growth: Vec<Growth> = times
        .into_iter()
        .filter_map(|((kind, of), mut times)| {
            let times: Vec<f64> = times.iter_mut().filter_map(|times| median(times)).collect();
            // A figure that is missing at some size says nothing about growth.
            (times.len() == sizes.len()).then(|| growth(kind, of, &sizes, &times))
        })
        .collect();
    let last = |growth: &Growth| growth.points.last().map_or(0.0, |(_, time)| *time);
    let whole: f64 = growth.iter().filter(|growth| growth.kind == Kind::Span).map(last).sum();
    growth.retain(|growth| growth.kind == Kind::Operation || last(growth) >= LEAST_SHARE * whole);
    growth.sort_by(|a, b| a.kind.cmp(&b.kind).then(last(b).total_cmp(&last(a))));
    Ok(Series { axis, sizes, growth })
}

/// The command that profiles each home, whose map lies in the launcher's folder. Factories exceed the limits of pictures.
fn programs(homes: &[Sized], folder: &Path) -> Result<Vec<Program>, Failure> {
    let this = Program::this_executable().map_err(Failure::of_pass)?;
    let program = |home: &Sized| {
        let map = folder.join(&home.map.name);
        files::write(&map, &home.map.bytes)?;
        Ok(programs::profile(this.path(), &["--no-limits"], &[map], home.frames))
    };
    homes.iter().map(program).collect()
}

/// The times of a process, in nanoseconds: the median of each operation, or the self time of each span for a frame of
/// each operation.
fn figures(measurement: &Measurement, frames: u32) -> Vec<((Kind, String), f64)> {
    if measurement.pass == Pass::Clean {
        let operations = measurement.operations.iter();
        return operations
            .filter_map(|operation| Some(((Kind::Operation, operation.name.clone()), operation.typical_ns()?)))
            .collect();
    }
    let tree = CallTree::from(measurement.spans.as_slice());
    let spans = tree.nodes().iter().enumerate().filter(|(_, node)| node.parent.is_some() && node.self_ns > 0);
    let time = |self_ns: u64| self_ns as f64 / f64::from(frames);
    spans.map(|(index, node)| ((Kind::Span, tree.chain(index)), time(node.self_ns))).collect()
}

fn growth(kind: Kind, of: String, sizes: &[f64], times: &[f64]) -> Growth {
    let points: Vec<(f64, f64)> = sizes.iter().copied().zip(times.iter().copied()).collect();
    let grows = times.first().zip(times.last()).is_some_and(|(first, last)| *last >= LEAST_GROWTH * *first);
    let fit = if grows { fit::fit(&points) } else { None };
    Growth { of, kind, points, fit }
}

fn table(series: &Series) -> String {
    let (axis, sizes) = (series.axis, &series.sizes);
    let (least, most) = (sizes.first().copied().unwrap_or(0.0), sizes.last().copied().unwrap_or(0.0));
    let mut text = format!(
        "📐 Cost by {}: {} sizes from {} to {} {}\n   {:<9} {:<11} {:>10} {:>10} {:>10}  {}\n",
        axis.name(),
        sizes.len(),
        axis.value(least),
        axis.value(most),
        axis.unit(),
        "exponent",
        "",
        "fixed",
        axis.per(),
        "largest",
        "of"
    );
    for growth in &series.growth {
        let last = growth.points.last().map_or(0.0, |(_, time)| *time);
        let (exponent, range, fixed, per) = match &growth.fit {
            None => ("flat".to_owned(), String::new(), String::new(), String::new()),
            Some(fit) => (
                format!("{:.2}", fit.exponent),
                format!("({:.2}–{:.2})", fit.exponent_from, fit.exponent_to),
                duration(fit.fixed),
                duration((fit.at(most) - fit.fixed) / most * axis.per_unit()),
            ),
        };
        text += &format!("   {exponent:<9} {range:<11} {fixed:>10} {per:>10} {:>10}  {}\n", duration(last), growth.of);
    }
    text += &format!(
        "   (cost = fixed + factor × size ^ exponent; in brackets: the exponents\n    when any one size is left out; {}: of the largest; times of spans\n    are their own, for a frame of each operation)\n",
        axis.per()
    );
    text
}
