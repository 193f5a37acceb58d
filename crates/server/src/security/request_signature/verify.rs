//! The server's side.

use jiff::Timestamp;
use subtle::ConstantTimeEq;
use yinxin_crypto::{DEFAULT_USER_ID, PublicKey, Sm2Signature, Sm3, hmac_sm3, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::pem::parse_pem_or_der;

use super::{
    RequestAlgorithm, RequestLine, WINDOW, canonical, header, is_client_id, is_nonce, parse_timestamp,
};
use crate::security::Secret;

/// What the signature of a client is verified with.
pub enum RequestVerifier {
    /// The shared secret.
    HmacSm3(Secret),
    /// The public key.
    Sm2(Box<PublicKey>),
}

impl RequestVerifier {
    /// An SM2 public key, `SubjectPublicKeyInfo` as PEM or DER; `None` for anything else.
    pub fn from_public_key(pem_or_der: &[u8]) -> Option<Self> {
        let blocks = parse_pem_or_der(pem_or_der, &Limits::default()).ok()?;
        let [block] = blocks.as_slice() else { return None };
        match PublicKey::from_spki_der(&block.der) {
            Ok(key @ PublicKey::Sm2(_)) => Some(Self::Sm2(Box::new(key))),
            _ => None,
        }
    }

    fn algorithm(&self) -> RequestAlgorithm {
        match self {
            Self::HmacSm3(_) => RequestAlgorithm::HmacSm3,
            Self::Sm2(_) => RequestAlgorithm::Sm2Sm3,
        }
    }

    fn fits(&self, text: &[u8], value: &[u8]) -> bool {
        match self {
            // An empty secret would be one that everybody knows.
            Self::HmacSm3(secret) if secret.is_empty() => false,
            Self::HmacSm3(secret) => hmac_sm3(secret.reveal().as_bytes(), text).ct_eq(value).into(),
            Self::Sm2(key) => Sm2Signature::from_der(value)
                .is_ok_and(|value| key.verify_sm2(DEFAULT_USER_ID, text, &value).is_ok()),
        }
    }
}

impl std::fmt::Debug for RequestVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RequestVerifier({})", self.algorithm().word())
    }
}

/// The headers of a signed request as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureHeaders<'a> {
    /// `Yinxin-Client`: names the client whose key is to be looked up.
    pub client: &'a str,
    /// `Yinxin-Timestamp`.
    pub timestamp: &'a str,
    /// `Yinxin-Nonce`.
    pub nonce: &'a str,
    /// `Yinxin-Content-SM3`.
    pub content_sm3: &'a str,
    /// `Yinxin-Signature`.
    pub signature: &'a str,
}

impl<'a> SignatureHeaders<'a> {
    /// Reads the headers through a look-up by name. `None` where the request has none of them and so is not signed at all. The look-up
    /// must give nothing for a header sent twice.
    ///
    /// # Errors
    /// [`SignatureRefused::Header`] for the first that is missing.
    pub fn read(look_up: impl Fn(&'static str) -> Option<&'a str>) -> Result<Option<Self>, SignatureRefused> {
        let names =
            [header::CLIENT, header::TIMESTAMP, header::NONCE, header::CONTENT_SM3, header::SIGNATURE];
        if names.iter().all(|name| look_up(name).is_none()) {
            return Ok(None);
        }
        let need = |name: &'static str| look_up(name).ok_or(SignatureRefused::Header(name));
        let client = need(header::CLIENT)?;
        if !is_client_id(client) {
            return Err(SignatureRefused::Header(header::CLIENT));
        }
        Ok(Some(Self {
            client,
            timestamp: need(header::TIMESTAMP)?,
            nonce: need(header::NONCE)?,
            content_sm3: need(header::CONTENT_SM3)?,
            signature: need(header::SIGNATURE)?,
        }))
    }
}

/// Why a signed request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureRefused {
    /// A header is missing, sent twice or not in its form.
    #[error(
        "请求签名头 {0} 缺失、重复或格式不正确 / the header {0} is missing, sent twice or not in its form"
    )]
    Header(&'static str),
    /// Method, path or query cannot be signed.
    #[error("请求的方法、路径或查询无法验签 / method, path or query of the request cannot be verified")]
    Request,
    /// Too old, or from the future.
    #[error(
        "请求时间与服务器相差超过 5 分钟；请校准时钟后重试 / the request's time differs from the server's by more than five minutes: set the clock and try again"
    )]
    Window,
    /// The client has registered another kind of key.
    #[error("签名算法与登记的密钥不符 / the signature's algorithm is not that of the registered key")]
    Algorithm,
    /// The signature does not verify.
    #[error(
        "请求签名验证失败；请核对密钥和待签文本 / the signature of the request does not verify: check the key and the signed text"
    )]
    Signature,
    /// The body is not the one that was signed.
    #[error("请求体与签名的摘要不符 / the body is not the one that was signed")]
    Content,
}

impl SignatureRefused {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Header(_) => "SIGNATURE_HEADER",
            Self::Request => "SIGNATURE_REQUEST",
            Self::Window => "SIGNATURE_WINDOW",
            Self::Algorithm => "SIGNATURE_ALGORITHM",
            Self::Signature => "SIGNATURE_WRONG",
            Self::Content => "SIGNATURE_CONTENT",
        }
    }
}

/// A request whose signature verifies, but whose body has not been compared with the signed digest yet.
#[derive(Debug)]
#[must_use = "the body has not been checked"]
pub struct VerifiedHead {
    content_sm3: [u8; 32],
    request: VerifiedRequest,
}

impl VerifiedHead {
    /// Compares the body.
    ///
    /// # Errors
    /// [`SignatureRefused::Content`].
    pub fn with_body(self, body: &[u8]) -> Result<VerifiedRequest, SignatureRefused> {
        self.with_digest(sm3(body))
    }

    /// Compares the digest of a body that was read piece by piece.
    ///
    /// # Errors
    /// [`SignatureRefused::Content`].
    pub fn with_streamed(self, body: Sm3) -> Result<VerifiedRequest, SignatureRefused> {
        self.with_digest(body.finalize())
    }

    /// For an endpoint that reads the body itself: the request, and the digest that its body must have. Whoever takes this compares them
    /// before he acts.
    pub fn apart(self) -> (VerifiedRequest, [u8; 32]) {
        (self.request, self.content_sm3)
    }

    fn with_digest(self, digest: [u8; 32]) -> Result<VerifiedRequest, SignatureRefused> {
        if self.content_sm3 == digest { Ok(self.request) } else { Err(SignatureRefused::Content) }
    }
}

/// A verified request. The caller refuses it if it has seen the nonce of this client before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRequest {
    /// Identifier of the client.
    pub client: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// Its nonce.
    pub nonce: String,
    /// From this moment on the nonce may be forgotten: the request would be too old.
    pub forget_nonce_at: Timestamp,
}

/// Verifies all but the body.
///
/// # Errors
/// See [`SignatureRefused`].
pub fn verify_head(
    headers: &SignatureHeaders<'_>,
    verifier: &RequestVerifier,
    line: &RequestLine<'_>,
    now: Timestamp,
) -> Result<VerifiedHead, SignatureRefused> {
    if !line.is_sound() {
        return Err(SignatureRefused::Request);
    }
    if !is_client_id(headers.client) {
        return Err(SignatureRefused::Header(header::CLIENT));
    }
    if !is_nonce(headers.nonce) {
        return Err(SignatureRefused::Header(header::NONCE));
    }
    let signed_at = parse_timestamp(headers.timestamp).ok_or(SignatureRefused::Header(header::TIMESTAMP))?;
    let content_sm3 = digest_of(headers.content_sm3).ok_or(SignatureRefused::Header(header::CONTENT_SM3))?;
    let malformed = SignatureRefused::Header(header::SIGNATURE);
    let (word, value) = headers.signature.split_once('=').ok_or(malformed)?;
    let algorithm = verifier.algorithm();
    if word != algorithm.word() {
        return Err(SignatureRefused::Algorithm);
    }
    let value = hex::decode(value).map_err(|_| malformed)?;
    if now.duration_since(signed_at).abs() > WINDOW {
        return Err(SignatureRefused::Window);
    }
    let text =
        canonical(algorithm, headers.client, headers.timestamp, headers.nonce, line, headers.content_sm3);
    if !verifier.fits(text.as_bytes(), &value) {
        return Err(SignatureRefused::Signature);
    }
    let forget_nonce_at = signed_at.saturating_add(WINDOW).unwrap_or(Timestamp::MAX);
    Ok(VerifiedHead {
        content_sm3,
        request: VerifiedRequest {
            client: headers.client.to_owned(),
            signed_at,
            nonce: headers.nonce.to_owned(),
            // The last moment of the window is inside.
            forget_nonce_at: forget_nonce_at
                .saturating_add(jiff::SignedDuration::from_secs(1))
                .unwrap_or(Timestamp::MAX),
        },
    })
}

/// Verifies a request with its body at hand.
///
/// # Errors
/// See [`SignatureRefused`].
pub fn verify_request(
    headers: &SignatureHeaders<'_>,
    verifier: &RequestVerifier,
    line: &RequestLine<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<VerifiedRequest, SignatureRefused> {
    verify_head(headers, verifier, line, now)?.with_body(body)
}

/// 64 small hexadecimal digits.
fn digest_of(text: &str) -> Option<[u8; 32]> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let mut digest = [0; 32];
    hex::decode_to_slice(text, &mut digest).ok()?;
    Some(digest)
}
