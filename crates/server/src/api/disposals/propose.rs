//! A list is proposed: what is due by a day, the longest due first, as much as one list holds.

use super::subject;
use super::view::DisposalView;
use crate::api::seals::reasoned;
use crate::api::{times, units};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{DisposalId, UnitId};
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::{Disposal, Line, MOST_DOCUMENTS, MOST_REQUESTS, Proposal};
use yinxin_registry::retention::dossier::{Dossier, DossierEvent};
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::document::UseItem;
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::{Access, StoreError, Versioned};

/// Rows read at once.
const PART: u32 = 500;

/// A list to be proposed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeDisposal {
    /// Unit whose documents go.
    #[schema(value_type = String, example = "unit_01k0000000000000000000000a")]
    pub unit: UnitId,
    /// Documents that were to be kept until then at the longest; now when absent, never later.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cutoff: Option<Timestamp>,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "保管期限已满，经鉴定无继续保存价值")]
    pub reason: String,
}

/// 提出销毁清单。 Proposes a list of what is due: at most 500 requests with 10,000 documents, the longest due first. What it names is fixed by
/// its digest. Nothing is deleted before another person agrees.
#[utoipa::path(
    post, path = "/disposals", tag = "retention", operation_id = "disposals.propose", summary = "提出销毁清单 · Propose a list of disposal",
    params(IdempotencyKey), request_body = ProposeDisposal,
    responses(
        (status = 201, description = "销毁清单 · the list", body = DisposalView),
        (status = 404, description = "没有这个单位，或者不在管辖范围内 · no such unit within the caller's scope")
    )
)]
pub async fn propose(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<ProposeDisposal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let unit = work.tx.get::<Unit>(body.unit.as_str()).await?.value;
    let by = work.permit(Action::DisposalPropose, &units::place(&unit))?;
    reasoned(&body.reason)?;
    let cutoff = body.cutoff.unwrap_or(work.now);
    let mut faults = Faults::new();
    times::check("/cutoff", cutoff, work.now, &mut faults);
    faults.into_result()?;
    let due = collect(&mut work.tx, unit.id.as_str(), cutoff.min(work.now)).await?;
    let id = DisposalId::new(work.now, &mut app.rng());
    let proposal = Proposal {
        of: (unit.id.clone(), unit.parent.clone(), unit.area_path.clone()),
        cutoff,
        reason: body.reason.clone(),
        lines: due.iter().map(|(line, _)| line.clone()).collect(),
    };
    let (disposal, effects) = Disposal::propose(id.clone(), proposal, &by, work.now)?;
    let version = work.tx.insert(&disposal).await?;
    for (_, found) in due {
        let event = DossierEvent::Enlist { disposal: id.clone(), cutoff };
        let dossier = found.value.apply(event, &by, work.now)?;
        work.tx.save(&dossier, found.version).await?;
    }
    let details = json!({
        "unit": unit.id, "cutoff": cutoff, "requests": disposal.lines().len(), "documents": disposal.documents(),
        "digest": disposal.digest(),
    });
    work.record(&by, "disposal.propose", &subject(&disposal), Some(&body.reason), details);
    work.enact(&subject(&disposal), &effects);
    let path = format!("/api/v1/disposals/{}", disposal.id());
    let answer = StoredResponse::created(path, &DisposalView::of(&disposal, version))?;
    work.finish(answer.version(version)).await
}

/// What is due, as much as one list holds.
async fn collect(
    access: &mut Access,
    unit: &str,
    cutoff: Timestamp,
) -> Result<Vec<(Line, Versioned<Dossier>)>, StoreError> {
    let most = u32::try_from(MOST_REQUESTS).unwrap_or(u32::MAX);
    let (mut lines, mut documents) = (Vec::new(), 0u32);
    for found in access.dossiers_due(unit, cutoff, None, most).await? {
        let id = found.value.request().as_str();
        let request = access.get::<UseRequest>(id).await?.value;
        if !request.state().has_ended() {
            continue;
        }
        let items = all_items(access, id).await?;
        let line = Line::of(request.id().clone(), request.number(), &items);
        documents = documents.saturating_add(line.documents);
        if documents > MOST_DOCUMENTS {
            break;
        }
        lines.push((line, found));
    }
    Ok(lines)
}

/// Every document of a request, in their order.
async fn all_items(access: &mut Access, request: &str) -> Result<Vec<UseItem>, StoreError> {
    let (mut items, mut after) = (Vec::new(), -1);
    loop {
        let part = access.use_items(request, None, after, PART).await?;
        let Some(last) = part.last() else { return Ok(items) };
        after = i64::from(last.value.place());
        items.extend(part.into_iter().map(|found| found.value));
    }
}
