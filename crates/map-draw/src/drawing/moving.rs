//! The upper layers of a drawing: trail and robot.

use crate::scene::Robot;
use crate::trail::Trail;

/// The elements above the layers and still elements.
#[derive(Debug, Default)]
pub(super) struct Moving {
    pub(super) trail: Trail,
    /// The robot, which is drawn last.
    pub(super) robot: Option<Robot>,
}
