//! Whom a notice concerns, by role and scope as they are at the moment.

use super::Thing;
use jiff::Timestamp;
use std::collections::BTreeMap;
use yinxin_registry::account::{Account, AccountState};
use yinxin_registry::area::AreaPath;
use yinxin_registry::maker::Maker;
use yinxin_registry::role::{Role, Scope};
use yinxin_store::{Access, ListFilter, StoreError};

/// Which side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The unit's people.
    Unit,
    /// The issuing department of the area.
    Authority,
    /// The maker.
    Maker,
    /// Who runs the registry.
    System,
}

/// Makers looked at, where any of an area may take an order up.
const MOST_MAKERS: u32 = 200;

/// Those who are told, each once.
#[derive(Debug, Default)]
struct People(BTreeMap<String, Account>);

impl People {
    /// Those with a role for exactly this scope.
    async fn with_role(
        &mut self,
        access: &mut Access,
        role: Role,
        scope: Scope,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut any = false;
        for found in access.accounts_with_role(role, &scope).await? {
            let account = found.value;
            let holds = account.grants.iter().any(|g| g.role == role && g.scope == scope && g.is_live(now));
            if holds && account.state == AccountState::Active {
                any = true;
                self.0.insert(account.id.to_string(), account);
            }
        }
        Ok(any)
    }

    /// An account by its key; programs are none.
    async fn one(&mut self, access: &mut Access, id: &str) -> Result<(), StoreError> {
        if self.0.contains_key(id) {
            return Ok(());
        }
        if let Some(found) = access.load::<Account>(id).await?
            && found.value.state == AccountState::Active
        {
            self.0.insert(id.to_owned(), found.value);
        }
        Ok(())
    }

    /// Those of a unit with a role, and those of the unit above it.
    async fn of_unit(
        &mut self,
        access: &mut Access,
        role: Role,
        thing: &Thing,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for unit in thing.unit.iter().chain(&thing.parent) {
            self.with_role(access, role, Scope::Unit(unit.clone()), now).await?;
        }
        Ok(())
    }

    /// Officers of the nearest area that has any: an officer of the province is not told of every district that has its own.
    async fn of_area(
        &mut self,
        access: &mut Access,
        role: Role,
        area: &AreaPath,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for path in upward(area) {
            if self.with_role(access, role, Scope::Area(path), now).await? {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// An area and those above it, the nearest first.
pub(crate) fn upward(area: &AreaPath) -> Vec<AreaPath> {
    let path = area.as_str();
    let ends = path.match_indices('/').map(|(place, _)| place + 1);
    let mut all: Vec<AreaPath> = ends.filter_map(|end| AreaPath::parse(path.get(..end)?).ok()).collect();
    all.reverse();
    all
}

/// Those whom a notice of this kind to this side concerns.
///
/// # Errors
/// Problems of the database.
pub async fn people(
    access: &mut Access,
    audience: Audience,
    kind: &str,
    thing: &Thing,
    now: Timestamp,
) -> Result<Vec<Account>, StoreError> {
    let mut people = People::default();
    match audience {
        Audience::Unit => unit(&mut people, access, kind, thing, now).await?,
        Audience::Authority => {
            for role in officers(kind) {
                people.of_area(access, *role, &thing.area, now).await?;
            }
        }
        Audience::Maker => maker(&mut people, access, thing, now).await?,
        Audience::System => {
            people.with_role(access, Role::SystemAdministrator, Scope::All, now).await?;
            // Who confirms other systems, and may stop relying on them.
            if kind.starts_with("peer.") {
                people.with_role(access, Role::SecurityAdministrator, Scope::All, now).await?;
            }
            for party in &thing.parties {
                people.one(access, party).await?;
            }
        }
    }
    Ok(people.0.into_values().collect())
}

/// Which officers have to do with it.
fn officers(kind: &str) -> &'static [Role] {
    match kind {
        "seal.made" | "seal.filing_soon" => &[Role::FilingOfficer],
        "seal.filing_overdue" => &[Role::FilingOfficer, Role::IssuingReviewer],
        _ if kind.starts_with("ticket.") => &[Role::IssuingReviewer, Role::Supervisor],
        _ if kind.starts_with("custody.") || kind.starts_with("use.") => &[Role::Supervisor],
        _ => &[Role::IssuingReviewer],
    }
}

async fn unit(
    people: &mut People,
    access: &mut Access,
    kind: &str,
    thing: &Thing,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (resource, _) = kind.split_once('.').unwrap_or((kind, ""));
    let voters = matches!(kind, "approval.waits" | "approval.overdue");
    for account in thing.voters.iter().filter(|_| voters) {
        people.one(access, account.as_str()).await?;
    }
    if kind == "approval.waits" {
        return Ok(());
    }
    // What is due for disposal is proposed by these, and decided on by those.
    if kind == "retention.due" {
        people.of_unit(access, Role::Custodian, thing, now).await?;
    }
    // Who keeps the unit's seals has to do with what is ordered about them.
    if resource == "ticket" {
        people.of_unit(access, Role::Custodian, thing, now).await?;
    }
    if kind == "disposal.proposed" {
        people.of_unit(access, Role::Approver, thing, now).await?;
        return Ok(());
    }
    if matches!(resource, "application" | "seal" | "custody" | "unit" | "standing" | "retention" | "ticket")
        || kind == "approval.overdue"
        || is_signal(kind)
    {
        people.of_unit(access, Role::UnitAgent, thing, now).await?;
    }
    if resource != "application" {
        for account in thing.keeper.iter().chain(thing.taker.iter().filter(|_| resource == "custody")) {
            people.one(access, account.as_str()).await?;
        }
    }
    if matches!(resource, "approval" | "use" | "grant" | "standing" | "disposal") && !is_signal(kind) {
        for party in &thing.parties {
            people.one(access, party).await?;
        }
    }
    Ok(())
}

/// Whether a kind tells of something odd in the use of a seal.
fn is_signal(kind: &str) -> bool {
    matches!(kind, "use.unusual_hour" | "use.unusual_place" | "use.high_volume" | "use.refused_tries")
}

/// Operators of the maker; of every maker that may take the order up, where none has.
async fn maker(
    people: &mut People,
    access: &mut Access,
    thing: &Thing,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(maker) = &thing.maker {
        people.with_role(access, Role::MakerOperator, Scope::Maker(maker.clone()), now).await?;
        return Ok(());
    }
    let filter = ListFilter { limit: MOST_MAKERS, ..ListFilter::default() };
    let makers = access.list::<Maker>(&Scope::Area(AreaPath::nation()), &filter).await?;
    for found in makers.items.into_iter().filter(|found| found.value.may_make(&thing.area, now).is_ok()) {
        people.with_role(access, Role::MakerOperator, Scope::Maker(found.value.id), now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_gone_up_from_the_nearest() {
        let district = AreaPath::parse("/100000/610000/610100/610113/").unwrap();
        let names: Vec<_> = upward(&district).iter().map(|path| path.as_str().to_owned()).collect();
        assert_eq!(
            names,
            ["/100000/610000/610100/610113/", "/100000/610000/610100/", "/100000/610000/", "/100000/"]
        );
    }
}
