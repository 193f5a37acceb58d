//! The rule of a unit: how long its documents are kept. A new rule counts for requests that end from then on.

use super::practice;
use super::view::{KindPeriodBody, PeriodBody, RetentionRuleView};
use crate::api::units::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, StoredResponse, Versioned};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::rule::RetentionRule;
use yinxin_registry::unit::Unit;

/// 查看保管期限。 Reads the rule of a unit; without one of its own, what the area demands at least.
#[utoipa::path(
    get, path = "/units/{id}/retention-rule", tag = "retention", operation_id = "retention.rule", summary = "查看保管期限 · Read how long documents are kept",
    params(("id" = String, Path, description = "单位 · unit")),
    responses((status = 200, description = "保管期限 · the rule", body = RetentionRuleView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
) -> Result<Versioned<RetentionRuleView>, Stop> {
    let mut read = app.store.read().await?;
    let unit = read.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::RetentionRead, &place(&unit), app.now()?)?;
    let least = practice(&app, &mut read, &unit.area_path).await?.deadlines.retention_years;
    let found = read.load::<RetentionRule>(id.as_str()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    let rule = found.as_ref().map(|found| &found.value);
    Ok(Versioned { version, body: RetentionRuleView::of(id.as_str(), rule, least, version) })
}

/// A rule.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRetentionRule {
    /// Of kinds that are not named.
    pub default: PeriodBody,
    /// Kinds with a period of their own, each named once.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub kinds: Vec<KindPeriodBody>,
}

/// 设定保管期限。 Sets the rule of a unit, in place of the one before. It counts for requests that end from then on: until when the documents
/// of a request are kept is fixed when it ends, and no later rule shortens it.
#[utoipa::path(
    put, path = "/units/{id}/retention-rule", tag = "retention", operation_id = "retention.set_rule", summary = "设定保管期限 · Set how long documents are kept",
    params(("id" = String, Path, description = "单位 · unit"), IdempotencyKey, IfMatch), request_body = SetRetentionRule,
    responses((status = 200, description = "保管期限 · the rule", body = RetentionRuleView))
)]
pub async fn set(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    if_match: IfMatch,
    command: Command<SetRetentionRule>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let by = work.permit(Action::RetentionWrite, &place(&unit))?;
    let found = work.tx.load::<RetentionRule>(id.as_str()).await?.map(|found| found.version);
    if_match.check(found.unwrap_or(0))?;
    let least = practice(&app, &mut work.tx, &unit.area_path).await?.deadlines.retention_years;
    let kinds = body.kinds.into_iter().map(Into::into).collect();
    let of = (unit.id.clone(), unit.parent.clone(), unit.area_path.clone());
    let rule = RetentionRule::set(of, body.default.into(), kinds, least, &by, work.now)?;
    let version = match found {
        None => work.tx.insert(&rule).await?,
        Some(version) => work.tx.save(&rule, version).await?,
    };
    let details = json!({ "default": rule.default_period(), "kinds": rule.kinds() });
    work.record(&by, "retention.set_rule", &subject(&unit), None, details);
    let view = RetentionRuleView::of(id.as_str(), Some(&rule), least, version);
    work.finish(StoredResponse::ok(&view)?.version(version)).await
}
