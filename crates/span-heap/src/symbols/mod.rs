//! From addresses to source lines.

mod line;
mod resolver;
mod source_roots;

pub use self::resolver::{OwnLine, Resolver, Site, SiteId, Sites};
pub use self::source_roots::SourceRoots;
