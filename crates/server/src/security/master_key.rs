//! The master key: 32 random bytes that wrap the data keys of the [key ring](super::keyring) and do nothing else.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand_core::CryptoRng;
use yinxin_crypto::{hmac_sm3, sm3, sm4};
use zeroize::Zeroizing;

use super::Secret;

/// Length of a master key in bytes.
pub const MASTER_KEY_LEN: usize = 32;

/// First part of the written form.
const FORMAT: &str = "yinxin-master-key-1";

/// Why a wrapped key or a written master key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WrapError {
    /// The text is no master key.
    #[error(
        "主密钥格式不正确：应为 yinxin-master-key-1:… 一行，或 32 字节的 Base64；请从备份恢复 / not a master key: expected a line yinxin-master-key-1:… or Base64 of 32 bytes; restore it from its backup"
    )]
    Format,
    /// The text has a typing error.
    #[error(
        "主密钥的校验码不符，抄录或恢复有误；请从备份重新恢复 / the check code of the master key does not fit: it was copied wrongly; restore it from its backup again"
    )]
    CheckCode,
    /// Wrong key or altered data; which is not told.
    #[error(
        "数据密钥无法解开：主密钥不对或记录被改动 / a data key cannot be unwrapped: wrong master key or altered record"
    )]
    Failed,
    /// The device that holds the master key failed; its reason, without secrets.
    #[error("主密钥所在的密码设备出错：{0} / the device that holds the master key failed: {0}")]
    Device(String),
}

impl WrapError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Format => "MASTER_KEY_FORMAT",
            Self::CheckCode => "MASTER_KEY_CHECK_CODE",
            Self::Failed => "MASTER_KEY_UNWRAP_FAILED",
            Self::Device(_) => "MASTER_KEY_DEVICE",
        }
    }
}

/// Wraps data keys: the software master key here, a cryptographic device behind the same trait.
pub trait KeyWrapper: Send + Sync {
    /// Name of the wrapping key, the same as long as the key is: no secret.
    fn id(&self) -> String;

    /// Encrypts a data key; it opens only under the same label.
    ///
    /// # Errors
    /// See [`WrapError`].
    fn wrap_key(&self, label: &str, key: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, WrapError>;

    /// Opens a wrapped data key.
    ///
    /// # Errors
    /// [`WrapError::Failed`] for another label, another wrapping key or altered data.
    fn unwrap_key(&self, label: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, WrapError>;
}

/// A master key in the memory of this process (软件主密钥). GB/T 39786 level 3 asks for a certified module in production: a device
/// takes its place as another [`KeyWrapper`].
pub struct MasterKey(Zeroizing<[u8; MASTER_KEY_LEN]>);

impl MasterKey {
    /// A new key.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut key = Zeroizing::new([0; MASTER_KEY_LEN]);
        rng.fill_bytes(&mut *key);
        Self(key)
    }

    /// A key from bytes at hand.
    pub fn from_bytes(bytes: &[u8; MASTER_KEY_LEN]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// Reads the written form `yinxin-master-key-1:<Base64url of 32 bytes>:<check code>`, or plain Base64 of 32 bytes as it comes from
    /// an environment variable. Space around it is ignored.
    ///
    /// # Errors
    /// [`WrapError::Format`], [`WrapError::CheckCode`].
    pub fn from_text(text: &Secret) -> Result<Self, WrapError> {
        let text = text.reveal().trim();
        let Some(rest) = text.strip_prefix(FORMAT) else { return decode(text) };
        let mut parts = rest.split(':');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(""), Some(key), Some(check), None) => {
                let key = decode(key)?;
                if key.check_code() == check { Ok(key) } else { Err(WrapError::CheckCode) }
            }
            _ => Err(WrapError::Format),
        }
    }

    /// The written form, for the key file and its paper copy.
    pub fn to_text(&self) -> Secret {
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0));
        Secret::new(format!("{FORMAT}:{}:{}", *encoded, self.check_code()))
    }

    /// A secret of its own for one use by this process, the same as long as the key is.
    pub fn secret_for(&self, what: &str) -> Secret {
        let derived = self.derived(&format!("secret of {what}"));
        Secret::new(derived.iter().map(|b| format!("{b:02x}")).collect::<String>())
    }

    /// Eight hexadecimal digits that tell a typing error; no secret can be learned from them.
    fn check_code(&self) -> String {
        self.derived("check code").iter().take(4).map(|b| format!("{b:02x}")).collect()
    }

    fn derived(&self, what: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(hmac_sm3(&*self.0, format!("yinxin master key 1: {what}").as_bytes()))
    }

    fn wrapping_key(&self) -> Zeroizing<[u8; sm4::KEY_LEN]> {
        let derived = self.derived("wrap with SM4-GCM");
        let mut key = Zeroizing::new([0; sm4::KEY_LEN]);
        key.iter_mut().zip(derived.iter()).for_each(|(to, from)| *to = *from);
        key
    }
}

fn decode(text: &str) -> Result<MasterKey, WrapError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).or_else(|_| STANDARD.decode(text)).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| WrapError::Format)?;
    let key = <&[u8; MASTER_KEY_LEN]>::try_from(bytes.as_slice()).map_err(|_| WrapError::Format)?;
    Ok(MasterKey::from_bytes(key))
}

impl KeyWrapper for MasterKey {
    /// `sw-` and 16 hexadecimal digits of a digest of a derived value.
    fn id(&self) -> String {
        let digest = sm3(&*self.derived("name"));
        let digits: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
        format!("sw-{digits}")
    }

    fn wrap_key(&self, label: &str, key: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, WrapError> {
        let mut nonce = [0; sm4::NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        let sealed = sm4::gcm_encrypt(&self.wrapping_key(), &nonce, label.as_bytes(), key);
        let sealed = sealed.map_err(|_| WrapError::Failed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn unwrap_key(&self, label: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, WrapError> {
        let (nonce, sealed) = wrapped.split_first_chunk().ok_or(WrapError::Failed)?;
        sm4::gcm_decrypt(&self.wrapping_key(), nonce, label.as_bytes(), sealed).map_err(|_| WrapError::Failed)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}
