//! The figures of a run against their bounds.

use super::bound::{Budget, Budgets};
use super::error::BudgetError;
use super::figure::BudgetFigure;
use crate::Report;
use crate::compare::{Comparison, Figure, PROCESSES_FOR_AN_INTERVAL, Runs};
use crate::measurement::OperationTimes;
use crate::report::{OperationRow, Operations};
use crate::statistics::{median, median_time};

/// The judgement on one figure.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// It is within its bound.
    Holds,
    /// It is beyond its bound.
    Fails,
    /// The run does not tell, for this reason.
    CannotBeJudged(String),
}

/// One figure against its bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The operation. `None`: the whole program.
    pub operation: Option<String>,
    /// The input, if the operation has one.
    pub input: Option<String>,
    /// The figure.
    pub figure: BudgetFigure,
    /// The bound, in the figure's unit.
    pub bound: f64,
    /// The value, in the same unit, if the run has it.
    pub value: Option<f64>,
    /// The judgement.
    pub outcome: Outcome,
}

/// All figures that have a bound. Displayed, it is a section of the text report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdicts {
    /// For each budget the figures that it bounds, in the order of the file.
    pub budgets: Vec<(Budget, Vec<Judged>)>,
}

impl Verdicts {
    /// Whether a figure is beyond its bound.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.figures().any(|figure| figure.outcome == Outcome::Fails)
    }

    /// The figures of all budgets.
    pub fn figures(&self) -> impl Iterator<Item = &Judged> {
        self.budgets.iter().flat_map(|(_, figures)| figures)
    }
}

impl Budgets {
    /// Judges a run, and its comparison with a baseline if there is one.
    ///
    /// # Errors
    /// [`BudgetError::UnknownName`] if a name is of no operation and no input of the run.
    pub fn judge(&self, report: &Report, comparison: Option<&Comparison>) -> Result<Verdicts, BudgetError> {
        let run = Run { report, comparison };
        let judged = |budget: &Budget| {
            let subjects = subjects(budget, report.operations.as_ref())?;
            Ok((budget.clone(), subjects.into_iter().map(|subject| run.judge(budget, subject)).collect()))
        };
        Ok(Verdicts { budgets: self.budgets.iter().map(judged).collect::<Result<_, _>>()? })
    }
}

/// An operation on an input, or the whole program.
type Subject<'a> = Option<(&'a str, Option<&'a str>)>;

/// The subjects of a budget. A single name is first looked for among operations.
fn subjects<'a>(budget: &Budget, operations: Option<&'a Operations>) -> Result<Vec<Subject<'a>>, BudgetError> {
    let rows: Vec<&OperationRow> = operations.into_iter().flat_map(Operations::shown).collect();
    let all = || rows.iter().flat_map(|row| row.inputs.iter().map(|on| (row.name.as_str(), on.input.as_deref())));
    let of = |operation: Option<&str>, input: Option<&str>| -> Vec<Subject<'a>> {
        let is_meant = |subject: &(&str, Option<&str>)| {
            operation.is_none_or(|name| name == subject.0) && (input.is_none() || input == subject.1)
        };
        all().filter(is_meant).map(Some).collect()
    };
    let unknown = |name: &str, expected: &'static str| {
        let operations = rows.iter().map(|row| row.name.as_str());
        let inputs = operations.clone().chain(all().filter_map(|(_, input)| input));
        let mut known: Vec<&str> = Vec::new();
        for name in inputs {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        BudgetError::UnknownName { line: budget.line, name: name.to_owned(), expected, known }
    };
    match budget.names.as_slice() {
        [] => Ok(vec![None]),
        [name] => {
            let found = [of(Some(name), None), of(None, Some(name))];
            let found = found.into_iter().find(|found| !found.is_empty());
            found.ok_or_else(|| unknown(name, "operation and no input"))
        }
        [operation, input, ..] => {
            if of(Some(operation), None).is_empty() {
                return Err(unknown(operation, "operation"));
            }
            let found = of(Some(operation), Some(input));
            if found.is_empty() { Err(unknown(input, "input of that operation")) } else { Ok(found) }
        }
    }
}

/// A value with the interval that it lies in, or the reason why there is none.
type Known = Result<(f64, (f64, f64)), (Option<f64>, String)>;

struct Run<'a> {
    report: &'a Report,
    comparison: Option<&'a Comparison>,
}

impl Run<'_> {
    fn judge(&self, budget: &Budget, subject: Subject<'_>) -> Judged {
        let known = match (budget.figure, subject) {
            (BudgetFigure::RatioToBaseline, _) => self.ratio(subject),
            (BudgetFigure::Time | BudgetFigure::FirstTime, Some(subject)) => self.time(budget.figure, subject),
            (figure, Some(subject)) => self.heap(figure, subject),
            (figure, None) => self.program(figure),
        };
        let (value, outcome) = match known {
            Err((value, reason)) => (value, Outcome::CannotBeJudged(reason)),
            Ok((value, (low, _))) if low > budget.bound => (Some(value), Outcome::Fails),
            Ok((value, _)) if value <= budget.bound => (Some(value), Outcome::Holds),
            Ok((value, interval)) => {
                let [low, high] = [interval.0, interval.1].map(|end| budget.figure.display(end));
                (Some(value), Outcome::CannotBeJudged(format!("it lies between {low} and {high}")))
            }
        };
        Judged {
            operation: subject.map(|(operation, _)| operation.to_owned()),
            input: subject.and_then(|(_, input)| input.map(str::to_owned)),
            figure: budget.figure,
            bound: budget.bound,
            value,
            outcome,
        }
    }

    fn heap(&self, figure: BudgetFigure, (operation, input): (&str, Option<&str>)) -> Known {
        let mut shown = self.report.operations.iter().flat_map(Operations::shown);
        let row = shown.find(|row| row.name == operation).and_then(|row| row.on(input));
        let heap = row.and_then(|row| row.heap).ok_or_else(|| (None, "no pass tracked the heap".to_owned()))?;
        Ok(exact(match figure {
            BudgetFigure::Allocations => heap.allocations,
            BudgetFigure::AllocatedBytes => heap.allocated_bytes,
            _ => heap.peak_bytes,
        }))
    }

    fn program(&self, figure: BudgetFigure) -> Known {
        if figure == BudgetFigure::PeakRss {
            let memory = self.report.memory.as_ref().filter(|memory| !memory.has_tracker);
            let memory = memory.ok_or_else(|| (None, "no pass without a heap tracker measured it".to_owned()))?;
            return Ok(exact(memory.growth.peak_rss_bytes));
        }
        let allocator = self.report.allocator.as_ref().ok_or_else(|| (None, "no pass tracked the heap".to_owned()))?;
        Ok(exact(match figure {
            BudgetFigure::Allocations => allocator.heap.allocations,
            BudgetFigure::AllocatedBytes => allocator.heap.allocated_bytes,
            BudgetFigure::LiveAtEnd => allocator.heap.live.bytes,
            _ => allocator.heap.peak_bytes,
        }))
    }

    /// The median over the processes of the pass that the report shows, each with its own median.
    fn time(&self, figure: BudgetFigure, (operation, input): (&str, Option<&str>)) -> Known {
        let pass = self.report.operations.as_ref().map(|operations| operations.source.pass);
        let processes = self.report.measurements().iter().filter(|process| Some(process.pass) == pass);
        let typical = |times: &OperationTimes| {
            let first = times.first_ns();
            let samples = if figure == BudgetFigure::FirstTime { first.as_slice() } else { times.later_ns() };
            median_time(samples)
        };
        let operations = processes.filter_map(|process| process.operation(operation, input));
        let mut medians: Vec<f64> = operations.filter_map(typical).collect();
        let value = median(&mut medians).ok_or_else(|| (None, "no run was timed after the first".to_owned()))?;
        let count = medians.len();
        if count < PROCESSES_FOR_AN_INTERVAL {
            let needed = format!("{count} of the {PROCESSES_FOR_AN_INTERVAL} processes that are needed");
            return Err((Some(value), needed));
        }
        let outside = outside(count);
        Ok((value, (medians[outside], medians[count - 1 - outside])))
    }

    fn ratio(&self, subject: Subject<'_>) -> Known {
        let comparison = self.comparison.ok_or_else(|| (None, "there is no baseline".to_owned()))?;
        let row = comparison.rows.iter().filter(|row| row.runs == Runs::Later).find(|row| match subject {
            None => row.figure == Figure::TotalTime,
            Some((operation, input)) => {
                row.figure == Figure::OperationTime && row.subject == operation && row.input.as_deref() == input
            }
        });
        let unknown = || (row.and_then(|row| row.ratio), "the comparison has no interval of it".to_owned());
        let known = row.and_then(|row| row.ratio.zip(row.interval));
        known.filter(|(_, (_, high))| high.is_finite()).ok_or_else(unknown)
    }
}

fn exact(value: u64) -> (f64, (f64, f64)) {
    let value = value as f64;
    (value, (value, value))
}

/// How many of the smallest and of the largest values the 99 % interval of a median leaves out: as many as lie on one side
/// of the median by chance in fewer than 1 of 200 cases. None are left out of fewer than eight values, whose interval is
/// of 94 % (five) to 98 % (seven).
fn outside(count: usize) -> usize {
    let (mut ways, mut sum) = (1.0, 0.0);
    let all = 2.0f64.powf(count as f64);
    for index in 0..count / 2 {
        sum += ways / all;
        if sum > 0.005 {
            return index.saturating_sub(1);
        }
        ways *= (count - index) as f64 / (index + 1) as f64;
    }
    0
}
