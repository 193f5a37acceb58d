//! The tree of areas, in pages.

use super::{AreaView, any_role};
use crate::api::filter::check_name;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, FieldError, List, Page, PageQuery, Problem};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::area::{Area, AreaCode};
use yinxin_registry::role::Scope;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AreaFilter {
    /// 直接下级 · Only the areas right under this one.
    #[param(value_type = Option<String>, pattern = "^[0-9]{6,12}$")]
    pub parent: Option<AreaCode>,
    /// 本级及全部下级 · Only this area and everything within it.
    #[param(value_type = Option<String>, pattern = "^[0-9]{6,12}$")]
    pub within: Option<AreaCode>,
    /// 名称前缀 · Only names that begin so; the order is then by name.
    #[param(max_length = 100)]
    pub name: Option<String>,
}

/// 区划列表。 Lists the whole tree from the root down, what lies within an area, or what stands right under one.
#[utoipa::path(
    get, path = "/areas", tag = "areas", operation_id = "areas.list", summary = "区划列表 · List areas",
    params(AreaFilter, PageQuery),
    responses(
        (status = 200, description = "列表 · the list", body = Page<AreaView>),
        (status = 404, description = "没有这个区划 · no such area")
    )
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<AreaFilter>,
) -> Result<Page<AreaView>, Stop> {
    any_role(&caller, app.now()?)?;
    check_name(list.filter.name.as_deref(), 100)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let mut read = app.store.read().await?;
    let page = match (&list.filter.parent, &list.filter.within) {
        (Some(_), Some(_)) => {
            let (zh, en) = ("parent 与 within 只能填一个。", "Give parent or within, not both.");
            let fault = FieldError::parameter("within", "EXCLUSIVE", zh, en);
            return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(fault).into());
        }
        (Some(parent), None) if filter.name.is_some() => {
            let (zh, en) = (
                format!("按名称查找时请用 within={parent}。"),
                format!("To look for names, use within={parent}."),
            );
            let fault = FieldError::parameter("name", "EXCLUSIVE", zh.clone(), en.clone());
            return Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(fault).into());
        }
        (Some(parent), None) => {
            let parent = read.get::<Area>(parent.as_str()).await?.value;
            read.area_children(&parent.path, &filter).await?
        }
        (None, Some(within)) => {
            let within = read.get::<Area>(within.as_str()).await?.value;
            read.list::<Area>(&Scope::Area(within.path), &filter).await?
        }
        (None, None) => read.list::<Area>(&Scope::All, &filter).await?,
    };
    Ok(list.carry(page.items.iter().map(|a| AreaView::of(&a.value, a.version)).collect(), page.next))
}
