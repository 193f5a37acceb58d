//! The registry in the same process: the same requests, handed to its router.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;

use super::request::{self, MAX_ANSWER, OutgoingRequest, Received, RequestSigner};
use super::{Answer, PortError, RegistryPort};
use crate::making::dto::{
    CertificateRequestDto, MadeDto, OrderDto, OrderPageDto, SendBackDto, WorkshopFactsDto,
};

/// A registry whose router is at hand.
#[derive(Clone)]
pub struct LocalRegistry {
    router: Router,
    signer: Arc<dyn RequestSigner>,
}

impl LocalRegistry {
    /// The registry behind this router, asked as this client.
    pub fn new(router: Router, signer: Arc<dyn RequestSigner>) -> Self {
        Self { router, signer }
    }

    async fn send(&self, request: Result<OutgoingRequest, PortError>) -> Result<Received, PortError> {
        let request = request::signed(request?, &*self.signer)?;
        let mut builder = Request::builder().method(request.method).uri(&request.target);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let built = builder.body(Body::from(request.body)).map_err(|e| PortError::Signer(e.to_string()))?;
        let Ok(response) = self.router.clone().oneshot(built).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), MAX_ANSWER).await;
        let body = body.map_err(|e| PortError::Unreachable(e.to_string()))?;
        Ok(Received { status, body: body.to_vec() })
    }
}

impl RegistryPort for LocalRegistry {
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

impl std::fmt::Debug for LocalRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalRegistry").finish_non_exhaustive()
    }
}
