//! The list within the caller's area.

use super::BlockView;
use crate::api::filter::check_word;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::permission::Action;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BlockFilter {
    /// 状态 · Only this state: `active` (ended ones too), `lifted`.
    #[param(pattern = "^(active|lifted)$")]
    pub state: Option<String>,
    /// 区划路径 · Area path within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 限制申请名单。 Lists the entries of an area and what lies in it.
#[utoipa::path(
    get, path = "/blocks", tag = "blocks", operation_id = "blocks.list", summary = "限制申请名单 · List blocked agents",
    params(BlockFilter, PageQuery),
    responses(
        (status = 200, description = "列表 · the list", body = Page<BlockView>),
        (status = 404, description = "不在管辖范围内 · outside the caller's scope")
    )
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<BlockFilter>,
) -> Result<Page<BlockView>, Stop> {
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::BlockWrite, wanted, app.now()?)?;
    check_word("state", list.filter.state.as_deref(), &["active", "lifted"])?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<BlockedAgent>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|b| BlockView::of(&b.value, b.version)).collect(), page.next))
}
