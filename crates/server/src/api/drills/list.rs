//! Reading drills.

use super::{DrillView, place};
use crate::api::filter::check_word;
use crate::api::in_scope::{InScope, in_scope};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::drill::Drill;
use yinxin_registry::ids::DrillId;
use yinxin_registry::permission::Action;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DrillFilter {
    /// 状态 · Only this state: `held`, or `carried_out` where a measure refers to it.
    #[param(pattern = "^(held|carried_out)$")]
    pub state: Option<String>,
    /// 区划路径 · Area path within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 演练记录。 Lists the drills of an area and what lies in it, by area and time.
#[utoipa::path(
    get, path = "/drills", tag = "drills", operation_id = "drills.list", summary = "演练记录 · List drills",
    params(DrillFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<DrillView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<DrillFilter>,
) -> Result<Page<DrillView>, Stop> {
    let (state, scope) = (list.filter.state.as_deref(), list.filter.scope.as_deref());
    check_word("state", state, &["held", "carried_out"])?;
    let asked = InScope { action: Action::DrillRead, state, scope };
    in_scope::<Drill, _, _>(&app, &caller, &list, asked, |found| DrillView::of(&found.value, found.version))
        .await
}

/// 查看演练记录。 Reads one.
#[utoipa::path(
    get, path = "/drills/{id}", tag = "drills", operation_id = "drills.show", summary = "查看演练记录 · Read a drill",
    params(("id" = String, Path, description = "演练 · drill")),
    responses((status = 200, description = "演练记录 · the drill", body = DrillView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DrillId>,
) -> Result<Versioned<DrillView>, Stop> {
    let found = app.store.read().await?.get::<Drill>(id.as_str()).await?;
    caller.permit(Action::DrillRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: DrillView::of(&found.value, found.version) })
}
