//! What differs between the robots that publish maps, as data.

/// The conventions of a family of robots: what drawing and reporting must know beside the map itself.
///
/// Further in, nothing asks which format a map came in; it asks the map's dialect for the value that differs.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// How people call it.
    pub name: &'static str,
    /// What is drawn above the layers, the first at the bottom. What is not listed is not drawn.
    pub elements: &'static [Drawn],
    /// How many millimetres the robot's own unit has; positions are reported back in that unit.
    pub millimetres_per_unit: u16,
    /// Whether a robot in its dock is drawn turned around.
    pub docked_robot_is_turned: bool,
    /// Whether a room's outline leaves out what is less than three map pixels wide.
    pub rooms_are_opened: bool,
    /// Whether rooms are called by number, not by text.
    pub rooms_have_numbers: bool,
    /// Whether rooms are made active by the integration's state instead of flags on the map.
    pub active_rooms_from_state: bool,
    /// Whether a mopping robot's path is drawn as wide as the mop.
    pub mop_path: bool,
    /// The width of the predicted path, canvas pixels.
    pub predicted_path_width: i32,
    /// Whether the predicted path is drawn only together with the target.
    pub predicted_path_needs_target: bool,
}

/// An element's place in the drawing order, and which of the user's switches hide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// What is drawn.
    pub element: Element,
    /// Any of these hides it.
    pub hidden_by: &'static [Switch],
}

/// A kind of thing that is drawn above the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Element {
    /// Lines that the robot must not cross.
    VirtualWalls,
    /// The dock.
    Charger,
    /// Recognised obstacles.
    Obstacles,
    /// Zones that are being cleaned.
    ActiveZones,
    /// Areas to stay out of.
    NoGoAreas,
    /// Areas to stay out of while mopping.
    NoMopAreas,
    /// Carpets.
    Carpets,
    /// The flag on the target.
    GoToTarget,
    /// Where the robot means to go.
    PredictedPath,
    /// Where it was.
    Paths,
    /// The robot.
    Robot,
}

impl Element {
    /// Whether it usually changes from one frame to the next, or lies still like the layers do.
    #[must_use]
    pub const fn moves(self) -> bool {
        matches!(self, Self::GoToTarget | Self::PredictedPath | Self::Paths | Self::Robot)
    }
}

/// What the user can hide. Which elements a switch hides differs between dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Switch {
    /// Floor, rooms and walls.
    Floor,
    /// Walls.
    Wall,
    /// The patterns of wood and tiles.
    Materials,
    /// Carpets.
    Carpets,
    /// Obstacles.
    Obstacles,
    /// The charger.
    Charger,
    /// The robot.
    Robot,
    /// The paths.
    Path,
    /// The predicted path.
    PredictedPath,
    /// The target.
    GoToTarget,
    /// Virtual walls.
    VirtualWalls,
    /// Restricted areas.
    RestrictedAreas,
    /// No-mop areas.
    NoMopAreas,
}

impl Dialect {
    /// Valetudo JSON: centimetres.
    pub const VALETUDO: Self = Self {
        name: "Valetudo",
        elements: &[
            drawn(Element::VirtualWalls, &[Switch::VirtualWalls]),
            drawn(Element::Charger, &[Switch::Charger]),
            drawn(Element::Obstacles, &[Switch::Obstacles]),
            drawn(Element::ActiveZones, &[Switch::RestrictedAreas]),
            drawn(Element::NoGoAreas, &[Switch::RestrictedAreas]),
            drawn(Element::NoMopAreas, &[Switch::RestrictedAreas, Switch::NoMopAreas]),
            drawn(Element::Carpets, &[Switch::RestrictedAreas, Switch::Carpets]),
            drawn(Element::GoToTarget, &[Switch::GoToTarget]),
            drawn(Element::PredictedPath, &[Switch::Path, Switch::PredictedPath]),
            drawn(Element::Paths, &[Switch::Path]),
            drawn(Element::Robot, &[Switch::Robot]),
        ],
        millimetres_per_unit: 10,
        docked_robot_is_turned: true,
        rooms_are_opened: true,
        rooms_have_numbers: false,
        active_rooms_from_state: false,
        mop_path: true,
        predicted_path_width: 2,
        predicted_path_needs_target: false,
    };

    /// Roborock's RR map, as Valetudo RE (rand256) publishes it: millimetres.
    pub const RAND256: Self = Self {
        name: "Rand256",
        elements: &[
            drawn(Element::Charger, &[Switch::Charger]),
            drawn(Element::ActiveZones, &[Switch::RestrictedAreas]),
            drawn(Element::VirtualWalls, &[Switch::VirtualWalls]),
            drawn(Element::NoGoAreas, &[Switch::VirtualWalls]),
            drawn(Element::NoMopAreas, &[Switch::VirtualWalls, Switch::NoMopAreas]),
            drawn(Element::Paths, &[Switch::Path]),
            drawn(Element::GoToTarget, &[Switch::GoToTarget]),
            drawn(Element::PredictedPath, &[Switch::GoToTarget, Switch::PredictedPath]),
            drawn(Element::Robot, &[Switch::Robot]),
        ],
        millimetres_per_unit: 1,
        docked_robot_is_turned: false,
        rooms_are_opened: false,
        rooms_have_numbers: true,
        active_rooms_from_state: true,
        mop_path: false,
        predicted_path_width: 3,
        predicted_path_needs_target: true,
    };

    /// Valetudo JSON of Conga robots: map pixels of 5 centimetres throughout.
    pub const CONGA: Self = Self { name: "Conga", millimetres_per_unit: 50, ..Self::VALETUDO };
}

const fn drawn(element: Element, hidden_by: &'static [Switch]) -> Drawn {
    Drawn { element, hidden_by }
}
