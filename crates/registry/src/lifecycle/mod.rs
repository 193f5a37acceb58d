//! The life of a seal (电子印章生命周期): tables of what may follow what, and the rules each step keeps. There is no other way from one state
//! to another.

pub mod application;
pub mod change;
pub mod checks;
mod content;
pub mod diagram;
pub mod reasons;
pub mod seal;
mod stations;
pub mod status;
mod truth;

use crate::ids::{AccountId, ClientId};
use crate::text::has_length;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Who takes a step, as the history keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// Account or client; `system` for what the clock does.
    pub id: String,
    /// Name at that time.
    pub name: String,
    /// Role in which it acted: `unit_agent`.
    pub role: String,
}

impl By {
    /// The clock of the registry.
    pub fn system() -> Self {
        Self { id: "system".to_owned(), name: "系统".to_owned(), role: "system".to_owned() }
    }

    /// A person.
    pub fn account(id: &AccountId, name: &str, role: &str) -> Self {
        Self { id: id.as_str().to_owned(), name: name.to_owned(), role: role.to_owned() }
    }

    /// A program.
    pub fn client(id: &ClientId, name: &str, role: &str) -> Self {
        Self { id: id.as_str().to_owned(), name: name.to_owned(), role: role.to_owned() }
    }
}

/// One step of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When it was recorded.
    pub at: Timestamp,
    /// From when it counts; a loss reported today may count from yesterday.
    pub effective_at: Timestamp,
    /// Code of the event: `submit`.
    pub event: String,
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
    /// Who.
    pub by: By,
    /// Why, in the words of who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Number of the certificate or document this rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// A signed certificate of an authority, by number and digest; the bytes are in the document store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofRef {
    /// Number: 准制-610100-20261122-000001.
    pub number: String,
    /// SM3 of the DER, hex.
    pub digest: String,
    /// When it was signed.
    pub at: Timestamp,
}

/// The step is refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The table has no such step.
    #[error(
        "当前状态（{state}）不允许该操作（{event}） (the event {event} is not allowed in the state {state})"
    )]
    State {
        /// Where it stands.
        state: &'static str,
        /// What was asked.
        event: &'static str,
        /// What may be asked instead.
        allowed: Vec<&'static str>,
    },
    /// The step exists, but something it needs is missing or wrong.
    #[error("{zh} ({en})")]
    Rule {
        /// Stable code: `REASON_MISSING`.
        code: &'static str,
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl Refused {
    /// A rule that was not kept.
    pub fn rule(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Refused::Rule { code, zh: zh.into(), en: en.into() }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::State { .. } => "STATE_CONFLICT",
            Refused::Rule { code, .. } => code,
        }
    }
}

/// What has to happen besides saving the thing; recorded as jobs in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Tell the unit's people.
    NotifyUnit {
        /// Template: `application.refused`.
        template: String,
    },
    /// Tell the issuing department of the area.
    NotifyAuthority {
        /// Template.
        template: String,
    },
    /// Tell the maker.
    NotifyMaker {
        /// Template.
        template: String,
    },
    /// Tell those who run the registry.
    NotifySystem {
        /// Template.
        template: String,
    },
    /// Status answers change.
    PublishStatus,
    /// Tell programs that asked to be told.
    Announce {
        /// Kind of event: `seal.suspended`.
        event: String,
        /// State before.
        from: String,
        /// State after.
        to: String,
        /// Since when it counts.
        at: Timestamp,
        /// What is due, for a reminder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// Look again at this time: deadlines.
    Clock {
        /// Name: `filing_overdue`.
        name: String,
        /// When.
        at: Timestamp,
    },
}

impl Effect {
    pub(crate) fn unit(template: &str) -> Self {
        Effect::NotifyUnit { template: template.to_owned() }
    }

    pub(crate) fn authority(template: &str) -> Self {
        Effect::NotifyAuthority { template: template.to_owned() }
    }

    pub(crate) fn maker(template: &str) -> Self {
        Effect::NotifyMaker { template: template.to_owned() }
    }

    pub(crate) fn system(template: &str) -> Self {
        Effect::NotifySystem { template: template.to_owned() }
    }

    pub(crate) fn announce(thing: &str, from: &str, to: &str, at: Timestamp) -> Self {
        Effect::Announce {
            event: format!("{thing}.{to}"),
            from: from.to_owned(),
            to: to.to_owned(),
            at,
            due: None,
        }
    }

    /// A deadline, and a word to who must act some time before it, where that is still to come.
    pub(crate) fn deadline(
        name: &str,
        due: Timestamp,
        soon: &str,
        ahead: SignedDuration,
        now: Timestamp,
    ) -> Vec<Self> {
        let before = due.checked_sub(ahead).ok().filter(|at| *at > now);
        let before = before.map(|at| Effect::clock(soon, at));
        before.into_iter().chain([Effect::clock(name, due)]).collect()
    }

    pub(crate) fn clock(name: &str, at: Timestamp) -> Self {
        Effect::Clock { name: name.to_owned(), at }
    }
}

/// One line of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<S: 'static> {
    /// From.
    pub from: S,
    /// By which event.
    pub event: &'static str,
    /// To.
    pub to: S,
}

/// A state of a machine.
pub trait State: Copy + PartialEq + 'static {
    /// Every state.
    const ALL: &'static [Self];
    /// Stable name.
    fn as_str(self) -> &'static str;
    /// Name in Chinese.
    fn zh(self) -> &'static str;
}

/// The state after `event`.
///
/// # Errors
/// [`Refused::State`] with what would be allowed.
pub fn next<S: State>(table: &[Rule<S>], from: S, event: &'static str) -> Result<S, Refused> {
    table.iter().find(|rule| rule.from == from && rule.event == event).map(|rule| rule.to).ok_or_else(|| {
        Refused::State {
            state: from.as_str(),
            event,
            allowed: table.iter().filter(|rule| rule.from == from).map(|rule| rule.event).collect(),
        }
    })
}

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl crate::lifecycle::State for $name {
            const ALL: &'static [Self] = &[$($name::$variant),*];
            fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }
            fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh,)* }
            }
        }

        impl $name {
            /// Reads the stable name.
            pub fn parse(text: &str) -> Option<Self> {
                <Self as crate::lifecycle::State>::ALL.iter().copied().find(|s| crate::lifecycle::State::as_str(*s) == text)
            }
        }
    };
}
pub(crate) use states;

/// A reason given by a person: 2 to 2000 characters.
///
/// # Errors
/// `REASON_MISSING`, `REASON_LONG`.
pub fn reason(text: &str) -> Result<(), Refused> {
    if text.trim().chars().count() < 2 {
        return Err(Refused::rule("REASON_MISSING", "须说明理由", "a reason is required"));
    }
    if !has_length(text, 2..=2000) {
        return Err(Refused::rule(
            "REASON_LONG",
            "理由不得超过 2000 字",
            "a reason has at most 2000 characters",
        ));
    }
    Ok(())
}
