//! Verdicts as a section of the text report, at most 80 columns wide.

use std::fmt;

use super::bound::Budget;
use super::judge::{Judged, Outcome, Verdicts};
use crate::columns::wrapped;
use crate::measurement::operation_name;

impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "📏 Budgets:")?;
        for (budget, figures) in &self.budgets {
            for group in summary(budget, figures) {
                f.write_str(&wrapped(&group, "   ", "             "))?;
            }
        }
        let counted = |wanted: fn(&Outcome) -> bool| self.figures().filter(|figure| wanted(&figure.outcome)).count();
        let holds = counted(|outcome| *outcome == Outcome::Holds);
        let fails = counted(|outcome| *outcome == Outcome::Fails);
        let others = counted(|outcome| matches!(outcome, Outcome::CannotBeJudged(_)));
        writeln!(f, "   {holds} hold, {fails} fail, {others} cannot be judged")
    }
}

/// A line for the figures of a budget that hold, and one for each other figure.
fn summary(budget: &Budget, figures: &[Judged]) -> Vec<String> {
    let name = budget.names.iter().map(String::as_str).chain([budget.figure.key()]).collect::<Vec<_>>().join(".");
    let bound = budget.figure.display(budget.bound);
    let mut lines = Vec::new();
    let holding: Vec<&Judged> = figures.iter().filter(|figure| figure.outcome == Outcome::Holds).collect();
    let largest = holding.iter().max_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)));
    if let Some(largest) = largest {
        let most = budget.figure.display(largest.value.unwrap_or(0.0));
        let of = if holding.len() > 1 { format!(", at most in {}", label(largest)) } else { String::new() };
        lines.push(format!("holds     {name} ≤ {bound}: {most}{of}"));
    }
    for figure in figures {
        let found = figure.value.map(|found| figure.figure.display(found));
        match &figure.outcome {
            Outcome::Holds => {}
            Outcome::Fails => {
                let found = found.unwrap_or_default();
                lines.push(format!("FAILS     {name} ≤ {bound}: {found} in {}{}", label(figure), excess(figure)));
            }
            Outcome::CannotBeJudged(reason) => {
                let found = found.map(|found| format!("{found} in {}, ", label(figure))).unwrap_or_default();
                lines.push(format!("unjudged  {name} ≤ {bound}: {found}{reason}"));
            }
        }
    }
    // A reason that is the same for all inputs is given once.
    lines.dedup();
    lines
}

fn label(figure: &Judged) -> String {
    match &figure.operation {
        None => "the whole program".to_owned(),
        Some(operation) => operation_name(operation, figure.input.as_deref()),
    }
}

/// How far a value lies beyond its bound.
fn excess(figure: &Judged) -> String {
    let beyond = figure.value.unwrap_or(0.0) - figure.bound;
    let percent =
        if figure.bound > 0.0 { format!(" (+{:.1} %)", 100.0 * beyond / figure.bound) } else { String::new() };
    format!(", {} more{percent}", figure.figure.display(beyond))
}
