//! The cost of measuring: operations of each pass beside those of the clean pass.

use super::operations::{OperationRow, Operations};
use super::passes::Passes;
use crate::measurement::Pass;

/// The cost of measuring, as ratios of median times to those of the clean pass.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cost {
    /// The passes beside the clean pass: the columns.
    pub passes: Vec<Pass>,
    /// The operations of the clean pass.
    pub rows: Vec<CostRow>,
    /// By pass: the medians of all operations that both passes timed, added up, over those of the clean pass.
    pub overall: Vec<Option<f64>>,
}

/// One operation in all passes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CostRow {
    /// The operation.
    pub operation: String,
    /// Its median time in the clean pass.
    pub clean_ns: Option<f64>,
    /// By pass: the median time over that of the clean pass.
    pub ratios: Vec<Option<f64>>,
}

/// `None` without a clean pass, and without another.
pub(super) fn section(passes: Passes<'_>, operations: Option<&Operations>) -> Option<Cost> {
    let operations = operations?;
    let mut names = passes.names();
    names.retain(|&pass| pass != Pass::Clean);
    let clean: Vec<&OperationRow> = operations.of(Pass::Clean).collect();
    if clean.is_empty() || names.is_empty() {
        return None;
    }
    let medians = |clean: &OperationRow, pass: Pass| {
        let other = operations.of(pass).find(|other| other.name == clean.name)?;
        Some((clean.median_ns?, other.median_ns?))
    };
    let ratio = |(clean, other): (f64, f64)| (clean > 0.0).then_some(other / clean);
    let overall = |&pass: &Pass| {
        let pairs = clean.iter().filter_map(|operation| medians(operation, pass));
        ratio(pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1)))
    };
    let row = |operation: &&OperationRow| CostRow {
        operation: operation.name.clone(),
        clean_ns: operation.median_ns,
        ratios: names.iter().map(|&pass| medians(operation, pass).and_then(ratio)).collect(),
    };
    Some(Cost { rows: clean.iter().map(row).collect(), overall: names.iter().map(overall).collect(), passes: names })
}

impl Cost {
    /// Times of operations in a pass over those of the clean pass, all operations together.
    #[must_use]
    pub fn of(&self, pass: Pass) -> Option<f64> {
        self.passes.iter().zip(&self.overall).find(|(known, _)| **known == pass).and_then(|(_, overall)| *overall)
    }
}

/// The sentence of a section about the cost of its pass.
pub(crate) fn sentence(ratio: f64) -> String {
    format!("operations took {ratio:.2} × their clean time")
}
