//! An area is added under another.

use super::{AreaView, profile, subject};
use crate::api::text::{check_line, refuse};
use crate::api::words::both;
use crate::app::{App, Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaCode, AreaFault, AreaLevel};
use yinxin_registry::permission::{Action, Place};

/// An area to be added.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeArea {
    /// Code of the area above.
    #[schema(value_type = String, pattern = "^[0-9]{6,12}$", example = "610100")]
    pub parent: AreaCode,
    /// Its own code.
    #[schema(value_type = String, pattern = "^[0-9]{6,12}$", example = "610113")]
    pub code: AreaCode,
    /// Name.
    #[schema(min_length = 1, max_length = 100, example = "示例区")]
    pub name: String,
    /// `province`, `city`, `county` or `zone`; it has to fit the level above.
    #[schema(value_type = String, pattern = "^(nation|province|city|county|zone)$", example = "county")]
    pub level: AreaLevel,
    /// Authority in charge, as certificates name it.
    #[schema(min_length = 1, max_length = 100, example = "示例区行政审批局")]
    pub authority: String,
    /// Profile of practice; absent: that of the area above.
    #[serde(default)]
    #[schema(example = "national", min_length = 1, max_length = 64)]
    pub profile: Option<String>,
}

/// 新增区划。 Adds an area; from then on it goes by its own profile, whatever becomes of the one above.
#[utoipa::path(
    post, path = "/areas", tag = "areas", operation_id = "areas.make", summary = "新增区划 · Add an area",
    params(IdempotencyKey), request_body = MakeArea,
    responses((status = 201, description = "区划 · the area", body = AreaView))
)]
pub async fn make(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<MakeArea>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::AreaWrite, &Place::registry())?;
    let parent = work.tx.load::<Area>(body.parent.as_str()).await?;
    let parent =
        parent.ok_or_else(|| refuse("/parent", "UNKNOWN", "没有这个上级区划", "there is no such area"))?;
    let area = check(&app, body, &parent.value)?;
    let version = work.tx.insert(&area).await?;
    let details = json!({ "name": area.name, "path": area.path.as_str(), "profile": area.profile });
    work.record(&by, "area.make", &subject(&area), None, details);
    let path = format!("/api/v1/areas/{}", area.code);
    work.finish(StoredResponse::created(path, &AreaView::of(&area, version))?.version(version)).await
}

/// The area, with every fault of the request named.
fn check(app: &App, body: MakeArea, parent: &Area) -> Result<Area, Problem> {
    let mut faults = Faults::new();
    check_line("/name", &body.name, 1..=100, &mut faults);
    check_line("/authority", &body.authority, 1..=100, &mut faults);
    let profile = body.profile.or_else(|| parent.profile.clone());
    if let Some(profile) = &profile {
        profile::check(app, profile, body.code.as_str(), &mut faults);
    }
    let area = Area::under(parent, body.code, body.name.trim(), body.level, body.authority.trim());
    let area = faults.take("/level", area, |fault| say(&fault));
    faults.into_result()?;
    let area = area.ok_or_else(|| Problem::new(Code::Internal))?;
    Ok(Area { profile, ..area })
}

fn say(fault: &AreaFault) -> (&'static str, String, String) {
    let (zh, en) = both(&fault.to_string());
    let code = match fault {
        AreaFault::Code => "AREA_CODE",
        AreaFault::Path => "AREA_PATH",
        AreaFault::Name => "NAME",
        AreaFault::Level { .. } => "AREA_LEVEL",
    };
    (code, zh, en)
}
