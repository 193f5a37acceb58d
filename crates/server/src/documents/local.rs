//! Documents in a folder, read and encrypted on the thread that works on them: a small one costs no hand-over to another.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::envelope::{self, SALT};
use super::store::{MARKER, WHOLE, random};
use super::{Content, Digest, DocumentError, DocumentKeys};
use crate::telemetry::metrics;

/// A folder of documents, and the keys of this moment. For threads that may block.
#[derive(Clone)]
pub struct LocalDocuments {
    pub(super) folder: PathBuf,
    pub(super) keys: Arc<DocumentKeys>,
    /// Whether the folder is known to carry its mark.
    pub(super) marked: bool,
}

/// A document in its encrypted form, to be put in its place by [`super::Documents::put_encrypted`].
pub struct Encrypted {
    pub(super) digest: Digest,
    /// Bytes of the content.
    pub(super) size: u64,
    pub(super) bytes: Vec<u8>,
}

impl LocalDocuments {
    /// Bytes of content that are surely read and opened in one go.
    pub const READ_HERE: u64 = WHOLE / 2;

    /// Content of a document of at most [`Self::READ_HERE`] bytes, whole and verified.
    ///
    /// # Errors
    /// As [`super::Documents::get`].
    pub fn get_small(&self, digest: Digest) -> Result<Content, DocumentError> {
        let start = Instant::now();
        // One that is longer than its record says is not what was kept.
        let longer = DocumentError::Integrity { digest, what: "length" };
        let found = self.get(digest).and_then(|content| content.ok_or(longer));
        metrics::document_operation("get", start, &found);
        found
    }

    /// Content of a document, whole and verified; `None` for one that is read in pieces because it is large.
    ///
    /// # Errors
    /// As [`super::Documents::get`].
    pub(super) fn get(&self, digest: Digest) -> Result<Option<Content>, DocumentError> {
        match self.read(digest) {
            Ok(None) => Ok(None),
            Ok(Some(sealed)) => {
                let content = envelope::open(&self.keys, digest, &sealed)?;
                metrics::document_bytes("out", content.len() as u64);
                Ok(Some(content))
            }
            Err(error) => Err(self.absent(digest, &error)),
        }
    }

    fn read(&self, digest: Digest) -> io::Result<Option<Vec<u8>>> {
        let file = File::open(self.folder.join(digest.key()))?;
        let size = file.metadata()?.len();
        if size > WHOLE {
            return Ok(None);
        }
        let mut sealed = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        file.take(WHOLE).read_to_end(&mut sealed)?;
        Ok(Some(sealed))
    }

    /// Encrypts what nobody has brought before to a folder that is there; `None` where more is to be looked at by
    /// [`super::Documents::put_as`]. `digest` is the content's.
    ///
    /// # Errors
    /// [`DocumentError::UnknownKey`], or no random numbers.
    pub fn encrypt(&self, digest: Digest, content: &[u8]) -> Result<Option<Encrypted>, DocumentError> {
        let there = |name: &str| self.folder.join(name).try_exists();
        if !self.marked || !matches!((there(MARKER), there(&digest.key())), (Ok(true), Ok(false))) {
            return Ok(None);
        }
        let salt: [u8; SALT] = random()?;
        let bytes = envelope::seal(&self.keys, &digest, content, &salt)?;
        Ok(Some(Encrypted { digest, size: content.len() as u64, bytes }))
    }

    /// What an error about one document means: absent only if the folder itself is there.
    fn absent(&self, digest: Digest, error: &io::Error) -> DocumentError {
        let absent = error.kind() == io::ErrorKind::NotFound;
        if absent && matches!(self.folder.join(MARKER).try_exists(), Ok(true)) {
            return DocumentError::NotFound(digest);
        }
        DocumentError::Unavailable { reason: error.to_string() }
    }
}
