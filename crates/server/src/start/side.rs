//! What every process beside the registry has: a listener for its few routes, one for its metrics, and an end.

use super::StartError;
use super::metrics_port::MetricsPort;
use super::workers::told;
use crate::config::Config;
use axum::Router;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Longest wait for the page of metrics to end.
const SHORT: Duration = Duration::from_secs(1);

/// Bound to its addresses.
pub(crate) struct Side {
    listener: TcpListener,
    address: SocketAddr,
    metrics: Option<MetricsPort>,
}

/// Answering.
pub(crate) struct Serving {
    routes: JoinHandle<std::io::Result<()>>,
    metrics: Option<JoinHandle<()>>,
}

impl Side {
    /// # Errors
    /// An address cannot be had.
    pub(crate) async fn bind(config: &Config) -> Result<Self, StartError> {
        let wanted = config.listen;
        let fault = |source| StartError::File { path: wanted.to_string(), source };
        let listener = TcpListener::bind(wanted).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        Ok(Self { listener, address, metrics: MetricsPort::bind(config).await? })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `routes`, and with `page` where metrics have an address of their own, until told to stop.
    pub(crate) fn serve(self, routes: Router, page: Router, stopped: &watch::Receiver<bool>) -> Serving {
        let metrics = self.metrics.map(|port| port.serve(page, stopped.clone()));
        let mut heard = stopped.clone();
        let stop = async move { told(&mut heard).await };
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(self.listener, service).with_graceful_shutdown(stop);
        Serving { routes: tokio::spawn(serving.into_future()), metrics }
    }
}

impl Serving {
    /// Waits for requests under way, so long.
    pub(crate) async fn end(self, within: Duration) {
        if tokio::time::timeout(within, self.routes).await.is_err() {
            tracing::warn!(seconds = within.as_secs(), "requests under way were cut off");
        }
        if let Some(metrics) = self.metrics {
            let _ = tokio::time::timeout(SHORT, metrics).await;
        }
    }
}
