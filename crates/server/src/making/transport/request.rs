//! Requests and answers, whatever carries them.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::PortError;
use crate::making::dto::{
    CertificateRequestDto, MadeDto, OrderDto, OrderPageDto, SendBackDto, TakeOrderDto, WorkshopFactsDto,
};

/// Largest answer, bytes: a page of orders with their pictures.
pub(super) const MAX_ANSWER: usize = 64 << 20;
/// Orders on a page.
const PAGE: u32 = 20;

/// A request about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query: `/api/v1/…`.
    pub target: String,
    /// Body; empty for `GET`.
    pub body: Vec<u8>,
    /// Header fields so far: name in lower case, value.
    pub headers: Vec<(String, String)>,
}

/// Why a request was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SignerFault(pub String);

/// Signs requests as an API client.
pub trait RequestSigner: Send + Sync {
    /// The header fields that prove who sends this request now.
    ///
    /// # Errors
    /// [`SignerFault`] where the key refuses.
    fn sign(&self, request: &OutgoingRequest) -> Result<Vec<(String, String)>, SignerFault>;
}

impl<F> RequestSigner for F
where
    F: Fn(&OutgoingRequest) -> Result<Vec<(String, String)>, SignerFault> + Send + Sync,
{
    fn sign(&self, request: &OutgoingRequest) -> Result<Vec<(String, String)>, SignerFault> {
        self(request)
    }
}

/// An answer that arrived.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

pub(super) fn orders(maker: &str, cursor: Option<&str>) -> Result<OutgoingRequest, PortError> {
    let mut target = format!("/api/v1/makers/{}/orders?limit={PAGE}", segment(maker)?);
    if let Some(cursor) = cursor {
        target.push_str("&cursor=");
        target.push_str(segment(cursor)?);
    }
    Ok(get(target))
}

pub(super) fn facts(maker: &str) -> Result<OutgoingRequest, PortError> {
    Ok(get(format!("/api/v1/makers/{}/workshop-facts", segment(maker)?)))
}

fn get(target: String) -> OutgoingRequest {
    let headers = vec![("accept".to_owned(), "application/json".to_owned())];
    OutgoingRequest { method: "GET", target, body: Vec::new(), headers }
}

pub(super) fn take(order: &OrderDto) -> Result<OutgoingRequest, PortError> {
    let target = about("making", order)?;
    post(target, &TakeOrderDto {}, &order.approval)
}

pub(super) fn send_back(order: &OrderDto, fault: &SendBackDto) -> Result<OutgoingRequest, PortError> {
    let target = about("send-back", order)?;
    post(target, fault, &order.approval)
}

pub(super) fn request_certificate(
    seal: &str,
    request: &CertificateRequestDto,
) -> Result<OutgoingRequest, PortError> {
    post(format!("/api/v1/seals/{}/certificate-request", segment(seal)?), request, "")
}

pub(super) fn hand_in(seal: &str, made: &MadeDto) -> Result<OutgoingRequest, PortError> {
    post(format!("/api/v1/seals/{}/made", segment(seal)?), made, "")
}

fn about(what: &str, order: &OrderDto) -> Result<String, PortError> {
    let (application, maker) = (segment(&order.application)?, segment(&order.maker)?);
    Ok(format!("/api/v1/applications/{application}/{what}?maker={maker}"))
}

/// A POST under an idempotency key that follows from what is asked: repeated after a crash, it is the same request.
///
/// `round` tells one approval of an application from the next: an order that went back and was approved anew is another.
fn post(target: String, body: &impl Serialize, round: &str) -> Result<OutgoingRequest, PortError> {
    let body = serde_json::to_vec(body).map_err(|e| PortError::Answer(e.to_string()))?;
    let seen = [target.as_bytes(), &[0], &body, &[0], round.as_bytes()].concat();
    let key = hex::encode(yinxin_crypto::sm3(&seen).get(..16).unwrap_or_default());
    Ok(OutgoingRequest {
        method: "POST",
        target,
        body,
        headers: vec![
            ("accept".to_owned(), "application/json".to_owned()),
            ("content-type".to_owned(), "application/json".to_owned()),
            ("idempotency-key".to_owned(), key),
        ],
    })
}

/// Identifiers and cursors stand in addresses as they are; anything else is refused.
fn segment(text: &str) -> Result<&str, PortError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.~".contains(&b);
    let sound = !text.is_empty() && text.bytes().all(plain) && text.bytes().any(|b| b != b'.');
    if sound { Ok(text) } else { Err(PortError::Answer("identifier".to_owned())) }
}

/// Adds the signature.
pub(super) fn signed(
    mut request: OutgoingRequest,
    signer: &dyn RequestSigner,
) -> Result<OutgoingRequest, PortError> {
    let more = signer.sign(&request).map_err(|e| PortError::Signer(e.0))?;
    request.headers.extend(more);
    Ok(request)
}

pub(super) fn page(received: &Received) -> Result<OrderPageDto, PortError> {
    read(received)
}

pub(super) fn facts_of(received: &Received) -> Result<WorkshopFactsDto, PortError> {
    read(received)
}

pub(super) fn order(received: &Received) -> Result<OrderDto, PortError> {
    read(received)
}

/// An answer whose body does not matter.
pub(super) fn done(received: &Received) -> Result<(), PortError> {
    if (200..300).contains(&received.status) { Ok(()) } else { Err(refused(received)) }
}

fn read<T: DeserializeOwned>(received: &Received) -> Result<T, PortError> {
    done(received)?;
    serde_json::from_slice(&received.body).map_err(|e| PortError::Answer(e.to_string()))
}

fn refused(received: &Received) -> PortError {
    let problem: serde_json::Value = serde_json::from_slice(&received.body).unwrap_or_default();
    let text = |name: &str| {
        let value = problem.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        value.chars().take(300).collect::<String>()
    };
    PortError::Refused { status: received.status, code: text("code"), detail: text("detail") }
}
