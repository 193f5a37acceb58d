//! Which units have rules of use, and which have none or have not looked at theirs for long.

use super::view::UseRulesLine;
use crate::api::filter::check_word;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, List, Page, PageQuery, Problem};
use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::area::AreaPath;
use yinxin_registry::permission::Action;
use yinxin_registry::profile::day_of;
use yinxin_registry::role::Scope;
use yinxin_registry::use_rules::UseRules;
use yinxin_store::ListFilter;

/// Which units.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UseRulesFilter {
    /// 状态 · `missing` (when absent): units without rules; `outdated`: last looked at more than twelve months ago; `current`.
    #[param(pattern = "^(missing|outdated|current)$")]
    pub state: Option<String>,
    /// 区划路径 · Area path within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 用印制度一览。 Lists the units of an area by what is known of their rules of use. Bodies and branches go by the rules of the unit above
/// them and are never missing.
#[utoipa::path(
    get, path = "/use-rules", tag = "use_rules", operation_id = "use_rules.list", summary = "用印制度一览 · Units by their rules of use",
    params(UseRulesFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<UseRulesLine>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<UseRulesFilter>,
) -> Result<Page<UseRulesLine>, Stop> {
    let state = list.filter.state.as_deref().unwrap_or("missing");
    check_word("state", Some(state), &["missing", "outdated", "current"])?;
    let now = app.now()?;
    let area =
        match choose(&caller, Action::UseRulesRead, ScopeQuery::parse(list.filter.scope.as_deref())?, now)? {
            Scope::Area(area) => area,
            Scope::All => AreaPath::nation(),
            // Of one unit there is no list.
            Scope::Unit(_) | Scope::Maker(_) => return Err(Problem::new(Code::NotFound).into()),
        };
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter =
        ListFilter { cursor: after.as_deref(), limit: u32::from(list.limit()), ..ListFilter::default() };
    let mut read = app.store.read().await?;
    if state == "missing" {
        let page = read.units_without_rules(&area, &filter).await?;
        let items = page.items.iter().map(|found| UseRulesLine::missing(&found.value)).collect();
        return Ok(list.carry(items, page.next));
    }
    let old = UseRules::outdated_before(day_of(now));
    let days = if state == "outdated" { (Date::MIN, old) } else { (old, Date::MAX) };
    let page = read.use_rules_reviewed(&area, days, &filter).await?;
    let items = page.items.iter().map(|found| UseRulesLine::of(&found.value, now)).collect();
    Ok(list.carry(items, page.next))
}
