//! Every single change of a scene shows.

use proptest::prelude::*;
use valetudo_map_model::{Entity, Run};

use super::homes::{Home, changed, elements, variants};
use super::{FAMILIES, Follower, fresh, points};
use crate::drawing::difference::difference;
use crate::drawing::{Moving, Still};
use crate::element::{Element, TrailElement};
use crate::{Canvas, Rgba};

#[test]
fn every_change_of_a_scene_shows_and_so_does_its_undoing() {
    for family in FAMILIES {
        let home = Home::new(family);
        let expected = fresh(home.scene());
        let (mut differ, mut partial) = (0, 0);
        for other in changed(&home) {
            differ += usize::from(fresh(other.scene()) != expected);
            let mut follower = Follower::default();
            for home in [&home, &other, &home] {
                follower.follow(home.scene(), 5);
            }
            partial += follower.partial;
        }
        // Most changes are visible ones.
        assert!(differ > 80, "{family:?}: {differ}");
        // There and back, most changes but those of style and size.
        assert!(partial > 80, "{family:?}: {partial}");
    }
}

/// Checks that pictures of two homes differ only where the difference of their scenes is; whether it is known.
fn check_difference(before: &Home, now: &Home) -> bool {
    let mut moving = Moving { robot: before.scene().robot(), ..Moving::default() };
    let resume = moving.trail.restart(before.scene());
    let Ok(_) = moving.trail.draw_from(resume, &mut Canvas::<Rgba>::default(), before.scene());
    let Some(region) = difference(&Still::of(before.scene()), &moving, now.scene()) else { return false };
    for ((at, old), new) in points(now.scene().look().map).zip(fresh(before.scene())).zip(fresh(now.scene())) {
        assert!(old == new || region.rects().any(|rect| rect.contains(at)), "{at:?}: {old:?} {new:?}, {region:?}");
    }
    true
}

#[test]
fn pictures_differ_only_where_their_scenes_do() {
    for family in FAMILIES {
        let home = Home::new(family);
        let known = changed(&home).iter().filter(|other| check_difference(&home, other)).count();
        assert!(known > 40, "{family:?}: {known}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn pictures_differ_only_where_their_layers_do(
        family in prop::sample::select(&FAMILIES),
        runs in prop::collection::vec((0..4_usize, 0..31_u16, 0..29_u16, 1..12_u16), 1..6),
    ) {
        let home = Home::new(family);
        let mut other = home.clone();
        for (layer, x, y, length) in runs {
            other.map.layers[layer].runs.extend(Run::new(x, y, length));
        }
        assert!(check_difference(&home, &other) && check_difference(&other, &home));
    }
}

#[test]
fn every_element_shows_when_it_is_added() {
    for family in FAMILIES {
        for element in elements(family) {
            let mut home = Home::new(family);
            // A predicted path may need a target, which is no change of the element itself.
            let is_target = |entity: &Entity| Element::of(entity) == Some(Element::Trail(TrailElement::GoToTarget));
            let is_predicted = element == Element::Trail(TrailElement::PredictedPath);
            home.map.entities.retain(|entity| is_predicted && is_target(entity));
            let without = fresh(home.scene());
            for entity in variants(element).into_iter().take(1) {
                assert_eq!(Element::of(&entity), Some(element));
                home.map.entities.push(entity);
            }
            assert!(fresh(home.scene()) != without, "{family:?}: {element:?}");
        }
    }
}
