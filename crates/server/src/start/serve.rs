//! Binding, serving, stopping gracefully.

use super::metrics_port::MetricsPort;
use super::router::metrics_route;
use super::workers::Workers;
use super::{Prepared, StartError, assemble};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// What the database has, to be closed: together with `limits.stop_grace_seconds` less than a service manager waits.
const CLOSING: Duration = Duration::from_secs(8);

/// A server bound to its address.
pub struct Bound {
    prepared: Prepared,
    listener: TcpListener,
    address: SocketAddr,
    metrics: Option<MetricsPort>,
}

/// Binds a prepared server.
///
/// # Errors
/// The address cannot be had; an area names a profile that does not exist; the document store is not the one of this registry.
pub async fn bind(prepared: Prepared) -> Result<Bound, StartError> {
    // Not for those who only look, such as `yinxin audit verify`: they look at what is broken too.
    super::first::check_profiles(&prepared.app).await?;
    super::first::check_documents(&prepared.app).await?;
    let verifications = prepared.app.clone();
    let swept = tokio::task::spawn_blocking(move || verifications.verifications.sweep()).await;
    if !matches!(swept, Ok(Ok(_))) {
        tracing::warn!("documents that were to be verified could not be removed");
    }
    let wanted = prepared.app.config.listen;
    let fault = |source| StartError::File { path: wanted.to_string(), source };
    let listener = TcpListener::bind(wanted).await.map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    let _ = prepared.app.address.set(address);
    let metrics = MetricsPort::bind(&prepared.app.config).await?;
    Ok(Bound { prepared, listener, address, metrics })
}

impl Bound {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the metrics are, if they have an address of their own.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(MetricsPort::address)
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
        let noted = super::first::note_start(&app).await?;
        let router = assemble(&app);
        let workers = Workers::start(&self.prepared, router.clone(), noted);
        let (told, mut heard) = tokio::sync::watch::channel(false);
        let metrics =
            self.metrics.map(|port| port.serve(metrics_route(&app).with_state(app.clone()), heard.clone()));
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
        app.health.stop();
        let end = tokio::time::Instant::now() + grace;
        if tokio::time::timeout_at(end, serving).await.is_err() {
            tracing::warn!(seconds = grace.as_secs(), "requests under way were cut off");
        }
        if let Some(metrics) = metrics {
            let _ = tokio::time::timeout(Duration::from_secs(1), metrics).await;
        }
        workers.stop(end).await;
        if crate::audit::sign_head(&app).await.is_err() {
            tracing::error!("the head of the audit chain could not be signed");
        }
        if tokio::time::timeout(CLOSING, app.store.close()).await.is_err() {
            tracing::warn!("the database was not closed in time; the next start recovers it");
        }
        Ok(())
    }
}
