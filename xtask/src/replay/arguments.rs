//! The arguments of `replay`.

use std::path::PathBuf;
use std::time::Duration;

/// Send a recording to a broker. User and password come from STREAM_USER and STREAM_PASSWORD.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The recording
    pub(super) recording: PathBuf,
    /// mqtt://HOST:PORT or mqtts://HOST:PORT
    #[arg(long, value_name = "BROKER")]
    pub(super) to: String,
    /// How many times as fast as it was recorded, or `max`
    #[arg(long, value_name = "N", default_value = "1", value_parser = Speed::parse)]
    pub(super) speed: Speed,
    /// Certificates to trust, as PEM [default: the system's]
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
}

/// How fast messages follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Speed {
    /// So many times as fast as they came.
    Times(f64),
    /// As fast as the broker takes them.
    Max,
}

impl Speed {
    fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<f64>() {
            _ if text == "max" => Ok(Self::Max),
            Ok(times) if times.is_finite() && times > 0.0 => Ok(Self::Times(times)),
            _ => Err("a positive number, or max".to_owned()),
        }
    }

    /// When to send a message that came so long after the first one, since that was sent.
    pub(super) fn due(self, since_first: Duration) -> Duration {
        match self {
            Self::Times(times) => {
                Duration::try_from_secs_f64(since_first.as_secs_f64() / times).unwrap_or(Duration::MAX)
            }
            Self::Max => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_positive_numbers_or_max() {
        assert_eq!(Speed::parse("2.5"), Ok(Speed::Times(2.5)));
        assert_eq!(Speed::parse("max"), Ok(Speed::Max));
        for wrong in ["0", "-1", "inf", "NaN", "fast"] {
            assert!(Speed::parse(wrong).is_err(), "{wrong}");
        }
    }
    #[test]
    fn messages_are_due_sooner_at_a_higher_speed() {
        let minute = Duration::from_secs(60);
        let due = ["0.5", "1", "20", "max"].map(|text| Speed::parse(text).unwrap().due(minute).as_secs_f64());
        assert_eq!(due, [120.0, 60.0, 3.0, 0.0]);
        assert_eq!(Speed::Times(1e-300).due(minute), Duration::MAX);
    }
}
