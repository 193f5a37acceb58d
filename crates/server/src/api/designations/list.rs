//! Designations within the caller's scope.

use super::DesignationView;
use crate::api::filter::{check_name, check_word};
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::area::Designation;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DesignationFilter {
    /// 状态 · Only this state: `made`, `filed`, `ended`.
    #[param(pattern = "^(made|filed|ended)$")]
    pub state: Option<String>,
    /// 部门名称前缀 · Only departments whose names begin so.
    #[param(max_length = 100)]
    pub name: Option<String>,
    /// 区划路径 · Area path within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 指定列表。 Lists them.
#[utoipa::path(
    get, path = "/designations", tag = "designations", operation_id = "designations.list", summary = "指定列表 · List designations",
    params(DesignationFilter, PageQuery),
    responses(
        (status = 200, description = "列表 · the list", body = Page<DesignationView>),
        (status = 404, description = "不在管辖范围内 · outside the caller's scope")
    )
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<DesignationFilter>,
) -> Result<Page<DesignationView>, Stop> {
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::DesignationRead, wanted, app.now()?)?;
    check_word("state", list.filter.state.as_deref(), &["made", "filed", "ended"])?;
    check_name(list.filter.name.as_deref(), 100)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<Designation>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|d| DesignationView::of(&d.value, d.version)).collect(), page.next))
}
