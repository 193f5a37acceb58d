//! Who knocks before it is known who it is.

use crate::app::App;
use crate::auth::Address;
use crate::http::{Code, Problem, RequestId};
use crate::security::lockout::address_key;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde_json::Value;
use std::net::IpAddr;
use yinxin_registry::account::Account;
use yinxin_registry::area::AreaPath;
use yinxin_registry::audit::{ActorKind, ActorRef, Entry, Outcome};

/// Longest user agent that is kept.
const AGENT: usize = 200;

/// Address, program and request of somebody who logs in.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) address: IpAddr,
    pub(super) agent: String,
    pub(super) request_id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Some(Address(address)) = parts.extensions.get::<Address>().copied() else {
            tracing::error!("a login is served without the layer that finds the address");
            return Err(Problem::new(Code::Internal));
        };
        let request_id = RequestId::from_request_parts(parts, state).await?.as_str().to_owned();
        Ok(Self { address, agent: agent(&parts.headers), request_id })
    }
}

/// The program that asks, as it calls itself.
fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    agent.chars().filter(|c| !c.is_control()).take(AGENT).collect()
}

impl Visitor {
    /// Counts a try to log in.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub(super) fn throttle(&self, app: &App, now: Timestamp) -> Result<(), Problem> {
        app.logins.take(&address_key(self.address), now).map_err(|limited| {
            let seconds = u32::try_from(limited.retry_after.as_secs()).unwrap_or(1).max(1);
            Problem::new(Code::RateLimited).retry_after(seconds)
        })
    }

    /// A record of a login by `who`, or of a try by nobody known to `subject`.
    pub(super) fn entry(
        &self,
        who: Option<&Account>,
        subject: &str,
        refused: Option<&str>,
        details: Value,
        now: Timestamp,
    ) -> Entry {
        let address = Some(self.address.to_string());
        let actor = match who {
            Some(account) => ActorRef {
                kind: ActorKind::Account,
                id: account.id.as_str().to_owned(),
                name: account.name.clone(),
                role: "self".to_owned(),
                address,
            },
            None => ActorRef {
                kind: ActorKind::Public,
                id: String::new(),
                name: String::new(),
                role: "public".to_owned(),
                address,
            },
        };
        Entry {
            at: now,
            actor,
            action: "session.login".to_owned(),
            subject: subject.to_owned(),
            area_path: AreaPath::nation().as_str().to_owned(),
            unit: None,
            outcome: if refused.is_some() { Outcome::Refused } else { Outcome::Ok },
            reason: refused.map(str::to_owned),
            details,
            request_id: self.request_id.clone(),
        }
    }
}
