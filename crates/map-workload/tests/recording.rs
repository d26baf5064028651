//! A recording that is played, beside its messages one by one.
#![allow(clippy::unwrap_used, reason = "a failed test")]

use std::cell::RefCell;
use std::collections::BTreeMap;

use span_instrument::Profiler;
use valetudo_map_render::{Options, PictureLimits, Renderer};
use valetudo_map_stream::recording::{Entry, Reader};
use valetudo_map_stream::{Follower, Update};
use valetudo_map_workload::{NamedRecording, Outcome, Player, RecordingError, Source, Workload};

const CLEANING: &[u8] = include_bytes!("../../../fixtures/recordings/cleaning.vmr");

/// Each map parsed alone, and drawn by its robot's session: a crop stays while the layers do.
fn one_by_one() -> Vec<Vec<u8>> {
    let (mut reader, mut follower, mut pictures) = (Reader::new(CLEANING).unwrap(), Follower::default(), Vec::new());
    let mut renderers: BTreeMap<String, Renderer> = BTreeMap::new();
    while let Some(entry) = reader.read().unwrap() {
        let Entry::Message(message) = entry else { continue };
        let Some((robot, Update::Map)) = follower.take(message.topic, message.payload) else { continue };
        let map = valetudo_map_render::parse(message.payload).unwrap();
        let renderer = renderers.entry(robot.topic().to_owned()).or_insert_with(|| Renderer::new(Options::default()));
        renderer.set_destinations(robot.destinations().cloned());
        let mut png = Vec::new();
        renderer.frame(&map, robot.state()).unwrap().encode_png(&mut png).unwrap();
        pictures.push(pixels(&png));
    }
    pictures
}

/// The picture, which several PNGs can have.
fn pixels(png: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    pixels.extend([info.width.to_le_bytes(), info.height.to_le_bytes()].concat());
    pixels
}

#[test]
fn playing_makes_the_pictures_that_maps_make_one_by_one() {
    let mut pictures = Vec::new();
    let mut player = Player::new(Options::default(), PictureLimits::DEFAULT);
    let recording = NamedRecording { name: "cleaning", source: Source::Bytes(CLEANING) };
    let ends_early = player.play(&Profiler::disabled(), &recording, |_, played| {
        assert!(matches!(played.outcome, Outcome::Drawn(_)), "{:?}", played.outcome);
        pictures.push(pixels(played.png));
        Ok::<_, RecordingError>(())
    });
    assert_eq!(ends_early.unwrap(), None);
    let expected = one_by_one();
    assert_eq!(pictures.len(), expected.len());
    let differing = pictures.iter().zip(&expected).position(|(played, single)| played != single);
    assert_eq!(differing, None, "this map differs");
}

#[test]
fn every_message_is_timed_in_every_play() {
    let recordings = [NamedRecording { name: "cleaning", source: Source::Bytes(CLEANING) }];
    let limits = PictureLimits::DEFAULT;
    let kept = RefCell::new(Vec::new());
    let workload = Workload {
        maps: &[],
        recordings: &recordings,
        frames: 10,
        limits: &limits,
        keep_sizes: Some(&|name, sizes| {
            kept.borrow_mut().push((name.to_owned(), sizes.to_vec()));
            Ok(())
        }),
        plays_again: true,
    };
    let profiler = Profiler::builder().memory(false).cpu(false).start().unwrap();
    workload.run(&profiler).unwrap();
    let report = profiler.finish();
    let measurement = report.measurements().first().unwrap();
    let runs = |name| measurement.operation(name, Some("cleaning")).unwrap().samples_ns.len();
    assert_eq!(runs("Play"), 3);
    let maps = one_by_one().len();
    assert_eq!(["Parse", "Frame", "Encode"].map(runs), [3 * maps; 3]);
    let kept = kept.into_inner();
    assert_eq!(kept.iter().map(|(name, sizes)| (name.as_str(), sizes.len())).collect::<Vec<_>>(), [("cleaning", maps)]);
}

#[test]
fn a_cut_recording_is_played_up_to_the_cut() {
    let cut = &CLEANING[..CLEANING.len() / 2];
    let recording = NamedRecording { name: "cut", source: Source::Bytes(cut) };
    let mut maps = 0;
    let mut player = Player::new(Options::default(), PictureLimits::DEFAULT);
    let reason = player.play(&Profiler::disabled(), &recording, |_, _| {
        maps += 1;
        Ok::<_, RecordingError>(())
    });
    assert!(reason.unwrap().unwrap().starts_with("the file was cut in the record at byte "));
    assert!(maps > 10 && maps < one_by_one().len());
    let none = NamedRecording { name: "none", source: Source::Bytes(b"{}") };
    let error = player.play(&Profiler::disabled(), &none, |_, _| Ok::<_, RecordingError>(())).unwrap_err();
    assert!(error.to_string().starts_with("none: is no recording"), "{error}");
}
