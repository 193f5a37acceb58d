//! Signatures of requests by programs (接口请求签名), instead of passwords on the wire.
//!
//! A client signs eight lines joined by line feeds, without one at the end:
//!
//! ```text
//! YINXIN1-HMAC-SM3                       or YINXIN1-SM2-SM3
//! <client id>                            header Yinxin-Client
//! <timestamp>                            header Yinxin-Timestamp, seconds since 1970 UTC, decimal
//! <nonce>                                header Yinxin-Nonce, 16 to 64 of A-Z a-z 0-9 _ -
//! <method>                               capitals
//! <path>                                 as sent, percent-encoded, without query
//! <query>                                its parts between `&` sorted by bytes, joined by `&`; empty without query
//! <SM3 of the body>                      header Yinxin-Content-SM3, 64 small hexadecimal digits
//! ```
//!
//! The header `Yinxin-Signature` is `hmac-sm3=<64 hexadecimal digits>` or `sm2-sm3=<DER signature, hexadecimal>`. The HMAC key is the text of
//! the client's secret as it was shown; SM2 uses the user identifier `1234567812345678`. The host is not part of it: proxies change
//! it. A request is accepted five minutes before and after its timestamp, and its nonce once: the caller keeps
//! [`VerifiedRequest::nonce`]s by client until [`VerifiedRequest::forget_nonce_at`].
//!
//! # Test vector
//!
//! Secret `example-secret-not-for-use`, client `clnt_0example`, a `POST` of `{"name":"示例"}` to `/api/v1/units?b=2&a=1`:
//!
//! ```text
//! YINXIN1-HMAC-SM3
//! clnt_0example
//! 1795305600
//! 0123456789abcdef
//! POST
//! /api/v1/units
//! a=1&b=2
//! 62c256d573bff20c90b98acfaaaef4551110acd83294745c295707ad2a33b57a
//! ```
//!
//! gives `eb26e28e5cabc2896faaa35c9b7c03a5d3a5c0ba8f8cf48f79454b5b43f0c998`. With OpenSSL 3, where
//! `request.txt` holds these eight lines without a line feed at the end:
//!
//! ```text
//! openssl dgst -sm3 body.json
//! openssl dgst -sm3 -mac HMAC -macopt key:example-secret-not-for-use request.txt
//! openssl dgst -sm3 -sign key.pem -sigopt distid:1234567812345678 -hex request.txt      # SM2, first line YINXIN1-SM2-SM3
//! ```

mod sign;
mod verify;

use jiff::{SignedDuration, Timestamp};

pub use sign::{RequestSigner, SignRequestError, SignedHeaders, generate_client_secret, sign_request};
pub use verify::{
    RequestVerifier, SignatureHeaders, SignatureRefused, VerifiedHead, VerifiedRequest, verify_head,
    verify_request,
};

/// Names of the headers.
pub mod header {
    /// Identifier of the client.
    pub const CLIENT: &str = "Yinxin-Client";
    /// Seconds since 1970 UTC.
    pub const TIMESTAMP: &str = "Yinxin-Timestamp";
    /// Never used twice.
    pub const NONCE: &str = "Yinxin-Nonce";
    /// SM3 of the body.
    pub const CONTENT_SM3: &str = "Yinxin-Content-SM3";
    /// Algorithm and signature.
    pub const SIGNATURE: &str = "Yinxin-Signature";
}

/// How far the clocks of client and server may differ.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestAlgorithm {
    /// HMAC-SM3 with a shared secret.
    HmacSm3,
    /// SM2 with SM3.
    Sm2Sm3,
}

impl RequestAlgorithm {
    /// First line of the signed text.
    fn first_line(self) -> &'static str {
        match self {
            Self::HmacSm3 => "YINXIN1-HMAC-SM3",
            Self::Sm2Sm3 => "YINXIN1-SM2-SM3",
        }
    }

    /// What stands before `=` in `Yinxin-Signature`.
    fn word(self) -> &'static str {
        match self {
            Self::HmacSm3 => "hmac-sm3",
            Self::Sm2Sm3 => "sm2-sm3",
        }
    }
}

/// What of a request is signed, apart from its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLine<'a> {
    /// Method, capitals.
    pub method: &'a str,
    /// Path as sent, percent-encoded: begins with `/`, has no `?`.
    pub path: &'a str,
    /// Query as sent, without `?`.
    pub query: Option<&'a str>,
}

impl<'a> RequestLine<'a> {
    /// From a request target, `/path?query`.
    pub fn new(method: &'a str, target: &'a str) -> Self {
        match target.split_once('?') {
            Some((path, query)) => Self { method, path, query: Some(query) },
            None => Self { method, path: target, query: None },
        }
    }

    /// Whether the parts cannot be mistaken for one another in the text: visible ASCII, and the separators where they belong.
    fn is_sound(&self) -> bool {
        let visible = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
        !self.method.is_empty()
            && self.method.bytes().all(|b| b.is_ascii_uppercase())
            && self.path.starts_with('/')
            && visible(self.path)
            && !self.path.contains(['?', '#'])
            && self.query.is_none_or(|q| visible(q) && !q.contains('#'))
    }
}

/// The text that is signed.
fn canonical(
    algorithm: RequestAlgorithm,
    client: &str,
    timestamp: &str,
    nonce: &str,
    line: &RequestLine<'_>,
    content_sm3: &str,
) -> String {
    let mut query: Vec<&str> =
        line.query.unwrap_or_default().split('&').filter(|part| !part.is_empty()).collect();
    query.sort_unstable();
    let query = query.join("&");
    [algorithm.first_line(), client, timestamp, nonce, line.method, line.path, &query, content_sm3].join("\n")
}

fn is_client_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn is_nonce(text: &str) -> bool {
    (16..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if !canonical {
        return None;
    }
    Timestamp::from_second(text.parse().ok()?).ok()
}
