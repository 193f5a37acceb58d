//! What a document says, while it is in memory.

use std::fmt;
use std::hint::black_box;
use std::ops::Deref;

/// Content of a document, decrypted. Overwritten when it is no longer needed, as fast as memory is written: documents are long, and what
/// wipes keys writes byte after byte.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Content(Vec<u8>);

impl Content {
    /// Empty, with room for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// What it holds.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// What it holds, to write more behind it. No more than there is room for: what outgrows its place leaves a copy behind.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes)", self.0.len())
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        self.0.fill(0);
        // As if somebody looked: the compiler may not leave the writing out.
        black_box(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::Content;

    #[test]
    fn content_says_its_length_and_not_what_it_holds() {
        let mut content = Content::with_capacity(8);
        content.bytes().extend_from_slice(b"secret");
        assert_eq!((&*content, format!("{content:?}")), (&b"secret"[..], "Content(6 bytes)".to_owned()));
    }
}
