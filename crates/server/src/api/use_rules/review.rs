//! A unit has looked at its rules again and leaves them as they are.

use super::{UseRulesView, answer};
use crate::api::text::check_line;
use crate::api::units::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;
use yinxin_registry::use_rules::{Adoption, UseRules};

/// A review.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewUseRules {
    /// Day on which the unit looked at them: not ahead, not before the last one.
    #[schema(value_type = String, format = Date, example = "2026-11-01")]
    pub reviewed_on: Date,
    /// Another body in charge; the one before when absent.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 100, example = "综合管理部")]
    pub body_in_charge: Option<String>,
}

/// 审阅用印制度。 Writes down that the unit looked at its rules again.
#[utoipa::path(
    post, path = "/units/{id}/use-rules/review", tag = "use_rules", operation_id = "use_rules.review", summary = "审阅用印制度 · Review the rules of use",
    params(("id" = String, Path, description = "单位 · unit"), IdempotencyKey, IfMatch), request_body = ReviewUseRules,
    responses((status = 200, description = "用印制度 · the rules", body = UseRulesView))
)]
pub async fn review(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    if_match: IfMatch,
    command: Command<ReviewUseRules>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    if let Some(text) = &body.body_in_charge {
        check_line("/body_in_charge", text, 2..=100, &mut faults);
    }
    faults.into_result()?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let by = work.permit(Action::UseRulesWrite, &place(&unit))?;
    let found = work.tx.get::<UseRules>(id.as_str()).await?;
    if_match.check(found.version)?;
    let before = found.value;
    let adoption = Adoption {
        of: (unit.id.clone(), unit.parent.clone(), unit.area_path.clone()),
        unit_name: unit.name.clone(),
        document: before.document().clone(),
        body_in_charge: body.body_in_charge.unwrap_or_else(|| before.body_in_charge().to_owned()),
        reviewed_on: body.reviewed_on,
    };
    let rules = UseRules::adopt(Some(before), adoption, &by, work.now)?;
    let version = work.tx.save(&rules, found.version).await?;
    let details = json!({ "body_in_charge": rules.body_in_charge(), "reviewed_on": rules.reviewed_on() });
    work.record(&by, "use_rules.review", &subject(&unit), None, details);
    let answer = answer(&rules, version, work.now)?;
    work.finish(answer).await
}
