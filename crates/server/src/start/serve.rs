//! Binding, serving, stopping gracefully.

use super::workers::Workers;
use super::{Prepared, StartError, assemble};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// A server bound to its address.
pub struct Bound {
    prepared: Prepared,
    listener: TcpListener,
    address: SocketAddr,
}

/// Binds a prepared server.
///
/// # Errors
/// The address cannot be had.
pub async fn bind(prepared: Prepared) -> Result<Bound, StartError> {
    let wanted = prepared.app.config.listen;
    let fault = |source| StartError::File { path: wanted.to_string(), source };
    let listener = TcpListener::bind(wanted).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok(Bound { prepared, listener, address })
}

impl Bound {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The prepared server.
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Serves until `stop` is done; then lets requests under way end, within the configured time.
    ///
    /// # Errors
    /// The listener breaks.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        use axum::serve::ListenerExt as _;
        let app = self.prepared.app.clone();
        let grace = Duration::from_secs(u64::from(app.config.limits.stop_grace_seconds));
        super::first::note_start(&app).await?;
        let router = assemble(&app);
        let workers = Workers::start(&self.prepared, router.clone());
        let (told, mut heard) = tokio::sync::watch::channel(false);
        let stopping = async move {
            stop.await;
            let _ = told.send(true);
        };
        let listener = self.listener.tap_io(|stream| {
            // Small answers must not wait for an acknowledgment.
            let _ = stream.set_nodelay(true);
        });
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(stopping);
        let serving = tokio::spawn(serving.into_future());
        let _ = heard.wait_for(|stopped| *stopped).await;
        tracing::info!("stopping");
        if tokio::time::timeout(grace, serving).await.is_err() {
            tracing::warn!(seconds = grace.as_secs(), "requests under way were cut off");
        }
        workers.stop().await;
        app.store.close().await;
        Ok(())
    }
}
