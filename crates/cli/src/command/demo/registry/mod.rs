//! The life of two seals in the registry, played through its API over HTTP: from the first login to the export of the case.

mod api;
mod change;
mod ending;
mod founding;
mod host;
mod loss;
mod maker;
mod making;
mod owner;
mod paper;
mod person;
mod records;
mod request;
mod tale;
mod usage;

use serde_json::{Value, json};

pub use host::Host;

use super::stage::Stage;
use crate::failure::Failure;
use founding::Staff;
use tale::Tale;

/// The area the registry is run for.
const CITY: &str = "610100";
/// Its name.
const CITY_NAME: &str = "示例市";
/// Its path.
const CITY_PATH: &str = "/100000/610000/610100/";
/// The district in which the unit has its seat.
const DISTRICT: &str = "610113";
/// Folder of the registry's data within the story's.
pub const DATA: &str = "registry";

/// What came of it.
pub struct Told {
    /// For the summary.
    pub facts: Value,
    /// Whether everything came out as told.
    pub as_told: bool,
    host: Host,
    staff: Vec<person::Person>,
}

/// Steps 10 to 20.
pub fn tell(stage: &Stage) -> Result<Told, Failure> {
    let host = ending::start(stage)?;
    let tale = Tale::new(stage, &host);
    let mut staff = founding::administrators(&tale)?;
    founding::officers(&tale, &mut staff)?;
    let maker = maker::tell(&tale, &mut staff)?;
    let mut owner = owner::tell(&tale, &mut staff)?;
    let first = request::first(&tale, &staff, &owner)?;
    let seal = making::tell(&tale, &staff, &maker, &first)?;
    let contract = request::contract(&tale, &staff, &owner)?;
    let contract = making::quietly(&tale, &staff, &contract)?;
    let used = usage::tell(&tale, &mut staff, &owner, &contract)?;
    let renamed = change::tell(&tale, &staff, &mut owner, &seal)?;
    loss::tell(&tale, &staff, &contract, &used)?;
    records::tell(&tale, &staff, &[&seal, &contract, &renamed])?;
    records::final_states(&tale, &staff, &seal, &contract)?;
    let accounts = staff.people.iter().map(|p| json!({ "login": p.login, "role": p.role.1 }));
    tale.note("accounts", accounts.collect());
    let (facts, as_told) = tale.finish();
    let Staff { people } = staff;
    Ok(Told { facts, as_told, host, staff: people })
}
