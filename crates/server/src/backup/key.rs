//! The key of one backup, and how it is locked: by a password (argon2id), or to the public key of whoever may restore (SM2).

use argon2::{Algorithm, Argon2, Params, Version};
use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use serde::{Deserialize, Serialize};
use yinxin_crypto::keystore::Password;
use yinxin_crypto::sm4::{KEY_LEN, NONCE_LEN, gcm_decrypt, gcm_encrypt};
use yinxin_crypto::{DecryptionKey as _, PublicKey, SoftwareKey, hmac_sm3, sm3};
use zeroize::Zeroizing;

use super::BackupError;

/// Fewest bytes of a password: a backup may be tried for years.
const SHORTEST: usize = 12;
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 1;

/// 32 random bytes, made for one backup. Keys of files are derived from them.
pub(super) struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    pub(super) fn generate() -> Self {
        let mut key = Zeroizing::new([0; 32]);
        UnwrapErr(SysRng).fill_bytes(&mut *key);
        Self(key)
    }

    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What the key is locked with.
#[derive(Debug, Clone)]
pub enum Lock {
    /// A password.
    Password(Password),
    /// The SM2 public key of whoever may restore.
    Recipient(Box<PublicKey>),
}

/// What opens it.
pub enum Unlock {
    /// The password.
    Password(Password),
    /// The private key.
    Key(Box<SoftwareKey>),
}

/// The locked key, as the manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Locked {
    /// SM4-GCM under a key stretched from a password by argon2id.
    Password { salt: String, memory_kib: u32, passes: u32, lanes: u32, nonce: String, wrapped: String },
    /// SM2 encryption (GM/T 0009); the recipient by SM3 of his SubjectPublicKeyInfo.
    Sm2 { recipient: String, wrapped: String },
}

impl Locked {
    /// Word for how it is locked.
    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Password { .. } => "password",
            Self::Sm2 { .. } => "sm2",
        }
    }
}

impl Lock {
    /// Refuses a password that can be guessed, before work is done.
    pub(super) fn check(&self) -> Result<(), BackupError> {
        match self {
            Self::Password(password) if password.as_bytes().len() < SHORTEST => Err(BackupError::refused(
                "BACKUP_PASSWORD_SHORT",
                format!("备份口令至少 {SHORTEST} 个字节：取得备份的人可以无限次尝试"),
                format!(
                    "the password of a backup has at least {SHORTEST} bytes: whoever gets hold of it may try for ever"
                ),
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn lock(&self, key: &DataKey, backup: &str) -> Result<Locked, BackupError> {
        let failed =
            |e: &dyn std::fmt::Display| BackupError::refused("BACKUP_LOCK", format!("{e}"), format!("{e}"));
        match self {
            Self::Password(password) => {
                let (mut salt, mut nonce) = ([0; 16], [0; NONCE_LEN]);
                UnwrapErr(SysRng).fill_bytes(&mut salt);
                UnwrapErr(SysRng).fill_bytes(&mut nonce);
                let wrapping = stretched(password, &salt, (MEMORY_KIB, PASSES, LANES))?;
                let wrapped = gcm_encrypt(&wrapping, &nonce, backup.as_bytes(), key.bytes());
                Ok(Locked::Password {
                    salt: hex::encode(salt),
                    memory_kib: MEMORY_KIB,
                    passes: PASSES,
                    lanes: LANES,
                    nonce: hex::encode(nonce),
                    wrapped: hex::encode(wrapped.map_err(|e| failed(&e))?),
                })
            }
            Self::Recipient(public) => {
                let wrapped = public.sm2_encrypt(&mut UnwrapErr(SysRng), key.bytes()).map_err(|e| {
                    let zh = format!("收件方公钥不能用于加密，须为 SM2 公钥：{e}");
                    BackupError::refused(
                        "BACKUP_RECIPIENT",
                        zh,
                        format!("the recipient's key must be SM2: {e}"),
                    )
                })?;
                Ok(Locked::Sm2 { recipient: name(public), wrapped: hex::encode(wrapped) })
            }
        }
    }
}

impl Unlock {
    pub(super) fn open(&self, locked: &Locked, backup: &str) -> Result<DataKey, BackupError> {
        let bytes = match (self, locked) {
            (
                Self::Password(password),
                Locked::Password { salt, memory_kib, passes, lanes, nonce, wrapped },
            ) => {
                // Whoever can write the manifest must not be able to make opening it endless.
                if *memory_kib > 1 << 20 || *passes > 64 || *lanes > 16 {
                    return Err(malformed());
                }
                let read = |text: &str| hex::decode(text).map_err(|_| malformed());
                let nonce: [u8; NONCE_LEN] = read(nonce)?.try_into().map_err(|_| malformed())?;
                let wrapping = stretched(password, &read(salt)?, (*memory_kib, *passes, *lanes))?;
                let opened = gcm_decrypt(&wrapping, &nonce, backup.as_bytes(), &read(wrapped)?);
                opened.map_err(|_| {
                    BackupError::refused(
                        "BACKUP_PASSWORD",
                        "备份口令不对",
                        "the password of the backup is wrong",
                    )
                })?
            }
            (Self::Key(key), Locked::Sm2 { wrapped, .. }) => {
                let wrapped = hex::decode(wrapped).map_err(|_| malformed())?;
                key.decrypt(&wrapped).map_err(|e| {
                    let zh = format!("该私钥解不开此备份：{e}");
                    BackupError::refused("BACKUP_KEY", zh, format!("this key does not open the backup: {e}"))
                })?
            }
            (Self::Password(_), Locked::Sm2 { recipient, .. }) => {
                return Err(BackupError::refused(
                    "BACKUP_KEY",
                    format!("备份加密给公钥 {recipient}，请用 --key 给出其私钥"),
                    format!(
                        "the backup is encrypted to the public key {recipient}: give its private key with --key"
                    ),
                ));
            }
            (Self::Key(_), Locked::Password { .. }) => {
                return Err(BackupError::refused(
                    "BACKUP_PASSWORD",
                    "备份由口令加密，请用 --password-file 给出口令",
                    "the backup is locked by a password: give it with --password-file",
                ));
            }
        };
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| malformed())?;
        Ok(DataKey(Zeroizing::new(bytes)))
    }
}

/// Name of a recipient: SM3 of his SubjectPublicKeyInfo.
fn name(public: &PublicKey) -> String {
    hex::encode(sm3(&public.spki_der()))
}

fn malformed() -> BackupError {
    BackupError::refused(
        "BACKUP_FORMAT",
        "备份清单中的密钥记录无法读取",
        "the locked key in the manifest cannot be read",
    )
}

fn stretched(
    password: &Password,
    salt: &[u8],
    (memory, passes, lanes): (u32, u32, u32),
) -> Result<Zeroizing<[u8; KEY_LEN]>, BackupError> {
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| malformed())?;
    let mut master = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut *master)
        .map_err(|_| malformed())?;
    let derived = Zeroizing::new(hmac_sm3(&*master, b"yinxin backup wrapping key 1"));
    let mut key = Zeroizing::new([0; KEY_LEN]);
    key.iter_mut().zip(derived.iter()).for_each(|(to, from)| *to = *from);
    Ok(key)
}
