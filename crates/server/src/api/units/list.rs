//! Units within the caller's scope.

use super::{UnitSummary, place};
use crate::api::filter::{check_name, check_word};
use crate::api::scope::{ScopeQuery, choose};
use crate::api::words::both;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, FieldError, List, Page, PageQuery, Problem};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::credit_code::CreditCode;
use yinxin_registry::permission::Action;
use yinxin_registry::profile::ApplicantKind;
use yinxin_registry::unit::Unit;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitFilter {
    /// 统一社会信用代码 · The unit with this credit code; nothing else counts then.
    #[param(pattern = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$")]
    pub credit_code: Option<String>,
    /// 状态 · Only this state: `active`, `dissolved`.
    #[param(pattern = "^(active|dissolved)$")]
    pub state: Option<String>,
    /// 申请人类别 · Only this kind of applicant: `enterprise`.
    #[param(pattern = "^(government|institution|enterprise|society|individual_business|other)$")]
    pub kind: Option<String>,
    /// 名称前缀 · Only names that begin so; the order is then by name.
    #[param(max_length = 100)]
    pub name: Option<String>,
    /// 区划路径或者单位 · Area path or unit, within what the caller's roles reach.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// 单位列表。 Lists them.
#[utoipa::path(
    get, path = "/units", tag = "units", operation_id = "units.list", summary = "单位列表 · List units",
    params(UnitFilter, PageQuery),
    responses(
        (status = 200, description = "列表 · the list", body = Page<UnitSummary>),
        (status = 404, description = "不在管辖或者所属范围内 · outside the caller's scope")
    )
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<UnitFilter>,
) -> Result<Page<UnitSummary>, Stop> {
    let now = app.now()?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, Action::UnitRead, wanted, now)?;
    let mut read = app.store.read().await?;
    if let Some(code) = &list.filter.credit_code {
        if let Err(fault) = CreditCode::parse(code) {
            let (zh, en) = both(&fault.to_string());
            let fault = FieldError::parameter("credit_code", fault.code(), zh.as_str(), en.as_str());
            return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(fault).into());
        }
        let found = read.unit_by_credit_code(code).await?;
        // Whoever may not see it must not learn that it is there.
        let seen = found.filter(|found| caller.permit(Action::UnitRead, &place(&found.value), now).is_ok());
        let items = seen.iter().map(|found| UnitSummary::of(&found.value, found.version)).collect();
        return Ok(Page { items, next: None });
    }
    check_word("state", list.filter.state.as_deref(), &["active", "dissolved"])?;
    check_name(list.filter.name.as_deref(), 100)?;
    let kinds: Vec<&str> = ApplicantKind::ALL.iter().map(|kind| kind.as_str()).collect();
    check_word("kind", list.filter.kind.as_deref(), &kinds)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        kind: list.filter.kind.as_deref(),
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
    };
    let page = read.list::<Unit>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|u| UnitSummary::of(&u.value, u.version)).collect(), page.next))
}
