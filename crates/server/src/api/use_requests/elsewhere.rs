//! A seal whose key lives in the unit's own device (智能密码钥匙、手机盾): each document of an approved request is prepared here, signed
//! there, and finished here. The device's own password is its gate; what it signs carries the digest of the approval all the same.

use super::content::item_of;
use super::register::{self, Register};
use super::sign::only_a_signer;
use super::{JOB, Signing, UseItemView, place, subject};
use crate::api::custody::{Kept, load};
use crate::api::encoded::bytes;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, Json, Path, Problem, StoredResponse};
use crate::signing::{Finished, Finishing, Piece, Prepared, finish, prepare as prepared_from};
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{TokenId, UseItemId, UseRequestId};
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{ItemEvent, ItemState, UseItem};
use yinxin_registry::usage::permit::{Facts, permit_use};
use yinxin_registry::usage::record::UseResult;
use yinxin_registry::usage::request::UseRequest;
use yinxin_seal::sign::TimestampSource;
use yinxin_store::{StoreError, Versioned};

/// Minutes a person has from preparation to signature: to fetch the device and type its password.
const MINUTES: i64 = 10;

/// What a device has to sign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToSign {
    /// Document.
    #[schema(example = "item_01k0000000000000000000000a")]
    pub item: String,
    /// Token, to be named with the signature.
    #[schema(example = "tkn_01k0000000000000000000000a")]
    pub token: String,
    /// TBS_Sign (GB/T 38540), DER in Base64: signed with SM2 and SM3, user id `1234567812345678`.
    pub to_sign: String,
    /// SM3(Z ‖ `to_sign`), hex, for devices that sign a digest.
    pub digest: String,
    /// Until when the signature has to be here.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// What a device signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The token of the preparation.
    #[schema(value_type = String, pattern = "^tkn_[0-7][0-9a-hjkmnp-tv-z]{25}$", example = "tkn_01k0000000000000000000000a")]
    pub token: TokenId,
    /// Signature: DER or r‖s, in Base64.
    #[schema(max_length = 512)]
    pub signature: String,
}

/// One document of a request and what it hangs on.
struct Bench {
    request: UseRequest,
    found: Versioned<UseItem>,
    kept: Kept,
    by: By,
}

impl Bench {
    async fn load(
        app: &Shared,
        caller: &Caller,
        (id, item): (&UseRequestId, &UseItemId),
    ) -> Result<Self, Stop> {
        let mut read = app.store.read().await?;
        let request = read.get::<UseRequest>(id.as_str()).await?.value;
        let by = caller.permit(Action::UseSign, &place(&request), app.now()?)?;
        let found = item_of(&mut read, id.as_str(), item.as_str()).await?;
        let kept = load(&mut read, request.seal().as_str()).await?;
        only_a_signer(&request, &kept, &by)?;
        if kept.seal.made().is_some_and(|made| made.key_id.is_some()) {
            return Err(Refused::rule(
                "KEY_HERE",
                "该印章的密钥在本系统保管，由系统签章",
                "the seal's key is kept here, and signs here",
            )
            .into());
        }
        Ok(Self { request, found, kept, by })
    }

    /// The document as its signature has to be made at `at`, the same each time it is asked for; or why it cannot be sealed at all.
    /// Whether the seal may be used is judged by now.
    async fn prepared(
        &self,
        app: &Shared,
        caller: &Caller,
        at: Timestamp,
    ) -> Result<(Bytes, Result<Prepared, String>), Stop> {
        let integrity = |_| Problem::new(Code::Integrity);
        let digest: Digest = self.found.value.document().digest.parse().map_err(integrity)?;
        let document = Bytes::from(app.documents.get(digest).await?.to_vec());
        let seal = self.kept.seal.made().map(|made| made.digest.as_str()).unwrap_or_default();
        let der = app.documents.get(seal.parse().map_err(integrity)?).await?;
        let digest = hex::encode(yinxin_crypto::sm3(&document));
        let Kept { seal, keeping, .. } = &self.kept;
        let facts =
            Facts { seal, keeping, request: &self.request, item: &self.found.value, bytes_digest: &digest };
        if let Err(refused) = permit_use(&facts, app.now()?) {
            register::refused(app, caller, &self.by, &self.request, &refused).await?;
            return Err(refused.into());
        }
        let (approval, bytes) = (self.request.approval().unwrap_or_default().to_owned(), document.clone());
        let (item, trust) = (self.found.value.clone(), app.authority.trust());
        let work = move || {
            let piece = Piece { document: &bytes, seal: &der, asked: item.document(), approval: &approval };
            prepared_from(&piece, &trust, at)
        };
        let done = tokio::task::spawn_blocking(work).await;
        Ok((document, done.map_err(|_| Problem::new(Code::Internal))?))
    }
}

/// A document that cannot be sealed.
fn unfit(code: &str) -> Refused {
    Refused::rule(
        "DOCUMENT_UNFIT",
        format!("该文件无法加盖印章：{code}"),
        format!("the document cannot be sealed: {code}"),
    )
}

/// 待签数据（密钥在外）。 Prepares a document for the device that holds the seal's key. Asked for again within its time, it is the same;
/// after that, what was prepared counts as broken off and is prepared anew.
#[utoipa::path(
    post, path = "/use-requests/{id}/items/{item}/prepare", tag = "use", operation_id = "use_requests.prepare", summary = "待签数据（密钥在外） · Prepare for a key elsewhere",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document")),
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "待签数据 · what is to be signed", body = ToSign))
)]
pub async fn prepare(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
) -> Result<Response, Stop> {
    let bench = Bench::load(&app, &caller, (&id, &item)).await?;
    let now = app.now()?;
    let item = &bench.found.value;
    let out = item.token().zip(item.begun_at()).filter(|_| item.state() == ItemState::Signing);
    if let Some((token, at)) = out.filter(|(_, at)| now < until(*at)) {
        let (_, prepared) = bench.prepared(&app, &caller, at).await?;
        let prepared = prepared.map_err(|code| unfit(&code))?;
        return Ok(Json(to_sign(item, token, &prepared, at)?).into_response());
    }
    let (_, prepared) = bench.prepared(&app, &caller, now).await?;
    let token = TokenId::new(now, &mut app.rng());
    let (mut work, mut register) = begin(&app, &caller, &bench).await?;
    let mut item = bench.found.value.clone();
    if item.state() == ItemState::Signing {
        let broken = UseResult::Failed { code: "BROKEN_OFF".to_owned() };
        work.tx.insert(&register.entry(&app, &bench.request, Some(&item), broken, &[])).await?;
        item = item.apply(ItemEvent::Recover)?;
    }
    item = item.apply(ItemEvent::Begin { token: token.clone(), at: now })?;
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(code) => {
            let failed = ItemEvent::Fail { token, fault: code.clone() };
            let outcome = (failed, UseResult::Failed { code: code.clone() }, &[][..]);
            settle(&app, &caller, work, register, &bench, item, outcome).await?;
            return Err(unfit(&code).into());
        }
    };
    work.tx.save(&item, bench.found.version).await?;
    let details = json!({ "item": item.id(), "token": token });
    work.record(&bench.by, "use.prepare", &subject(&bench.request), None, details);
    work.finish(StoredResponse::ok(&to_sign(&item, &token, &prepared, now)?)?).await
}

/// 提交签名（密钥在外）。 Brings what the device signed. The signature is verified, and so is the sealed document before it is kept. While a
/// timestamp cannot be had, the same signature may be brought again.
#[utoipa::path(
    post, path = "/use-requests/{id}/items/{item}/complete", tag = "use", operation_id = "use_requests.complete", summary = "提交签名（密钥在外） · Bring the signature of a key elsewhere",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document")), request_body = Signature,
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "文件 · the document", body = UseItemView))
)]
pub async fn complete(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
    Json(body): Json<Signature>,
) -> Result<Response, Stop> {
    let signature = bytes(&body.signature, "/signature", 512)?;
    let bench = Bench::load(&app, &caller, (&id, &item)).await?;
    let at = begun(&bench.found.value, &body.token)?;
    let over =
        Refused::rule("TOKEN_OVER", "待签数据已过时效，请重新准备", "too late: prepare the document again");
    if app.now()? >= until(at) {
        return Err(over.into());
    }
    let (document, prepared) = bench.prepared(&app, &caller, at).await?;
    let prepared = prepared.map_err(|code| unfit(&code))?;
    let pages = prepared.pages.clone();
    let finished = finished(&app, prepared, document, signature).await?;
    let outcome = match &finished {
        Ok(finished) => {
            let kind = super::content::sealed_media_type(bench.found.value.document().format);
            app.documents.put_as(finished.digest, finished.document.clone(), kind).await?;
            let sealed = finished.on_record(&app, app.now()?);
            let digest = finished.digest.to_string();
            (ItemEvent::Sign { token: body.token, sealed }, UseResult::Sealed { digest }, &*pages)
        }
        Err(code) if code == "TIMESTAMP_UNAVAILABLE" => {
            return Err(Problem::new(Code::Unavailable)
                .detail(
                    "时间戳服务暂不可用，请稍后重新提交同一签名。",
                    "The timestamp service is away: bring the same signature again later.",
                )
                .into());
        }
        Err(code) => (ItemEvent::Recover, UseResult::Failed { code: code.clone() }, &[][..]),
    };
    let (work, register) = begin(&app, &caller, &bench).await?;
    let item = bench.found.value.clone();
    let answer = settle(&app, &caller, work, register, &bench, item, outcome).await?;
    match finished {
        Ok(_) => Ok(answer),
        Err(code) => Err(Refused::rule(
            "SIGNATURE_WRONG",
            format!("签名不能用于该文件：{code}"),
            format!("the signature does not fit the document: {code}"),
        )
        .into()),
    }
}

fn until(begun: Timestamp) -> Timestamp {
    begun.saturating_add(SignedDuration::from_mins(MINUTES)).unwrap_or(begun)
}

/// When the token that is out was given.
fn begun(item: &UseItem, token: &TokenId) -> Result<Timestamp, Refused> {
    let out = item.begun_at().filter(|_| item.state() == ItemState::Signing && item.token() == Some(token));
    out.ok_or_else(|| {
        Refused::rule("TOKEN_DIFFERS", "用印令牌与该文件不符", "the token is not this document's")
    })
}

fn to_sign(item: &UseItem, token: &TokenId, prepared: &Prepared, at: Timestamp) -> Result<ToSign, Problem> {
    let digest = prepared.signature.digest().map_err(|_| Problem::new(Code::Internal))?;
    Ok(ToSign {
        item: item.id().to_string(),
        token: token.to_string(),
        to_sign: STANDARD.encode(prepared.signature.to_sign()),
        digest: hex::encode(digest),
        until: until(at),
    })
}

async fn finished(
    app: &Shared,
    prepared: Prepared,
    document: Bytes,
    signature: Vec<u8>,
) -> Result<Result<Finished, String>, Stop> {
    let (shared, now) = (app.clone(), app.now()?);
    let work = move || {
        let trust = shared.authority.trust();
        let timestamps = shared.timestamps.as_ref().map(|service| service as &dyn TimestampSource);
        let now = || shared.now().unwrap_or(now);
        finish(&prepared, &document, &signature, &Finishing { trust: &trust, timestamps, now: &now })
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| Problem::new(Code::Internal))?)
}

/// A change of one document, with the register open. Nobody changed the document since it was looked at.
async fn begin(app: &Shared, caller: &Caller, bench: &Bench) -> Result<(Work, Register), Stop> {
    let mut work = Work::begin_keyless(app, caller).await?;
    let item = &bench.found;
    let now = work.tx.get::<UseItem>(item.value.id().as_str()).await?;
    if now.version != item.version {
        return Err(StoreError::Stale { table: "use_item", id: item.value.id().to_string() }.into());
    }
    let address = Some(caller.address().to_owned());
    let moment = work.now;
    let register = Register::open(app, &mut work.tx, &bench.request, address, moment).await?;
    Ok((work, register))
}

/// Outcome and register together. The last document of a request leaves its end to the job that also ends others.
async fn settle(
    app: &Shared,
    caller: &Caller,
    mut work: Work,
    mut register: Register,
    bench: &Bench,
    item: UseItem,
    (event, result, pages): (ItemEvent, UseResult, &[u32]),
) -> Result<Response, Stop> {
    let entry = register.entry(app, &bench.request, Some(&item), result, pages);
    work.tx.insert(&entry).await?;
    let token = item.token().cloned();
    let item = item.apply(event)?;
    work.tx.save(&item, bench.found.version).await?;
    let id = bench.request.id().as_str();
    let open = work.tx.use_item_counts(id).await?;
    let open = open
        .iter()
        .any(|(state, count)| *count > 0 && matches!(state, ItemState::Waiting | ItemState::Signing));
    if !open {
        let job = Signing {
            by: bench.by.clone(),
            address: caller.address().to_owned(),
            request_id: caller.request_id().to_owned(),
        };
        let payload = serde_json::to_string(&job).map_err(|error| StoreError::Internal(Box::new(error)))?;
        let now = work.now;
        work.job(JOB, id, payload, now);
    }
    let line = json!({ "item": item.id(), "token": token, "record": entry.id, "result": entry.result });
    work.record(&bench.by, "use.outcomes", &subject(&bench.request), None, json!({ "documents": [line] }));
    work.enact(&crate::api::seals::subject(&bench.kept.seal), &register.effects());
    work.finish(StoredResponse::ok(&UseItemView::from(&item))?).await
}
