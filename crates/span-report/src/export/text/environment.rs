//! The machine and the build.

use super::section::Section;
use crate::measurement::Environment;
use crate::quantity::size;

/// Unknown entries are left out.
pub(super) fn section(environment: &Environment) -> Section {
    let build = &environment.build;
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let memory = (environment.memory_bytes > 0).then(|| size(environment.memory_bytes as f64));
    let lines = [
        ("CPU", known(&environment.cpu).map(|cpu| format!("{cpu} ({} cores)", environment.cores))),
        ("Memory", memory),
        ("System", known(&environment.os).map(|os| format!("{os}, {}", environment.arch))),
        ("Kernel", known(&environment.kernel)),
        ("Compiler", build.compiler.clone()),
        ("Commit", build.commit.clone()),
        ("Profile", build.profile.clone()),
        ("Load", background(environment.background_threads)),
    ];
    let mut text = String::from("🌍 Environment:\n");
    for (name, value) in lines {
        if let Some(value) = value {
            text += &format!("   {:<9} {value}\n", format!("{name}:"));
        }
    }
    Section::new("all passes", text)
}

fn background(threads: u32) -> Option<String> {
    match threads {
        0 => None,
        1 => Some("a busy thread beside the program, in every pass".to_owned()),
        threads => Some(format!("{threads} busy threads beside the program, in every pass")),
    }
}
