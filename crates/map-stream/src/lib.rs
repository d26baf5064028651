//! The streams of Valetudo robots: recorded, read back, and followed.
//!
//! A robot that runs [Valetudo](https://valetudo.cloud) or Valetudo RE publishes a map every two seconds while it cleans, and its state on
//! other topics. A [`Recording`](recording) keeps such messages as they came. A [`Follower`] turns them, live or
//! recorded, into maps and the [`State`](valetudo_map_render::State) that a
//! [`Renderer`](valetudo_map_render::Renderer) draws them with.
//!
//! ```
//! use std::time::Duration;
//! use valetudo_map_stream::recording::{Entry, Message, Reader, Writer};
//! use valetudo_map_stream::{Follower, Update};
//!
//! let mut file = Vec::new();
//! let mut writer = Writer::new(&mut file)?;
//! writer.write(&Entry::Message(Message {
//!     topic: "valetudo/Rob/BatteryStateAttribute/level",
//!     payload: b"83",
//!     ..Message::default()
//! }))?;
//!
//! let (mut reader, mut follower) = (Reader::new(file.as_slice())?, Follower::default());
//! while let Some(entry) = reader.read()? {
//!     let Entry::Message(message) = entry else { continue };
//!     if let Some((robot, Update::State)) = follower.take(message.topic, message.payload) {
//!         assert_eq!((robot.name(), robot.state().battery), ("Rob", 83));
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod follower;
pub mod recording;
mod repeats;
mod topic;

pub use follower::{Follower, MOST_ROBOTS, Robot, Update};
pub use repeats::{Freshness, Repeats};
pub use topic::{Kind, SSE_PATH, Topic, is_command, subscriptions};

/// The README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
