//! How a caller names an operation.

/// An operation's name, and the input that it works on if there is one: `"Image"`, or `("Image", "house.json")`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationName<'a> {
    pub(super) name: &'a str,
    pub(super) input: Option<&'a str>,
}

impl<'a> From<&'a str> for OperationName<'a> {
    fn from(name: &'a str) -> Self {
        Self { name, input: None }
    }
}

impl<'a> From<&'a String> for OperationName<'a> {
    fn from(name: &'a String) -> Self {
        name.as_str().into()
    }
}

impl<'a> From<(&'a str, &'a str)> for OperationName<'a> {
    fn from((name, input): (&'a str, &'a str)) -> Self {
        Self { name, input: Some(input) }
    }
}
