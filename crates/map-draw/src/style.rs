//! How a map looks: the user's choice, for all frames.

use valetudo_map_model::Rotation;

use crate::colour::Rgba;
use crate::scale::Scale;

/// Colours, sizes, and which elements are hidden.
///
/// The defaults are those of the Python package `valetudo-map-parser`. A style is made by changing them:
///
/// ```
/// use valetudo_map_draw::{Rgba, Style};
///
/// let mut style = Style::default();
/// style.wall = Rgba::opaque(90, 90, 90);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// Pixels on which nothing is drawn.
    pub background: Rgba,
    /// Walls.
    pub wall: Rgba,
    /// Rooms by their position on the map, modulo 16; the first one also colours floor without a room.
    pub rooms: [Rgba; 16],
    /// Zones that are being cleaned, and a third of an active room's colour.
    pub zone: Rgba,
    /// The path that the robot drove.
    pub path: Rgba,
    /// The path that it mopped.
    pub mop_path: Rgba,
    /// The robot's body.
    pub robot: Rgba,
    /// The dock.
    pub charger: Rgba,
    /// Carpets.
    pub carpet: Rgba,
    /// Virtual walls, no-go and no-mop areas, obstacles.
    pub no_go: Rgba,
    /// The target's flag.
    pub go_to: Rgba,
    /// Thresholds, when annotations are drawn.
    pub threshold: Rgba,
    /// Curtains, when annotations are drawn.
    pub curtain: Rgba,
    /// Ramps, when annotations are drawn; their border is opaque.
    pub ramp: Rgba,
    /// Seams of wooden floors, with [`Materials::Reference`].
    pub wood: Rgba,
    /// Joints of tiled floors, with [`Materials::Reference`].
    pub tile: Rgba,
    /// Patterns of all floors, with [`Materials::All`].
    pub material: Rgba,
    /// Which materials have a pattern, and which one.
    pub materials: Materials,
    /// Whether thresholds, curtains, ramps and no-carpet areas are drawn.
    pub annotations: Annotations,
    /// Radius of the robot, centimetres.
    pub robot_radius: i32,
    /// Width of a mopping robot's path, centimetres.
    pub mop_path_width: i32,
    /// How the picture will be turned. Flags stand upright in the turned picture.
    pub rotation: Rotation,
    /// Elements that are not drawn.
    pub hidden: Hidden,
    /// For each room by its position, which of `rooms` it has, modulo 16 ([`RoomColours`](crate::RoomColours)); rooms beyond the
    /// list have the one of their position.
    pub room_colours: Vec<u8>,
    /// How large lines and symbols are on the canvas: the scale of the map that is drawn ([`Scale::copy`]).
    pub scale: Scale,
}

/// Which materials have a pattern, and which one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Materials {
    /// Planks of known direction and tiles, as the Python package draws them.
    #[default]
    Reference,
    /// Every material that has a pattern in Valetudo's own interface, with that pattern: tiles, wood, carpets, and question
    /// marks for materials of unknown name. A pixel of a pattern is a map pixel.
    All,
}

/// Whether the user's annotations of the map are drawn, which the Python package does not know: thresholds, curtains, ramps,
/// and areas without carpet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Annotations {
    /// None, as the Python package draws it.
    #[default]
    None,
    /// All of them.
    All,
}

/// A switch of the user's. Which elements a switch hides differs between families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Switch {
    /// Floor, rooms and walls.
    Floor,
    /// Walls.
    Wall,
    /// The patterns of materials.
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

/// The switches that are off, and the rooms that are hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hidden {
    switches: u32,
    rooms: u16,
}

impl Hidden {
    /// Turns a switch off.
    pub const fn hide(&mut self, switch: Switch) {
        self.switches |= 1 << switch as u32;
    }

    /// Hides the room at this position on the map, counted from 0. Only the first 16 can be hidden.
    pub const fn hide_room(&mut self, position: usize) {
        if position < 16 {
            self.rooms |= 1 << position;
        }
    }

    /// Whether `switch` is off.
    #[must_use]
    pub const fn contains(self, switch: Switch) -> bool {
        self.switches & (1 << switch as u32) != 0
    }

    /// Whether any of these switches is off.
    pub(crate) fn contains_any(self, switches: &[Switch]) -> bool {
        switches.iter().any(|&switch| self.contains(switch))
    }

    /// Whether the room at this position is hidden.
    #[must_use]
    pub const fn contains_room(self, position: usize) -> bool {
        position < 16 && self.rooms & (1 << position) != 0
    }
}

impl Style {
    /// The colour of the room at this position on the map.
    #[must_use]
    pub fn room(&self, position: usize) -> Rgba {
        let number = self.room_colours.get(position).map_or(position, |&number| number.into());
        self.rooms[number % self.rooms.len()]
    }

    /// Gives rooms colours that are easily told apart, for [`room_colours`](Self::room_colours).
    pub fn tell_rooms_apart(&mut self) {
        let colours =
            [(135, 206, 250), (248, 205, 140), (152, 214, 168), (205, 178, 232), (240, 160, 150), (232, 232, 210)];
        for (room, (red, green, blue)) in self.rooms.iter_mut().zip(colours) {
            *room = Rgba::opaque(red, green, blue);
        }
    }

    /// The default style in dark colours. The first rooms' are easily told apart.
    #[must_use]
    pub fn dark() -> Self {
        let opaque = |(red, green, blue)| Rgba::opaque(red, green, blue);
        Self {
            background: Rgba::opaque(20, 22, 27),
            wall: Rgba::opaque(150, 158, 172),
            rooms: [
                (44, 62, 88),
                (84, 66, 44),
                (42, 76, 60),
                (72, 54, 88),
                (92, 52, 56),
                (70, 74, 50),
                (38, 74, 84),
                (88, 58, 78),
                (58, 60, 70),
                (52, 84, 76),
                (64, 56, 104),
                (100, 72, 60),
                (48, 88, 52),
                (80, 80, 84),
                (36, 56, 70),
                (96, 84, 52),
            ]
            .map(opaque),
            zone: Rgba::opaque(160, 190, 230),
            path: Rgba::opaque(205, 214, 228),
            mop_path: Rgba([140, 150, 210, 150]),
            robot: Rgba::opaque(240, 236, 200),
            charger: Rgba::opaque(64, 176, 104),
            carpet: Rgba([120, 132, 150, 90]),
            no_go: Rgba([224, 80, 80, 140]),
            go_to: Rgba::opaque(96, 220, 128),
            wood: Rgba([0, 0, 0, 90]),
            tile: Rgba([0, 0, 0, 90]),
            ..Self::default()
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self {
            background: Rgba::opaque(0, 125, 255),
            wall: Rgba::opaque(255, 255, 0),
            rooms: [
                Rgba::opaque(135, 206, 250),
                Rgba::opaque(176, 226, 255),
                Rgba::opaque(164, 211, 238),
                Rgba::opaque(141, 182, 205),
                Rgba::opaque(96, 123, 139),
                Rgba::opaque(224, 255, 255),
                Rgba::opaque(209, 238, 238),
                Rgba::opaque(180, 205, 205),
                Rgba::opaque(122, 139, 139),
                Rgba::opaque(175, 238, 238),
                Rgba::opaque(84, 153, 199),
                Rgba::opaque(133, 193, 233),
                Rgba::opaque(245, 176, 65),
                Rgba::opaque(82, 190, 128),
                Rgba::opaque(72, 201, 176),
                Rgba::opaque(165, 105, 18),
            ],
            zone: Rgba::opaque(255, 255, 255),
            path: Rgba::opaque(238, 247, 255),
            mop_path: Rgba::opaque(238, 225, 255),
            robot: Rgba::opaque(255, 255, 204),
            charger: Rgba::opaque(0, 128, 0),
            carpet: Rgba::opaque(67, 103, 125),
            no_go: Rgba::opaque(255, 0, 0),
            go_to: Rgba::opaque(0, 255, 0),
            threshold: Rgba::opaque(16, 185, 129),
            curtain: Rgba::opaque(6, 182, 212),
            // As in Valetudo: a tenth.
            ramp: Rgba([6, 182, 212, 26]),
            wood: Rgba::opaque(40, 40, 40),
            tile: Rgba::opaque(40, 40, 40),
            // As in Valetudo: 7.5 % darker than the floor.
            material: Rgba([0, 0, 0, 19]),
            materials: Materials::Reference,
            annotations: Annotations::None,
            robot_radius: 25,
            mop_path_width: 23,
            rotation: Rotation::None,
            hidden: Hidden::default(),
            room_colours: Vec::new(),
            scale: Scale::ONE,
        }
    }
}
