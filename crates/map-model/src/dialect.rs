//! What differs between the robots that publish maps, as data.

/// The conventions of a family of robots: what drawing and reporting must know beside the map itself.
///
/// Further in, nothing asks which format a map came in; it asks the map's dialect for the value that differs.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// How people call it.
    pub name: &'static str,
    /// The order in which elements are drawn, the first at the bottom, all above the layers. What is not listed is
    /// not drawn.
    pub elements: &'static [Element],
    /// How many millimetres the robot's own unit has; positions are reported back in that unit.
    pub millimetres_per_unit: u16,
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

impl Dialect {
    /// Valetudo JSON: centimetres.
    pub const VALETUDO: Self = Self { name: "Valetudo", elements: VALETUDO_ELEMENTS, millimetres_per_unit: 10 };

    /// Roborock's RR map, as Valetudo RE (rand256) publishes it: millimetres.
    pub const RAND256: Self = Self {
        name: "Rand256",
        elements: &[
            Element::Charger,
            Element::ActiveZones,
            Element::VirtualWalls,
            Element::NoGoAreas,
            Element::NoMopAreas,
            Element::Paths,
            Element::GoToTarget,
            Element::PredictedPath,
            Element::Robot,
        ],
        millimetres_per_unit: 1,
    };

    /// Valetudo JSON of Conga robots: map pixels of 5 centimetres throughout.
    pub const CONGA: Self = Self { name: "Conga", elements: VALETUDO_ELEMENTS, millimetres_per_unit: 50 };
}

const VALETUDO_ELEMENTS: &[Element] = &[
    Element::VirtualWalls,
    Element::Charger,
    Element::Obstacles,
    Element::ActiveZones,
    Element::NoGoAreas,
    Element::NoMopAreas,
    Element::Carpets,
    Element::GoToTarget,
    Element::PredictedPath,
    Element::Paths,
    Element::Robot,
];
