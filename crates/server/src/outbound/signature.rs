//! How events are signed, so that a receiver knows whom they come from: the rule stands in docs/webhooks.md.
//!
//! The signed text is `YINXIN1-EVENT.<timestamp>.<event id>.<body>`; the first word keeps it apart from everything else that is signed.

use crate::app::authority::Authority;
use crate::security::Secret;
use yinxin_crypto::hmac_sm3;
use yinxin_registry::webhook::{Delivery, Webhook};

/// Names of the headers.
pub mod header {
    /// Identifier of the event, the same however often it is sent.
    pub const EVENT: &str = "Yinxin-Event";
    /// Seconds since 1970 UTC of this try.
    pub const TIMESTAMP: &str = "Yinxin-Timestamp";
    /// Which secret: `<webhook>/<number>`.
    pub const KEY: &str = "Yinxin-Key";
    /// `hmac-sm3=<64 hexadecimal digits>`.
    pub const SIGNATURE: &str = "Yinxin-Signature";
    /// `sm2-sm3=<DER signature, hexadecimal>` by the authority.
    pub const AUTHORITY_SIGNATURE: &str = "Yinxin-Authority-Signature";
    /// SM3 of the authority's certificate, hexadecimal.
    pub const AUTHORITY_CERTIFICATE: &str = "Yinxin-Authority-Certificate";
}

/// The text that is signed.
pub fn signed_text(timestamp: i64, event: &str, body: &str) -> String {
    format!("YINXIN1-EVENT.{timestamp}.{event}.{body}")
}

/// The headers of a try. Without the authority's where its key cannot sign now: the shared secret is enough to know the sender.
pub(super) fn headers(
    delivery: &Delivery,
    webhook: &Webhook,
    secret: &Secret,
    authority: &Authority,
    timestamp: i64,
) -> Vec<(&'static str, String)> {
    let text = signed_text(timestamp, delivery.event.as_str(), &delivery.body);
    let mac = hex::encode(hmac_sm3(secret.reveal().as_bytes(), text.as_bytes()));
    let mut headers = vec![
        (header::EVENT, delivery.event.to_string()),
        (header::TIMESTAMP, timestamp.to_string()),
        (header::KEY, format!("{}/{}", webhook.id, webhook.secret.number)),
        (header::SIGNATURE, format!("hmac-sm3={mac}")),
    ];
    match authority.sign(text.as_bytes()) {
        Ok((signature, signing)) => {
            headers.push((header::AUTHORITY_SIGNATURE, format!("sm2-sm3={}", hex::encode(signature))));
            headers.push((header::AUTHORITY_CERTIFICATE, hex::encode(signing.certificate.sm3())));
        }
        Err(error) => tracing::warn!(%error, "an event goes out without the authority's signature"),
    }
    headers
}
