//! The arguments of the profiling commands.

use std::path::PathBuf;
use std::time::Duration;

use valetudo_map_render::PictureLimits;
use valetudo_map_workload::NO_LIMITS;

use crate::baselines::{Name, Store};

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// The content of report.json
    Json,
    /// Bencher Metric Format
    Bmf,
    /// For github-action-benchmark: customSmallerIsBetter
    Github,
}

/// Profile maps.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Maps and recordings: files, folders, `-` for standard input [default: the project's own]
    pub(super) maps: Vec<PathBuf>,
    /// Leave out the passes that track memory
    #[arg(long)]
    pub(super) no_memory: bool,
    /// Leave out the passes that follow spans
    #[arg(long)]
    pub(super) no_cpu: bool,
    /// Also show where time goes source line by source line (builds the feature that it needs)
    #[arg(long)]
    pub(super) lines: bool,
    /// Also send spans and metrics to an OpenTelemetry collector, such as http://localhost:4318 (builds the feature that it
    /// needs)
    #[arg(long, value_name = "URL")]
    pub(super) otlp: Option<String>,
    /// The most rows of the report's tables
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) top: u16,
    /// How many busy threads run beside the renderer, as in a home automation server
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1024))]
    pub(super) background_load: u32,
    /// Repetitions of each operation on each map
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) frames: u32,
    /// When a picture is late, after the message of its map: in the profile of a recording
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    pub(super) deadline: Duration,
    /// Where to write report, profiles and pictures [default: profiles/hypfer or profiles/rand of the project]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Store the measurements under a name, replacing older ones of that name
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    pub(super) save_baseline: Option<Name>,
    /// Compare with the measurements stored under a name
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    pub(super) baseline: Option<Name>,
    #[command(flatten)]
    pub(super) store: Store,
    /// Exit with 1 if anything is worse than the baseline
    #[arg(long, requires = "baseline")]
    pub(super) fail_on_regression: bool,
    /// Exit with 1 if a figure is beyond its bound in this file
    #[arg(long, value_name = "FILE")]
    pub(super) budgets: Option<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Print the report alone, no progress
    #[arg(long)]
    pub(super) quiet: bool,
    /// Draw pictures of any size
    #[arg(long, hide = true)]
    pub(super) no_limits: bool,
}

impl Arguments {
    /// Whether the run is compared or stored.
    pub(super) fn needs_baseline(&self) -> bool {
        self.save_baseline.is_some() || self.baseline.is_some()
    }

    /// The bounds of the pictures.
    pub(super) fn limits(&self) -> PictureLimits {
        if self.no_limits { NO_LIMITS } else { PictureLimits::DEFAULT }
    }
}
