//! What a new webhook is to be: checked against what there is.

use super::create::CreateWebhook;
use crate::api::text::{check_line, refuse};
use crate::app::{Shared, Stop, Work};
use crate::http::{Faults, Problem};
use crate::outbound::{Refusal, may_know};
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::client::ApiClient;
use yinxin_registry::ids::{ClientId, UnitId};
use yinxin_registry::permission::Place;
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_registry::webhook::{EVENTS, is_event};

/// Where a webhook stands.
pub(super) struct Standing {
    pub(super) scope: Scope,
    pub(super) area: AreaPath,
    pub(super) parent: Option<UnitId>,
}

impl Standing {
    pub(super) fn place(&self) -> Place {
        match &self.scope {
            Scope::Unit(unit) => Place::unit(unit, self.parent.as_ref(), &self.area),
            _ => Place::area(&self.area),
        }
    }
}

/// Notes what is wrong with name and events.
pub(super) fn check(body: &CreateWebhook) -> Result<(), Problem> {
    let mut faults = Faults::new();
    check_line("/name", &body.name, 1..=100, &mut faults);
    if body.events.len() > EVENTS.len() {
        faults.push("/events", "OUT_OF_RANGE", "事件种类过多", "too many kinds of event");
    }
    for (place, event) in body.events.iter().enumerate() {
        if !is_event(event) {
            let (zh, en) = ("没有这种事件", "there is no such kind of event");
            faults.push(&format!("/events/{place}"), "EVENT", zh, en);
        }
    }
    faults.into_result()
}

/// Where it stands: an area or a unit that there is.
pub(super) async fn standing(work: &mut Work, scope: &str) -> Result<Standing, Stop> {
    let unknown = || refuse("/scope", "UNKNOWN", "没有这个区划或者单位", "there is no such area or unit");
    if let Ok(id) = UnitId::parse(scope) {
        let unit = work.tx.load::<Unit>(id.as_str()).await?.ok_or_else(unknown)?.value;
        return Ok(Standing { scope: Scope::Unit(id), area: unit.area_path, parent: unit.parent });
    }
    let area = AreaPath::parse(scope).map_err(|_| unknown())?;
    work.tx.load::<Area>(area.code()).await?.filter(|found| found.value.path == area).ok_or_else(unknown)?;
    Ok(Standing { scope: Scope::Area(area.clone()), area, parent: None })
}

/// A program it belongs to may read there what it is to be told.
pub(super) async fn client(work: &mut Work, id: Option<&ClientId>, place: &Place) -> Result<(), Stop> {
    let Some(id) = id else { return Ok(()) };
    let client = work.tx.load::<ApiClient>(id.as_str()).await?.map(|found| found.value);
    let kinds = ["seal.", "application.", "use."];
    let able = client.is_some_and(|client| kinds.iter().any(|kind| may_know(&client, kind, place, work.now)));
    if able {
        return Ok(());
    }
    Err(refuse(
        "/client",
        "NOT_ABLE",
        "没有这个业务系统，或者它不得读取该范围的数据",
        "there is no such client, or it may read nothing there",
    )
    .into())
}

/// The address is one that events may be sent to.
pub(super) async fn address(app: &Shared, url: &str) -> Result<(), Stop> {
    let refusal = |refusal: Refusal| {
        let (zh, en) = crate::api::words::both(&refusal.to_string());
        Stop::from(refuse("/url", refusal.code(), zh, en))
    };
    let destinations = app.outbound.destinations();
    let read = destinations.read(url).map_err(refusal)?;
    match destinations.look_up(&read).await {
        // A name that cannot be looked up now may be there when the first event is.
        Ok(()) | Err(Refusal::Unknown) => Ok(()),
        Err(found) => Err(refusal(found)),
    }
}
