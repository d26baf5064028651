//! Reading a file of budgets.

use toml::de::{DeTable, DeValue};

use super::bound::{Budget, Budgets};
use super::error::BudgetError;
use super::figure::BudgetFigure;

/// An operation and an input.
const MOST_NAMES: usize = 2;

impl Budgets {
    /// Reads a file's text.
    ///
    /// ```
    /// let budgets = span_report::budget::Budgets::parse(r#"Image."house.json".time = "2 ms""#).unwrap();
    /// assert_eq!(budgets.all()[0].names, ["Image", "house.json"]);
    /// assert_eq!(budgets.all()[0].bound, 2e6);
    /// ```
    ///
    /// # Errors
    /// [`BudgetError`], with the line: no TOML, an unknown figure, or a value that is no bound of it.
    pub fn parse(text: &str) -> Result<Self, BudgetError> {
        let line = |offset: usize| 1 + text.bytes().take(offset).filter(|&byte| byte == b'\n').count();
        let table = DeTable::parse(text).map_err(|error| BudgetError::Syntax {
            line: line(error.span().map_or(0, |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        let mut budgets = Vec::new();
        add(&mut budgets, table.get_ref(), &mut Vec::new(), &line)?;
        budgets.sort_by_key(|budget| budget.line);
        Ok(Self { budgets })
    }
}

fn add(
    budgets: &mut Vec<Budget>,
    table: &DeTable<'_>,
    names: &mut Vec<String>,
    line: &impl Fn(usize) -> usize,
) -> Result<(), BudgetError> {
    for (name, value) in table {
        let line_of_key = line(name.span().start);
        let whole = || names.iter().map(String::as_str).chain([name.get_ref().as_ref()]).collect::<Vec<_>>().join(".");
        if let DeValue::Table(inner) = value.get_ref() {
            if names.len() == MOST_NAMES {
                return Err(BudgetError::TooDeep { line: line_of_key, key: whole() });
            }
            names.push(name.get_ref().to_string());
            add(budgets, inner, names, line)?;
            names.pop();
            continue;
        }
        let known = if names.is_empty() { BudgetFigure::OF_PROGRAM } else { BudgetFigure::OF_OPERATIONS };
        let figure = known.into_iter().find(|figure| figure.key() == name.get_ref().as_ref());
        let figure = figure.ok_or_else(|| BudgetError::UnknownFigure {
            line: line_of_key,
            key: whole(),
            known: known.map(BudgetFigure::key).join(", "),
        })?;
        let bound = bound(figure, value.get_ref()).ok_or_else(|| BudgetError::Value {
            line: line_of_key,
            key: whole(),
            expected: expected(figure),
        })?;
        budgets.push(Budget { names: names.clone(), figure, bound, line: line_of_key });
    }
    Ok(())
}

fn expected(figure: BudgetFigure) -> &'static str {
    match figure {
        BudgetFigure::Allocations => "a count, such as 0",
        BudgetFigure::Time | BudgetFigure::FirstTime => "a time in ns, µs, ms or s, such as \"2 ms\"",
        BudgetFigure::RatioToBaseline => "a number above 0, such as 1.05",
        _ => "a size in bytes, or in B, KiB, MiB, GiB, kB, MB or GB, such as \"8 MiB\"",
    }
}

fn bound(figure: BudgetFigure, value: &DeValue<'_>) -> Option<f64> {
    let bound = match (figure, value) {
        (BudgetFigure::RatioToBaseline, DeValue::Float(number)) => number.as_str().replace('_', "").parse().ok(),
        (BudgetFigure::RatioToBaseline, DeValue::Integer(_)) => integer(value),
        (BudgetFigure::RatioToBaseline, _) => None,
        (BudgetFigure::Time | BudgetFigure::FirstTime, DeValue::String(text)) => with_unit(text, &TIMES),
        (BudgetFigure::Time | BudgetFigure::FirstTime, _) => None,
        (BudgetFigure::Allocations, _) => integer(value),
        (_, DeValue::String(text)) => with_unit(text, &SIZES),
        (_, _) => integer(value),
    };
    let least = if figure == BudgetFigure::RatioToBaseline { f64::MIN_POSITIVE } else { 0.0 };
    bound.filter(|bound| bound.is_finite() && *bound >= least)
}

fn integer(value: &DeValue<'_>) -> Option<f64> {
    let DeValue::Integer(number) = value else { return None };
    let number = u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()?;
    Some(number as f64)
}

const TIMES: [(&str, f64); 5] = [("ns", 1.0), ("µs", 1e3), ("us", 1e3), ("ms", 1e6), ("s", 1e9)];

const SIZES: [(&str, f64); 7] = [
    ("B", 1.0),
    ("KiB", 1024.0),
    ("MiB", 1024.0 * 1024.0),
    ("GiB", 1024.0 * 1024.0 * 1024.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
];

/// A decimal number and its unit, in the unit of 1.
fn with_unit(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, unit) = text.split_at(end);
    let &(_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> Vec<(String, f64)> {
        let budgets = Budgets::parse(text).unwrap();
        let key = |budget: &Budget| format!("{}.{}", budget.names.join("/"), budget.figure.key());
        budgets.all().iter().map(|budget| (key(budget), budget.bound)).collect()
    }

    #[test]
    fn every_kind_of_bound_is_read_in_the_order_of_the_file() {
        let text = "peak_rss = 1_000\nSteady.allocations = 0\n\"house.json\".peak_heap = \"8 MiB\"\n\
                    Image.\"house.json\".time = \"2.5ms\"\nImage.ratio_to_baseline = 1.05\n\
                    [Image.\"b.json\"]\nfirst_time = \"3 µs\"\nallocated_bytes = \"2 kB\"\n";
        let expected = [
            (".peak_rss", 1000.0),
            ("Steady.allocations", 0.0),
            ("house.json.peak_heap", 8_388_608.0),
            ("Image/house.json.time", 2_500_000.0),
            ("Image.ratio_to_baseline", 1.05),
            ("Image/b.json.first_time", 3_000.0),
            ("Image/b.json.allocated_bytes", 2_000.0),
        ];
        assert_eq!(bounds(text), expected.map(|(key, bound)| (key.to_owned(), bound)));
        assert_eq!(bounds(""), []);
    }

    #[test]
    fn errors_say_the_line_and_the_key() {
        for (text, begin) in [
            ("\nImage.tiem = \"2 ms\"", "line 2: unknown figure Image.tiem: it is one of allocations, "),
            ("time = \"2 ms\"", "line 1: unknown figure time: it is one of allocations, "),
            ("a.b.c.time = \"2 ms\"", "line 1: a.b.c: at most "),
            ("Image.time = 2", "line 1: Image.time is a time "),
            ("Image.time = \"2 min\"", "line 1: Image.time is a time "),
            ("Image.time = \"ms\"", "line 1: Image.time is a time "),
            ("Image.time = \"1.2.3 ms\"", "line 1: Image.time is a time "),
            ("Image.time = \"-2 ms\"", "line 1: Image.time is a time "),
            ("Image.allocations = -1", "line 1: Image.allocations is a count"),
            ("Image.allocations = 1.5", "line 1: Image.allocations is a count"),
            ("Image.peak_heap = \"8 mib\"", "line 1: Image.peak_heap is a size "),
            ("peak_heap = true", "line 1: peak_heap is a size "),
            ("ratio_to_baseline = nan", "line 1: ratio_to_baseline is a number "),
            ("ratio_to_baseline = 0", "line 1: ratio_to_baseline is a number "),
            ("a = 1\nb = = 2", "line 2: "),
            ("Image.allocations = 1\nImage.allocations = 2", "line 2: duplicate key"),
        ] {
            let error = Budgets::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(begin), "{text}: {error}");
        }
    }
}
