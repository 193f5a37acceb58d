//! A document is brought: read as it comes, a small part of it in memory at any time.

use super::Service;
use super::places::Place;
use super::spool::{Content, Draft, Share};
use crate::http::{Code, Problem};
use crate::telemetry::metrics;
use axum::body::{Body, BodyDataStream, HttpBody as _};
use futures_util::StreamExt as _;
use std::io::{self, ErrorKind};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

/// Longest silence.
const SILENCE: Duration = Duration::from_secs(30);
/// From then on an upload must have come at [`LEAST`] bytes a second: places are not for those who only hold them.
const RUN_UP: Duration = Duration::from_secs(15);
const LEAST: u64 = 16 << 10;

/// A document that was brought whole. Nothing remains of it when this is dropped.
#[derive(Debug)]
pub struct Received {
    pub(super) content: Content,
    /// SM3.
    pub digest: [u8; 32],
    /// Bytes.
    pub size: u64,
    // In this order: the content goes before its space is counted as free, and that before the place.
    pub(super) _share: Share,
    pub(super) _place: Place,
}

impl Service {
    /// Takes a place for a document; before anything of it is read.
    ///
    /// # Errors
    /// `UNAVAILABLE` when there is none.
    pub fn place(&self, known: bool) -> Result<Place, Problem> {
        self.places.take(known)
    }

    /// Reads a document of at most so many bytes.
    ///
    /// # Errors
    /// `BODY_TOO_LARGE`; `TIMEOUT` for what comes too slowly; `STORAGE_FULL`; `UNAVAILABLE` when the space for documents on the way is used
    /// up; `BAD_REQUEST` when the client breaks off.
    pub async fn receive(&self, place: Place, body: Body, most: u64) -> Result<Received, Problem> {
        let began = Instant::now();
        let end = began + Duration::from_secs(u64::from(self.settings.upload_seconds));
        let mut draft = self.spool.draft(body.size_hint().exact());
        let mut stream = body.into_data_stream();
        let mut size: u64 = 0;
        while let Some(bytes) = next(&mut stream, began, end, size).await? {
            size = size.saturating_add(bytes.len() as u64);
            if size > most {
                return Err(too_large(most));
            }
            if draft.take(&bytes) {
                drop(bytes);
                draft = written(draft).await?;
            }
        }
        let (content, digest, share) = match draft.is_unwritten() {
            true => draft.finish().map_err(broken)?,
            false => blocking(move || draft.finish()).await?,
        };
        Ok(Received { content, digest, size, _share: share, _place: place })
    }
}

/// What comes next; `None` at the end.
async fn next(
    stream: &mut BodyDataStream,
    began: Instant,
    end: Instant,
    size: u64,
) -> Result<Option<axum::body::Bytes>, Problem> {
    let now = Instant::now();
    let elapsed = now.duration_since(began);
    if elapsed > RUN_UP && size < elapsed.as_secs().saturating_mul(LEAST) {
        return Err(slow());
    }
    match tokio::time::timeout_at(end.min(now + SILENCE), stream.next()).await {
        Err(_) => Err(slow()),
        Ok(None) => Ok(None),
        Ok(Some(Ok(bytes))) => Ok(Some(bytes)),
        Ok(Some(Err(error))) => {
            tracing::debug!(%error, "an upload broke off");
            Err(Problem::new(Code::BadRequest).detail("上传中断。", "The upload broke off."))
        }
    }
}

async fn written(mut draft: Draft) -> Result<Draft, Problem> {
    blocking(move || {
        draft.write()?;
        Ok(draft)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    match spawn_blocking(work).await {
        Ok(done) => done.map_err(broken),
        Err(_) => Err(Problem::new(Code::Internal)),
    }
}

/// What the client is told when a document cannot be written.
fn broken(error: io::Error) -> Problem {
    match error.kind() {
        ErrorKind::QuotaExceeded => {
            metrics::verification_refused("space");
            let (zh, en) = (
                "待核验文件的空间已用完，请稍后再试。",
                "The space for documents to be verified is used up: try again later.",
            );
            Problem::new(Code::Unavailable).detail(zh, en)
        }
        ErrorKind::StorageFull => {
            tracing::error!(%error, "no room for a document to be verified");
            Problem::new(Code::StorageFull)
        }
        _ => {
            tracing::error!(%error, "a document to be verified could not be written");
            Problem::new(Code::Internal)
        }
    }
}

/// `BODY_TOO_LARGE` with the number of bytes allowed.
pub(crate) fn too_large(most: u64) -> Problem {
    Problem::new(Code::BodyTooLarge)
        .detail(format!("文件不得超过 {most} 字节。"), format!("A document has {most} bytes at most."))
}

fn slow() -> Problem {
    metrics::verification_refused("slow");
    Problem::new(Code::Timeout).detail(
        "上传过慢，已中断；没有核验任何内容。",
        "The upload was too slow and broken off; nothing was verified.",
    )
}
