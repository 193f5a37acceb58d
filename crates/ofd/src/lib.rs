//! OFD packages: read within limits, say what is protected, append a signature.

mod anomaly;
mod document;
mod error;
mod geometry;
mod kind;
mod limits;
mod one_page;
mod package;
mod path;
mod reachability;
pub mod sample;
pub mod sign;
mod signature_list;
mod signature_xml;
mod skim;
mod walk;
mod xml;

pub use anomaly::{Anomaly, Severity};
pub use document::{DocBody, Document, DocumentRoot, ENTRY_POINT, Named, Page};
pub use error::OfdError;
pub use geometry::Rect;
pub use kind::{DocumentKind, document_kind};
pub use limits::Limits;
pub use one_page::one_page;
pub use package::{Entry, Located, Package};
pub use path::{normalize, resolve};
pub use reachability::{MissingPart, Part, PartKind, Reachability};
pub use signature_list::{SignatureKind, SignatureList, SignatureRecord};
pub use signature_xml::{Provider, Reference, SignatureXml, Stamp};
pub use walk::references;
pub use xml::{NAMESPACE, parse as parse_xml};
