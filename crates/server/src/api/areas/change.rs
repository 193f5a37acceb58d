//! Name, authority and profile of an area change; its code and place do not.

use super::{AreaView, answer, profile, subject};
use crate::api::text::check_line;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaCode};
use yinxin_registry::permission::{Action, Place};

/// What an area is called and goes by from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeArea {
    /// Name.
    #[schema(min_length = 1, max_length = 100, example = "示例区")]
    pub name: String,
    /// Authority in charge, as certificates name it.
    #[schema(min_length = 1, max_length = 100, example = "示例区行政审批局")]
    pub authority: String,
    /// Profile of practice for what begins from now on.
    #[schema(example = "national", min_length = 1, max_length = 64)]
    pub profile: String,
}

/// 变更区划信息。 Changes name, authority and profile. Cases keep the profile they began under.
#[utoipa::path(
    put, path = "/areas/{code}", tag = "areas", operation_id = "areas.change", summary = "变更区划 · Change an area",
    params(("code" = String, Path, description = "区划代码 · code"), IdempotencyKey, IfMatch), request_body = ChangeArea,
    responses((status = 200, description = "区划 · the area", body = AreaView))
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    Path(code): Path<AreaCode>,
    if_match: IfMatch,
    command: Command<ChangeArea>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::AreaWrite, &Place::registry())?;
    let found = work.tx.get::<Area>(code.as_str()).await?;
    if_match.check(found.version)?;
    let mut faults = Faults::new();
    check_line("/name", &body.name, 1..=100, &mut faults);
    check_line("/authority", &body.authority, 1..=100, &mut faults);
    profile::check(&app, &body.profile, code.as_str(), &mut faults);
    faults.into_result()?;
    let before = json!({ "name": found.value.name, "authority": found.value.authority, "profile": found.value.profile });
    let mut area = found.value;
    area.name = body.name.trim().to_owned();
    area.authority = body.authority.trim().to_owned();
    area.profile = Some(body.profile);
    let version = work.tx.save(&area, found.version).await?;
    let after = json!({ "name": area.name, "authority": area.authority, "profile": area.profile });
    work.record(&by, "area.change", &subject(&area), None, json!({ "before": before, "after": after }));
    work.finish(answer(&area, version)?).await
}
