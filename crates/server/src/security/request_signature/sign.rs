//! The client's side: also used by the making workshop and the examples.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rand_core::CryptoRng;
use yinxin_crypto::{PublicKey, SignError, SigningKey, hmac_sm3, sm3};

use super::{RequestAlgorithm, RequestLine, canonical, header, is_client_id};
use crate::security::Secret;

/// What a client signs with.
pub enum RequestSigner<'a> {
    /// The shared secret, as it was shown.
    HmacSm3(&'a Secret),
    /// An SM2 key, in memory or in a device.
    Sm2(&'a dyn SigningKey),
}

/// The secret of a new client: 256 random bits as 43 characters of Base64url, shown once.
pub fn generate_client_secret(rng: &mut dyn CryptoRng) -> Secret {
    let mut secret = zeroize::Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *secret);
    Secret::new(URL_SAFE_NO_PAD.encode(*secret))
}

/// Why a request could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignRequestError {
    /// Method, path, query or client identifier cannot be signed.
    #[error(
        "请求无法签名：方法须为大写，路径以 / 开头，路径与查询须为百分号编码的可见字符 / the request cannot be signed: the method is in capitals, the path begins with /, path and query are percent-encoded"
    )]
    Request,
    /// The key is no SM2 key.
    #[error("签名密钥不是 SM2 密钥 / the key is no SM2 key")]
    NotSm2,
    /// The key refused.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl SignRequestError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Request => "REQUEST_NOT_SIGNABLE",
            Self::NotSm2 => "REQUEST_KEY_NOT_SM2",
            Self::Sign(e) => e.code(),
        }
    }
}

/// The five headers to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `Yinxin-Client`.
    pub client: String,
    /// `Yinxin-Timestamp`.
    pub timestamp: String,
    /// `Yinxin-Nonce`.
    pub nonce: String,
    /// `Yinxin-Content-SM3`.
    pub content_sm3: String,
    /// `Yinxin-Signature`.
    pub signature: String,
}

impl SignedHeaders {
    /// Names and values.
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            (header::CLIENT, &self.client),
            (header::TIMESTAMP, &self.timestamp),
            (header::NONCE, &self.nonce),
            (header::CONTENT_SM3, &self.content_sm3),
            (header::SIGNATURE, &self.signature),
        ]
    }
}

/// Signs a request with a fresh nonce.
///
/// # Errors
/// See [`SignRequestError`].
pub fn sign_request(
    client: &str,
    signer: &RequestSigner<'_>,
    line: &RequestLine<'_>,
    body: &[u8],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SignedHeaders, SignRequestError> {
    if !line.is_sound() || !is_client_id(client) || now.as_second() <= 0 {
        return Err(SignRequestError::Request);
    }
    let mut random = [0; 16];
    rng.fill_bytes(&mut random);
    let nonce = URL_SAFE_NO_PAD.encode(random);
    let timestamp = now.as_second().to_string();
    let content_sm3 = hex::encode(sm3(body));
    let text = |algorithm| canonical(algorithm, client, &timestamp, &nonce, line, &content_sm3);
    let signature = match signer {
        RequestSigner::HmacSm3(secret) => {
            let text = text(RequestAlgorithm::HmacSm3);
            let code = hmac_sm3(secret.reveal().as_bytes(), text.as_bytes());
            format!("{}={}", RequestAlgorithm::HmacSm3.word(), hex::encode(code))
        }
        RequestSigner::Sm2(key) => {
            let PublicKey::Sm2(_) = key.public_key() else { return Err(SignRequestError::NotSm2) };
            let value = key.sign(text(RequestAlgorithm::Sm2Sm3).as_bytes())?;
            format!("{}={}", RequestAlgorithm::Sm2Sm3.word(), hex::encode(value))
        }
    };
    Ok(SignedHeaders { client: client.to_owned(), timestamp, nonce, content_sm3, signature })
}
