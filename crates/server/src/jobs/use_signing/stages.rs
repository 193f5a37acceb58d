//! What happens to the documents of a chunk: read, prepared, signed by who holds the key, finished, verified, kept.

use super::side_by_side::{processors, side_by_side};
use crate::api::use_requests::sealed_media_type;
use crate::app::Shared;
use crate::documents::{Digest, DocumentError};
use crate::jobs::Fault;
use crate::signing::{Finished, Finishing, Piece, Prepared, Ready, draw, finish, issue, prepare};
use futures_util::future::join_all;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use yinxin_registry::custody::keeping::Keeping;
use yinxin_registry::ids::TokenId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::usage::document::{Format, UseItem};
use yinxin_registry::usage::permit::{Facts, permit_use};
use yinxin_registry::usage::request::UseRequest;
use yinxin_seal::TrustFacts;
use yinxin_seal::sign::TimestampSource;
use yinxin_store::Versioned;
use zeroize::Zeroizing;

/// Threads where a timestamp service is waited for.
const WAITING: usize = 16;

/// How one document of a chunk stands.
pub(super) enum Stage {
    /// It may be signed.
    Prepared(Zeroizing<Vec<u8>>, Box<Prepared>),
    /// It is sealed; kept before anything is put on record.
    Done(Finished, Vec<u32>, Format),
    /// A rule said no.
    Refused(String),
    /// Something did not work; whether it may later.
    Failed(String, bool),
}

/// One document on its way.
pub(super) struct Piecework {
    pub(super) item: UseItem,
    pub(super) version: i64,
    pub(super) token: TokenId,
    pub(super) stage: Stage,
}

/// What all documents of a chunk share.
pub(super) struct Common {
    pub(super) request: UseRequest,
    pub(super) seal: Seal,
    pub(super) keeping: Keeping,
    pub(super) der: Arc<Vec<u8>>,
    pub(super) trust: Arc<TrustFacts>,
}

/// Looks at every document once more and prepares it.
pub(super) async fn prepared(
    app: &Shared,
    common: &Arc<Common>,
    waiting: Vec<Versioned<UseItem>>,
    now: Timestamp,
) -> Result<Vec<Piecework>, Fault> {
    let each = waiting.into_iter().map(|found| async move {
        let digest: Option<Digest> = found.value.document().digest.parse().ok();
        let content = match digest {
            None => Err(Stage::Failed("DOCUMENT_DIGEST".to_owned(), false)),
            Some(digest) => match app.documents.get(digest).await {
                Ok(bytes) => Ok((digest, bytes)),
                Err(error @ (DocumentError::Unavailable { .. } | DocumentError::Full { .. })) => {
                    return Err(passing(&error));
                }
                Err(error) => Err(Stage::Failed(error.code().to_owned(), false)),
            },
        };
        Ok((found, content))
    });
    let read = join_all(each).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let (mut whose, mut contents) = (Vec::new(), Vec::new());
    for (found, content) in read {
        contents.push((found.value.clone(), content));
        whose.push(found);
    }
    let shared = Arc::clone(common);
    let work = move |(item, content): (UseItem, Result<_, Stage>)| match content {
        Ok((digest, bytes)) => ready(&shared, &item, digest, bytes, now),
        Err(stage) => stage,
    };
    let stages = side_by_side(processors(), contents, work).await;
    let broke_off = || Stage::Failed("PREPARATION_BROKE_OFF".to_owned(), false);
    let pieces = whose.into_iter().zip(stages).map(|(found, stage)| Piecework {
        item: found.value,
        version: found.version,
        token: TokenId::new(now, &mut app.rng()),
        stage: stage.unwrap_or_else(broke_off),
    });
    Ok(pieces.collect())
}

/// Computes; the digest was proved by the document store as the bytes were read.
fn ready(
    common: &Common,
    item: &UseItem,
    digest: Digest,
    bytes: Zeroizing<Vec<u8>>,
    now: Timestamp,
) -> Stage {
    let Common { request, seal, keeping, der, trust } = common;
    let digest = digest.to_string();
    let facts = Facts { seal, keeping, request, item, bytes_digest: &digest };
    if let Err(refused) = permit_use(&facts, now) {
        return Stage::Refused(refused.code().to_owned());
    }
    let approval = request.approval().unwrap_or_default();
    let piece = Piece { document: &bytes, seal: der, asked: item.document(), approval };
    match prepare(&piece, trust, now) {
        Ok(prepared) => Stage::Prepared(bytes, Box::new(prepared)),
        Err(code) => Stage::Failed(code, false),
    }
}

/// Has what is prepared signed, finished and kept.
pub(super) async fn signatures(
    app: &Shared,
    common: &Arc<Common>,
    mut begun: Vec<Piecework>,
    now: Timestamp,
) -> Vec<Piecework> {
    let (mut asks, mut places) = (Vec::new(), Vec::new());
    for (place, piece) in begun.iter_mut().enumerate() {
        let Stage::Prepared(_, prepared) = &piece.stage else { continue };
        let ready = Ready { seal: &common.seal, request: &common.request, item: &piece.item, prepared };
        match draw(&ready, &piece.token, app.now().unwrap_or(now)) {
            Ok(ask) => {
                asks.push(ask);
                places.push(place);
            }
            Err(code) => piece.stage = Stage::Failed(code.to_owned(), false),
        }
    }
    if let Err(code) = issue(app, &mut asks) {
        for piece in &mut begun {
            if matches!(piece.stage, Stage::Prepared(..)) {
                piece.stage = Stage::Failed(code.to_owned(), false);
            }
        }
        return begun;
    }
    let answers = match app.keys_of_seals.get() {
        Some(holder) => holder.sign(asks).await,
        None => Vec::new(),
    };
    let mut answers = places.into_iter().zip(answers).collect::<BTreeMap<_, _>>();
    let stages = begun.iter_mut().enumerate().map(|(place, piece)| {
        let stage = std::mem::replace(&mut piece.stage, not_signed());
        match (stage, answers.remove(&place)) {
            (Stage::Prepared(..), Some(Err(fault))) => (Stage::Failed(fault.code, fault.temporary), None),
            (Stage::Prepared(..), None) => (Stage::Failed("KEY_HOLDER_MISSING".to_owned(), true), None),
            (stage, answer) => (stage, answer.and_then(Result::ok)),
        }
    });
    let stages = finished(app, common, stages.collect(), now).await;
    for (piece, stage) in
        begun.iter_mut().zip(join_all(stages.into_iter().map(|stage| kept(app, stage))).await)
    {
        piece.stage = stage;
    }
    begun
}

fn not_signed() -> Stage {
    Stage::Failed("NOT_SIGNED".to_owned(), false)
}

/// Puts the signatures into their documents.
async fn finished(
    app: &Shared,
    common: &Arc<Common>,
    stages: Vec<(Stage, Option<Vec<u8>>)>,
    now: Timestamp,
) -> Vec<Stage> {
    let threads = if app.timestamps.is_some() { WAITING } else { processors() };
    let (shared, trust) = (Arc::clone(app), Arc::clone(&common.trust));
    let work = move |(stage, signature)| {
        let (Stage::Prepared(bytes, prepared), Some(signature)) = (&stage, signature) else { return stage };
        let signature: Vec<u8> = signature;
        let timestamps = shared.timestamps.as_ref().map(|service| service as &dyn TimestampSource);
        let now = || shared.now().unwrap_or(now);
        let by = Finishing { trust: &trust, timestamps, now: &now };
        match finish(prepared, bytes, &signature, &by) {
            Ok(done) => Stage::Done(done, prepared.pages.clone(), prepared.format),
            Err(code) => {
                let passes = code == "TIMESTAMP_UNAVAILABLE";
                Stage::Failed(code, passes)
            }
        }
    };
    let came = side_by_side(threads, stages, work).await.into_iter();
    let broke_off = || Stage::Failed("FINISHING_BROKE_OFF".to_owned(), false);
    came.map(|stage| stage.unwrap_or_else(broke_off)).collect()
}

/// Kept before the record names it: what nobody names is swept.
async fn kept(app: &Shared, stage: Stage) -> Stage {
    let Stage::Done(done, _, format) = &stage else { return stage };
    let kind = sealed_media_type(*format);
    match app.documents.put_as(done.digest, done.document.clone(), kind).await {
        Ok(_) => stage,
        Err(error) => Stage::Failed(error.code().to_owned(), true),
    }
}

pub(super) fn passing(error: &DocumentError) -> Fault {
    Fault::passing(error.code())
}
