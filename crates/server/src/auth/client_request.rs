//! Signed requests of programs.

use super::{Caller, Inner, Nonce, Who};
use crate::app::{App, Shared, Stop};
use crate::http::{Code, Problem, Target};
use crate::security::request_signature::{
    RequestLine, RequestVerifier, SignatureHeaders, SignatureRefused, header, verify_head,
};
use crate::security::vault::Place;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use yinxin_registry::client::{ApiClient, ClientKey};
use yinxin_registry::ids::ClientId;

/// Place of a client's secret in the vault.
pub const SECRET_FIELD: &str = "api_client.secret";

/// The digest that the body of a signed request must have, where the endpoint reads the body itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedDigest([u8; 32]);

impl SignedDigest {
    /// Compares the body that was read.
    ///
    /// # Errors
    /// `SIGNATURE_INVALID`.
    pub(crate) fn check(&self, digest: &[u8; 32]) -> Result<(), Stop> {
        if self.0 == *digest { Ok(()) } else { Err(refused(SignatureRefused::Content)) }
    }
}

/// Whether a request claims to be signed.
pub(crate) fn is_signed(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CLIENT) || headers.contains_key(header::SIGNATURE)
}

/// Verifies a signed request, its body included, and gives it back.
pub(super) async fn verify(
    app: &Shared,
    request: Request,
    request_id: &str,
    address: IpAddr,
    now: Timestamp,
) -> Result<(Caller, Request), Stop> {
    let (parts, body) = request.into_parts();
    let one = |name: &'static str| {
        let mut values = parts.headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
    };
    let headers = SignatureHeaders::read(one).map_err(refused)?.ok_or_else(unsigned)?;
    let id = ClientId::parse(headers.client).map_err(|_| unsigned())?;
    let key = one("idempotency-key").map(str::to_owned);
    let found = app.store.read().await?.client_with_answer(id.as_str(), key.as_deref(), now).await?;
    let (client, answer) = found.map(|(client, answer)| (client.value, answer)).unzip();
    let client =
        client.filter(|c| c.enabled && c.expires_at.is_none_or(|end| now < end)).ok_or_else(unsigned)?;
    let target = Target::of(&parts);
    let line = RequestLine::new(parts.method.as_str(), target.path_and_query());
    let head = verify_head(&headers, &verifier(app, &client)?, &line, now).map_err(refused)?;
    let streamed = parts.method == Method::POST && parts.uri.path() == crate::verification::PATH;
    let (verified, body, signed) = if streamed {
        let (verified, digest) = head.apart();
        (verified, body, Some(SignedDigest(digest)))
    } else {
        let limit =
            usize::try_from(app.config.limits.material_bytes).unwrap_or(usize::MAX).saturating_add(1 << 16);
        let bytes = axum::body::to_bytes(body, limit).await.map_err(|_| Problem::new(Code::BodyTooLarge))?;
        (head.with_body(&bytes).map_err(refused)?, Body::from(bytes), None)
    };
    let caller = Caller(Arc::new(Inner {
        who: Who::Client { client: Box::new(client) },
        address: address.to_string(),
        request_id: request_id.to_owned(),
        nonce: Some(Nonce { value: verified.nonce, until: verified.forget_nonce_at }),
        nonce_used: AtomicBool::new(false),
        kept: key.map(|key| (key, answer.flatten())),
        asked: OnceLock::new(),
    }));
    let mut request = Request::from_parts(parts, body);
    if let Some(signed) = signed {
        request.extensions_mut().insert(signed);
    }
    Ok((caller, request))
}

fn verifier(app: &App, client: &ApiClient) -> Result<RequestVerifier, Stop> {
    match &client.key {
        ClientKey::HmacSm3 { secret } => {
            let secret = app.vault().reveal(Place::new(SECRET_FIELD, client.id.as_str()), secret).map_err(
                |error| {
                    tracing::error!(
                        client = client.id.as_str(),
                        code = error.code(),
                        "a client's secret cannot be read"
                    );
                    Problem::new(Code::Integrity)
                },
            )?;
            Ok(RequestVerifier::HmacSm3(secret))
        }
        ClientKey::Sm2 { public_key } => RequestVerifier::from_public_key(public_key.as_bytes())
            .ok_or_else(|| Problem::new(Code::Integrity).into()),
    }
}

/// One answer for unknown, disabled and expired clients: which it was stands in nobody's answer.
fn unsigned() -> Problem {
    Problem::new(Code::SignatureInvalid)
}

fn refused(refused: SignatureRefused) -> Stop {
    let code = match refused {
        SignatureRefused::Window => Code::ClockSkew,
        _ => Code::SignatureInvalid,
    };
    Problem::new(code).detail(refused.to_string(), refused.code()).into()
}

impl Caller {
    /// Uses up the nonce of a signed request, unless the change it came with has done so.
    ///
    /// # Errors
    /// `REPLAY` when it was used before.
    pub(super) async fn use_nonce(&self, app: &App) -> Result<(), Stop> {
        let Some(nonce) = &self.0.nonce else { return Ok(()) };
        if self.0.nonce_used.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut tx = app.store.begin().await?;
        tx.use_nonce(self.id(), &nonce.value, nonce.until).await?;
        tx.commit().await?;
        self.nonce_is_used();
        Ok(())
    }

    /// Notes that the change has used up the nonce.
    pub(crate) fn nonce_is_used(&self) {
        self.0.nonce_used.store(true, Ordering::SeqCst);
    }
}
