//! Topics: the robot, and the kind of a message.

/// The path of Valetudo's stream of maps over HTTP. Recordings name it, behind the robot's address, as the topic.
pub const SSE_PATH: &str = "/api/v2/robot/state/map/sse";

/// The topic of a message: its robot and its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Topic<'a> {
    /// The robot: everything before the kind, such as `valetudo/Rob`.
    pub robot: &'a str,
    /// The kind of the message.
    pub kind: Kind,
}

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A map, in any envelope.
    Map,
    /// The robot's activity, a word.
    Status,
    /// The charge, percent.
    Battery,
    /// Whether a mop is attached: `true` or `false`.
    Mop,
    /// How it cleans: `vacuum`, `mop`, `vacuum_and_mop`, `vacuum_then_mop`.
    OperationMode,
    /// The dock's activity, a word.
    Dock,
    /// Whether it is connected, in the words of Homie: `ready`, `init`, `sleeping`, `disconnected`, `lost`, `alert`.
    Connection,
    /// The robot's name.
    Name,
    /// Valetudo RE: state and charge, as JSON.
    ReState,
    /// Valetudo RE: `online` or `offline`.
    ReConnection,
    /// Valetudo RE: names of rooms, spots and zones, as JSON.
    Destinations,
}

/// The ends of topics.
const KINDS: [(&str, Kind); 13] = [
    ("/MapData/map-data", Kind::Map),
    ("/MapData/map-data-hass", Kind::Map),
    ("/StatusStateAttribute/status", Kind::Status),
    ("/BatteryStateAttribute/level", Kind::Battery),
    ("/AttachmentStateAttribute/mop", Kind::Mop),
    ("/OperationModeControlCapability/preset", Kind::OperationMode),
    ("/DockStatusStateAttribute/status", Kind::Dock),
    ("/$state", Kind::Connection),
    ("/$name", Kind::Name),
    // Valetudo RE.
    ("/map_data", Kind::Map),
    ("/attributes", Kind::ReState),
    ("/state", Kind::ReState),
    ("/destinations", Kind::Destinations),
];

/// Valetudo RE's topic of its connection. It comes after the others, because `…/DockStatusStateAttribute/status` ends in it too.
const RE_CONNECTION: &str = "/status";

/// A topic with one of these levels is a command to a robot.
const COMMANDS: [&str; 4] = ["set", "command", "custom_command", "send_command"];

impl<'a> Topic<'a> {
    /// Reads a topic. `None` if no robot publishes it, or it holds nothing of interest.
    #[must_use]
    pub fn parse(topic: &'a str) -> Option<Self> {
        if let Some(robot) = topic.strip_suffix(SSE_PATH) {
            return (!robot.is_empty()).then_some(Self { robot, kind: Kind::Map });
        }
        let found = KINDS.iter().find_map(|(end, kind)| Some(Self { robot: topic.strip_suffix(end)?, kind: *kind }));
        let other = || Some(Self { robot: topic.strip_suffix(RE_CONNECTION)?, kind: Kind::ReConnection });
        let found = found.or_else(other);
        found.filter(|found| is_robot(found.name()))
    }

    /// The robot's identifier: the last level of [`Topic::robot`].
    #[must_use]
    pub fn name(&self) -> &'a str {
        name(self.robot)
    }
}

/// Whether this last level can name a robot. Its parts have topics of the same ends: `valetudo/Rob/MapData/$name`.
fn is_robot(name: &str) -> bool {
    !name.is_empty() && name != "MapData" && !name.ends_with("Attribute") && !name.ends_with("Capability")
}

/// The last level of a robot's topic.
pub(crate) fn name(robot: &str) -> &str {
    robot.rsplit('/').next().unwrap_or(robot)
}

/// Whether a robot may take a message of this topic as a command.
#[must_use]
pub fn is_command(topic: &str) -> bool {
    topic.split('/').any(|level| COMMANDS.contains(&level))
}

/// The topics to subscribe to, for the robots below a prefix such as `valetudo`; `+` as `robot` means all of them.
#[must_use]
pub fn subscriptions(prefix: &str, robot: &str) -> Vec<String> {
    let all = KINDS.iter().map(|(end, _)| *end).chain([RE_CONNECTION]);
    all.map(|end| format!("{prefix}/{robot}{end}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(topic: &str) -> Option<(&str, Kind)> {
        Topic::parse(topic).map(|topic| (topic.robot, topic.kind))
    }

    #[test]
    fn topics_name_robot_and_kind() {
        assert_eq!(parsed("valetudo/Rob/MapData/map-data"), Some(("valetudo/Rob", Kind::Map)));
        assert_eq!(parsed("home/floor 1/Rob/MapData/map-data-hass"), Some(("home/floor 1/Rob", Kind::Map)));
        assert_eq!(parsed("valetudo/rockrobo/map_data"), Some(("valetudo/rockrobo", Kind::Map)));
        assert_eq!(parsed("valetudo/Rob/DockStatusStateAttribute/status"), Some(("valetudo/Rob", Kind::Dock)));
        assert_eq!(parsed("valetudo/rockrobo/status"), Some(("valetudo/rockrobo", Kind::ReConnection)));
        assert_eq!(parsed("valetudo/Rob/$state"), Some(("valetudo/Rob", Kind::Connection)));
        let http = "http://192.168.1.7/api/v2/robot/state/map/sse";
        assert_eq!(parsed(http), Some(("http://192.168.1.7", Kind::Map)));
        assert_eq!(Topic::parse(http).unwrap().name(), "192.168.1.7");
    }

    #[test]
    fn topics_of_parts_and_strangers_are_none() {
        for topic in [
            "",
            "/",
            "/map_data",
            "valetudo/Rob/BatteryStateAttribute/$name",
            "valetudo/Rob/OtherStateAttribute/status",
            "valetudo/Rob/MapData/$name",
            "valetudo/Rob/MapData/segments",
            "zigbee2mqtt/lamp",
            SSE_PATH,
        ] {
            assert_eq!(parsed(topic), None, "{topic}");
        }
    }

    #[test]
    fn every_subscription_is_a_known_topic_and_no_command() {
        for topic in subscriptions("valetudo", "Rob") {
            assert_eq!(Topic::parse(&topic).map(|topic| topic.robot), Some("valetudo/Rob"), "{topic}");
            assert!(!is_command(&topic), "{topic}");
        }
    }

    #[test]
    fn commands_are_known() {
        for topic in [
            "valetudo/Rob/BasicControlCapability/operation/set",
            "valetudo/Rob/OperationModeControlCapability/preset/set",
            "valetudo/rockrobo/command",
            "valetudo/rockrobo/custom_command",
            "valetudo/Rob/hass/Rob_vacuum/command",
        ] {
            assert!(is_command(topic), "{topic}");
        }
        assert!(!is_command("valetudo/rockrobo/command_status"));
    }
}
