//! Documents as they lie in the store, encrypted: for backups.

use std::pin::Pin;

use axum::body::Bytes;
use futures_util::stream::{Stream, TryStreamExt};
use object_store::{ObjectStoreExt, PutPayload, WriteMultipart};

use super::{Digest, DocumentError, Documents};

/// Objects up to this length are written at once.
const AT_ONCE: u64 = 8 << 20;
/// Parts that are on their way at the same time.
const PARALLEL: usize = 2;

/// A document as it lies in the store.
pub struct Raw {
    /// Length of the encrypted form.
    pub length: u64,
    /// The encrypted form in pieces.
    pub pieces: Pin<Box<dyn Stream<Item = Result<Bytes, DocumentError>> + Send>>,
}

/// Number of the key that a document is encrypted under, from the first twelve bytes of its encrypted form.
pub fn key_number(head: &[u8]) -> Option<u32> {
    let (_, rest) = head.split_first_chunk::<8>()?;
    rest.first_chunk().map(|number| u32::from_be_bytes(*number))
}

impl Documents {
    /// A document as it lies in the store, unverified.
    ///
    /// # Errors
    /// [`DocumentError::NotFound`], [`DocumentError::Unavailable`].
    pub async fn read_raw(&self, digest: Digest) -> Result<Raw, DocumentError> {
        match self.store.get(&self.path(&digest.key())).await {
            Ok(found) => {
                let length = found.meta.size;
                let pieces = found.into_stream().map_err(|error| DocumentError::of_store(&error));
                Ok(Raw { length, pieces: Box::pin(pieces) })
            }
            Err(error) => Err(self.absent(digest, error).await),
        }
    }

    /// Puts a document in place as it lay in a store; `next` gives its encrypted form in pieces. Whoever calls this verifies it by reading.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`] or [`DocumentError::Full`], or what `next` says.
    pub async fn write_raw<E: From<DocumentError>>(
        &self,
        digest: Digest,
        length: u64,
        next: &mut (dyn FnMut() -> Result<Option<Vec<u8>>, E> + Send),
    ) -> Result<(), E> {
        self.ensure_marked().await?;
        let fail = |error: object_store::Error| E::from(DocumentError::of_store(&error));
        let path = self.path(&digest.key());
        if length <= AT_ONCE {
            let mut whole = Vec::new();
            while let Some(piece) = next()? {
                whole.extend_from_slice(&piece);
            }
            return self.store.put(&path, PutPayload::from(whole)).await.map(drop).map_err(fail);
        }
        let mut upload = WriteMultipart::new(self.store.put_multipart(&path).await.map_err(fail)?);
        while let Some(piece) = next()? {
            upload.wait_for_capacity(PARALLEL).await.map_err(fail)?;
            upload.put(Bytes::from(piece));
        }
        upload.finish().await.map(drop).map_err(fail)
    }

    /// Whether there is no document and no mark of a document store.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`].
    pub async fn is_empty(&self) -> Result<bool, DocumentError> {
        if !self.is_new().await? {
            return Ok(false);
        }
        Ok(std::pin::pin!(self.list()).try_next().await?.is_none())
    }

    /// Marks the store as one that is in use, also where it holds nothing.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`] or [`DocumentError::Full`].
    pub async fn mark(&self) -> Result<(), DocumentError> {
        self.ensure_marked().await
    }
}
