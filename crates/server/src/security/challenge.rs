//! Login and confirmation with an SM2 certificate (数字证书登录): GB/T 15843.3 one-pass unilateral authentication with a challenge.
//!
//! The server hands out a [`Challenge`], the client signs its [text](Challenge::to_sign) with the key of its certificate (SM2 with SM3,
//! user identifier `1234567812345678`, DER or r‖s), and [`verify`] tells whose certificate that was. A challenge serves once: the caller
//! removes it from its store before it verifies, whatever the outcome.
//!
//! The text is five lines of UTF-8, each ended by a line feed, so that it is never the text of anything else that is signed:
//!
//! ```text
//! Yinxin certificate challenge 1
//! purpose: login
//! origin: https://seal.example.gov.cn
//! challenge: <32 bytes, Base64url without padding>
//! expires: 2026-11-22T00:02:00Z
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use yinxin_crypto::{DEFAULT_USER_ID, PublicKey, sm3};
use yinxin_formats::ses::read_sm2_signature;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::Text;
use yinxin_seal::trust::{ChainState, Evaluator, Judgement, Policy, Purpose, RevocationState, TrustFacts};

/// How long a challenge may be answered.
pub const CHALLENGE_LIFETIME: SignedDuration = SignedDuration::from_mins(2);

const FIRST_LINE: &str = "Yinxin certificate challenge 1";

/// What a signature over the challenge will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengePurpose {
    /// Log in.
    Login,
    /// Bind the certificate to an account, named here by its identifier.
    Bind(String),
    /// Confirm an operation, named here by a digest of it.
    Confirm(String),
}

impl ChallengePurpose {
    fn word(&self) -> String {
        match self {
            Self::Login => "login".to_owned(),
            Self::Bind(account) => format!("bind {account}"),
            Self::Confirm(operation) => format!("confirm {operation}"),
        }
    }
}

/// A challenge handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// 32 random bytes, Base64url without padding.
    pub nonce: String,
    /// What the signature will do.
    pub purpose: ChallengePurpose,
    /// Origin of this server, `https://seal.example.gov.cn`.
    pub origin: String,
    /// Last moment at which it may be answered.
    pub expires_at: Timestamp,
}

/// Whose certificate answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateIdentity {
    /// Serial number, lower-case hex.
    pub serial: String,
    /// Issuer name, RFC 4514.
    pub issuer: String,
    /// Subject name, RFC 4514.
    pub subject: String,
    /// SM3 of the certificate, hex: names exactly this one.
    pub digest: String,
    /// End of its validity.
    pub not_after: Timestamp,
    /// Whether revocation data covered the whole chain. False only under [`Policy::Default`].
    pub revocation_checked: bool,
}

/// Why an answer was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChallengeRefused {
    /// Origin or purpose would break the text.
    #[error(
        "来源或用途含有控制字符，或长度超过 256 / origin or purpose has control characters or more than 256 characters"
    )]
    Malformed,
    /// Answered too late.
    #[error("登录挑战已过期，请重新登录 / the challenge has expired: log in again")]
    Expired,
    /// Made for another server or another purpose.
    #[error(
        "登录挑战不属于本站或不属于此操作 / the challenge was made for another site or another operation"
    )]
    Mismatch,
    /// Not an SM2 certificate.
    #[error("证书不是 SM2 证书 / the certificate has no SM2 key")]
    NotSm2,
    /// The signature does not verify.
    #[error(
        "签名验证失败：不是该证书的密钥所签 / the signature does not verify under the key of the certificate"
    )]
    Signature,
    /// The certificate may not be used to authenticate.
    #[error("证书不可用于登录：{} / the certificate may not be used to log in: {}", .0.zh, .0.en)]
    Usage(Text),
    /// Its chain does not lead to a trusted authority.
    #[error("证书不受信任：{} / the certificate is not trusted: {}", .0.zh, .0.en)]
    NotTrusted(Text),
    /// Out of date.
    #[error("证书不在有效期内：{} / the certificate is out of date: {}", .0.zh, .0.en)]
    OutOfDate(Text),
    /// Revoked.
    #[error("证书已吊销：{} / the certificate is revoked: {}", .0.zh, .0.en)]
    Revoked(Text),
    /// Nobody can tell whether it is revoked.
    #[error("缺少吊销信息，无法确认证书状态：{0} / no revocation data, so nobody can tell the state of: {0}")]
    RevocationUnknown(String),
}

impl ChallengeRefused {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "CHALLENGE_MALFORMED",
            Self::Expired => "CHALLENGE_EXPIRED",
            Self::Mismatch => "CHALLENGE_MISMATCH",
            Self::NotSm2 => "CERTIFICATE_NOT_SM2",
            Self::Signature => "CHALLENGE_SIGNATURE_WRONG",
            Self::Usage(_) => "CERTIFICATE_USAGE",
            Self::NotTrusted(_) => "CERTIFICATE_NOT_TRUSTED",
            Self::OutOfDate(_) => "CERTIFICATE_OUT_OF_DATE",
            Self::Revoked(_) => "CERTIFICATE_REVOKED",
            Self::RevocationUnknown(_) => "CERTIFICATE_REVOCATION_UNKNOWN",
        }
    }
}

impl Challenge {
    /// A new challenge that may be answered for two minutes.
    ///
    /// # Errors
    /// [`ChallengeRefused::Malformed`].
    pub fn new(
        purpose: ChallengePurpose,
        origin: &str,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, ChallengeRefused> {
        for text in [purpose.word().as_str(), origin] {
            if text.chars().any(char::is_control) || text.chars().count() > 256 {
                return Err(ChallengeRefused::Malformed);
            }
        }
        let mut nonce = [0; 32];
        rng.fill_bytes(&mut nonce);
        // Whole seconds, so that the line reads the same everywhere.
        let expires = now.saturating_add(CHALLENGE_LIFETIME).unwrap_or(Timestamp::MAX);
        Ok(Self {
            nonce: URL_SAFE_NO_PAD.encode(nonce),
            purpose,
            origin: origin.to_owned(),
            expires_at: Timestamp::from_second(expires.as_second()).unwrap_or(expires),
        })
    }

    /// The exact text to sign.
    pub fn to_sign(&self) -> String {
        format!(
            "{FIRST_LINE}\npurpose: {}\norigin: {}\nchallenge: {}\nexpires: {}\n",
            self.purpose.word(),
            self.origin,
            self.nonce,
            self.expires_at
        )
    }
}

/// What a server expects of an answer, and what it trusts.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The operation at hand.
    pub purpose: &'a ChallengePurpose,
    /// Origin of this server.
    pub origin: &'a str,
    /// Authorities and revocation data for logins.
    pub facts: &'a TrustFacts,
    /// [`Policy::Strict`] refuses certificates of which no revocation data is at hand.
    pub policy: Policy,
}

/// Verifies an answer: first that the signature is the certificate's, then that the certificate is to be trusted now. `embedded` are
/// certificates the client sent along.
///
/// # Errors
/// The first [`ChallengeRefused`].
pub fn verify(
    challenge: &Challenge,
    signature: &[u8],
    certificate: &Certificate,
    embedded: &[Certificate],
    expected: Expected<'_>,
    now: Timestamp,
) -> Result<CertificateIdentity, ChallengeRefused> {
    if challenge.origin != expected.origin || challenge.purpose != *expected.purpose {
        return Err(ChallengeRefused::Mismatch);
    }
    if now > challenge.expires_at {
        return Err(ChallengeRefused::Expired);
    }
    let Ok(key @ PublicKey::Sm2(_)) = certificate.public_key() else { return Err(ChallengeRefused::NotSm2) };
    let (value, _) = read_sm2_signature(signature).map_err(|_| ChallengeRefused::Signature)?;
    key.verify_sm2(DEFAULT_USER_ID, challenge.to_sign().as_bytes(), &value)
        .map_err(|_| ChallengeRefused::Signature)?;
    if !matches!(certificate.key_usage(), Ok(Some(usage)) if usage.digital_signature()) {
        return Err(ChallengeRefused::Usage(Text {
            zh: "密钥用途须包含数字签名".to_owned(),
            en: "its key usage must contain digitalSignature".to_owned(),
        }));
    }
    let evaluator = Evaluator::new(expected.facts, now, expected.policy);
    let judged = evaluator.judge(certificate, embedded, Purpose::Signer, now);
    Ok(CertificateIdentity {
        serial: certificate.serial.to_string().to_lowercase(),
        issuer: certificate.issuer.to_string(),
        subject: certificate.subject.to_string(),
        digest: hex::encode(sm3(certificate.raw())),
        not_after: certificate.not_after,
        revocation_checked: accept(judged, expected.policy)?,
    })
}

/// Turns a judgement into a refusal, or into whether revocation was covered.
fn accept(judged: Judgement, policy: Policy) -> Result<bool, ChallengeRefused> {
    judged.usage.map_err(ChallengeRefused::Usage)?;
    match judged.chain {
        ChainState::Anchored => {}
        ChainState::Broken(reason) => return Err(ChallengeRefused::NotTrusted(reason)),
        ChainState::NoAnchor(missing) => {
            return Err(ChallengeRefused::NotTrusted(Text {
                zh: format!("证书链缺少“{missing}”"),
                en: format!("the chain lacks \"{missing}\""),
            }));
        }
    }
    if let Some(reason) = judged.out_of_date {
        return Err(ChallengeRefused::OutOfDate(reason));
    }
    match judged.revocation {
        RevocationState::Good(_) => Ok(true),
        RevocationState::Revoked(reason) | RevocationState::RevokedLater(reason, _) => {
            Err(ChallengeRefused::Revoked(reason))
        }
        RevocationState::NoData(names) if policy == Policy::Strict => {
            Err(ChallengeRefused::RevocationUnknown(names.join("; ")))
        }
        RevocationState::NoData(_) | RevocationState::NotRun => Ok(false),
    }
}
