//! What a role can be given for: areas, units and makers by name, for those who give roles and see nothing else of them.

use crate::api::filter::{check_name, check_word};
use crate::api::scope::ScopeQuery;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::credit_code::CreditCode;
use yinxin_registry::ids::{MakerId, UnitId};
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_store::{Access, ListFilter};

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RoleScopeFilter {
    /// 范围类别 · `area`, `unit` or `maker`; `area` when absent.
    #[param(pattern = "^(area|unit|maker)$")]
    pub kind: Option<String>,
    /// 名称前缀，或者单位的统一社会信用代码 · Only names that begin so; of units also the one with this credit code.
    #[param(max_length = 100)]
    pub name: Option<String>,
    /// 范围 · This one only; nothing else counts then.
    #[param(max_length = 128)]
    pub scope: Option<String>,
}

/// Something that a role can be given for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleScopeView {
    /// As grants name it: the path of an area, a unit, a maker.
    #[schema(example = "/100000/610000/610100/")]
    pub scope: String,
    /// Name.
    #[schema(example = "示例市")]
    pub name: String,
    /// Code of the area, credit code of the unit or maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "610100")]
    pub code: Option<String>,
}

impl RoleScopeView {
    fn area(area: &Area) -> Self {
        Self { scope: area.path.to_string(), name: area.name.clone(), code: Some(area.code.to_string()) }
    }

    fn unit(unit: &Unit) -> Self {
        let code = unit.credit_code.as_ref().map(ToString::to_string);
        Self { scope: unit.id.to_string(), name: unit.name.clone(), code }
    }

    fn maker(maker: &Maker) -> Self {
        let code = Some(maker.credit_code.to_string());
        Self { scope: maker.id.to_string(), name: maker.name.clone(), code }
    }
}

/// 可授予岗位的范围。 Lists areas, units in being or makers at work that a role can be given for.
#[utoipa::path(
    get, path = "/role-scopes", tag = "accounts", operation_id = "accounts.scopes", summary = "可授予岗位的范围 · What roles can be given for",
    params(RoleScopeFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<RoleScopeView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<RoleScopeFilter>,
) -> Result<Page<RoleScopeView>, Stop> {
    caller.permit(Action::GrantWrite, &Place::registry(), app.now()?)?;
    let asked = &list.filter;
    check_name(asked.name.as_deref(), 100)?;
    check_word("kind", asked.kind.as_deref(), &["area", "unit", "maker"])?;
    let mut read = app.store.read().await?;
    if let Some(scope) = &asked.scope {
        ScopeQuery::parse(Some(scope))?;
        return Ok(Page { items: named(&mut read, scope).await?.into_iter().collect(), next: None });
    }
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let kind = asked.kind.as_deref();
    // Areas have no state.
    let in_force = kind.filter(|kind| *kind != "area").map(|_| "active");
    let filter = ListFilter {
        state: in_force,
        name: asked.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let (items, next) = match kind {
        Some("unit") => {
            let code = asked.name.as_deref().filter(|text| CreditCode::parse(text).is_ok());
            if let Some(code) = code {
                let found = read.unit_by_credit_code(code).await?;
                let found = found.filter(|found| found.value.dissolved_at.is_none());
                (found.iter().map(|found| RoleScopeView::unit(&found.value)).collect(), None)
            } else {
                let page = read.list::<Unit>(&Scope::All, &filter).await?;
                (page.items.iter().map(|found| RoleScopeView::unit(&found.value)).collect(), page.next)
            }
        }
        Some("maker") => {
            let page = read.list::<Maker>(&Scope::All, &filter).await?;
            (page.items.iter().map(|found| RoleScopeView::maker(&found.value)).collect(), page.next)
        }
        _ => {
            let page = read.list::<Area>(&Scope::All, &filter).await?;
            (page.items.iter().map(|found| RoleScopeView::area(&found.value)).collect(), page.next)
        }
    };
    Ok(list.carry(items, next))
}

/// The one a scope names; nothing where it is not there.
async fn named(read: &mut Access, scope: &str) -> Result<Option<RoleScopeView>, Stop> {
    if let Ok(path) = AreaPath::parse(scope) {
        let area = read.load::<Area>(path.code()).await?.filter(|found| found.value.path == path);
        return Ok(area.map(|found| RoleScopeView::area(&found.value)));
    }
    if let Ok(unit) = UnitId::parse(scope) {
        return Ok(read.load::<Unit>(unit.as_str()).await?.map(|found| RoleScopeView::unit(&found.value)));
    }
    if let Ok(maker) = MakerId::parse(scope) {
        return Ok(read.load::<Maker>(maker.as_str()).await?.map(|found| RoleScopeView::maker(&found.value)));
    }
    Ok(None)
}
