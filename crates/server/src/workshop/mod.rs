//! The workshop (制作系统): it makes the seals of one maker, with its own keys and its own log, and talks to the registry through the
//! API, whether it runs beside the registry in one process or [apart](Apart) in a process of its own.

mod apart;
mod attach;
mod host;
mod noted;
mod renew;
mod state;

pub use apart::{Apart, BoundWorkshop, Hold, ask_for_renewal, bind_workshop};
pub use attach::{NewIdentity, imported_identity, maker_request, new_identity};
pub use host::{Host, HostError};
pub use noted::Noted;
pub use renew::Renewed;
pub use state::{NextIdentity, State};

use crate::app::Shared;
use crate::making::runner;
use crate::making::transport::LocalRegistry;
use crate::start::{Prepared, told};
use axum::Router;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Starts the loop that works through orders, where this process runs a workshop.
pub fn start(
    prepared: &Prepared,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> Option<JoinHandle<()>> {
    let app = prepared.app.clone();
    let host = app.workshop.get().cloned()?;
    let every = Duration::from_secs(u64::from(app.config.workshop.poll_seconds.max(1)));
    Some(tokio::spawn(async move {
        let mut noted = Noted::default();
        loop {
            tokio::select! {
                () = told(&mut stopped) => return,
                () = tokio::time::sleep(every) => round(&app, &host, router.clone(), &mut noted).await,
            }
        }
    }))
}

async fn round(app: &Shared, host: &Arc<Host>, router: Router, noted: &mut Noted) {
    let Ok(now) = app.now() else { return };
    let workshop = match host.open(app).await {
        Ok(Some(workshop)) => Arc::new(workshop),
        Ok(None) => return,
        Err(error) => {
            tracing::error!(code = error.code(), %error, "the workshop cannot work");
            return;
        }
    };
    let Some(signer) = host.signer(app) else { return };
    let registry = LocalRegistry::new(router, signer);
    match runner::round(&workshop, &registry, &app.authority.trust(), now).await {
        Ok(round) => noted.take(&round),
        Err(error) => tracing::warn!(code = error.code(), %error, "orders cannot be had"),
    }
}
