//! Lists of numbers, where nearly all the time goes.

use super::error::Error;
use super::number::FromNumber;
use super::reader::Reader;
use super::token::{Separator, skip_white_space, whole_number};

impl<'a> Reader<'a> {
    /// Begins a list of numbers. `None` when `null` stands there.
    pub(super) fn numbers(&mut self, expected: &str) -> Result<Option<Numbers<'_, 'a>>, Error> {
        Ok(self.open(b'[', expected)?.then(|| Numbers::new(self)))
    }
}

/// The inside of a list of numbers.
///
/// [`Self::next`] equals [`Self::next_of_any_form`], which is the plain way; it is quicker for a short whole number after
/// the separator that stood between earlier numbers, which is nearly every number of nearly every map.
#[derive(Debug)]
pub(super) struct Numbers<'r, 'a> {
    reader: &'r mut Reader<'a>,
    is_first: bool,
    /// The separator that is expected next.
    separator: Option<Separator>,
    /// How many separators were different from the expected one.
    mismatches: u32,
}

impl<'r, 'a> Numbers<'r, 'a> {
    pub(super) fn new(reader: &'r mut Reader<'a>) -> Self {
        Self { reader, is_first: true, separator: None, mismatches: 0 }
    }

    /// The next number; `None` after the last one, when the list is left.
    #[inline(always)]
    pub(super) fn next<T: FromNumber>(&mut self) -> Result<Option<T>, Error> {
        if let Some((value, rest)) = self.next_short()
            && let Some(number) = T::from_unsigned(value)
        {
            self.reader.rest = rest;
            return Ok(Some(number));
        }
        self.next_of_any_form()
    }

    /// The next number where there must be one.
    #[inline(always)]
    pub(super) fn next_of_entry<T: FromNumber>(&mut self, form: &str) -> Result<T, Error> {
        match self.next()? {
            Some(number) => Ok(number),
            None => Err(self.error(format!("the list ends within it, expected {form}"))),
        }
    }

    pub(super) fn error(&self, problem: String) -> Error {
        self.reader.error(problem)
    }

    #[inline(never)]
    fn next_of_any_form<T: FromNumber>(&mut self) -> Result<Option<T>, Error> {
        if self.reader.has_next(std::mem::take(&mut self.is_first), b']')? {
            self.reader.number().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next number when it is a short whole one and not the first, and the bytes after it. Takes nothing.
    #[inline(always)]
    fn next_short(&mut self) -> Option<(u64, &'a [u8])> {
        let text = match self.separator.as_ref().and_then(|separator| separator.skip(self.reader.rest)) {
            Some(text) => text,
            None => self.skip_other_separator()?,
        };
        whole_number(text)
    }

    /// The bytes after a separator that is not the expected one.
    #[inline(never)]
    fn skip_other_separator(&mut self) -> Option<&'a [u8]> {
        if self.is_first {
            return None;
        }
        let rest = self.reader.rest;
        let text = skip_white_space(skip_white_space(rest).strip_prefix(b",")?);
        // Learning a separator costs more than skipping one: learn at the 2nd, 10th, 18th … mismatch. So a point's two
        // numbers learn none, and a list whose separators all differ learns few.
        if self.mismatches % 8 == 1 {
            self.separator = Separator::new(rest, rest.len() - text.len());
        }
        self.mismatches = self.mismatches.wrapping_add(1);
        Some(text)
    }
}

#[cfg(test)]
impl Numbers<'_, '_> {
    pub(super) fn expects_the_next_separator(&self) -> bool {
        self.separator
            .as_ref()
            .and_then(|separator| separator.skip(self.reader.rest))
            .is_some_and(|rest| rest.starts_with(b"1"))
    }
}
