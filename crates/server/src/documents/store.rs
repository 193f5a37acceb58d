//! Putting, getting, listing and removing documents.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use futures_util::stream::{Stream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{GetResult, ObjectStore, ObjectStoreExt, PutPayload};

use super::envelope::{self, HEADER, Opener, SALT};
use super::reader::{ContentStream, Reader, chunks};
use super::{
    Content, Digest, DocumentError, DocumentKeys, DocumentRef, Encrypted, LocalDocuments, StoredDocument,
    backend, sweep,
};
use crate::config::{DocumentsConfig, DocumentsKind};
use crate::telemetry::metrics;

/// Object that says: this is a document store. Without it, an absent document means an absent store.
pub(super) const MARKER: &str = "yinxin-documents";
/// Largest encrypted form that is read and opened in one go. Bytes.
pub(super) const WHOLE: u64 = 1 << 20;

/// The document store (材料库). Cheap to share behind an `Arc`.
pub struct Documents {
    pub(super) store: Arc<dyn ObjectStore>,
    prefix: Path,
    folder: Option<PathBuf>,
    marked: AtomicBool,
    keys: RwLock<Arc<DocumentKeys>>,
}

impl Documents {
    /// Opens what the configuration names. A folder is made if absent; a bucket must exist and is first asked when used, so
    /// that a process starts while the service is away.
    ///
    /// # Errors
    /// [`DocumentError::Setup`] when the folder cannot be used or the bucket is not described.
    pub fn open(config: &DocumentsConfig, keys: DocumentKeys) -> Result<Self, DocumentError> {
        match config.kind {
            DocumentsKind::Folder => {
                let store = Self::over(backend::folder(&config.folder)?, "", keys);
                Ok(Self { folder: Some(config.folder.clone()), ..store })
            }
            DocumentsKind::S3 => {
                let prefix = config.s3.prefix.as_deref().unwrap_or_default();
                Ok(Self::over(backend::s3(&config.s3)?, prefix, keys))
            }
        }
    }

    /// Over any object store, below `prefix`.
    pub fn over(store: Arc<dyn ObjectStore>, prefix: &str, keys: DocumentKeys) -> Self {
        Self {
            store,
            prefix: Path::from(prefix),
            folder: None,
            marked: AtomicBool::new(false),
            keys: RwLock::new(Arc::new(keys)),
        }
    }

    /// Takes other keys from now on, after a rotation.
    pub fn set_keys(&self, keys: DocumentKeys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Keeps content. The same content is kept once; a damaged copy, or one under a lost key, is replaced. When this returns
    /// the content is on disk, or acknowledged by the service.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`] or [`DocumentError::Full`]; nothing is then kept.
    pub async fn put(&self, content: Bytes, media_type: &str) -> Result<DocumentRef, DocumentError> {
        metrics::timed_documents("put", async {
            let (digest, content) = blocking(move || (Digest::of(&content), content)).await?;
            self.keep(digest, content, media_type).await
        })
        .await
    }

    /// Keeps content whose digest has just been computed.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn put_as(
        &self,
        digest: Digest,
        content: Bytes,
        media_type: &str,
    ) -> Result<DocumentRef, DocumentError> {
        metrics::timed_documents("put", self.keep(digest, content, media_type)).await
    }

    /// Keeps what [`LocalDocuments::encrypt`] gave.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn put_encrypted(
        &self,
        encrypted: Encrypted,
        media_type: &str,
    ) -> Result<DocumentRef, DocumentError> {
        metrics::timed_documents("put", self.keep_encrypted(encrypted, media_type)).await
    }

    async fn keep_encrypted(
        &self,
        encrypted: Encrypted,
        media_type: &str,
    ) -> Result<DocumentRef, DocumentError> {
        let Encrypted { digest, size, bytes } = encrypted;
        self.write_sealed(digest, bytes, size).await?;
        Ok(DocumentRef { digest, size, media_type: media_type.to_owned() })
    }

    /// The folder, for threads that may block; `None` for a service.
    pub fn local(&self) -> Option<LocalDocuments> {
        let folder = self.folder.clone()?;
        Some(LocalDocuments { folder, keys: self.keys(), marked: self.marked.load(Ordering::Acquire) })
    }

    /// Keeps content that comes in pieces, held in memory until whole.
    ///
    /// # Errors
    /// [`DocumentError::TooLarge`] past `limit` bytes, [`DocumentError::Interrupted`] when the pieces end with an error, else
    /// as [`Self::put`].
    pub async fn put_stream<S, E>(
        &self,
        pieces: S,
        limit: u64,
        media_type: &str,
    ) -> Result<DocumentRef, DocumentError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: std::fmt::Display,
    {
        let mut pieces = std::pin::pin!(pieces);
        let mut content = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| DocumentError::Interrupted { reason: error.to_string() })?;
            if (content.len() as u64).saturating_add(piece.len() as u64) > limit {
                return Err(DocumentError::TooLarge { limit });
            }
            content.extend_from_slice(&piece);
        }
        self.put(Bytes::from(content), media_type).await
    }

    /// Content of a document, whole and verified.
    ///
    /// # Errors
    /// [`DocumentError::NotFound`], [`DocumentError::Integrity`], [`DocumentError::UnknownKey`],
    /// [`DocumentError::Unavailable`].
    pub async fn get(&self, digest: Digest) -> Result<Content, DocumentError> {
        metrics::timed_documents("get", async {
            if let Some(local) = self.local()
                && let Some(content) = blocking(move || local.get(digest)).await??
            {
                return Ok(content);
            }
            let found = self.found(digest).await?;
            if found.meta.size <= WHOLE {
                let sealed = found.bytes().await.map_err(|error| DocumentError::of_store(&error))?;
                let keys = self.keys();
                let content = blocking(move || envelope::open(&keys, digest, &sealed)).await??;
                metrics::document_bytes("out", content.len() as u64);
                return Ok(content);
            }
            let (opener, stream) = self.begin(digest, found).await?;
            let mut content = Content::with_capacity(usize::try_from(opener.size()).unwrap_or(0));
            let mut chunks = chunks(opener, stream);
            while let Some(chunk) = chunks.try_next().await? {
                content.bytes().extend_from_slice(&chunk);
            }
            Ok(content)
        })
        .await
    }

    /// Content of a document in pieces, with its length in bytes. Each piece is authenticated before it is given out; the
    /// digest of the whole is proved with the last one.
    ///
    /// # Errors
    /// As [`Self::get`]; what shows later comes as an item of the stream.
    pub async fn get_stream(&self, digest: Digest) -> Result<(u64, ContentStream), DocumentError> {
        metrics::timed_documents("get", async {
            let (opener, stream) = self.opener(digest).await?;
            Ok((opener.size(), chunks(opener, stream)))
        })
        .await
    }

    /// Whether a document is kept; its content is not read.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`].
    pub async fn exists(&self, digest: Digest) -> Result<bool, DocumentError> {
        match self.store.head(&self.path(&digest.key())).await {
            Ok(_) => Ok(true),
            Err(error) => match self.absent(digest, error).await {
                DocumentError::NotFound(_) => Ok(false),
                other => Err(other),
            },
        }
    }

    /// Removes a document for good; one that is absent is removed already. Whoever calls this knows that no record refers to
    /// it.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`].
    pub async fn delete(&self, digest: Digest) -> Result<(), DocumentError> {
        metrics::timed_documents("delete", async {
            match self.store.delete(&self.path(&digest.key())).await {
                Ok(()) => Ok(()),
                Err(error) => match self.absent(digest, error).await {
                    DocumentError::NotFound(_) => Ok(()),
                    other => Err(other),
                },
            }
        })
        .await
    }

    /// All documents, in no order. Objects that are none are passed over.
    pub fn list(&self) -> impl Stream<Item = Result<StoredDocument, DocumentError>> + Send + 'static {
        let prefix = self.prefix.clone();
        self.store.list(Some(&self.path("sm3"))).filter_map(move |found| {
            let item = match found {
                Ok(meta) => {
                    name_below(&prefix, &meta.location).and_then(|key| Digest::of_key(&key)).map(|digest| {
                        Ok(StoredDocument {
                            digest,
                            stored_bytes: meta.size,
                            written_micros: meta.last_modified.timestamp_micros(),
                        })
                    })
                }
                Err(error) => Some(Err(DocumentError::of_store(&error))),
            };
            std::future::ready(item)
        })
    }

    /// Encrypts a document anew under the current key; `false` if it already is.
    ///
    /// # Errors
    /// As [`Self::get`] and [`Self::put`].
    pub async fn reencrypt(&self, digest: Digest) -> Result<bool, DocumentError> {
        let (opener, stream) = self.opener(digest).await?;
        if opener.key_number() == self.keys().current() {
            return Ok(false);
        }
        let mut content = Vec::new();
        let mut chunks = chunks(opener, stream);
        while let Some(chunk) = chunks.try_next().await? {
            content.extend_from_slice(&chunk);
        }
        self.write(digest, Bytes::from(content)).await?;
        Ok(true)
    }

    /// Writes, reads back and removes a small object: proves that the store takes and gives, and that there is room.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`] or [`DocumentError::Full`].
    pub async fn probe(&self) -> Result<(), DocumentError> {
        self.ensure_marked().await?;
        let token: [u8; 16] = random()?;
        let path = self.path(&format!("probe/{}", hex::encode(token)));
        let fail = |error| DocumentError::of_store(&error);
        self.store.put(&path, PutPayload::from(token.to_vec())).await.map_err(fail)?;
        let back = match self.store.get(&path).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        let removed = self.store.delete(&path).await;
        if back.map_err(fail)?.as_ref() != token {
            return Err(DocumentError::Unavailable { reason: "the probe came back altered".to_owned() });
        }
        removed.map_err(fail)
    }

    /// Whether nothing was ever kept here. A registry with records whose document store is new has lost its store, or forgot
    /// to mount it.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`].
    pub async fn is_new(&self) -> Result<bool, DocumentError> {
        match self.store.head(&self.path(MARKER)).await {
            Ok(_) => Ok(false),
            Err(object_store::Error::NotFound { .. }) => Ok(true),
            Err(error) => Err(DocumentError::of_store(&error)),
        }
    }

    /// Removes what killed processes left half-written in a folder more than `age` ago; gives how many files. Such files are
    /// never taken for documents, they only take room.
    ///
    /// # Errors
    /// [`DocumentError::Unavailable`].
    pub async fn sweep_unfinished(&self, age: Duration) -> Result<usize, DocumentError> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let swept = blocking(move || sweep::unfinished(&folder, age)).await?;
        swept.map_err(|error| DocumentError::Unavailable { reason: error.to_string() })
    }

    async fn keep(
        &self,
        digest: Digest,
        content: Bytes,
        media_type: &str,
    ) -> Result<DocumentRef, DocumentError> {
        let size = content.len() as u64;
        if let Some(local) = self.local() {
            // Found out and done on one thread: what is brought is new, for the most part.
            let content = content.clone();
            if let Some(encrypted) = blocking(move || local.encrypt(digest, &content)).await?? {
                return self.keep_encrypted(encrypted, media_type).await;
            }
        }
        self.ensure_marked().await?;
        match self.is_kept(digest).await {
            Ok(true) => {}
            Ok(false) => self.write(digest, content).await?,
            Err(error @ (DocumentError::Integrity { .. } | DocumentError::UnknownKey { .. })) => {
                tracing::warn!(%digest, code = error.code(), "document replaced by the same content brought anew");
                self.write(digest, content).await?;
            }
            Err(error) => return Err(error),
        }
        Ok(DocumentRef { digest, size, media_type: media_type.to_owned() })
    }

    /// Whether a document is kept, read through to its end.
    async fn is_kept(&self, digest: Digest) -> Result<bool, DocumentError> {
        let found = match self.store.get(&self.path(&digest.key())).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(DocumentError::of_store(&error)),
        };
        let (opener, reader) = self.begin(digest, found).await?;
        chunks(opener, reader).try_for_each(|_| std::future::ready(Ok(()))).await?;
        Ok(true)
    }

    async fn write(&self, digest: Digest, content: Bytes) -> Result<(), DocumentError> {
        let keys = self.keys();
        let salt: [u8; SALT] = random()?;
        let size = content.len() as u64;
        let sealed = blocking(move || envelope::seal(&keys, &digest, &content, &salt)).await??;
        self.write_sealed(digest, sealed, size).await
    }

    async fn write_sealed(&self, digest: Digest, sealed: Vec<u8>, size: u64) -> Result<(), DocumentError> {
        let stored = self.store.put(&self.path(&digest.key()), PutPayload::from(sealed)).await;
        stored.map_err(|error| DocumentError::of_store(&error))?;
        metrics::document_bytes("in", size);
        Ok(())
    }

    /// Begins to read: the header is read and checked, the rest comes as a stream.
    async fn opener(&self, digest: Digest) -> Result<(Opener, Reader), DocumentError> {
        let found = self.found(digest).await?;
        self.begin(digest, found).await
    }

    async fn found(&self, digest: Digest) -> Result<GetResult, DocumentError> {
        match self.store.get(&self.path(&digest.key())).await {
            Ok(found) => Ok(found),
            Err(error) => Err(self.absent(digest, error).await),
        }
    }

    async fn begin(&self, digest: Digest, found: GetResult) -> Result<(Opener, Reader), DocumentError> {
        let stored = found.meta.size;
        let mut reader = Reader::new(found);
        let short = DocumentError::Integrity { digest, what: "header" };
        let header = reader.take(HEADER).await?.ok_or(short)?;
        let header = header.first_chunk::<HEADER>().copied();
        let header = header.ok_or(DocumentError::Integrity { digest, what: "header" })?;
        Ok((Opener::new(&self.keys(), digest, &header, stored)?, reader))
    }

    /// What an error about one document means: absent only if the store itself is there.
    pub(super) async fn absent(&self, digest: Digest, error: object_store::Error) -> DocumentError {
        if !matches!(error, object_store::Error::NotFound { .. }) {
            return DocumentError::of_store(&error);
        }
        match self.store.head(&self.path(MARKER)).await {
            Ok(_) => DocumentError::NotFound(digest),
            Err(error) => DocumentError::of_store(&error),
        }
    }

    /// Puts the marker once; later, for a folder, makes sure that it is still there: the file system may have been unmounted,
    /// and writing would fill the empty place under it.
    pub(super) async fn ensure_marked(&self) -> Result<(), DocumentError> {
        let path = self.path(MARKER);
        let fail = |error| DocumentError::of_store(&error);
        if self.marked.load(Ordering::Acquire) {
            return if self.folder.is_some() {
                self.store.head(&path).await.map(drop).map_err(fail)
            } else {
                Ok(())
            };
        }
        match self.store.head(&path).await {
            Ok(_) => {}
            Err(object_store::Error::NotFound { .. }) => {
                let text = PutPayload::from_static(b"Yinxin documents, format 1\n");
                self.store.put(&path, text).await.map_err(fail)?;
            }
            Err(error) => return Err(fail(error)),
        }
        self.marked.store(true, Ordering::Release);
        Ok(())
    }

    fn keys(&self) -> Arc<DocumentKeys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn path(&self, key: &str) -> Path {
        if self.prefix.as_ref().is_empty() {
            Path::from(key)
        } else {
            Path::from(format!("{}/{key}", self.prefix))
        }
    }
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Documents({})", self.store)
    }
}

/// The part of a location below the prefix.
fn name_below(prefix: &Path, location: &Path) -> Option<String> {
    let parts: Vec<_> = location.prefix_match(prefix)?.collect();
    Some(parts.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("/"))
}

/// Runs work that takes long away from the threads that serve requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DocumentError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| DocumentError::Unavailable { reason: format!("work was stopped: {error}") })
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], DocumentError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| DocumentError::Unavailable { reason: format!("no random numbers: {error}") })?;
    Ok(bytes)
}
