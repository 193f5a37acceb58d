//! Time-based one-time codes as a second factor (动态口令): RFC 6238 with HMAC-SHA-1, 6 digits, 30 seconds, which is what every
//! authenticator understands. Where commercial cryptography is demanded, the second factor is an SM2 certificate: see
//! [`challenge`](super::challenge).

use std::fmt;

use jiff::Timestamp;
use rand_core::CryptoRng;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use super::Secret;

/// Who issues the codes, as authenticators show it.
pub const ISSUER: &str = "Yinxin 印信";
/// Bytes of a secret: 160 bits.
const SECRET_LEN: usize = 20;
/// Seconds of a step.
const STEP: u64 = 30;
/// Digits of a code.
const DIGITS: u8 = 6;

/// Why a code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TotpRefused {
    /// Not the code of this minute.
    #[error(
        "动态口令不正确；请核对手机时间后重试 / the code is wrong: check the clock of your device and try again"
    )]
    Wrong,
    /// The code was used before.
    #[error("该动态口令已使用过；请等待下一个口令 / this code was used already: wait for the next one")]
    Replayed,
    /// The stored secret cannot be used.
    #[error(
        "动态口令密钥已损坏；请由安全管理员重置 / the stored secret is damaged: ask a security administrator to reset it"
    )]
    Secret,
}

impl TotpRefused {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wrong => "TOTP_WRONG",
            Self::Replayed => "TOTP_REPLAYED",
            Self::Secret => "TOTP_SECRET_DAMAGED",
        }
    }
}

/// The secret an authenticator shares with us. Stored encrypted by the [vault](super::vault) in its written form.
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new secret. It counts only after the user has shown a first code: [`Self::verify`] with `last_step` 0.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut secret = Zeroizing::new(vec![0; SECRET_LEN]);
        rng.fill_bytes(&mut secret);
        Self(secret)
    }

    /// Reads the written form.
    ///
    /// # Errors
    /// [`TotpRefused::Secret`] unless it is Base32 of 20 bytes.
    pub fn from_base32(text: &Secret) -> Result<Self, TotpRefused> {
        let secret = totp_rs::Secret::try_from_base32(text.reveal()).map_err(|_| TotpRefused::Secret)?;
        let bytes = secret.as_bytes();
        if bytes.len() == SECRET_LEN {
            Ok(Self(Zeroizing::new(bytes.to_vec())))
        } else {
            Err(TotpRefused::Secret)
        }
    }

    /// The written form: 32 characters of Base32, as a user may type it into an authenticator.
    pub fn to_base32(&self) -> Secret {
        let secret = totp_rs::Secret::from(self.0.to_vec());
        Secret::new(secret.to_base32())
    }

    /// The `otpauth://` address for a QR code. `account` is the login name.
    pub fn to_uri(&self, account: &str) -> Secret {
        let (issuer, account) = (percent_encoded(ISSUER), percent_encoded(account));
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
            self.to_base32().reveal()
        ))
    }

    /// Verifies a code of the present step, the one before or the one after, and returns the step it belongs to, which the caller stores
    /// as the next `last_step`. Codes of that step and earlier ones are refused from then on (RFC 6238 §5.2).
    ///
    /// # Errors
    /// [`TotpRefused::Wrong`], [`TotpRefused::Replayed`].
    pub fn verify(&self, code: &str, last_step: u64, now: Timestamp) -> Result<u64, TotpRefused> {
        let totp = self.totp()?;
        let seconds = u64::try_from(now.as_second()).map_err(|_| TotpRefused::Wrong)?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        match totp.check(&code, seconds) {
            Some(step) if step > last_step => Ok(step),
            Some(_) => Err(TotpRefused::Replayed),
            None => Err(TotpRefused::Wrong),
        }
    }

    /// The code of a moment, as the user's authenticator shows it: for tests and demonstrations.
    ///
    /// # Errors
    /// [`TotpRefused::Secret`].
    pub fn code_at(&self, now: Timestamp) -> Result<Secret, TotpRefused> {
        let seconds = u64::try_from(now.as_second()).map_err(|_| TotpRefused::Wrong)?;
        Ok(Secret::new(self.totp()?.generate(seconds).to_string()))
    }

    fn totp(&self) -> Result<Totp, TotpRefused> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(1)
            .with_step_duration(STEP)
            .with_secret(self.0.to_vec())
            .build()
            .map_err(|_| TotpRefused::Secret)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(***)")
    }
}

/// RFC 3986: everything but unreserved characters.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
