//! Custody of seals (印章保管): who keeps a seal, how it passes on, its checks and its activation password.

mod activation;
mod check;
mod hand_over;
mod name;
mod password;
mod people;
mod programs;
mod show;
mod view;

pub use password::unlock;
pub use view::{ActivationView, CustodyView};

use crate::api::seals;
use crate::api::text::refuse;
use crate::app::{Shared, Stop, Work};
use crate::http::{Code, Problem, StoredResponse};
use axum::response::Response;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::account::{Account, AccountState};
use yinxin_registry::custody::activation::{Activation, Belongs};
use yinxin_registry::custody::keeping::{Keeping, KeepingEvent};
use yinxin_registry::ids::AccountId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_registry::permission::{Action, Place, permit};
use yinxin_store::{Access, StoreError};

/// Days between periodic checks where nobody says otherwise.
pub const CHECK_DAYS: u16 = 90;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(show::list))
        .routes(routes!(show::show))
        .routes(routes!(people::people))
        .routes(routes!(programs::programs))
        .routes(routes!(name::offer))
        .routes(routes!(name::take_back))
        .routes(routes!(name::replace))
        .routes(routes!(hand_over::hand_over))
        .routes(routes!(hand_over::accept))
        .routes(routes!(hand_over::decline))
        .routes(routes!(hand_over::confirm))
        .routes(routes!(check::check))
        .routes(routes!(activation::set))
        .routes(routes!(activation::force_change))
}

/// A seal with its custody. Version 0: nobody has been named yet, and there is no row.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The seal.
    pub seal: Seal,
    /// Its custody.
    pub keeping: Keeping,
    /// Version of the custody.
    pub version: i64,
    /// Whether it is on record: the job that follows a seal into force opens it, and who comes before the job does so himself.
    on_record: bool,
}

/// Version a custody has when it is opened. One that is not on record yet is shown with it too: opening changes nothing that
/// a caller has seen, so what he decided on it stands.
const OPENED: i64 = 1;

impl Kept {
    /// Where it stands, for permissions.
    pub fn place(&self) -> Place {
        seals::place(&self.seal)
    }

    /// Refuses whoever does not keep the seal.
    ///
    /// # Errors
    /// `CONFLICT` by `NOT_THE_KEEPER`.
    pub fn only_the_keeper(&self, by: &By) -> Result<(), Refused> {
        match self.keeping.keeper().is_some_and(|keeper| keeper.account.as_str() == by.id) {
            true => Ok(()),
            false => Err(Refused::rule(
                "NOT_THE_KEEPER",
                "只有该印章的保管人可以这样做",
                "only the seal's custodian may do this",
            )),
        }
    }
}

/// Where things of a seal belong.
pub fn belongs(seal: &Seal) -> Belongs {
    Belongs {
        seal: seal.id().clone(),
        unit: seal.unit().clone(),
        parent_unit: seal.parent_unit().cloned(),
        area_path: seal.area_path().clone(),
    }
}

/// A seal with its custody.
///
/// # Errors
/// `NOT_FOUND`; problems of the database.
pub async fn load(access: &mut Access, id: &str) -> Result<Kept, Stop> {
    let seal = access.get::<Seal>(id).await?.value;
    Ok(match access.load::<Keeping>(id).await? {
        Some(found) => Kept { seal, keeping: found.value, version: found.version, on_record: true },
        None => {
            let Belongs { seal: id, unit, parent_unit, area_path } = belongs(&seal);
            let keeping = Keeping::open(id, unit, parent_unit, area_path, seal.created_at());
            Kept { seal, keeping, version: OPENED, on_record: false }
        }
    })
}

/// Takes a step of a custody, with its record and what it leaves to do.
async fn step(
    mut work: Work,
    kept: Kept,
    event: KeepingEvent,
    by: &By,
    reason: Option<&str>,
    details: Value,
) -> Result<Response, Stop> {
    let Kept { seal, keeping, version, on_record } = kept;
    if !seal.is_in_force() {
        return Err(Refused::rule(
            "SEAL_NOT_IN_FORCE",
            "印章未生效或者已经终止",
            "the seal is not in force yet, or no more",
        )
        .into());
    }
    if !on_record {
        match work.tx.insert(&keeping).await {
            // The job was there in the same moment; the caller asks once more.
            Err(StoreError::Conflict { .. }) => return Err(Problem::new(Code::PreconditionFailed).into()),
            opened => opened?,
        };
    }
    let (keeping, effects) = keeping.apply(event, by, work.now)?;
    let version = work.tx.save(&keeping, version).await?;
    let activation = work.tx.load::<Activation>(seal.id().as_str()).await?.map(|found| found.value);
    let taken = keeping.history().last().map(|step| step.event.clone()).unwrap_or_default();
    let about = seals::subject(&seal);
    work.record(by, &format!("custody.{taken}"), &about, reason, details);
    work.enact(&about, &effects);
    let view = CustodyView::of(&keeping, version, activation.as_ref(), work.now);
    work.finish(StoredResponse::ok(&view)?.version(version)).await
}

/// The account a request names, which must be able to do `action` where the seal is.
///
/// # Errors
/// `VALIDATION` naming the field, for an account that is not there, is disabled, or lacks the role.
pub async fn person(
    work: &mut Work,
    id: &AccountId,
    pointer: &str,
    action: Action,
    place: &Place,
) -> Result<Account, Stop> {
    let found = work.tx.load::<Account>(id.as_str()).await?.map(|found| found.value);
    let able = found.filter(|account| {
        account.state == AccountState::Active && permit(&account.grants, action, place, work.now).is_ok()
    });
    able.ok_or_else(|| {
        refuse(
            pointer,
            "NOT_ABLE",
            "没有这个账号，或者该账号在本单位没有相应角色",
            "there is no such account, or it lacks the role here",
        )
        .into()
    })
}

/// Days between checks as a request gives them.
///
/// # Errors
/// `VALIDATION`.
fn days(asked: Option<u16>) -> Result<u16, Problem> {
    match asked.unwrap_or(CHECK_DAYS) {
        days @ 1..=366 => Ok(days),
        _ => Err(refuse("/check_days", "OUT_OF_RANGE", "核查间隔应为 1 至 366 天", "1 to 366 days")),
    }
}

/// `details` that name a person.
fn naming(account: &Account) -> Value {
    json!({ "account": account.id, "name": account.name })
}
