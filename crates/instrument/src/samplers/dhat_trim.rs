//! The file of dhat without what belongs to the measuring: the allocator's own frames on top of each stack, and where on
//! this machine the program and its temporary files lie.

use std::path::Path;

use serde_json::Value;

/// Parts of the frames of dhat and of the heap switch, with line tables and without.
const ALLOCATOR: [&str; 8] = [
    "(dhat-",
    "/dhat-",
    "dhat::Alloc",
    "span-heap/src/switch.rs:",
    "span_heap::switch",
    "span_heap::account::thread",
    "__rust_alloc",
    "__rust_realloc",
];

/// The standard library's own way to the allocator.
const GLUE: &str = "(alloc/src/alloc.rs:";

/// Shortens the stacks and the command. Their figures stay.
pub(super) fn trim(profile: &mut Value) {
    if let Some(Value::String(command)) = profile.get_mut("cmd") {
        *command = without_folders(command, &std::env::temp_dir());
    }
    let frames: Vec<String> = texts(profile.get("ftbl"));
    for stack in profile.get_mut("pps").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(stack) = stack.get_mut("fs").and_then(Value::as_array_mut) else { continue };
        let of_stack: Vec<&str> = stack.iter().map(|frame| text(&frames, frame)).collect();
        stack.drain(..own(&of_stack));
    }
    keep_used_frames(profile, frames);
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let texts = list.and_then(Value::as_array).into_iter().flatten();
    texts.map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

fn text<'a>(frames: &'a [String], index: &Value) -> &'a str {
    index.as_u64().and_then(|index| frames.get(usize::try_from(index).ok()?)).map_or("", String::as_str)
}

/// The number of frames on top that are the allocator's own. One frame is left at least.
fn own(stack: &[&str]) -> usize {
    // Functions that were inlined into one have its address.
    let address = |frame: &str| frame.split_once(": ").map(|(address, _)| address.to_owned());
    let mut own = 0;
    for inlined in stack.chunk_by(|one, other| address(one) == address(other)) {
        let is_own = |frame: &&str| ALLOCATOR.iter().any(|part| frame.contains(part));
        let Some(last) = inlined.iter().rposition(is_own) else { break };
        own += last + 1;
        if last + 1 < inlined.len() {
            break;
        }
    }
    own += stack[own..].iter().take_while(|frame| frame.contains(GLUE)).count();
    own.min(stack.len().saturating_sub(1))
}

/// Leaves out of the table the frames that no stack has any more.
fn keep_used_frames(profile: &mut Value, frames: Vec<String>) {
    // The first stands for the root.
    let mut new = vec![None; frames.len()];
    let mut kept: Vec<Value> = frames.first().map(|root| root.as_str().into()).into_iter().collect();
    for stack in profile.get_mut("pps").and_then(Value::as_array_mut).into_iter().flatten() {
        for frame in stack.get_mut("fs").and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(old) = frame.as_u64().and_then(|index| usize::try_from(index).ok()) else { continue };
            let (Some(index), Some(text)) = (new.get_mut(old), frames.get(old)) else { continue };
            *frame = (*index.get_or_insert_with(|| {
                kept.push(text.as_str().into());
                kept.len() - 1
            }))
            .into();
        }
    }
    if let Some(table) = profile.get_mut("ftbl") {
        *table = Value::Array(kept);
    }
}

/// The program without its folder, and files in the folder of temporary files without theirs.
fn without_folders(command: &str, temporary: &Path) -> String {
    let name = |path: &str| Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    let shortened = command.split(' ').enumerate().map(|(index, word)| {
        let is_hidden = index == 0 || Path::new(word).starts_with(temporary);
        name(word).filter(|_| is_hidden).unwrap_or_else(|| word.to_owned())
    });
    shortened.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "[root]";
    const DHAT: &str = "0x10: alloc (dhat-0.3.3/src/lib.rs:1176:9)";
    const SWITCH: [&str; 3] = [
        "0x20: alloc<dhat::Alloc> (src/alloc/global.rs:219:33)",
        "0x20: untracked<*mut u8> (src/account/thread.rs:103:18)",
        "0x20: alloc<std::alloc::System> (span-heap/src/switch.rs:89:28)",
    ];
    const GLUE: &str = "0x30: allocate (alloc/src/alloc.rs:429:14)";
    const PUSH: &str = "0x30: push<u8> (src/vec/mod.rs:992:22)";
    const KNEAD: &str = "0x40: knead<span_heap::switch::HeapSwitch> (bakery/src/knead.rs:3:1)";

    #[test]
    fn the_allocator_s_frames_on_top_are_left_out_and_no_others() {
        let [global, untracked, switch] = SWITCH;
        let own = |stack: &[&str]| super::own(stack);
        assert_eq!(own(&[DHAT, global, untracked, switch, GLUE, PUSH, KNEAD]), 5);
        // All of the switch was inlined into the caller.
        assert_eq!(own(&[DHAT, global, untracked, switch, "0x20: bake (bakery/src/bake.rs:1:1)", KNEAD]), 4);
        assert_eq!(own(&["0x10: <dhat::Alloc as GlobalAlloc>::alloc (???:0:0)", "0x11: main (???:0:0)"]), 1);
        assert_eq!(own(&[PUSH, KNEAD]), 0, "the allocator is deep in the stack");
        assert_eq!((own(&[DHAT]), own(&[])), (0, 0), "a stack is never empty");
    }

    #[test]
    fn stacks_keep_their_figures_and_the_table_its_order() {
        let [global, untracked, switch] = SWITCH;
        let mut profile = serde_json::json!({
            "dhatFileVersion": 2,
            "cmd": "bakery",
            "pps": [
                { "tb": 100, "tbk": 2, "fs": [1, 2, 3, 4, 5, 6, 7] },
                { "tb": 7, "tbk": 1, "fs": [1, 7] },
            ],
            "ftbl": [ROOT, DHAT, global, untracked, switch, GLUE, PUSH, KNEAD],
        });
        trim(&mut profile);
        let expected = serde_json::json!({
            "dhatFileVersion": 2,
            "cmd": "bakery",
            "pps": [{ "tb": 100, "tbk": 2, "fs": [1, 2] }, { "tb": 7, "tbk": 1, "fs": [2] }],
            "ftbl": [ROOT, PUSH, KNEAD],
        });
        assert_eq!(profile, expected);
    }

    #[test]
    fn a_command_has_names_in_place_of_folders() {
        let shortened = |command| without_folders(command, Path::new("/tmp"));
        assert_eq!(
            shortened("/home/baker/target/release/bakery --out /tmp/.tmpX7/loaf flour/rye.json /tmpfs/x"),
            "bakery --out loaf flour/rye.json /tmpfs/x"
        );
        assert_eq!(shortened(""), "");
    }

    #[test]
    fn what_is_no_profile_stays_as_it_is() {
        for text in ["null", "[]", r#"{"pps":[{"fs":[1,"x",99999]},3],"ftbl":7,"cmd":1}"#, r#"{"pps":{"fs":0}}"#] {
            let mut value: Value = serde_json::from_str(text).unwrap();
            trim(&mut value);
        }
    }
}
