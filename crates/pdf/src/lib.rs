//! PDF documents: read within limits on the bytes as they stand, judge byte ranges and what came after a signature, append one.
//!
//! ISO 32000-1. A document is what its cross-reference sections say; whatever else the bytes could be read as is a [`Finding`].
//! What a signer saw is the document that a reader gets who is given the bytes up to the end of the signed range.

mod apart;
mod appearance;
mod audit;
mod changes;
mod crypt;
mod document;
mod error;
mod filter;
mod finding;
mod form;
mod limits;
mod pages;
mod paths;
mod revisions;
mod rules;
pub mod sample;
pub mod sign;
mod signature;
mod source;
mod state;
mod stream_end;
mod syntax;
mod validation;
mod xref;

pub use apart::{Apart, ApartOptions};
pub use appearance::{Colors, Drawn, Image};
pub use changes::{Change, ChangeKind, Changes, Of, Role};
pub use crypt::{Access, Locked};
pub use document::{Document, Shown};
pub use error::PdfError;
pub use finding::{FINDING_CODES, Finding, Severity};
pub use form::{Field, Form};
pub use limits::Limits;
pub use pages::Page;
pub use paths::Paths;
pub use revisions::Revision;
pub use rules::{FieldLock, Level, Rules, Ruling};
pub use signature::{Fault, Signature};
pub use source::{Bytes, Source};
pub use state::{Loaded, Place, State};
pub use syntax::{Dict, Object, Ref, Str};
pub use validation::ValidationData;
