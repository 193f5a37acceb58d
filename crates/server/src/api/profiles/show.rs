//! One profile as it is in force, or as it was.

use super::view::ProfileView;
use crate::api::areas::any_role;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Json, Path, Problem, Query};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::profile::{Profile, ProfileVersion};

/// Which version.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// 版本；不填则为现行版本 · The version; absent: the one in force.
    #[param(minimum = 1)]
    pub version: Option<u32>,
}

/// 查看地区配置。 Reads one; old versions stay readable, because cases remember the one they began under.
#[utoipa::path(
    get, path = "/profiles/{id}", tag = "profiles", operation_id = "profiles.show", summary = "查看地区配置 · Read a profile",
    params(("id" = String, Path, description = "配置标识 · identifier of the profile", example = "national"), VersionQuery),
    responses((status = 200, description = "地区配置 · the profile", body = ProfileView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<ProfileView>, Stop> {
    let now = app.now()?;
    any_role(&caller, now)?;
    let mut read = app.store.read().await?;
    let found = match query.version {
        Some(version) => read.load::<ProfileVersion>(&format!("{id}@{version}")).await?,
        None => read.profile_in_force(&id, now).await?,
    };
    let version = found.ok_or_else(|| Problem::new(Code::NotFound))?.value;
    let unreadable = |why: &dyn std::fmt::Display| {
        tracing::error!(id = version.id, %why, "a version of a profile does not read");
        Problem::new(Code::Internal)
    };
    let profile = Profile::parse(&version.text).map_err(|fault| unreadable(&fault))?;
    Ok(Json(ProfileView::of(&version, &profile).map_err(|fault| unreadable(&fault))?))
}
