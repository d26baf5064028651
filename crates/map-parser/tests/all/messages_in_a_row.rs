//! A parser that is kept makes the maps that a new one makes, whatever it has parsed before.

use crate::bytes::{Rr, gzip, valetudo, whole_rr, zlib};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use valetudo_map_fixtures::files;
use valetudo_map_parser::{Limits, Parser, parse, parse_with};

/// Messages of all formats, and some that are no maps.
fn messages() -> Vec<Vec<u8>> {
    let names = [
        "hypfer/closet-old.json",
        "hypfer/studio.json.zlib",
        "hypfer/studio.png",
        "hypfer/flat-materials.json",
        "conga/studio.json",
        "rand256/closet-decoded.json",
        "rand256/flat.rr",
        "rand256/house-target.rr.gz",
    ];
    let mut messages: Vec<_> = names.into_iter().map(|name| files::read(name).unwrap()).collect();
    let (json, rr) = (valetudo(), whole_rr().finish());
    // Damaged in the middle, where the memory of half a map is in use.
    for whole in [&json, &rr, &gzip(&rr), &zlib(&json)] {
        messages.push(whole.clone());
        messages.push(whole[..whole.len() * 2 / 3].to_vec());
    }
    messages.push(Rr::new().bare());
    messages.push(br#"{"size":{"x":9,"y":9},"pixelSize":5,"layers":[]}"#.to_vec());
    messages.push(Vec::new());
    messages
}

#[test]
fn each_message_after_each_other_is_parsed_as_if_alone() {
    let messages = messages();
    let alone: Vec<_> = messages.iter().map(|message| parse(message)).collect();
    for (first, _) in messages.iter().zip(&alone).filter(|(_, alone)| alone.is_ok()) {
        let mut parser = Parser::default();
        for (second, expected) in messages.iter().zip(&alone) {
            let mut map = parser.parse(first).unwrap();
            let before = map.clone();
            match (parser.parse_into(&mut map, second), expected) {
                (Ok(()), Ok(expected)) => assert_eq!(map, *expected),
                (Err(error), Err(expected)) => {
                    assert_eq!(error, *expected);
                    assert_eq!(map, before, "a message that is no map changes nothing");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_kept_parser_keeps_to_its_limits() {
    let limits = Limits { points: 10, ..Limits::DEFAULT };
    let mut parser = Parser::new(limits);
    for _ in 0..3 {
        assert_eq!(parser.parse(&valetudo()), parse_with(&valetudo(), &limits));
        assert!(parser.parse(&valetudo()).is_err());
    }
}

#[test]
fn lists_keep_their_memory() {
    let json = files::read("hypfer/studio.json").unwrap();
    let mut parser = Parser::default();
    let mut map = parser.parse(&json).unwrap();
    parser.parse_into(&mut map, &json).unwrap();
    let places = |map: &valetudo_map_parser::Map| {
        let runs = map.layers.iter().map(|layer| layer.runs.as_slice().as_ptr() as usize);
        runs.chain(map.segments().map(|(segment, _)| segment.id.as_ptr() as usize)).collect::<Vec<_>>()
    };
    let first = places(&map);
    parser.parse_into(&mut map, &json).unwrap();
    parser.parse_into(&mut map, &json).unwrap();
    // Two maps change places: the one that is parsed, and the one that it replaces.
    assert_eq!(places(&map), first);
}

proptest! {
    #[test]
    fn damaged_messages_in_a_row_are_parsed_as_if_alone(
        choices in vec((any::<Index>(), any::<Option<(Index, u8)>>()), 1..12),
    ) {
        let messages = messages();
        let mut parser = Parser::default();
        let mut map = parse(&valetudo()).unwrap();
        for (choice, damage) in choices {
            let mut message = messages[choice.index(messages.len())].clone();
            if let Some((place, value)) = damage && !message.is_empty() {
                let place = place.index(message.len());
                message[place] = value;
            }
            let expected = parse(&message);
            let found = parser.parse_into(&mut map, &message);
            prop_assert_eq!(found.as_ref().err(), expected.as_ref().err());
            if let Ok(expected) = expected {
                prop_assert_eq!(&map, &expected);
            }
        }
    }
}
