//! Makers within the caller's scope.

use super::MakerView;
use crate::api::filter::{check_name, check_word};
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MakerFilter {
    /// 状态 · Only this state: `active`, `stopped`.
    #[param(pattern = "^(active|stopped)$")]
    pub state: Option<String>,
    /// 名称前缀 · Only names that begin so.
    #[param(max_length = 100)]
    pub name: Option<String>,
    /// 区划路径或者制作单位 · Area path or maker, within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 制作单位列表。 Lists them by the area that registered them.
#[utoipa::path(
    get, path = "/makers", tag = "makers", operation_id = "makers.list", summary = "制作单位列表 · List makers",
    params(MakerFilter, PageQuery),
    responses(
        (status = 200, description = "列表 · the list", body = Page<MakerView>),
        (status = 404, description = "不在管辖范围内 · outside the caller's scope")
    )
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<MakerFilter>,
) -> Result<Page<MakerView>, Stop> {
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::MakerRead, wanted, app.now()?)?;
    check_word("state", list.filter.state.as_deref(), &["active", "stopped"])?;
    check_name(list.filter.name.as_deref(), 100)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<Maker>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|m| MakerView::of(&m.value, m.version)).collect(), page.next))
}
