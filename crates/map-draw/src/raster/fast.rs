//! Lines painted quickly. Each file says which lines it takes.

pub(super) mod row_blocks;
pub(super) mod short_lines;
