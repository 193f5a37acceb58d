//! What one row of the audit says.

use crate::area::AreaPath;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing somebody did or tried (审计事件). Personal data stands in it masked or not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When; kept to the microsecond.
    pub at: Timestamp,
    /// Who.
    pub actor: ActorRef,
    /// What, a stable code such as `application.submit`.
    pub action: String,
    /// Identifier of the thing it was done to.
    pub subject: String,
    /// Area of that thing: `/100000/610000/`.
    pub area_path: String,
    /// Unit the thing belongs to.
    pub unit: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, where a reason was given or is due.
    pub reason: Option<String>,
    /// Everything else, masked already. Fractions come back as text.
    pub details: serde_json::Value,
    /// Identifier of the request, the same in logs and answers. Random: it also keeps entries from being guessed by
    /// their hashes.
    pub request_id: String,
}

impl Entry {
    /// A thing the registry did by itself and succeeded in, without unit and for the whole jurisdiction.
    pub fn of_system(
        part: &str,
        action: &str,
        subject: &str,
        details: serde_json::Value,
        request_id: String,
        at: Timestamp,
    ) -> Self {
        Self {
            at,
            actor: ActorRef::system(part),
            action: action.to_owned(),
            subject: subject.to_owned(),
            area_path: AreaPath::nation().as_str().to_owned(),
            unit: None,
            outcome: Outcome::Ok,
            reason: None,
            details,
            request_id,
        }
    }
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorRef {
    /// What sort of actor.
    pub kind: ActorKind,
    /// Identifier of the account or client; for the system the name of its part; empty for the public.
    pub id: String,
    /// Name shown to people.
    pub name: String,
    /// Role used for the action.
    pub role: String,
    /// Network address the request came from.
    pub address: Option<String>,
}

impl ActorRef {
    /// The registry itself; `part` names which part of it acts.
    pub fn system(part: &str) -> Self {
        let by = crate::lifecycle::By::system();
        Self { kind: ActorKind::System, id: part.to_owned(), name: by.name, role: by.role, address: None }
    }
}

/// Sort of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person with an account.
    Account,
    /// A business system with an API key.
    Client,
    /// The registry itself: clocks, jobs.
    System,
    /// Somebody who did not sign in.
    Public,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Ok,
    /// Refused by a rule of the business: wrong state, missing material.
    Refused,
    /// Denied for lack of a right.
    Denied,
}

impl ActorKind {
    const ALL: [Self; 4] = [Self::Account, Self::Client, Self::System, Self::Public];

    /// The code used in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Client => "client",
            Self::System => "system",
            Self::Public => "public",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == code)
    }
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Ok, Self::Refused, Self::Denied];

    /// The code used in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Denied => "denied",
        }
    }

    /// The outcome of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == code)
    }
}

/// The parts of an entry that a store keeps as columns beside the hashed bytes, to search by them.
///
/// They are not hashed themselves: [`super::Verifier`] compares them with the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// [`Entry::at`], microseconds since 1970 UTC.
    pub at: i64,
    /// [`ActorRef::id`].
    pub actor: String,
    /// [`Entry::action`].
    pub action: String,
    /// [`Entry::subject`].
    pub subject: String,
    /// [`Entry::area_path`].
    pub area_path: String,
    /// [`Entry::unit`].
    pub unit: Option<String>,
    /// [`Outcome::as_str`].
    pub outcome: String,
    /// [`Entry::request_id`].
    pub request_id: String,
}

impl Entry {
    /// The columns that go with this entry.
    pub fn columns(&self) -> Columns {
        Columns {
            at: self.at.as_microsecond(),
            actor: self.actor.id.clone(),
            action: self.action.clone(),
            subject: self.subject.clone(),
            area_path: self.area_path.clone(),
            unit: self.unit.clone(),
            outcome: self.outcome.as_str().to_owned(),
            request_id: self.request_id.clone(),
        }
    }
}

impl Columns {
    /// Names of the columns that differ.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("at", self.at == other.at),
            ("actor", self.actor == other.actor),
            ("action", self.action == other.action),
            ("subject", self.subject == other.subject),
            ("area_path", self.area_path == other.area_path),
            ("unit", self.unit == other.unit),
            ("outcome", self.outcome == other.outcome),
            ("request_id", self.request_id == other.request_id),
        ];
        pairs.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}
