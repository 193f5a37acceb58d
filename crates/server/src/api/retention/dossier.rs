//! The dossier of a request, and holds on it: by the unit's own people and by the issuing department, each for its own side.

use super::DossierView;
use crate::api::applications::Reason;
use crate::api::seals::reasoned;
use crate::api::use_requests::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, StoredResponse, Versioned};
use crate::jobs::DISPOSE;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::{Disposal, DisposalState};
use yinxin_registry::retention::dossier::{Dossier, DossierEvent, DossierState, Side};
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::{Access, StoreError};

/// The dossier of a request, and its version; version 0 of one to which nothing has happened yet.
async fn dossier_of(access: &mut Access, request: &UseRequest) -> Result<(Dossier, i64), StoreError> {
    let found = access.load::<Dossier>(request.id().as_str()).await?;
    Ok(found.map_or_else(|| (Dossier::open(request), 0), |found| (found.value, found.version)))
}

/// 查看案卷保管情况。 Reads until when the documents of a request are kept, and what holds them.
#[utoipa::path(
    get, path = "/use-requests/{id}/retention", tag = "retention", operation_id = "retention.show", summary = "查看案卷保管情况 · Read how long a request's documents are kept",
    params(("id" = String, Path, description = "用印申请 · request")),
    responses((status = 200, description = "案卷 · the dossier", body = DossierView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
) -> Result<Versioned<DossierView>, Stop> {
    let mut read = app.store.read().await?;
    let request = read.get::<UseRequest>(id.as_str()).await?.value;
    caller.permit(Action::RetentionRead, &place(&request), app.now()?)?;
    let (dossier, version) = dossier_of(&mut read, &request).await?;
    Ok(Versioned { version, body: DossierView::of(&dossier, version) })
}

/// 留存案卷。 Holds the documents of a request: they are put on no list of disposal, and nothing of them is deleted by one that was agreed to,
/// until the side that holds them lets go.
#[utoipa::path(
    post, path = "/use-requests/{id}/retention/hold", tag = "retention", operation_id = "retention.hold", summary = "留存案卷 · Hold a request's documents",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "案卷 · the dossier", body = DossierView))
)]
pub async fn hold(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    let event = DossierEvent::Hold { reason: body.reason.clone() };
    step(work, (&id, &if_match), event, &body.reason).await
}

/// 解除留存。 Lifts the hold of one's own side. What a list that was agreed to still has to dispose of goes on then.
#[utoipa::path(
    post, path = "/use-requests/{id}/retention/lift", tag = "retention", operation_id = "retention.lift", summary = "解除留存 · Lift a hold",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "案卷 · the dossier", body = DossierView))
)]
pub async fn lift(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    let event = DossierEvent::Lift { reason: body.reason.clone() };
    step(work, (&id, &if_match), event, &body.reason).await
}

async fn step(
    mut work: Work,
    (id, if_match): (&UseRequestId, &IfMatch),
    event: DossierEvent,
    why: &str,
) -> Result<Response, Stop> {
    reasoned(why)?;
    let request = work.tx.get::<UseRequest>(id.as_str()).await?.value;
    let by = work.permit(Action::RetentionHold, &place(&request))?;
    let (dossier, version) = dossier_of(&mut work.tx, &request).await?;
    if_match.check(version)?;
    let dossier = dossier.apply(event, &by, work.now)?;
    let version = match version {
        0 => work.tx.insert(&dossier).await?,
        version => work.tx.save(&dossier, version).await?,
    };
    let taken = dossier.history().last().map(|step| step.event.clone()).unwrap_or_default();
    let details = json!({ "side": Side::of(&by.role), "state": dossier.state() });
    work.record(&by, &format!("retention.{taken}"), &subject(&request), Some(why), details);
    go_on(&mut work, &dossier).await?;
    work.finish(StoredResponse::ok(&DossierView::of(&dossier, version))?.version(version)).await
}

/// A list that waited for the last hold to be lifted goes on.
async fn go_on(work: &mut Work, dossier: &Dossier) -> Result<(), Stop> {
    let listed = dossier.state() == DossierState::Listed && !dossier.is_held();
    let Some(disposal) = dossier.disposal().filter(|_| listed) else { return Ok(()) };
    if work.tx.get::<Disposal>(disposal.as_str()).await?.value.state() == DisposalState::Disposing {
        work.job(DISPOSE, disposal.as_str(), "{}".to_owned(), work.now);
    }
    Ok(())
}
