//! Copies of sealed documents (打印件、转换件): a print-out or a conversion to another format carries no seal any more. It is registered
//! with a code of its own, which leads whoever holds it to the original, and says whether its issuer still stands by it.

use super::document::{self, UseItem};
use super::request::UseRequest;
use crate::area::AreaPath;
use crate::ids::{CopyId, SealId, UnitId, UseItemId, UseRequestId};
use crate::lifecycle::{By, Refused, Rule, State, next, reason, states};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

states! {
    /// Where a copy stands.
    CopyState {
        /// Its issuer stands by it.
        Valid = "valid", "有效";
        /// Not to be relied on any more.
        Withdrawn = "withdrawn", "已撤回";
    }
}

use crate::text::has_length;
use CopyState as C;

/// The table: withdrawn once, never back.
pub const TABLE: &[Rule<CopyState>] = &[Rule { from: C::Valid, event: "withdraw", to: C::Withdrawn }];

/// Events of the table.
pub const EVENTS: &[&str] = &["withdraw"];

/// Most sheets or pieces of one registration.
pub const MOST: u32 = 10_000;
/// Most characters of the name of a format.
pub const FORMAT: usize = 32;
/// Most characters of a purpose.
pub const PURPOSE: usize = 200;

/// How a copy came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum CopyForm {
    /// Printed on paper (打印).
    Print,
    /// Converted to another format (格式转换).
    Conversion {
        /// The format: PDF.
        format: String,
    },
}

impl CopyForm {
    /// Stable name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::Conversion { .. } => "conversion",
        }
    }

    /// The format of a conversion.
    pub fn format(&self) -> Option<&str> {
        match self {
            Self::Print => None,
            Self::Conversion { format } => Some(format),
        }
    }
}

/// What whoever registers a copy says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyFacts {
    /// How it came about.
    pub form: CopyForm,
    /// How many, 1 to [`MOST`].
    pub number: u32,
    /// What for.
    pub purpose: String,
}

impl CopyFacts {
    /// Checks what a person can get wrong.
    ///
    /// # Errors
    /// `COPY_FORMAT`, `COPY_NUMBER`, `COPY_PURPOSE`.
    pub fn check(&self) -> Result<(), Refused> {
        let line =
            |text: &str, most: usize| has_length(text, 1..=most) && !text.chars().any(char::is_control);
        if self.form.format().is_some_and(|format| !line(format, FORMAT)) {
            return Err(Refused::rule(
                "COPY_FORMAT",
                "转换格式应为 1 至 32 字",
                "the name of a format has 1 to 32 characters",
            ));
        }
        if !(1..=MOST).contains(&self.number) {
            return Err(Refused::rule("COPY_NUMBER", "份数应为 1 至 10000", "there are 1 to 10,000 copies"));
        }
        if !line(&self.purpose, PURPOSE) {
            return Err(Refused::rule(
                "COPY_PURPOSE",
                "用途应为 1 至 200 字",
                "a purpose has 1 to 200 characters",
            ));
        }
        Ok(())
    }
}

/// That a copy was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// Why.
    pub reason: String,
}

/// A registered copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisteredCopy {
    id: CopyId,
    code: String,
    item: UseItemId,
    request: UseRequestId,
    seal: SealId,
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    original: String,
    facts: CopyFacts,
    by: By,
    at: Timestamp,
    withdrawn: Option<Withdrawal>,
    state: CopyState,
}

impl RegisteredCopy {
    /// Registers a copy of a document of a request. `code` stands for nothing else.
    ///
    /// # Errors
    /// [`Refused::State`] for a document that is not sealed; those of [`CopyFacts::check`].
    pub fn register(
        id: CopyId,
        code: String,
        (request, item): (&UseRequest, &UseItem),
        facts: CopyFacts,
        by: &By,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let Some(sealed) = item.sealed() else {
            let state = item.state();
            let allowed = document::TABLE.iter().filter(|rule| rule.from == state).map(|rule| rule.event);
            return Err(Refused::State {
                state: state.as_str(),
                event: "register_copy",
                allowed: allowed.collect(),
            });
        };
        facts.check()?;
        Ok(Self {
            id,
            code,
            item: item.id().clone(),
            request: request.id().clone(),
            seal: request.seal().clone(),
            unit: request.unit().clone(),
            parent_unit: request.parent_unit().cloned(),
            area_path: request.area_path().clone(),
            original: sealed.digest.clone(),
            facts,
            by: by.clone(),
            at: now,
            withdrawn: None,
            state: C::Valid,
        })
    }

    /// Withdraws it: whoever asks is told from now on that it is not to be relied on.
    ///
    /// # Errors
    /// [`Refused::State`] when it was withdrawn before; `REASON_MISSING`, `REASON_LONG`.
    pub fn withdraw(mut self, why: &str, by: &By, now: Timestamp) -> Result<Self, Refused> {
        self.state = next(TABLE, self.state, "withdraw")?;
        reason(why)?;
        self.withdrawn = Some(Withdrawal { at: now, by: by.clone(), reason: why.to_owned() });
        Ok(self)
    }

    /// Key.
    pub fn id(&self) -> &CopyId {
        &self.id
    }
    /// Code that stands for it.
    pub fn code(&self) -> &str {
        &self.code
    }
    /// The document it is a copy of.
    pub fn item(&self) -> &UseItemId {
        &self.item
    }
    /// The request of that document.
    pub fn request(&self) -> &UseRequestId {
        &self.request
    }
    /// The seal of that request.
    pub fn seal(&self) -> &SealId {
        &self.seal
    }
    crate::place::getters!();
    /// SM3 of the sealed document, hex.
    pub fn original(&self) -> &str {
        &self.original
    }
    /// What was said of it.
    pub fn facts(&self) -> &CopyFacts {
        &self.facts
    }
    /// Who registered it.
    pub fn by(&self) -> &By {
        &self.by
    }
    /// When.
    pub fn at(&self) -> Timestamp {
        self.at
    }
    /// That it was withdrawn.
    pub fn withdrawn(&self) -> Option<&Withdrawal> {
        self.withdrawn.as_ref()
    }
    /// Where it stands.
    pub fn state(&self) -> CopyState {
        self.state
    }
}
