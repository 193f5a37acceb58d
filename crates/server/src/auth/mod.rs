//! Who asks: a person's session or a program's signed request.

pub mod client_request;
mod layer;
pub mod session_cookie;

pub use client_request::SECRET_FIELD;
pub(crate) use client_request::SignedDigest;
pub(crate) use layer::address_of;
pub use layer::{Address, authenticate};

use crate::app::Stop;
use crate::http::{Code, IdempotencyKey, Problem, RequestDigest};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use yinxin_registry::account::Account;
use yinxin_registry::audit::{ActorKind, ActorRef};
use yinxin_registry::client::{ApiClient, ClientScope};
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::{self, Action};
use yinxin_registry::role::{Grant, Role, Scope};
use yinxin_store::{KeptAnswer, SessionRow};

/// A person or a program.
#[derive(Debug, Clone)]
pub enum Who {
    /// A person who logged in.
    Account {
        /// The account as it is now.
        account: Box<Account>,
        /// Its version.
        version: i64,
        /// The session.
        session: Box<SessionRow>,
    },
    /// A program that signed the request.
    Client {
        /// The client as it is now.
        client: Box<ApiClient>,
    },
}

/// A nonce to be used up with the change it comes with.
#[derive(Debug, Clone)]
pub struct Nonce {
    /// As sent.
    pub value: String,
    /// How long it must be remembered.
    pub until: Timestamp,
}

#[derive(Debug)]
struct Inner {
    who: Who,
    address: String,
    request_id: String,
    nonce: Option<Nonce>,
    nonce_used: AtomicBool,
    kept: Option<(String, Option<KeptAnswer>)>,
    asked: OnceLock<(IdempotencyKey, RequestDigest)>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Caller(Arc<Inner>);

impl Caller {
    /// A person or a program.
    pub fn who(&self) -> &Who {
        &self.0.who
    }

    /// Identifier of account or client.
    pub fn id(&self) -> &str {
        match &self.0.who {
            Who::Account { account, .. } => account.id.as_str(),
            Who::Client { client } => client.id.as_str(),
        }
    }

    /// Name of account or client.
    pub fn name(&self) -> &str {
        match &self.0.who {
            Who::Account { account, .. } => &account.name,
            Who::Client { client } => &client.name,
        }
    }

    /// Roles.
    pub fn grants(&self) -> &[Grant] {
        match &self.0.who {
            Who::Account { account, .. } => &account.grants,
            Who::Client { client } => &client.grants,
        }
    }

    /// The person's account and session.
    ///
    /// # Errors
    /// `FORBIDDEN` for programs.
    pub fn person(&self) -> Result<(&Account, i64, &SessionRow), Stop> {
        match &self.0.who {
            Who::Account { account, version, session } => Ok((account, *version, session)),
            Who::Client { .. } => Err(Problem::new(Code::Forbidden).into()),
        }
    }

    /// Address of the request.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Identifier of the request.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// Nonce to be used up with a change.
    pub fn nonce(&self) -> Option<&Nonce> {
        self.0.nonce.as_ref()
    }

    /// The answer kept under an idempotency key, when it was looked up together with the session.
    pub fn kept(&self, key: &str) -> Option<Option<KeptAnswer>> {
        self.0.kept.as_ref().filter(|(known, _)| known == key).map(|(_, answer)| answer.clone())
    }

    /// Notes under which key the change was begun, for the layer behind the endpoint.
    pub(crate) fn asks(&self, key: &IdempotencyKey, digest: RequestDigest) {
        let _ = self.0.asked.set((key.clone(), digest));
    }

    /// Key and digest of the change that was begun.
    pub(crate) fn asked(&self) -> Option<&(IdempotencyKey, RequestDigest)> {
        self.0.asked.get()
    }

    /// As the audit log names the caller.
    pub fn actor(&self, by: &By) -> ActorRef {
        ActorRef {
            kind: match &self.0.who {
                Who::Account { .. } => ActorKind::Account,
                Who::Client { .. } => ActorKind::Client,
            },
            id: self.id().to_owned(),
            name: self.name().to_owned(),
            role: by.role.clone(),
            address: Some(self.0.address.clone()),
        }
    }

    /// As a history names a caller who acts in no particular role: on his own account.
    pub fn myself(&self) -> By {
        By { id: self.id().to_owned(), name: self.name().to_owned(), role: "self".to_owned() }
    }

    /// The scopes within which a list may look.
    ///
    /// # Errors
    /// `FORBIDDEN` when no role may at all, or what a restricted session lacks first.
    pub fn reach(&self, action: Action, now: Timestamp) -> Result<Vec<Scope>, Stop> {
        self.unrestricted(action)?;
        let scopes = permission::reach(self.grants(), action, now);
        if scopes.is_empty() { Err(Problem::new(Code::Forbidden).into()) } else { Ok(scopes) }
    }

    /// Refuses sessions that must do something else first.
    ///
    /// # Errors
    /// `PASSWORD_CHANGE_REQUIRED`, `SECOND_FACTOR_REQUIRED`.
    pub(crate) fn settled(&self) -> Result<(), Stop> {
        match &self.0.who {
            Who::Account { account, session, .. } => {
                if account.credentials.must_change {
                    return Err(Problem::new(Code::PasswordChangeRequired).into());
                }
                let administers = account.grants.iter().any(|g| g.role.is_administrator());
                let proven = session.method == "certificate" || session.method == "password_totp";
                if administers && !proven {
                    return Err(Problem::new(Code::SecondFactorRequired).into());
                }
                Ok(())
            }
            Who::Client { .. } => Ok(()),
        }
    }

    /// Refuses sessions that must do something else first, and clients without the scope for `action`.
    pub(crate) fn unrestricted(&self, action: Action) -> Result<(), Stop> {
        self.settled()?;
        match &self.0.who {
            Who::Client { client }
                if scope_of(action).is_none_or(|scope| !client.scopes.contains(&scope)) =>
            {
                Err(Problem::new(Code::Forbidden).into())
            }
            Who::Account { .. } | Who::Client { .. } => Ok(()),
        }
    }

    /// Whether a role is held now.
    pub fn has_role(&self, role: Role, now: Timestamp) -> bool {
        self.grants().iter().any(|g| g.role == role && g.is_live(now))
    }
}

/// Which scope of a client an action needs; `None`: for people only.
fn scope_of(action: Action) -> Option<ClientScope> {
    Some(match action {
        Action::UnitRead => ClientScope::UnitsRead,
        Action::ApplicationRead => ClientScope::ApplicationsRead,
        Action::ApplicationWrite => ClientScope::ApplicationsWrite,
        Action::SealRead => ClientScope::SealsRead,
        Action::UseGrantRead
        | Action::FlowRead
        | Action::StandingRead
        | Action::UseRead
        | Action::UseContent => ClientScope::UsesRead,
        Action::UseAsk | Action::UseWithdraw | Action::UseSign | Action::UseCopy => ClientScope::UsesWrite,
        Action::SealMake => ClientScope::Making,
        _ => return None,
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::new(Code::Unauthenticated))
    }
}
