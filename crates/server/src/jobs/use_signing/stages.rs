//! What happens to the documents of a chunk: read, prepared, signed by who holds the key, finished, verified, kept.

use super::side_by_side::{processors, side_by_side};
use crate::api::use_requests::sealed_media_type;
use crate::app::Shared;
use crate::documents::{Content, Digest, DocumentError, Encrypted, LocalDocuments};
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

/// Threads where a timestamp service is waited for.
const WAITING: usize = 16;

/// How one document of a chunk stands.
pub(super) enum Stage {
    /// It may be signed.
    Prepared(Content, Box<Prepared>),
    /// It is sealed; kept before anything is put on record.
    Done(Done),
    /// A rule said no.
    Refused(String),
    /// Something did not work; whether it may later.
    Failed(String, bool),
}

/// A sealed document.
pub(super) struct Done {
    pub(super) finished: Finished,
    /// Pages the seal stands on, from 1.
    pub(super) pages: Vec<u32>,
    format: Format,
    /// In its encrypted form already, where that was done at once.
    encrypted: Option<Encrypted>,
}

/// One document on its way.
pub(super) struct Piecework {
    pub(super) item: UseItem,
    pub(super) version: i64,
    pub(super) token: TokenId,
    pub(super) stage: Stage,
}

/// Where the bytes of a document come from.
enum Source {
    /// They are here already.
    Read(Content),
    /// The thread that prepares the document reads it.
    Here(LocalDocuments),
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
    let local = app.documents.local();
    let each = waiting.into_iter().map(|found| {
        let small = found.value.document().size <= LocalDocuments::READ_HERE;
        let here = local.clone().filter(|_| small);
        async move {
            let digest: Option<Digest> = found.value.document().digest.parse().ok();
            let content = match (digest, here) {
                (None, _) => Err(Stage::Failed("DOCUMENT_DIGEST".to_owned(), false)),
                (Some(digest), Some(local)) => Ok((digest, Source::Here(local))),
                (Some(digest), None) => {
                    readable(app.documents.get(digest).await)?.map(|content| (digest, Source::Read(content)))
                }
            };
            Ok((found, content))
        }
    });
    let read = join_all(each).await.into_iter().collect::<Result<Vec<_>, Fault>>()?;
    let (mut whose, mut contents) = (Vec::new(), Vec::new());
    for (found, content) in read {
        contents.push((found.value.clone(), content));
        whose.push(found);
    }
    let shared = Arc::clone(common);
    let work = move |(item, source): (UseItem, Result<(Digest, Source), Stage>)| {
        let (digest, source) = match source {
            Ok(source) => source,
            Err(stage) => return Ok(stage),
        };
        let content = match source {
            Source::Read(content) => Ok(Ok(content)),
            Source::Here(local) => readable(local.get_small(digest)),
        };
        content.map(|content| {
            content.map_or_else(|stage| stage, |content| ready(&shared, &item, digest, content, now))
        })
    };
    let stages = side_by_side(processors(), contents, work).await;
    let broke_off = || Stage::Failed("PREPARATION_BROKE_OFF".to_owned(), false);
    let pieces = whose.into_iter().zip(stages).map(|(found, stage)| {
        Ok(Piecework {
            item: found.value,
            version: found.version,
            token: TokenId::new(now, &mut app.rng()),
            stage: stage.unwrap_or_else(|| Ok(broke_off()))?,
        })
    });
    pieces.collect()
}

/// What could be read, or how the document stands without it; faults that pass are the whole chunk's.
fn readable(found: Result<Content, DocumentError>) -> Result<Result<Content, Stage>, Fault> {
    match found {
        Ok(content) => Ok(Ok(content)),
        Err(error @ (DocumentError::Unavailable { .. } | DocumentError::Full { .. })) => Err(passing(&error)),
        Err(error) => Ok(Err(Stage::Failed(error.code().to_owned(), false))),
    }
}

/// Computes; the digest was proved by the document store as the bytes were read.
fn ready(common: &Common, item: &UseItem, digest: Digest, bytes: Content, now: Timestamp) -> Stage {
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
    let (shared, trust, local) = (Arc::clone(app), Arc::clone(&common.trust), app.documents.local());
    let work = move |(stage, signature)| {
        let (Stage::Prepared(bytes, prepared), Some(signature)) = (&stage, signature) else { return stage };
        let signature: Vec<u8> = signature;
        let timestamps = shared.timestamps.as_ref().map(|service| service as &dyn TimestampSource);
        let now = || shared.now().unwrap_or(now);
        let by = Finishing { trust: &trust, timestamps, now: &now };
        match finish(prepared, bytes, &signature, &by) {
            Ok(finished) => done(local.as_ref(), finished, prepared),
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

/// With its encrypted form, where the thread that sealed it can make it.
fn done(local: Option<&LocalDocuments>, finished: Finished, prepared: &Prepared) -> Stage {
    let encrypted = local.map(|local| local.encrypt(finished.digest, &finished.document)).transpose();
    match encrypted.map(Option::flatten) {
        Ok(encrypted) => {
            Stage::Done(Done { finished, pages: prepared.pages.clone(), format: prepared.format, encrypted })
        }
        Err(error) => Stage::Failed(error.code().to_owned(), true),
    }
}

/// Kept before the record names it: what nobody names is swept.
async fn kept(app: &Shared, mut stage: Stage) -> Stage {
    let Stage::Done(done) = &mut stage else { return stage };
    let kind = sealed_media_type(done.format);
    let kept = match done.encrypted.take() {
        Some(encrypted) => app.documents.put_encrypted(encrypted, kind).await,
        None => app.documents.put_as(done.finished.digest, done.finished.document.clone(), kind).await,
    };
    match kept {
        Ok(_) => stage,
        Err(error) => Stage::Failed(error.code().to_owned(), true),
    }
}

pub(super) fn passing(error: &DocumentError) -> Fault {
    Fault::passing(error.code())
}
