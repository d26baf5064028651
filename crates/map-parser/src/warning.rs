//! Harmless oddities.

use valetudo_map_model::Warning;

/// The warnings that are kept at most: damaged bytes can have one in each block or entity.
const MAX_WARNINGS: usize = 64;

/// Adds the warning of an oddity at a byte of the map, unless there are enough.
pub(crate) fn push_warning(warnings: &mut Vec<Warning>, what: String, offset: usize) {
    if warnings.len() < MAX_WARNINGS {
        warnings.push(Warning { what, offset: Some(offset) });
    }
}
