//! Name, people and measures of a unit change; what stood there before is kept.

use super::body::{check_people, place_of};
use super::{UnitView, answer, place, subject};
use crate::api::people::PersonBody;
use crate::api::text::{check_line, refuse};
use crate::api::words::both;
use crate::app::{App, Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::profile::day_of;
use yinxin_registry::unit::{Person, Unit, UnitChange, UnitFault};

/// New particulars; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1)]
pub struct ChangeUnit {
    /// New legal name. Seals under the old name are changed by a change case of their own.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 100, example = "示例市新示例有限公司")]
    pub name: Option<String>,
    /// New legal representative or person in charge.
    #[serde(default)]
    pub legal_representative: Option<PersonBody>,
    /// New seal administrator.
    #[serde(default)]
    pub seal_administrator: Option<PersonBody>,
    /// New technical support measures.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub technical_measures: Option<String>,
}

/// 变更单位信息。 Takes over what is given and keeps what stood there before.
#[utoipa::path(
    patch, path = "/units/{id}", tag = "units", operation_id = "units.change", summary = "变更单位信息 · Change a unit",
    params(("id" = String, Path, description = "单位 · unit"), IdempotencyKey, IfMatch), request_body = ChangeUnit,
    responses((status = 200, description = "单位 · the unit", body = UnitView))
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    if_match: IfMatch,
    command: Command<ChangeUnit>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Unit>(id.as_str()).await?;
    let by = work.permit(Action::UnitWrite, &place(&found.value))?;
    body.check(&found.value, day_of(work.now))?;
    if_match.check(found.version)?;
    let change = body.into_change(&app, &found.value)?;
    let kept = found.value.former.len();
    let unit = found.value.change(change, work.now).map_err(|fault| refusal(&fault))?;
    let version = work.tx.save(&unit, found.version).await?;
    let changed: Vec<&str> = unit.former.iter().skip(kept).map(|former| former.what.as_str()).collect();
    work.record(&by, "unit.change", &subject(&unit), None, json!({ "changed": changed, "name": unit.name }));
    work.finish(answer(&unit, version)?).await
}

impl ChangeUnit {
    fn check(&self, present: &Unit, today: Date) -> Result<(), Problem> {
        let nothing = self.name.is_none()
            && self.legal_representative.is_none()
            && self.seal_administrator.is_none()
            && self.technical_measures.is_none();
        if nothing {
            return Err(refuse("", "EMPTY", "至少填写一项变更", "give at least one change"));
        }
        let mut faults = Faults::new();
        if let Some(name) = &self.name {
            check_line("/name", name, 2..=100, &mut faults);
        }
        let people = (self.legal_representative.as_ref(), self.seal_administrator.as_ref());
        check_people(people.0, people.1, Some(present), today, &mut faults);
        faults.into_result()
    }

    /// As the domain knows it; what is the same as before is no change.
    fn into_change(self, app: &App, unit: &Unit) -> Result<UnitChange, Problem> {
        let protect = |person: Option<PersonBody>, present: Option<&Person>| {
            person.map(|p| p.protect(app, unit.id.as_str(), present)).transpose()
        };
        let name = self.name.map(|name| name.trim().to_owned());
        Ok(UnitChange {
            name: name.filter(|name| *name != unit.name),
            legal_representative: protect(self.legal_representative, Some(&unit.legal_representative))?,
            seal_administrator: protect(self.seal_administrator, unit.seal_administrator.as_ref())?,
            technical_measures: self.technical_measures.filter(|text| *text != unit.technical_measures),
        })
    }
}

/// A fault of the domain; what concerns no field is the state the unit is in.
pub(super) fn refusal(fault: &UnitFault) -> Problem {
    let (zh, en) = both(&fault.to_string());
    match fault {
        UnitFault::Dissolved => Problem::state_conflict("dissolved", "change", [""; 0]).detail(zh, en),
        other => {
            let (pointer, code) = place_of(other);
            refuse(pointer, code, zh, en)
        }
    }
}
