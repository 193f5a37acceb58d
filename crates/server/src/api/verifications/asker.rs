//! Who has a document verified: somebody known, or anybody.

use crate::app::{App, Stop};
use crate::auth::{Address, Caller, Who};
use crate::http::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;
use std::net::IpAddr;
use yinxin_registry::area::AreaPath;
use yinxin_registry::maker::Maker;
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_registry::verification::{CallerKind, Verifier};

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    /// Somebody known.
    pub(crate) caller: Option<Caller>,
    address: IpAddr,
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(Address(address)) = parts.extensions.get::<Address>().copied() else {
            tracing::error!("a verification is served without the layer that finds the address");
            return Err(Problem::new(Code::Internal));
        };
        Ok(Self { caller: parts.extensions.get::<Caller>().cloned(), address })
    }
}

impl Asker {
    /// Lets whoever is known pass, if his session is not to do something else first, and counts the others.
    ///
    /// # Errors
    /// `RATE_LIMITED`; what a restricted session lacks.
    pub(crate) fn let_in(&self, app: &App, now: Timestamp) -> Result<(), Stop> {
        match &self.caller {
            Some(caller) => caller.settled(),
            None => Ok(app.verifications.let_in(self.address, now)?),
        }
    }

    /// What kind.
    pub(super) fn kind(&self) -> CallerKind {
        match self.caller.as_ref().map(Caller::who) {
            None => CallerKind::Anonymous,
            Some(Who::Account { .. }) => CallerKind::Account,
            Some(Who::Client { .. }) => CallerKind::Client,
        }
    }
}

/// Whoever is known as a record names him: with the unit he acts for, as it was read with the rest, or else the area.
///
/// # Errors
/// Problems of the database.
pub(super) async fn verifier(
    app: &App,
    caller: &Caller,
    unit: Option<Unit>,
    now: Timestamp,
) -> Result<Verifier, Stop> {
    let live: Vec<&Scope> =
        caller.grants().iter().filter(|grant| grant.is_live(now)).map(|grant| &grant.scope).collect();
    let area = live.iter().find_map(|scope| if let Scope::Area(area) = scope { Some(area) } else { None });
    let maker =
        live.iter().find_map(|scope| if let Scope::Maker(maker) = scope { Some(maker) } else { None });
    let mut verifier = Verifier {
        id: caller.id().to_owned(),
        name: caller.name().to_owned(),
        unit: None,
        parent_unit: None,
        area_path: AreaPath::nation(),
    };
    if let Some(unit) = unit {
        verifier.area_path = unit.area_path;
        verifier.parent_unit = unit.parent;
        verifier.unit = Some(unit.id);
    } else if let Some(area) = area {
        verifier.area_path = area.clone();
    } else if let Some(maker) = maker {
        verifier.area_path = app.store.read().await?.get::<Maker>(maker.as_str()).await?.value.area_path;
    }
    Ok(verifier)
}
