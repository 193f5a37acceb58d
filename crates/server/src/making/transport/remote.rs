//! The registry over the network.

use std::sync::Arc;
use std::time::Duration;

use super::request::{self, MAX_ANSWER, OutgoingRequest, Received, RequestSigner};
use super::{Answer, PortError, RegistryPort};
use crate::making::dto::{
    CertificateRequestDto, MadeDto, OrderDto, OrderPageDto, SendBackDto, WorkshopFactsDto,
};

/// Longest wait for one answer.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A registry at an address.
#[derive(Clone)]
pub struct RemoteRegistry {
    base: String,
    agent: ureq::Agent,
    signer: Arc<dyn RequestSigner>,
}

impl RemoteRegistry {
    /// The registry at `base` (`https://registry.example`, without a path), asked as this client. Redirects are not
    /// followed: a signature is for one address.
    ///
    /// # Errors
    /// [`PortError::Answer`] where the address is none.
    pub fn new(base: &str, signer: Arc<dyn RequestSigner>) -> Result<Self, PortError> {
        Ok(Self { base: base_of(base)?.to_owned(), agent: client(TIMEOUT), signer })
    }

    /// Sends on a thread of its own, as the client blocks.
    async fn send(&self, request: Result<OutgoingRequest, PortError>) -> Result<Received, PortError> {
        let request = request::signed(request?, &*self.signer)?;
        let (agent, address) = (self.agent.clone(), format!("{}{}", self.base, request.target));
        let task = tokio::task::spawn_blocking(move || exchange(&agent, &address, request));
        task.await.map_err(|e| PortError::Unreachable(e.to_string()))?
    }
}

/// The address of a service without a slash at its end.
///
/// # Errors
/// [`PortError::Answer`] where it has a path or is no address.
pub(crate) fn base_of(address: &str) -> Result<&str, PortError> {
    let base = address.trim_end_matches('/');
    let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
    let sound = |h: &str| !h.is_empty() && !h.contains(['/', '?', '#', '@']) && h.is_ascii();
    if host.is_some_and(sound) {
        Ok(base)
    } else {
        Err(PortError::Answer("address of the service".to_owned()))
    }
}

/// A client of another process of this system: it follows no redirects and waits so long for an answer.
pub(crate) fn client(timeout: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .new_agent()
}

fn exchange(agent: &ureq::Agent, address: &str, request: OutgoingRequest) -> Result<Received, PortError> {
    let unreachable = |e: ureq::Error| PortError::Unreachable(e.to_string());
    let mut response = if request.method == "POST" {
        let builder = agent.post(address);
        let builder = request.headers.iter().fold(builder, |b, (name, value)| b.header(name, value));
        builder.send(&request.body).map_err(unreachable)?
    } else {
        let builder = agent.get(address);
        let builder = request.headers.iter().fold(builder, |b, (name, value)| b.header(name, value));
        builder.call().map_err(unreachable)?
    };
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MAX_ANSWER as u64).read_to_vec();
    Ok(Received { status, body: body.map_err(unreachable)? })
}

impl RegistryPort for RemoteRegistry {
    fn facts(&self, maker: &str) -> Answer<'_, WorkshopFactsDto> {
        let request = request::facts(maker);
        Box::pin(async move { request::facts_of(&self.send(request).await?) })
    }

    fn orders(&self, maker: &str, cursor: Option<&str>) -> Answer<'_, OrderPageDto> {
        let request = request::orders(maker, cursor);
        Box::pin(async move { request::page(&self.send(request).await?) })
    }

    fn take(&self, order: &OrderDto) -> Answer<'_, OrderDto> {
        let request = request::take(order);
        Box::pin(async move { request::order(&self.send(request).await?) })
    }

    fn send_back(&self, order: &OrderDto, fault: &SendBackDto) -> Answer<'_, ()> {
        let request = request::send_back(order, fault);
        Box::pin(async move { request::done(&self.send(request).await?) })
    }

    fn request_certificate(&self, seal: &str, request: &CertificateRequestDto) -> Answer<'_, ()> {
        let request = request::request_certificate(seal, request);
        Box::pin(async move { request::done(&self.send(request).await?) })
    }

    fn hand_in(&self, seal: &str, made: &MadeDto) -> Answer<'_, ()> {
        let request = request::hand_in(seal, made);
        Box::pin(async move { request::done(&self.send(request).await?) })
    }
}

impl std::fmt::Debug for RemoteRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteRegistry").field("base", &self.base).finish_non_exhaustive()
    }
}
