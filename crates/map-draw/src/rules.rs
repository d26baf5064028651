//! How the maps of each family are drawn: which elements, in which order, and which switches hide them.

use valetudo_map_model::{AreaKind, Family};

use crate::element::{StillElement, TrailElement};
use crate::style::Switch;

/// The drawing rules of a family. Above the layers come the still elements, then the trails, then the robot; each list is in
/// drawing order, the first at the bottom. An element that is not listed is not drawn.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) still: &'static [Listed<StillElement>],
    pub(crate) trails: &'static [Listed<TrailElement>],
    /// The switches that hide the robot.
    pub(crate) robot: &'static [Switch],
    /// Whether a robot in its dock is drawn turned around.
    pub(crate) docked_robot_is_turned: bool,
    /// Whether rooms are active by [`Activity::active_rooms`](crate::Activity) instead of flags on the map.
    pub(crate) active_rooms_from_state: bool,
    /// Whether the path of a mopping robot has the mop's colour and width.
    pub(crate) mop_path: bool,
    /// Width of the predicted path, centimetres.
    pub(crate) predicted_path_width: i32,
    /// Whether the predicted path is drawn only together with the target.
    pub(crate) predicted_path_needs_target: bool,
}

/// An element, and the switches of which any hides it.
pub(crate) type Listed<E> = (E, &'static [Switch]);

impl Rules {
    /// The rules of a family. Families that this crate does not know are drawn like Valetudo's.
    pub(crate) const fn of(family: Family) -> &'static Self {
        match family {
            Family::Rand256 => &Self::RAND256,
            Family::Roborock => &Self::ROBOROCK,
            _ => &Self::VALETUDO,
        }
    }

    const VALETUDO: Self = Self {
        still: &[
            (StillElement::Areas(AreaKind::Ramp), &[]),
            (StillElement::Thresholds, &[]),
            (StillElement::Curtains, &[]),
            (StillElement::VirtualWalls, &[Switch::VirtualWalls]),
            (StillElement::Charger, &[Switch::Charger]),
            (StillElement::Obstacles, &[Switch::Obstacles]),
            (StillElement::Areas(AreaKind::ActiveZone), &[Switch::RestrictedAreas]),
            (StillElement::Areas(AreaKind::NoGo), &[Switch::RestrictedAreas]),
            (StillElement::Areas(AreaKind::NoMop), &[Switch::RestrictedAreas, Switch::NoMopAreas]),
            (StillElement::Areas(AreaKind::Carpet), &[Switch::RestrictedAreas, Switch::Carpets]),
        ],
        trails: &[
            (TrailElement::GoToTarget, &[Switch::GoToTarget]),
            (TrailElement::PredictedPath, &[Switch::Path, Switch::PredictedPath]),
            (TrailElement::Paths, &[Switch::Path]),
        ],
        robot: &[Switch::Robot],
        docked_robot_is_turned: true,
        active_rooms_from_state: false,
        mop_path: true,
        predicted_path_width: 2,
        predicted_path_needs_target: false,
    };

    /// As Valetudo's, which makes the same elements of these maps. The map tells where the robot mopped and how it stands.
    const ROBOROCK: Self = Self {
        still: &[
            (StillElement::Areas(AreaKind::NoCarpet), &[Switch::Carpets]),
            (StillElement::VirtualWalls, &[Switch::VirtualWalls]),
            (StillElement::Charger, &[Switch::Charger]),
            (StillElement::Obstacles, &[Switch::Obstacles]),
            (StillElement::Areas(AreaKind::ActiveZone), &[Switch::RestrictedAreas]),
            (StillElement::Areas(AreaKind::NoGo), &[Switch::RestrictedAreas]),
            (StillElement::Areas(AreaKind::NoMop), &[Switch::RestrictedAreas, Switch::NoMopAreas]),
        ],
        trails: &[
            (TrailElement::GoToTarget, &[Switch::GoToTarget]),
            (TrailElement::PredictedPath, &[Switch::Path, Switch::PredictedPath]),
            (TrailElement::MoppedPaths, &[Switch::Path]),
            (TrailElement::Paths, &[Switch::Path]),
        ],
        docked_robot_is_turned: false,
        mop_path: false,
        ..Self::VALETUDO
    };

    const RAND256: Self = Self {
        still: &[
            (StillElement::Charger, &[Switch::Charger]),
            (StillElement::Areas(AreaKind::ActiveZone), &[Switch::RestrictedAreas]),
            (StillElement::VirtualWalls, &[Switch::VirtualWalls]),
            (StillElement::Areas(AreaKind::NoGo), &[Switch::VirtualWalls]),
            (StillElement::Areas(AreaKind::NoMop), &[Switch::VirtualWalls, Switch::NoMopAreas]),
        ],
        trails: &[
            (TrailElement::Paths, &[Switch::Path]),
            (TrailElement::GoToTarget, &[Switch::GoToTarget]),
            (TrailElement::PredictedPath, &[Switch::GoToTarget, Switch::PredictedPath]),
        ],
        robot: &[Switch::Robot],
        docked_robot_is_turned: false,
        active_rooms_from_state: true,
        mop_path: false,
        predicted_path_width: 3,
        predicted_path_needs_target: true,
    };
}
