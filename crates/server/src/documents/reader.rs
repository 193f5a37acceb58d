//! Reading an object piece by piece.

use std::fs::File;
use std::io::Read as _;
use std::pin::Pin;

use axum::body::Bytes;
use futures_util::stream::{Stream, TryStreamExt, try_unfold};
use object_store::{GetResult, GetResultPayload};
use tokio::task::spawn_blocking;

use super::envelope::Opener;
use super::{Content, DocumentError};
use crate::telemetry::metrics;

/// Most bytes of a file read at once.
const PIECE: u64 = 256 << 10;

/// Content in pieces of at most 64 KiB. The last item may be an error: what came before it must then be thrown away.
pub type ContentStream = Pin<Box<dyn Stream<Item = Result<Bytes, DocumentError>> + Send>>;

/// Bytes of an object, taken in lengths of our choosing.
pub(super) struct Reader {
    stream: Pin<Box<dyn Stream<Item = Result<Bytes, DocumentError>> + Send>>,
    buffer: Vec<u8>,
}

impl Reader {
    /// Over the bytes of a whole object, as the store sends them.
    pub(super) fn new(found: GetResult) -> Self {
        let GetResult { payload, meta, .. } = found;
        match payload {
            GetResultPayload::File(file, _) => {
                Self { stream: Box::pin(pieces(file, meta.size)), buffer: Vec::new() }
            }
            GetResultPayload::Stream(stream) => {
                let stream = stream.map_err(|error| DocumentError::of_store(&error));
                Self { stream: Box::pin(stream), buffer: Vec::new() }
            }
        }
    }

    /// The next `len` bytes; `None` if fewer are left.
    pub(super) async fn take(&mut self, len: usize) -> Result<Option<Vec<u8>>, DocumentError> {
        while self.buffer.len() < len {
            match self.stream.try_next().await? {
                Some(more) => self.buffer.extend_from_slice(&more),
                None => return Ok(None),
            }
        }
        let rest = self.buffer.split_off(len);
        Ok(Some(std::mem::replace(&mut self.buffer, rest)))
    }
}

/// What a file holds, in few large pieces: each is read on a thread that may block.
fn pieces(file: File, size: u64) -> impl Stream<Item = Result<Bytes, DocumentError>> + Send {
    try_unfold((file, size), |(file, left)| async move {
        let read = move || {
            let mut piece = Vec::new();
            let read = (&file).take(left.min(PIECE)).read_to_end(&mut piece);
            read.map(|_| (piece, file))
        };
        let unavailable = |reason: String| DocumentError::Unavailable { reason };
        let read = spawn_blocking(read).await.map_err(|error| unavailable(error.to_string()))?;
        let (piece, file) = read.map_err(|error| unavailable(error.to_string()))?;
        let left = left.saturating_sub(piece.len() as u64);
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), (file, left))))
    })
}

/// The content behind a reader, chunk by chunk.
pub(super) fn chunks(opener: Opener, reader: Reader) -> ContentStream {
    Box::pin(try_unfold((opener, reader), |(mut opener, mut reader)| async move {
        let Some(len) = opener.next_len() else { return Ok(None) };
        let sealed = reader.take(len).await?.ok_or_else(|| opener.damaged("length"))?;
        let mut chunk = Content::with_capacity(len);
        opener.open(&sealed, &mut chunk)?;
        metrics::document_bytes("out", chunk.len() as u64);
        Ok(Some((Bytes::copy_from_slice(&chunk), (opener, reader))))
    }))
}
