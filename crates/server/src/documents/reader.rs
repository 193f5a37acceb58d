//! Reading an object piece by piece.

use std::pin::Pin;

use axum::body::Bytes;
use futures_util::stream::{Stream, TryStreamExt, try_unfold};
use object_store::GetResult;

use super::DocumentError;
use super::envelope::Opener;
use crate::telemetry::metrics;

/// Content in pieces of at most 64 KiB. The last item may be an error: what came before it must then be thrown away.
pub type ContentStream = Pin<Box<dyn Stream<Item = Result<Bytes, DocumentError>> + Send>>;

/// Bytes of an object, taken in lengths of our choosing.
pub(super) struct Reader {
    stream: Pin<Box<dyn Stream<Item = Result<Bytes, DocumentError>> + Send>>,
    buffer: Vec<u8>,
}

impl Reader {
    /// Over the bytes as the store sends them.
    pub(super) fn new(found: GetResult) -> Self {
        let stream = found.into_stream().map_err(|error| DocumentError::of_store(&error));
        Self { stream: Box::pin(stream), buffer: Vec::new() }
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

/// The content behind a reader, chunk by chunk.
pub(super) fn chunks(opener: Opener, reader: Reader) -> ContentStream {
    Box::pin(try_unfold((opener, reader), |(mut opener, mut reader)| async move {
        let Some(len) = opener.next_len() else { return Ok(None) };
        let sealed = reader.take(len).await?.ok_or_else(|| opener.damaged("length"))?;
        let chunk = opener.open(&sealed)?;
        metrics::document_bytes("out", chunk.len() as u64);
        Ok(Some((Bytes::copy_from_slice(&chunk), (opener, reader))))
    }))
}
