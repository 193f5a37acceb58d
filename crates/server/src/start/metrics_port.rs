//! The page of metrics at an address of its own (`metrics.listen`): nothing else answers there.

use super::StartError;
use crate::config::Config;
use crate::http::{CursorKey, FrameSettings, frame};
use axum::Router;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A listener for the metrics, where the configuration gives them an address.
pub(crate) struct MetricsPort {
    listener: TcpListener,
    address: SocketAddr,
}

impl MetricsPort {
    /// Binds it; `None` where the metrics stand beside the API.
    ///
    /// # Errors
    /// The address cannot be had.
    pub(crate) async fn bind(config: &Config) -> Result<Option<Self>, StartError> {
        let Some(wanted) = config.metrics.listen else { return Ok(None) };
        let fault = |source| StartError::File { path: wanted.to_string(), source };
        let listener = TcpListener::bind(wanted).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        tracing::info!(%address, "metrics");
        Ok(Some(Self { listener, address }))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `page`, the only route, until told to stop.
    pub(crate) fn serve(self, page: Router, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
        // There are no lists here, so that no cursor is ever made with this key.
        let routes = frame(page, &FrameSettings::new(CursorKey::derive(b"no lists")));
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let stop = async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        tokio::spawn(async move {
            if let Err(error) = axum::serve(self.listener, service).with_graceful_shutdown(stop).await {
                tracing::error!(%error, "the page of metrics has no listener any more");
            }
        })
    }
}
