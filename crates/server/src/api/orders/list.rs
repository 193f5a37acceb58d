//! The orders of a maker: those it has taken up and not yet made, then the approved ones of its areas.

use super::order::{Papers, order};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, List, NoFilter, Page, PageQuery, Path, Problem};
use crate::making::dto::{OrderDto, OrderPageDto};
use axum::extract::State;
use yinxin_registry::area::AreaPath;
use yinxin_registry::ids::MakerId;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::Scope;
use yinxin_store::{Access, ListFilter};

/// Most orders on a page: each may carry a picture.
const MOST: usize = 20;

/// 制作任务。 Orders to be taken up or made.
#[utoipa::path(
    get, path = "/makers/{id}/orders", tag = "orders", operation_id = "orders.list", summary = "制作任务 · Orders of a maker",
    params(("id" = String, Path, description = "制作单位 · maker"), PageQuery),
    responses((status = 200, description = "任务 · the orders, at most 20 on a page", body = OrderPageDto))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
    list: List<NoFilter>,
) -> Result<Page<OrderDto>, Stop> {
    let now = app.now()?;
    let mut access = app.store.read().await?;
    let maker = access.get::<Maker>(id.as_str()).await?.value;
    caller.permit(Action::SealMake, &Place::maker(&maker.id, &maker.area_path), now)?;
    let limit = usize::from(list.limit()).min(MOST);
    let may = |area: &&AreaPath| maker.may_make(area, now).is_ok();
    let sources: Vec<Source<'_>> = std::iter::once(Source::Taken(&maker.id))
        .chain(widest(&maker.jurisdictions).into_iter().filter(may).map(Source::Approved))
        .collect();
    let position = list.after::<1>()?.map(|[position]| Position::read(position)).transpose()?;
    let Position { mut source, mut cursor } = position.unwrap_or_default();
    let mut found = Vec::new();
    while let Some(from) = sources.get(source)
        && found.len() < limit
    {
        cursor = from.read(&mut access, cursor.as_deref(), limit - found.len(), &mut found).await?;
        if cursor.is_none() {
            source += 1;
        }
    }
    drop(access);
    let next = (source < sources.len()).then(|| Position { source, cursor }.to_string());
    let mut items = Vec::with_capacity(found.len());
    for (application, seal) in &found {
        if let Some(papers) = Papers::of(&app, application).await? {
            items.push(order(application, &maker.id, papers, seal.as_ref()));
        }
    }
    Ok(list.carry(items, next))
}

/// Where orders are looked for.
enum Source<'a> {
    /// Begun and not made.
    Taken(&'a MakerId),
    /// Approved within an area.
    Approved(&'a AreaPath),
}

type Found = Vec<(Application, Option<Seal>)>;

impl Source<'_> {
    async fn read(
        &self,
        access: &mut Access,
        cursor: Option<&str>,
        limit: usize,
        found: &mut Found,
    ) -> Result<Option<String>, Stop> {
        let limit = u32::try_from(limit).unwrap_or(1);
        match self {
            Self::Taken(maker) => {
                let filter = ListFilter { state: Some("making"), cursor, limit, ..ListFilter::default() };
                let page = access.list::<Seal>(&Scope::Maker((*maker).clone()), &filter).await?;
                for seal in page.items {
                    let id = seal.value.application();
                    let application = access.get::<Application>(id.as_str()).await?.value;
                    found.push((application, Some(seal.value)));
                }
                Ok(page.next)
            }
            Self::Approved(area) => {
                let filter = ListFilter { state: Some("approved"), cursor, limit, ..ListFilter::default() };
                let page = access.list::<Application>(&Scope::Area((*area).clone()), &filter).await?;
                found.extend(page.items.into_iter().map(|application| (application.value, None)));
                Ok(page.next)
            }
        }
    }
}

/// The areas without those that lie in another of them.
fn widest(areas: &[AreaPath]) -> Vec<&AreaPath> {
    let mut widest: Vec<&AreaPath> = Vec::new();
    let mut sorted: Vec<&AreaPath> = areas.iter().collect();
    // A path stands right before those within it.
    sorted.sort();
    for area in sorted {
        if !widest.iter().any(|wider| wider.covers(area)) {
            widest.push(area);
        }
    }
    widest
}

/// Where a page ended: in which source, and where there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Position {
    source: usize,
    cursor: Option<String>,
}

impl Position {
    fn read(text: &str) -> Result<Self, Problem> {
        let bad = || Problem::new(Code::BadRequest);
        let (source, cursor) = text.split_once(' ').ok_or_else(bad)?;
        let cursor = (!cursor.is_empty()).then(|| cursor.to_owned());
        Ok(Self { source: source.parse().map_err(|_| bad())?, cursor })
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.source, self.cursor.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_within_another_is_looked_at_once() {
        let path = |text| AreaPath::parse(text).unwrap();
        let areas = [path("/100000/610000/610100/"), path("/100000/120000/"), path("/100000/610000/")];
        let kept: Vec<_> = widest(&areas).into_iter().map(AreaPath::as_str).collect();
        assert_eq!(kept, ["/100000/120000/", "/100000/610000/"]);
    }

    #[test]
    fn a_position_reads_back() {
        for cursor in [None, Some("/100000/610000/~app_01".to_owned())] {
            let position = Position { source: 3, cursor };
            assert_eq!(Position::read(&position.to_string()), Ok(position));
        }
        assert!(Position::read("3").is_err());
        assert!(Position::read("x ").is_err());
    }
}
