//! The order of the children.

use span_report::Pass;
use span_report::compare::PROCESSES_FOR_AN_INTERVAL;

use crate::profiler::{is_built, refused_by_allocator};

/// The passes of a run that names none. Without the switch as its allocator, a program can do all but follow the heap:
/// unless `quiet`, a line says so.
pub(super) fn default_passes(quiet: bool) -> Vec<Pass> {
    let built =
        [Pass::Clean, Pass::Spans, Pass::Flame, Pass::Heap, Pass::Dhat].into_iter().filter(|&pass| is_built(pass));
    let is_possible = |pass: &Pass| {
        let reason = refused_by_allocator(*pass);
        if let Some(reason) = reason.filter(|_| !quiet) {
            eprintln!("skipped: pass {pass}, because {reason}");
        }
        reason.is_none()
    };
    built.filter(is_possible).collect()
}

/// The children in their order: clean and spans in turn until each of them ran `processes` times, and the other passes
/// between them: five times each if the two run as often, else once; and lines once.
pub(super) fn children(passes: &[Pass], processes: usize) -> Vec<Pass> {
    let is_repeated = |pass: &Pass| matches!(pass, Pass::Clean | Pass::Spans);
    // Clean first: a user's process has nothing before it either.
    let mut repeated: Vec<Pass> = passes.iter().copied().filter(is_repeated).collect();
    repeated.sort_unstable();
    repeated.dedup();
    let mut singles: Vec<Pass> = passes.iter().copied().filter(|pass| !is_repeated(pass)).collect();
    let timed: Vec<Pass> = singles.iter().copied().filter(|&pass| pass != Pass::Lines).collect();
    for _ in 1..if processes < PROCESSES_FOR_AN_INTERVAL { 1 } else { PROCESSES_FOR_AN_INTERVAL } {
        singles.extend(&timed);
    }
    let mut others = singles.into_iter();
    let mut plan = Vec::new();
    for round in 0..if repeated.is_empty() { 0 } else { processes } {
        // Neither of the two is always the first.
        if round % 2 == 0 {
            plan.extend(&repeated);
        } else {
            plan.extend(repeated.iter().rev());
        }
        plan.extend(others.next());
    }
    plan.extend(others);
    plan
}

/// The children that did not run, in words, if only the first part of the plan did.
pub(super) fn missing(plan: &[Pass], ran: usize) -> Option<String> {
    let (ran, missing) = plan.split_at(ran.min(plan.len()));
    let mut names: Vec<String> = Vec::new();
    for pass in missing {
        let name = if ran.contains(pass) { format!("a further {pass}") } else { pass.to_string() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => None,
        [name] => Some(format!("the pass {name} is missing")),
        names => Some(format!("the passes {} are missing", names.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Pass::{Clean, Dhat, Flame, Heap, Lines, Spans};

    #[test]
    fn clean_and_spans_run_in_turn_around_the_others() {
        let plan = |passes: &[Pass]| children(passes, 3);
        assert_eq!(
            plan(&[Clean, Spans, Flame, Heap, Dhat, Lines]),
            [Clean, Spans, Flame, Spans, Clean, Heap, Clean, Spans, Dhat, Lines]
        );
        assert_eq!(plan(&[Spans, Flame, Clean]), [Clean, Spans, Flame, Spans, Clean, Clean, Spans]);
        assert_eq!(plan(&[Clean]), [Clean; 3]);
        assert_eq!(plan(&[Clean, Heap, Dhat]), [Clean, Heap, Clean, Dhat, Clean]);
        assert_eq!(plan(&[Heap, Flame]), [Heap, Flame]);
        assert_eq!(children(&[Clean, Spans, Flame, Heap], 1), [Clean, Spans, Flame, Heap]);
        let many = children(&[Clean, Spans, Heap, Lines], 12);
        let count = |pass| many.iter().filter(|&&known| known == pass).count();
        assert_eq!([Clean, Spans, Heap, Lines].map(count), [12, 12, 5, 1]);
    }

    #[test]
    fn an_interrupted_run_says_which_passes_are_missing() {
        let plan = [Clean, Spans, Flame, Clean, Heap, Dhat, Clean];
        let missing = |ran| missing(&plan, ran);
        assert_eq!(missing(0).unwrap(), "the passes clean, spans, flame, heap, dhat are missing");
        assert_eq!(missing(3).unwrap(), "the passes a further clean, heap, dhat are missing");
        assert_eq!(missing(6).unwrap(), "the pass a further clean is missing");
        assert_eq!(missing(7), None);
    }
}
