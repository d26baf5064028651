//! The order of the children.

use span_report::Pass;

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

/// The children in their order: a clean one first and after every second pass, up to `clean_children`.
pub(super) fn children(passes: &[Pass], clean_children: usize) -> Vec<Pass> {
    let others: Vec<Pass> = passes.iter().copied().filter(|&pass| pass != Pass::Clean).collect();
    if others.len() == passes.len() {
        return others;
    }
    let mut plan = vec![Pass::Clean];
    for (number, &pass) in others.iter().enumerate() {
        plan.push(pass);
        if number % 2 == 1 && plan.iter().filter(|&&pass| pass == Pass::Clean).count() < clean_children {
            plan.push(Pass::Clean);
        }
    }
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
    fn clean_children_run_around_the_others() {
        let plan = |passes: &[Pass]| children(passes, 3);
        assert_eq!(
            plan(&[Clean, Spans, Flame, Heap, Dhat, Lines]),
            [Clean, Spans, Flame, Clean, Heap, Dhat, Clean, Lines]
        );
        assert_eq!(plan(&[Clean, Spans, Flame, Heap, Dhat]), [Clean, Spans, Flame, Clean, Heap, Dhat, Clean]);
        assert_eq!(plan(&[Spans, Flame, Clean]), [Clean, Spans, Flame, Clean]);
        assert_eq!(plan(&[Clean]), [Clean]);
        assert_eq!(plan(&[Heap, Spans]), [Heap, Spans]);
        assert_eq!(children(&[Clean, Spans, Flame, Heap], 1), [Clean, Spans, Flame, Heap]);
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
