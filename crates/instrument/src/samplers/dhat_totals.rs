//! The totals of dhat's file, as its viewer adds them up.

use serde_json::Value;
use span_report::measurement::{DhatTotals, HeapLive};

/// Adds up the call stacks (`pps`) of a profile of version 2. A field that is no number counts as 0.
pub(super) fn of(profile: &Value) -> DhatTotals {
    let stacks = profile.get("pps").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let sum = |field: &str| stacks.iter().filter_map(|stack| stack.get(field)?.as_u64()).fold(0, u64::saturating_add);
    let blocks = |bytes, blocks| HeapLive { bytes: sum(bytes), blocks: sum(blocks) };
    DhatTotals { total: blocks("tb", "tbk"), at_peak: blocks("gb", "gbk"), at_end: blocks("eb", "ebk") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_added_up() {
        let profile = serde_json::json!({ "pps": [
            { "tb": 100, "tbk": 2, "gb": 60, "gbk": 1, "eb": 40, "ebk": 1 },
            { "tb": 7, "tbk": 1, "gb": 0, "gbk": 0 },
        ]});
        let live = |bytes, blocks| HeapLive { bytes, blocks };
        let expected = DhatTotals { total: live(107, 3), at_peak: live(60, 1), at_end: live(40, 1) };
        assert_eq!(of(&profile), expected);
        assert_eq!(of(&Value::Null), DhatTotals::default());
    }
}
