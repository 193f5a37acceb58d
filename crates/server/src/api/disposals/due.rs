//! What is due: dossiers of a unit that were kept long enough, that nobody holds, and that stand on no list.

use crate::api::retention::DossierView;
use crate::api::units;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;

/// Of which unit, and when.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DueFilter {
    /// Unit.
    #[param(value_type = String, pattern = "^unit_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub unit: UnitId,
    /// What is due by then; now when absent.
    #[param(value_type = Option<String>, format = DateTime)]
    pub before: Option<Timestamp>,
}

/// 到期案卷列表。 Lists the dossiers of a unit that are due for disposal, the longest due first.
#[utoipa::path(
    get, path = "/disposals/due", tag = "retention", operation_id = "disposals.due", summary = "到期案卷列表 · What is due for disposal",
    params(DueFilter, PageQuery),
    responses(
        (status = 200, description = "列表 · the list", body = Page<DossierView>),
        (status = 404, description = "没有这个单位，或者不在管辖范围内 · no such unit within the caller's scope")
    )
)]
pub async fn due(
    State(app): State<Shared>,
    caller: Caller,
    list: List<DueFilter>,
) -> Result<Page<DossierView>, Stop> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let unit = read.get::<Unit>(list.filter.unit.as_str()).await?.value;
    caller.permit(Action::RetentionRead, &units::place(&unit), now)?;
    let cutoff = list.filter.before.unwrap_or(now);
    let after = list.after::<2>()?.and_then(|[until, id]| Some((until.parse::<i64>().ok()?, id.to_owned())));
    let after = after.as_ref().map(|(until, id)| (*until, id.as_str()));
    let limit = u32::from(list.limit()).saturating_add(1);
    let found = read.dossiers_due(unit.id.as_str(), cutoff, after, limit).await?;
    let views = found.iter().map(|found| DossierView::of(&found.value, found.version)).collect();
    let key = |last: &DossierView| {
        let until = last.kept_until.map_or(i64::MAX, Timestamp::as_microsecond);
        vec![until.to_string(), last.request.clone()]
    };
    Ok(list.page(views, key))
}
