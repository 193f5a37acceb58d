//! The custodian gives a right.

use super::{HoursBody, UseGrantView, subject};
use crate::api::custody::{belongs, load, person};
use crate::api::text::refuse;
use crate::api::times;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::client::{ApiClient, ClientScope};
use yinxin_registry::custody::grant::{Limits, UseGrant};
use yinxin_registry::ids::{AccountId, ClientId, SealId, UseGrantId};
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::permission::{Action, Place, permit};

/// A right to be given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveUseGrant {
    /// Account with the role `user`, or client with the role `business_system` and the scope `uses_write`, in the unit.
    #[schema(
        pattern = "^(acct|clnt)_[0-7][0-9a-hjkmnp-tv-z]{25}$",
        example = "acct_01k0000000000000000000000a"
    )]
    pub to: String,
    /// From when; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// Until when, at most two years after its begin.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Kinds of document, at most 50; empty: every kind.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub document_kinds: Vec<String>,
    /// Documents at most; absent: without a limit.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 4294967295u32)]
    pub most: Option<u32>,
    /// Hours of the day; absent: at any.
    #[serde(default)]
    pub hours: Option<HoursBody>,
}

/// 用印授权。 The seal's custodian gives a right to use it. Each use is still approved by the unit's flow.
#[utoipa::path(
    post, path = "/seals/{id}/use-grants", tag = "custody", operation_id = "use_grants.give", summary = "用印授权 · Give a right to use a seal",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = GiveUseGrant,
    responses((status = 201, description = "授权 · the right", body = UseGrantView))
)]
pub async fn give(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<GiveUseGrant>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::UseGrantGive, &kept.place())?;
    kept.only_the_keeper(&by)?;
    let mut faults = Faults::new();
    times::check("/until", body.until, work.now, &mut faults);
    if let Some(from) = body.from {
        times::check("/from", from, work.now, &mut faults);
    }
    faults.into_result()?;
    let name = name_of(&mut work, &body.to, &kept.place()).await?;
    let limits = Limits {
        from: body.from.unwrap_or(work.now),
        until: body.until,
        document_kinds: body.document_kinds,
        most: body.most,
        hours: body.hours.map(Into::into),
    };
    let grant = UseGrant::give(
        UseGrantId::new(work.now, &mut app.rng()),
        belongs(&kept.seal),
        body.to,
        name,
        limits,
        &by,
        work.now,
    )?;
    let version = work.tx.insert(&grant).await?;
    let details = json!({
        "grant": grant.id(), "to": grant.to(), "to_name": grant.to_name(), "until": grant.limits().until,
        "most": grant.limits().most, "document_kinds": grant.limits().document_kinds,
    });
    work.record(&by, "use_grant.give", &subject(&grant), None, details);
    let ends = Effect::Clock { name: "use_grant_over".to_owned(), at: grant.limits().until };
    work.enact(&crate::app::Subject::unit(grant.id().as_str(), grant.area_path(), grant.unit()), &[ends]);
    let path = format!("/api/v1/use-grants/{}", grant.id());
    let answer = StoredResponse::created(path, &UseGrantView::of(&grant, version))?;
    work.finish(answer.version(version)).await
}

/// Name of a person or program that may ask for the use of seals here.
async fn name_of(work: &mut Work, to: &str, place: &Place) -> Result<String, Stop> {
    if let Ok(account) = AccountId::parse(to) {
        return Ok(person(work, &account, "/to", Action::UseAsk, place).await?.name);
    }
    let client = match ClientId::parse(to) {
        Ok(id) => work.tx.load::<ApiClient>(id.as_str()).await?.map(|found| found.value),
        Err(_) => None,
    };
    let able = client.filter(|client| {
        client.enabled
            && client.scopes.contains(&ClientScope::UsesWrite)
            && permit(&client.grants, Action::UseAsk, place, work.now).is_ok()
    });
    able.map(|client| client.name).ok_or_else(|| {
        refuse(
            "/to",
            "NOT_ABLE",
            "没有这个账号或者业务系统，或者在本单位没有相应角色",
            "there is no such account or client, or it lacks the role here",
        )
        .into()
    })
}
