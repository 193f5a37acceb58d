//! People in requests and answers: identity numbers come in clear once, are checked and encrypted at this border, and go out
//! masked.

use super::words::both;
use crate::app::App;
use crate::http::{Code, Faults, Problem};
use crate::security::redact::Mask;
use crate::security::vault::Place;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::Protected;
use yinxin_registry::resident_id::ResidentId;
use yinxin_registry::text::has_length;
use yinxin_registry::unit::Person;

/// Field of identity numbers in the vault; the same everywhere, so that equal numbers have equal blind indexes.
pub const ID_NUMBER: &str = "person.id_number";
/// Field of telephones in the vault.
pub const PHONE: &str = "person.phone";

/// Field of e-mail addresses in the vault.
pub const EMAIL: &str = "person.email";

/// A person as a request names him.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// Full name.
    #[schema(example = "示例甲", min_length = 1, max_length = 64)]
    pub name: String,
    /// Resident identity number, 18 characters. Where the same person stands there already, the number as it was shown keeps it.
    #[schema(example = "11010519491231002X", pattern = "^[0-9]{3}([0-9]{14}|[*]{11}[0-9]{3})[0-9Xx]$")]
    pub id_number: String,
    /// Telephone; as it was shown, it stays likewise.
    #[serde(default)]
    #[schema(example = "13900000000", pattern = "^[0-9+*-]{5,20}$")]
    pub phone: Option<String>,
}

impl std::fmt::Debug for PersonBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonBody(..)")
    }
}

/// A person as an answer shows him: numbers are masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonView {
    /// Full name.
    pub name: String,
    /// Identity number, masked.
    #[schema(example = "110***********002X")]
    pub id_number: String,
    /// Telephone, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            id_number: person.id_number.masked.clone(),
            phone: person.phone.as_ref().map(|phone| phone.masked.clone()),
        }
    }
}

impl PersonBody {
    /// Notes what is wrong with it, `present` being who stands there so far.
    pub fn check(&self, present: Option<&Person>, today: Date, faults: &mut Faults) {
        if !has_length(&self.name, 1..=64) || self.name.chars().any(char::is_control) {
            faults.push("/name", "NAME", "姓名应为 1 至 64 个字", "a name has 1 to 64 characters");
        }
        if self.kept_number(present).is_none()
            && let Err(fault) = ResidentId::parse(&self.id_number, today)
        {
            let (zh, en) = both(&fault.to_string());
            faults.push("/id_number", fault.code(), zh, en);
        }
        if let Some(phone) = self.phone.as_ref().filter(|_| self.kept_phone(present).is_none()) {
            let fits = (5..=20).contains(&phone.len())
                && phone.bytes().all(|b| b.is_ascii_digit() || b == b'+' || b == b'-');
            if !fits {
                faults.push(
                    "/phone",
                    "PHONE",
                    "电话号码应为 5 至 20 位数字",
                    "a telephone number has 5 to 20 digits",
                );
            }
        }
    }

    /// Encrypts the numbers for the record `owner`; those that stay are taken from `present`, who stands in the same record.
    ///
    /// # Errors
    /// `INTERNAL` when the keys do not serve.
    pub fn protect(&self, app: &App, owner: &str, present: Option<&Person>) -> Result<Person, Problem> {
        let phone = match (&self.phone, self.kept_phone(present)) {
            (_, Some(kept)) => Some(kept.clone()),
            (Some(phone), None) => Some(protect(app, Place::new(PHONE, owner), phone, Mask::Phone)?),
            (None, None) => None,
        };
        let id_number = match self.kept_number(present) {
            Some(kept) => kept.clone(),
            None => protect(app, Place::new(ID_NUMBER, owner), &self.id_number, Mask::IdNumber)?,
        };
        Ok(Person { name: self.name.trim().to_owned(), id_number, phone })
    }

    /// The number on record, where the request shows it as it was shown. Another name is another person: his number is told in full.
    fn kept_number<'a>(&self, present: Option<&'a Person>) -> Option<&'a Protected> {
        let same = present.filter(|person| person.name == self.name.trim())?;
        Some(&same.id_number).filter(|number| number.masked == self.id_number)
    }

    /// The telephone likewise.
    fn kept_phone<'a>(&self, present: Option<&'a Person>) -> Option<&'a Protected> {
        let same = present.filter(|person| person.name == self.name.trim())?;
        same.phone.as_ref().filter(|phone| Some(&phone.masked) == self.phone.as_ref())
    }
}

/// Encrypts, masks and indexes a detail for its place.
///
/// # Errors
/// `INTERNAL` when the keys do not serve.
pub fn protect(app: &App, place: Place<'_>, plain: &str, mask: Mask) -> Result<Protected, Problem> {
    app.vault().protect(place, plain, mask, &mut app.rng()).map_err(|error| {
        tracing::error!(code = error.code(), "a personal detail cannot be protected");
        Problem::new(Code::Internal)
    })
}
