//! An approved request is carried out: the permission is looked at once more, the activation password asked where there is one, and the
//! documents are left to a job.

use super::rights::{Halt, taken};
use super::{UseRequestView, place, register, subject};
use crate::api::custody::{Kept, load, unlock};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{IfMatch, Json, Path, StoredResponse};
use crate::security::Secret;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::custody::activation::Activation;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::lifecycle::{By, Refused, next};
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{ItemEvent, ItemState};
use yinxin_registry::usage::permit::{Facts, permit_use};
use yinxin_registry::usage::request::{RequestEvent, RequestState, Right, TABLE, UseRequest};
use yinxin_store::{StoreError, Tx, Versioned};

/// Kind of the job that seals the documents of a request.
pub const JOB: &str = "use_sign";

/// Documents changed at once.
const PART: u32 = 500;

/// What the job has to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signing {
    /// Who had the request carried out.
    pub by: By,
    /// From where.
    pub address: String,
    /// By which request to the server.
    pub request_id: String,
}

/// Has a request carried out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUse {
    /// Activation password of the seal, by its custodian; only where one is set, and not under a standing authorization.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, max_length = 512)]
    pub activation: Option<Secret>,
}

/// 用印。 Begins to seal the documents of an approved request: by who asked, or by the seal's custodian where an activation password is
/// set. The answer comes at once; the documents follow, one by one. Where the seal's key is in a device of the unit, each document is
/// prepared for it and finished from its signature.
#[utoipa::path(
    post, path = "/use-requests/{id}/sign", tag = "use", operation_id = "use_requests.sign", summary = "用印 · Carry a request out",
    params(("id" = String, Path, description = "用印申请 · request"), IfMatch), request_body = SignUse,
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 202, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn sign(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    Json(body): Json<SignUse>,
) -> Result<Response, Stop> {
    begin(app, caller, id, if_match, body, "begin").await
}

/// 重新用印。 Tries the documents that failed once more.
#[utoipa::path(
    post, path = "/use-requests/{id}/retry", tag = "use", operation_id = "use_requests.retry", summary = "重新用印 · Try failed documents again",
    params(("id" = String, Path, description = "用印申请 · request"), IfMatch), request_body = SignUse,
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 202, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn retry(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    Json(body): Json<SignUse>,
) -> Result<Response, Stop> {
    begin(app, caller, id, if_match, body, "retry").await
}

async fn begin(
    app: Shared,
    caller: Caller,
    id: UseRequestId,
    if_match: IfMatch,
    body: SignUse,
    event: &'static str,
) -> Result<Response, Stop> {
    let mut read = app.store.read().await?;
    let found = read.get::<UseRequest>(id.as_str()).await?;
    let by = caller.permit(Action::UseSign, &place(&found.value), app.now()?)?;
    if_match.check(found.version)?;
    next(TABLE, found.value.state(), event)?;
    let kept = load(&mut read, found.value.seal().as_str()).await?;
    let demands = read.load::<Activation>(found.value.seal().as_str()).await?.is_some();
    drop(read);
    let outcome =
        match allowed(&app, &caller, &by, &found.value, &kept, demands, body.activation.as_ref()).await {
            Ok(()) => carried_out(&app, &caller, id.as_str(), found.version, &by, event).await,
            Err(halt) => Err(halt),
        };
    match outcome {
        Ok(response) => Ok(response),
        Err(Halt::Stop(stop)) => Err(stop),
        Err(Halt::Refused(refused)) => {
            if matches!(refused, Refused::Rule { .. }) {
                register::refused(&app, &caller, &by, &found.value, &refused).await?;
            }
            Err(refused.into())
        }
    }
}

/// Whether this person or program may have it carried out.
async fn allowed(
    app: &Shared,
    caller: &Caller,
    by: &By,
    request: &UseRequest,
    kept: &Kept,
    demands: bool,
    password: Option<&Secret>,
) -> Result<(), Halt> {
    let standing = matches!(request.asked().right, Right::Standing { .. });
    if standing || !demands {
        only_a_signer(request, kept, by)?;
        return Ok(());
    }
    kept.only_the_keeper(by)?;
    let Some(password) = password else {
        return Err(Refused::rule(
            "ACTIVATION_NEEDED",
            "该印章须由保管人输入激活口令后使用",
            "the seal is used with its activation password only",
        )
        .into());
    };
    match unlock(app, caller, &kept.seal, by, password).await? {
        Ok(()) => Ok(()),
        Err(refused) => Err(refused.into()),
    }
}

/// Has requests carried out: who asked, and the seal's custodian.
pub(super) fn only_a_signer(request: &UseRequest, kept: &Kept, by: &By) -> Result<(), Refused> {
    if request.asked_by().id == by.id || kept.only_the_keeper(by).is_ok() {
        return Ok(());
    }
    Err(Refused::rule(
        "NOT_THE_SIGNER",
        "只有申请人或者印章保管人可以用印",
        "only who asked or the seal's custodian has it sealed",
    ))
}

async fn carried_out(
    app: &Shared,
    caller: &Caller,
    id: &str,
    version: i64,
    by: &By,
    event: &'static str,
) -> Result<Response, Halt> {
    let mut work = Work::begin_keyless(app, caller).await?;
    let found = work.tx.get::<UseRequest>(id).await?;
    if found.version != version {
        return Err(StoreError::Stale { table: "use_request", id: id.to_owned() }.into());
    }
    let kept = load(&mut work.tx, found.value.seal().as_str()).await?;
    let begin = if event == "begin" { RequestEvent::Begin } else { RequestEvent::Retry };
    let documents = match found.value.state() {
        RequestState::Partial => retried(&mut work.tx, id).await?,
        _ => found.value.manifest().map_or(0, |manifest| manifest.documents),
    };
    let (request, effects) = found.value.apply(begin, by, work.now)?;
    let first = work.tx.use_items(id, Some(ItemState::Waiting), -1, 1).await?;
    if let Some(first) = first.first() {
        let Kept { seal, keeping, .. } = &kept;
        let digest = &first.value.document().digest;
        let facts = Facts { seal, keeping, request: &request, item: &first.value, bytes_digest: digest };
        permit_use(&facts, work.now)?;
    }
    if let Some(grant) = taken(&mut work.tx, &request, documents, by, work.now).await? {
        work.tx.save(&grant.value, grant.version).await?;
    }
    let version = work.tx.save(&request, found.version).await?;
    let job = Signing {
        by: by.clone(),
        address: caller.address().to_owned(),
        request_id: caller.request_id().to_owned(),
    };
    // A key in the unit's own device signs document by document, as it is asked.
    if kept.seal.made().is_some_and(|made| made.key_id.is_some()) {
        let payload = serde_json::to_string(&job).map_err(|error| StoreError::Internal(Box::new(error)))?;
        work.job(JOB, id, payload, work.now);
    }
    let details = json!({ "seal": request.seal(), "documents": documents });
    work.record(by, &format!("use.{event}"), &subject(&request), None, details);
    work.enact(&subject(&request), &effects);
    let answer = StoredResponse::accepted(&UseRequestView::of(&request, version)).map_err(Stop::from)?;
    Ok(work.finish(answer.version(version)).await?)
}

/// The failed documents wait again; how many.
async fn retried(tx: &mut Tx, id: &str) -> Result<u32, Halt> {
    let (mut count, mut after) = (0u32, -1);
    loop {
        let part: Vec<Versioned<_>> = tx.use_items(id, Some(ItemState::Failed), after, PART).await?;
        let Some(last) = part.last() else { return Ok(count) };
        after = i64::from(last.value.place());
        for item in part {
            let waiting = item.value.apply(ItemEvent::Retry)?;
            tx.save(&waiting, item.version).await?;
            count = count.saturating_add(1);
        }
    }
}
