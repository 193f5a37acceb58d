//! What a file is, by its content and never by its name.

use std::io::{Read, Seek, SeekFrom};

use crate::{Limits, Package};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// No bytes at all.
    Empty,
    /// A PDF.
    Pdf,
    /// A zip package, or nothing that is known: read as an OFD, which says what is wrong.
    Ofd,
    /// A PDF and a zip package at once: software sees one or the other. Never signed, never valid.
    Both,
}

/// Readers of PDF look for its header in this many bytes.
const HEAD: usize = 1024;

/// Tells what a file is; leaves the reader at the beginning.
///
/// # Errors
/// Errors of the reader.
pub fn document_kind<R: Read + Seek>(mut input: R) -> std::io::Result<DocumentKind> {
    input.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let kind = if head.is_empty() {
        DocumentKind::Empty
    } else if head.starts_with(b"%PDF") {
        let zip = Package::open(&mut input, &Limits::default()).is_ok();
        if zip { DocumentKind::Both } else { DocumentKind::Pdf }
    } else if head.starts_with(b"PK") && head.windows(5).any(|w| w == b"%PDF-") {
        DocumentKind::Both
    } else {
        DocumentKind::Ofd
    };
    input.seek(SeekFrom::Start(0))?;
    Ok(kind)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn tells_kinds_by_content() {
        let kind = |bytes: &[u8]| document_kind(Cursor::new(bytes)).unwrap();
        let zip = crate::sample::document(1, "a", &[]);
        assert_eq!(kind(b""), DocumentKind::Empty);
        assert_eq!(kind(b"%PDF-1.7\n"), DocumentKind::Pdf);
        assert_eq!(kind(&zip), DocumentKind::Ofd);
        assert_eq!(kind(&[b"%PDF-1.7\n", zip.as_slice()].concat()), DocumentKind::Both);
        assert_eq!(kind(b"PK\x03\x04 %PDF-1.7"), DocumentKind::Both);
        assert_eq!(kind(b"hello"), DocumentKind::Ofd);
    }
}
