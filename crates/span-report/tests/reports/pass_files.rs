//! Pass files: a written measurement is read, and nothing else is.

use std::fs;
use std::path::Path;

use span_report::{Baseline, FileError, Pass, Report, Speed, pass_file};
use tempfile::TempDir;

use crate::measured::{baking, timed};

#[test]
fn a_written_measurement_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("clean.pass");
    let written = baking();
    pass_file::write(&path, &written).unwrap();
    pass_file::write(&path, &written).unwrap();
    assert_eq!(pass_file::read(&path).unwrap(), written);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn a_file_cut_short_anywhere_is_an_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cut.pass");
    pass_file::write(&path, &baking()).unwrap();
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        assert!(pass_file::decode(&path, &whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
}

#[test]
fn a_damaged_file_is_an_error_or_another_measurement_but_no_panic() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("damaged.pass");
    pass_file::write(&path, &baking()).unwrap();
    let whole = fs::read(&path).unwrap();
    for index in 0..whole.len() {
        for flip in [1, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[index] ^= flip;
            if let Ok(read) = pass_file::decode(&path, &damaged) {
                let _ = Report::new(vec![read]).to_string();
            }
        }
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.pass");
    let missing = pass_file::read(&path).unwrap_err();
    assert!(matches!(missing, FileError::Io { action: "reading", .. }));

    fs::write(&path, "not a pass file at all").unwrap();
    assert!(matches!(pass_file::read(&path), Err(FileError::AnotherKind { .. })));

    pass_file::write(&path, &baking()).unwrap();
    let whole = fs::read(&path).unwrap();
    let mut newer = whole.clone();
    newer[8] = 99;
    fs::write(&path, &newer).unwrap();
    assert!(matches!(pass_file::read(&path), Err(FileError::Version { found: 99, .. })));

    fs::write(&path, [whole.as_slice(), b"more"].concat()).unwrap();
    assert!(matches!(pass_file::read(&path), Err(FileError::Inconsistent { .. })));

    let nowhere = folder.path().join("missing").join("x.pass");
    let unwritable = pass_file::write(&nowhere, &baking()).unwrap_err();
    assert!(matches!(unwritable, FileError::Io { action: "writing", .. }));
    assert!(unwritable.to_string().contains("missing"));
}

#[test]
fn a_hostile_length_is_refused_without_allocating_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("hostile.pass");
    let mut bytes = b"SPANPASS\x08\0\0\0".to_vec();
    bytes.extend([0, 0, 0]);
    bytes.extend([253; 9]);
    bytes.extend([0xff; 64]);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(pass_file::read(&path), Err(FileError::Corrupt { .. })));
}

#[test]
#[ignore = "writes the seeds of the fuzz targets: cargo test -p span-report -- --ignored"]
fn seeds_for_fuzzing_are_written() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("seed");
    // The targets put the header before a body that begins with anything but a zero.
    let body = || [b"-", &fs::read(&path).unwrap()[12..]].concat();
    pass_file::write(&path, &baking()).unwrap();
    fs::create_dir_all(seeds.join("pass_file")).unwrap();
    fs::write(seeds.join("pass_file/baking"), body()).unwrap();
    let clean = timed(Pass::Clean, &[("Bake", &[3_000_000; 12])]);
    Baseline::now(vec!["loaves".to_owned()], vec![Speed::measure(); 2], &[clean, baking()]).write(&path).unwrap();
    fs::create_dir_all(seeds.join("baseline")).unwrap();
    fs::write(seeds.join("baseline/baking"), body()).unwrap();
}
