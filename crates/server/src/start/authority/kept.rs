//! What the database keeps of the authority: settings under the row code, keys in them encrypted.

use super::StartError;
use crate::app::authority::FormerCertificate;
use crate::making::authority::{IssuedCertificate, read_chain};
use crate::security::Secret;
use crate::security::vault::{Place, Vault};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_crypto::keystore::{DEFAULT_ITERATIONS, Password, encrypt_pkcs8_pem, read_private_key};
use yinxin_crypto::{SoftwareKey, keystore};
use yinxin_store::{Access, Tx};

/// The key in use.
pub(super) const KEY: &str = "authority.key";
const IDENTITY: &str = "authority.identity";
pub(super) const PASSWORD: &str = "authority.password";
/// The key that takes the place of the one in use with its certificate; empty where there is none.
const NEXT_KEY: &str = "authority.next_key";
/// What was asked for; empty where nothing is.
const NEXT: &str = "authority.next";

/// Settings that are cipher texts under the field key.
pub const SECRET_SETTINGS: &[&str] = &[KEY, NEXT_KEY, PASSWORD];

/// Name, code, area and certificates of the authority.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) area: String,
    /// The certificate in use, then its issuers: DER, hex.
    pub(super) certificates: Vec<String>,
    /// Certificates before, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) former: Vec<Former>,
}

/// A certificate that was replaced.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Former {
    /// The certificate, then its issuers: DER, hex.
    certificates: Vec<String>,
    until: Timestamp,
}

/// A certificate that was asked for and does not count yet (待启用).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Next {
    /// Tells this request from others; the reference at the test authority.
    pub reference: String,
    /// Whether it is for a new key.
    pub new_key: bool,
    /// Certification request (PKCS#10), DER, hex.
    pub csr: String,
    /// What was issued, then its issuers: DER, hex; empty while an authority outside has it.
    pub certificates: Vec<String>,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

impl Identity {
    /// None before the authority has its first certificate.
    pub(super) async fn load(access: &mut Access) -> Result<Option<Self>, StartError> {
        let text = access.setting(IDENTITY).await?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| damaged())).transpose()
    }

    pub(super) async fn save(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StartError> {
        let text = serde_json::to_string(self).map_err(|_| damaged())?;
        Ok(tx.set_setting(IDENTITY, &text, now).await?)
    }

    /// The certificate in use with its issuers.
    pub(super) fn current(&self) -> Result<IssuedCertificate, StartError> {
        certificates_of(&self.certificates)
    }

    /// Those before.
    pub(super) fn former(&self) -> Result<Vec<FormerCertificate>, StartError> {
        let read = |former: &Former| {
            let IssuedCertificate { leaf, chain } = certificates_of(&former.certificates)?;
            Ok(FormerCertificate { certificate: leaf, chain, until: former.until })
        };
        self.former.iter().map(read).collect()
    }

    /// Another certificate takes the place of the one in use.
    pub(super) fn replace(&mut self, issued: &IssuedCertificate, now: Timestamp) {
        let before = std::mem::replace(&mut self.certificates, in_hex(issued));
        self.former.insert(0, Former { certificates: before, until: now });
    }
}

impl Next {
    /// None where nothing is asked for.
    pub(crate) async fn load(access: &mut Access) -> Result<Option<Self>, StartError> {
        let text = access.setting(NEXT).await?.filter(|text| !text.is_empty());
        text.map(|text| serde_json::from_str(&text).map_err(|_| damaged())).transpose()
    }

    pub(super) async fn save(&self, tx: &mut Tx, now: Timestamp) -> Result<(), StartError> {
        let text = serde_json::to_string(self).map_err(|_| damaged())?;
        Ok(tx.set_setting(NEXT, &text, now).await?)
    }

    /// The certification request, DER.
    pub(crate) fn csr(&self) -> Result<Vec<u8>, StartError> {
        hex::decode(&self.csr).map_err(|_| damaged())
    }

    /// What was issued, if it is here.
    pub(crate) fn issued(&self) -> Result<Option<IssuedCertificate>, StartError> {
        if self.certificates.is_empty() { Ok(None) } else { certificates_of(&self.certificates).map(Some) }
    }
}

/// Nothing is asked for any more.
pub(super) async fn forget_next(tx: &mut Tx, now: Timestamp) -> Result<(), StartError> {
    tx.set_setting(NEXT, "", now).await?;
    Ok(tx.set_setting(NEXT_KEY, "", now).await?)
}

/// Keeps a key for the certificate that is asked for; none where it is for the key in use.
pub(super) async fn keep_next_key(
    tx: &mut Tx,
    vault: &Vault,
    pem: Option<&Secret>,
    now: Timestamp,
) -> Result<(), StartError> {
    let cipher = match pem {
        Some(pem) => sealed(vault, NEXT_KEY, pem.reveal())?,
        None => String::new(),
    };
    Ok(tx.set_setting(NEXT_KEY, &cipher, now).await?)
}

/// The next key takes the place of the one in use, which is gone then.
pub(super) async fn turn_key(tx: &mut Tx, vault: &Vault, now: Timestamp) -> Result<(), StartError> {
    let cipher = tx.setting(NEXT_KEY).await?.filter(|text| !text.is_empty()).ok_or_else(damaged)?;
    let pem = vault.reveal(Place::new("setting.value", NEXT_KEY), &cipher).map_err(|_| damaged())?;
    let cipher = sealed(vault, KEY, pem.reveal())?;
    Ok(tx.set_setting(KEY, &cipher, now).await?)
}

fn sealed(vault: &Vault, name: &str, text: &str) -> Result<String, StartError> {
    let cipher = vault.encrypt(Place::new("setting.value", name), text, &mut UnwrapErr(SysRng));
    cipher.map_err(|error| failed(&error))
}

/// The key in use. Blocks for the stretching of the password.
pub(super) async fn key(
    access: &mut Access,
    vault: &Vault,
    password: &Password,
) -> Result<Option<SoftwareKey>, StartError> {
    let cipher = access.setting(KEY).await?;
    cipher.map(|cipher| open_key(vault, &cipher, password)).transpose()
}

fn open_key(vault: &Vault, cipher: &str, password: &Password) -> Result<SoftwareKey, StartError> {
    let pem = vault.reveal(Place::new("setting.value", KEY), cipher).map_err(|_| damaged())?;
    read_private_key(pem.reveal().as_bytes(), Some(password.as_bytes()))
        .map_err(|_: keystore::KeystoreError| damaged())
}

/// Keeps the first key.
pub(super) async fn keep_key(
    tx: &mut Tx,
    vault: &Vault,
    pem: &Secret,
    now: Timestamp,
) -> Result<(), StartError> {
    let cipher = sealed(vault, KEY, pem.reveal())?;
    Ok(tx.set_setting(KEY, &cipher, now).await?)
}

/// A new key, and its file under the password. Blocks.
pub(super) fn new_key(password: &Password) -> Result<(SoftwareKey, Secret), StartError> {
    let mut rng = UnwrapErr(SysRng);
    let key = SoftwareKey::generate(&mut rng);
    let pem = encrypt_pkcs8_pem(&key, password.as_bytes(), &mut rng, DEFAULT_ITERATIONS);
    let pem = zeroize::Zeroizing::new(pem.map_err(|error| failed(&error))?);
    Ok((key, Secret::new(pem.as_str())))
}

pub(super) fn in_hex(issued: &IssuedCertificate) -> Vec<String> {
    std::iter::once(&issued.leaf).chain(&issued.chain).map(|c| hex::encode(c.raw())).collect()
}

fn certificates_of(texts: &[String]) -> Result<IssuedCertificate, StartError> {
    let ders: Vec<Vec<u8>> =
        texts.iter().map(hex::decode).collect::<Result<_, _>>().map_err(|_| damaged())?;
    read_chain(&ders).map_err(|_| damaged())
}

pub(super) fn damaged() -> StartError {
    StartError::other(
        "authority",
        "主管部门密钥或者证书已损坏",
        "key or certificate of the authority is damaged",
    )
}

pub(super) fn failed(e: &dyn std::fmt::Display) -> StartError {
    StartError::other("authority", format!("主管部门证书：{e}"), e.to_string())
}
