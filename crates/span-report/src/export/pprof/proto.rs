//! The messages of pprof's `profile.proto`
//! (<https://github.com/google/pprof/blob/main/proto/profile.proto>), without the fields that are never written. Texts are
//! indices into [`Profile::string_table`].

use prost::Message;

/// A whole profile.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Profile {
    /// The kind of each value of a sample.
    #[prost(message, repeated, tag = "1")]
    pub(crate) sample_type: Vec<ValueType>,
    /// Stacks with their values.
    #[prost(message, repeated, tag = "2")]
    pub(crate) sample: Vec<Sample>,
    /// The program.
    #[prost(message, repeated, tag = "3")]
    pub(crate) mapping: Vec<Mapping>,
    /// Places in functions.
    #[prost(message, repeated, tag = "4")]
    pub(crate) location: Vec<Location>,
    /// Functions.
    #[prost(message, repeated, tag = "5")]
    pub(crate) function: Vec<Function>,
    /// All texts; the first is empty.
    #[prost(string, repeated, tag = "6")]
    pub(crate) string_table: Vec<String>,
    /// How long was measured.
    #[prost(int64, tag = "10")]
    pub(crate) duration_nanos: i64,
    /// Notes for people.
    #[prost(int64, repeated, tag = "13")]
    pub(crate) comment: Vec<i64>,
    /// The kind of value that is shown first.
    #[prost(int64, tag = "14")]
    pub(crate) default_sample_type: i64,
}

/// A kind of value and its unit.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct ValueType {
    /// The kind.
    #[prost(int64, tag = "1")]
    pub(crate) r#type: i64,
    /// The unit.
    #[prost(int64, tag = "2")]
    pub(crate) unit: i64,
}

/// A stack with its values.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Sample {
    /// Numbers of locations, innermost first.
    #[prost(uint64, repeated, tag = "1")]
    pub(crate) location_id: Vec<u64>,
    /// A value of each kind.
    #[prost(int64, repeated, tag = "2")]
    pub(crate) value: Vec<i64>,
    /// Facts about the sample.
    #[prost(message, repeated, tag = "3")]
    pub(crate) label: Vec<Label>,
}

/// A fact about a sample.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct Label {
    /// Its name.
    #[prost(int64, tag = "1")]
    pub(crate) key: i64,
    /// Its text.
    #[prost(int64, tag = "2")]
    pub(crate) str: i64,
}

/// The program.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct Mapping {
    /// Its number, from 1.
    #[prost(uint64, tag = "1")]
    pub(crate) id: u64,
    /// Its name.
    #[prost(int64, tag = "5")]
    pub(crate) filename: i64,
    /// Whether the profile names functions, so that no reader looks for them in a program.
    #[prost(bool, tag = "7")]
    pub(crate) has_functions: bool,
    /// The same of source files.
    #[prost(bool, tag = "8")]
    pub(crate) has_filenames: bool,
    /// The same of lines.
    #[prost(bool, tag = "9")]
    pub(crate) has_line_numbers: bool,
}

/// A place in a function.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Location {
    /// Its number, from 1.
    #[prost(uint64, tag = "1")]
    pub(crate) id: u64,
    /// The program.
    #[prost(uint64, tag = "2")]
    pub(crate) mapping_id: u64,
    /// The line.
    #[prost(message, repeated, tag = "4")]
    pub(crate) line: Vec<Line>,
}

/// A source line.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct Line {
    /// The function around it.
    #[prost(uint64, tag = "1")]
    pub(crate) function_id: u64,
    /// The line, from 1; 0 if unknown.
    #[prost(int64, tag = "2")]
    pub(crate) line: i64,
}

/// A function: here, a span.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct Function {
    /// Its number, from 1.
    #[prost(uint64, tag = "1")]
    pub(crate) id: u64,
    /// Its name.
    #[prost(int64, tag = "2")]
    pub(crate) name: i64,
    /// Its name in the program.
    #[prost(int64, tag = "3")]
    pub(crate) system_name: i64,
    /// Its source file.
    #[prost(int64, tag = "4")]
    pub(crate) filename: i64,
    /// Its first line, from 1; 0 if unknown.
    #[prost(int64, tag = "5")]
    pub(crate) start_line: i64,
}
