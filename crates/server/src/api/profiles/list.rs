//! The profiles there are.

use super::view::ProfileSummary;
use crate::api::areas::any_role;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;

/// 地区配置列表。 Lists the version in force of each profile, by identifier.
#[utoipa::path(
    get, path = "/profiles", tag = "profiles", operation_id = "profiles.list", summary = "地区配置列表 · List profiles",
    params(PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<ProfileSummary>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List,
) -> Result<Page<ProfileSummary>, Stop> {
    any_role(&caller, app.now()?)?;
    let after = list.after::<1>()?.map(|[id]| id.to_owned());
    let rows = app.profiles.all();
    let rows = rows.iter().filter(|p| after.as_ref().is_none_or(|after| p.id > *after));
    let fetch = usize::try_from(list.fetch()).unwrap_or(usize::MAX);
    let rows = rows.take(fetch).map(|p| ProfileSummary::of(p)).collect();
    Ok(list.page(rows, |last: &ProfileSummary| vec![last.id.clone()]))
}
