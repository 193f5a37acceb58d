//! What a document was when it was signed (ISO 32000-1 §7.5.6).

use std::io::{Read, Seek};

use serde::Serialize;

use crate::document::Document;
use crate::error::PdfError;

/// A document that the file was, from its beginning to here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its length in bytes.
    pub end: u64,
    /// Fields whose signatures end with it: this is what they signed, and their signers saw.
    pub signatures: Vec<String>,
}

impl<R: Read + Seek> Document<R> {
    /// What each signature signed, by its length, and the file as it is as the last one.
    ///
    /// A signature whose range does not end a document that holds it has no revision.
    ///
    /// # Errors
    /// As [`Document::signatures`].
    pub fn revisions(&mut self) -> Result<Vec<Revision>, PdfError> {
        let mut out: Vec<Revision> = Vec::new();
        for signature in self.signatures()? {
            let Some(end) = signature.end().filter(|_| signature.whole) else { continue };
            match out.last_mut() {
                Some(last) if last.end == end => last.signatures.push(signature.field),
                _ => out.push(Revision { end, signatures: vec![signature.field] }),
            }
        }
        let size = self.size();
        if out.last().is_none_or(|last| last.end != size) {
            out.push(Revision { end: size, signatures: Vec::new() });
        }
        Ok(out)
    }
}
