//! Whatever moment a run is killed at: under final names are whole files or none, and the next run clears up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const KILLS: u32 = 16;

fn start(map: &Path, out: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["profile-hypfer", "--frames", "1", "--quiet"])
        .args([map, Path::new("--out"), out])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

fn is_unfinished(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with(".unfinished-")
}

fn is_whole(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap();
    match path.extension().unwrap().to_str().unwrap() {
        "json" => serde_json::from_slice::<serde_json::Value>(&bytes).is_ok(),
        "png" => image::load_from_memory(&bytes).is_ok(),
        "svg" => bytes.trim_ascii_end().ends_with(b"</svg>"),
        "html" => bytes.trim_ascii_end().ends_with(b"</html>"),
        // Two dictionaries end.
        "prof" => bytes.ends_with(b"00"),
        // Its end has the length and a checksum.
        "gz" => std::io::copy(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut std::io::sink()).is_ok(),
        "folded" | "md" | "txt" => bytes.ends_with(b"\n"),
        other => panic!("{}: what is a whole .{other}?", path.display()),
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_clears_up() {
    let folder = tempfile::tempdir().unwrap();
    let map = valetudo_map_fixtures::files::folder().join("hypfer/closet-old.json");
    // Its name must not lead anywhere else.
    let odd = folder.path().join("..\\..\u{1b}[2J map.json");
    fs::copy(map, &odd).unwrap();
    let out = folder.path().join("out");

    let begun = Instant::now();
    assert!(start(&odd, &out).wait().unwrap().success());
    let whole_run = begun.elapsed();
    let expected: BTreeSet<PathBuf> = files(&out).into_iter().collect();
    assert!(expected.len() >= 10 && expected.iter().all(|path| is_whole(path)), "{expected:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing lies beside the map and the output");

    let mut interrupted = 0;
    for kill in 0..KILLS {
        let mut run = start(&odd, &out);
        thread::sleep(whole_run * kill / KILLS);
        run.kill().unwrap();
        run.wait().unwrap();
        // On Linux, the child that it was waiting for ends with it.
        thread::sleep(Duration::from_millis(20));
        let found = files(&out);
        interrupted += usize::from(found.iter().any(|path| is_unfinished(path)));
        for path in found.iter().filter(|path| !is_unfinished(path)) {
            assert!(expected.contains(path) && is_whole(path), "{} after kill {kill}", path.display());
        }
    }
    assert!(interrupted > 0, "no kill found anything at work");

    assert!(start(&odd, &out).wait().unwrap().success());
    assert_eq!(files(&out).into_iter().collect::<BTreeSet<_>>(), expected);
}
