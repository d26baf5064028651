//! Bounds, as a file states them.

use super::figure::BudgetFigure;

/// An upper bound of one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// The names before the figure: none for the whole program, else up to two, operation before input.
    pub names: Vec<String>,
    /// The figure.
    pub figure: BudgetFigure,
    /// The bound, in the figure's unit. A figure of this value holds.
    pub bound: f64,
    /// The line in the file, from 1.
    pub line: usize,
}

/// The budgets of a file, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Budgets {
    pub(super) budgets: Vec<Budget>,
}

impl Budgets {
    /// The budgets.
    #[must_use]
    pub fn all(&self) -> &[Budget] {
        &self.budgets
    }
}
