//! Custodian or agent proposes an authorization; people vote by the unit's own flow.

use super::{StandingView, subject};
use crate::api::custody::{belongs, load};
use crate::api::flows::applicable;
use crate::api::text::refuse;
use crate::api::times;
use crate::api::use_grants::HoursBody;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::approval::standing::{Standing, Terms};
use yinxin_registry::client::{ApiClient, ClientScope};
use yinxin_registry::custody::grant::Limits;
use yinxin_registry::ids::{ClientId, SealId, StandingId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::{Effect, Refused};
use yinxin_registry::permission::{Action, permit};
use yinxin_registry::role::Role;

/// An authorization to be proposed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeStanding {
    /// Client with the role `business_system` and the scope `uses_write` in the unit.
    #[schema(value_type = String, example = "clnt_01k0000000000000000000000a")]
    pub client: ClientId,
    /// From when; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Kinds of document, 1 to 50; all approved by one flow.
    #[schema(min_items = 1, max_items = 50, example = json!(["电子发票"]))]
    pub document_kinds: Vec<String>,
    /// Documents at most.
    #[schema(minimum = 1, maximum = 4294967295u32, example = 10000)]
    pub most: u32,
    /// Hours of the day; absent: at any.
    #[serde(default)]
    pub hours: Option<HoursBody>,
    /// Name of the template the program fills, 1 to 128 characters: every document names it.
    #[schema(min_length = 1, max_length = 128, example = "电子发票")]
    pub template: String,
    /// Value of one document at most, in fen.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 9007199254740991u64)]
    pub value_each: Option<u64>,
    /// Value of all documents together at most, in fen.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 9007199254740991u64)]
    pub value_total: Option<u64>,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "批量开具电子发票")]
    pub reason: String,
}

/// 拟定常设授权。 Proposes an authorization; it is in force once every step of the flow agreed.
#[utoipa::path(
    post, path = "/seals/{id}/standings", tag = "approval", operation_id = "standings.propose", summary = "拟定常设授权 · Propose a standing authorization",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = ProposeStanding,
    responses((status = 201, description = "常设授权 · the authorization", body = StandingView))
)]
pub async fn propose(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<ProposeStanding>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::StandingWrite, &kept.place())?;
    if by.role == Role::Custodian.as_str() {
        kept.only_the_keeper(&by)?;
    }
    let mut faults = Faults::new();
    times::check("/until", body.until, work.now, &mut faults);
    if let Some(from) = body.from {
        times::check("/from", from, work.now, &mut faults);
    }
    if !(1..=50).contains(&body.document_kinds.len()) {
        faults.push(
            "/document_kinds",
            "OUT_OF_RANGE",
            "文件种类应为 1 至 50 项",
            "1 to 50 kinds of document",
        );
    }
    faults.into_result()?;
    let client = work.tx.load::<ApiClient>(body.client.as_str()).await?.map(|found| found.value);
    let able = client.filter(|client| {
        client.enabled
            && client.scopes.contains(&ClientScope::UsesWrite)
            && permit(&client.grants, Action::UseAsk, &kept.place(), work.now).is_ok()
    });
    let client = able.ok_or_else(|| {
        refuse(
            "/client",
            "NOT_ABLE",
            "没有这个业务系统，或者在本单位没有相应角色",
            "there is no such client, or it lacks the role here",
        )
    })?;
    let flow = one_flow(&mut work, &kept.seal, &body.document_kinds).await?;
    let terms = Terms {
        client: client.id,
        client_name: client.name,
        limits: Limits {
            from: body.from.unwrap_or(work.now),
            until: body.until,
            document_kinds: body.document_kinds,
            most: Some(body.most),
            hours: body.hours.map(Into::into),
        },
        template: body.template,
        value_each: body.value_each,
        value_total: body.value_total,
        reason: body.reason,
    };
    let id = StandingId::new(work.now, &mut app.rng());
    let details = json!({ "seal": kept.seal.id(), "terms": terms });
    let (standing, mut effects) = Standing::propose(id, belongs(&kept.seal), terms, &flow, &by, work.now)?;
    let version = work.tx.insert(&standing).await?;
    let reason = standing.terms().reason.clone();
    work.record(&by, "standing.propose", &subject(&standing), Some(&reason), details);
    effects.push(Effect::Clock { name: "standing_over".to_owned(), at: standing.terms().limits.until });
    work.enact(&subject(&standing), &effects);
    let path = format!("/api/v1/standings/{}", standing.id());
    let answer = StoredResponse::created(path, &StandingView::of(&standing, version))?;
    work.finish(answer.version(version)).await
}

/// The one flow by which all these kinds are approved.
async fn one_flow(work: &mut Work, seal: &Seal, kinds: &[String]) -> Result<Flow, Stop> {
    let mut chosen: Option<Flow> = None;
    for kind in kinds {
        let (flow, _) = applicable(&mut work.tx, seal, kind).await?;
        if chosen.as_ref().is_some_and(|known| known.id() != flow.id()) {
            return Err(Refused::rule(
                "FLOWS_DIFFER",
                "所列文件种类适用不同的审批流程，请分别拟定",
                "these kinds of document are approved by different flows: propose them apart",
            )
            .into());
        }
        chosen = Some(flow);
    }
    chosen.ok_or_else(|| crate::http::Problem::new(crate::http::Code::Validation).into())
}
