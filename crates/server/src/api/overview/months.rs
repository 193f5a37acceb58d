//! What was done month by month, and in which part of the area.

use super::area_of;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Json, Problem, Query};
use axum::extract::State;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use yinxin_store::MonthFigure;

/// Months that are shown when nothing is said.
const MONTHS: u8 = 12;
/// Parts of an area that are shown one by one.
const MOST_PARTS: u32 = 100;
/// Beijing time.
const BEIJING: Offset = Offset::constant(8);

/// Which area, how many months.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MonthsQuery {
    /// 区划路径；不填则为所辖最大范围 · Area path within what the caller's roles reach; absent: the widest.
    #[param(max_length = 128, example = "/100000/610000/610100/")]
    pub scope: Option<String>,
    /// 月数，含本月，1 至 36，默认 12 · How many months, with the present one.
    #[param(minimum = 1, maximum = 36, default = 12)]
    pub months: Option<u8>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DoneView {
    /// Seals made and filed.
    pub filed: u64,
    /// Documents sealed.
    pub sealed: u64,
    /// Uses refused.
    pub refused: u64,
    /// Uses that failed.
    pub failed: u64,
    /// Uses that something was strange about.
    pub strange: u64,
    /// Verifications: valid.
    pub valid: u64,
    /// Verifications: invalid.
    pub invalid: u64,
    /// Verifications: indeterminate.
    pub indeterminate: u64,
    /// Verifications of documents without a seal.
    pub unsigned: u64,
}

impl DoneView {
    fn add(&mut self, figure: &MonthFigure) {
        let place = match figure.what.as_str() {
            "filed" => &mut self.filed,
            "sealed" => &mut self.sealed,
            "refused" => &mut self.refused,
            "failed" => &mut self.failed,
            "strange" => &mut self.strange,
            "valid" => &mut self.valid,
            "invalid" => &mut self.invalid,
            "indeterminate" => &mut self.indeterminate,
            "unsigned" => &mut self.unsigned,
            _ => return,
        };
        *place = place.saturating_add(figure.count);
    }
}

/// A month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonthView {
    /// In Beijing time.
    #[schema(example = "2026-11", pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: String,
    /// What was done in it.
    #[serde(flatten)]
    pub done: DoneView,
}

/// A part of the area.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AreaMonthsView {
    /// Path.
    #[schema(example = "/100000/610000/610100/")]
    pub path: String,
    /// Name.
    pub name: String,
    /// What was done in all the months together.
    #[serde(flatten)]
    pub done: DoneView,
}

/// What was done month by month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MonthsView {
    /// Path of the area.
    #[schema(example = "/100000/610000/610100/")]
    pub scope: String,
    /// At which moment.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Every month, the earliest first.
    pub months: Vec<MonthView>,
    /// The areas right under this one, at most 100.
    pub areas: Vec<AreaMonthsView>,
}

/// 按月统计。 Tells how many seals were filed, how many documents sealed, refused and verified, by month and by area.
#[utoipa::path(
    get, path = "/overview/months", tag = "overview", operation_id = "overview.months", summary = "按月统计 · Figures by month and area",
    params(MonthsQuery),
    responses(
        (status = 200, description = "统计 · the figures", body = MonthsView),
        (status = 404, description = "不在管辖范围内 · outside the caller's scope")
    )
)]
pub async fn months(
    State(app): State<Shared>,
    caller: Caller,
    Query(query): Query<MonthsQuery>,
) -> Result<Json<MonthsView>, Stop> {
    let now = app.now()?;
    let area = area_of(&caller, query.scope.as_deref(), now)?;
    let count = query.months.unwrap_or(MONTHS);
    if !(1..=36).contains(&count) {
        let problem =
            Problem::new(Code::BadRequest).detail("months 应为 1 至 36。", "months is from 1 to 36.");
        return Err(problem.into());
    }
    let names = names(now, count);
    let first = names.first().cloned().unwrap_or_default();
    let mut read = app.store.read().await?;
    let mut by_month: BTreeMap<String, DoneView> =
        names.into_iter().map(|month| (month, DoneView::default())).collect();
    for figure in &read.months(&area, &first).await? {
        // What a clock that runs ahead noted for a month to come is left out.
        if let Some(done) = by_month.get_mut(&figure.month) {
            done.add(figure);
        }
    }
    let filter = yinxin_store::ListFilter { limit: MOST_PARTS, ..yinxin_store::ListFilter::default() };
    let below = read.area_children(&area, &filter).await?;
    let mut areas = Vec::with_capacity(below.items.len());
    for part in below.items {
        let mut done = DoneView::default();
        read.months(&part.value.path, &first).await?.iter().for_each(|figure| done.add(figure));
        areas.push(AreaMonthsView { path: part.value.path.to_string(), name: part.value.name, done });
    }
    let months = by_month.into_iter().map(|(month, done)| MonthView { month, done }).collect();
    Ok(Json(MonthsView { scope: area.to_string(), at: now, months, areas }))
}

/// The last `count` months, the earliest first.
fn names(now: Timestamp, count: u8) -> Vec<String> {
    let today = TimeZone::fixed(BEIJING).to_datetime(now).date().first_of_month();
    let month = |back: u8| {
        today.checked_sub(i64::from(back).months()).ok().map(|day| day.strftime("%Y-%m").to_string())
    };
    (0..count).rev().filter_map(month).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn months_are_named_in_beijing_time_across_the_year() {
        let now = "2026-12-31T16:30:00Z".parse().unwrap();
        assert_eq!(names(now, 3), ["2026-11", "2026-12", "2027-01"]);
        assert_eq!(names(now, 1), ["2027-01"]);
    }
}
