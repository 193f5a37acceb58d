//! Documents and materials (材料): kept under the SM3 digest of their content, encrypted at rest, in a folder or an
//! S3-compatible bucket.
//!
//! Personal data never lies in clear outside this process: content is cut into chunks and encrypted with SM4-GCM under a
//! key of its own, derived from the service's document key. Content is verified against its digest
//! whenever it is read.

mod backend;
mod content;
mod envelope;
mod error;
mod keys;
mod local;
mod raw;
mod reader;
mod reference;
mod store;
mod sweep;

pub use content::Content;
pub use error::DocumentError;
pub use keys::DocumentKeys;
pub use local::{Encrypted, LocalDocuments};
pub use raw::{Raw, key_number};
pub use reader::ContentStream;
pub use reference::{Digest, DocumentRef, StoredDocument};
pub use store::Documents;
