//! Objects as bytes (ISO 32000-1 §7.2, §7.3).

mod indirect;
mod lexer;
mod object;
mod write;

pub use object::{Dict, Object, Ref, Str};

pub(crate) use indirect::{Body, Indirect, StreamBody, read_indirect, with_window};
pub(crate) use lexer::{Lexer, is_white};
pub(crate) use write::write_object;
