//! The authority's certificate by the command line, from a CA outside: the first one before the registry starts, later ones beside it.

use super::kept::{self, Identity, Next, damaged};
use super::renewal::{ask, keep, turn};
use super::{StartError, first_request, load, name, password};
use crate::api::csr::read_chain_pem;
use crate::api::words::both;
use crate::app::keys::{Turns, audit_keys, row_keys};
use crate::config::{CaKind, Config};
use crate::making::authority::{Expected, IssuedCertificate, check_certificate};
use crate::making::requested_key;
use crate::security::keyring::KeyRing;
use crate::security::vault::Vault;
use crate::start::{commanded, keys, machine_time, open_bare, open_secured, trust};
use jiff::Timestamp;
use serde_json::{Value, json};
use yinxin_crypto::keystore::Password;
use yinxin_crypto::{PublicKey, SigningKey as _};
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_store::{Store, Tx};

/// Which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFor {
    /// The first certificate.
    First,
    /// A certificate that follows the one in use, for the same key (续期).
    SameKey,
    /// One for a new key (换钥).
    NewKey,
}

/// A certificate of the authority and the time it counted.
#[derive(Debug, Clone)]
pub struct AuthorityCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// When another took its place; none for the one in use.
    pub until: Option<Timestamp>,
}

/// Store and keys of a registry that may be running.
struct Opened {
    store: Store,
    ring: KeyRing,
    vault: Vault,
    password: Password,
}

impl Opened {
    async fn new(config: &Config, now: Timestamp) -> Result<Self, StartError> {
        let (store, ring) = open_secured(config, now).await?;
        let vault = Vault::new(ring.settled(now));
        let password = password(&store, &vault, now).await?;
        Ok(Self { store, ring, vault, password })
    }

    /// The audit record of the command, and the end of its transaction.
    async fn finish(
        &self,
        mut tx: Tx,
        command: &str,
        action: &str,
        details: Value,
        now: Timestamp,
    ) -> Result<(), StartError> {
        let turns = Turns::load(&mut tx).await?;
        let entry = commanded(command, action, "authority", details, now);
        tx.append_audit(&audit_keys(&self.ring, &turns)?, &[entry]).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The certification request (PKCS#10, PEM) for the authority. The first: the first call makes database and key, each gives a request for
/// the same key. A later one waits in the database for its certificate, in place of one that waited before.
///
/// # Errors
/// There is a certificate already, or none yet, as the case may be; the database cannot be opened.
pub async fn authority_request(
    config: &Config,
    wanted: RequestFor,
    now: Timestamp,
) -> Result<String, StartError> {
    let opened = Opened::new(config, now).await?;
    let known = Identity::load(&mut opened.store.read().await?).await?;
    let csr = match (wanted, &known) {
        (RequestFor::First, None) => {
            first_request(config, &opened.store, &opened.vault, &opened.password, now).await?.0
        }
        (RequestFor::First, Some(_)) => {
            return Err(StartError::other(
                "authority",
                "主管部门已有签名证书；续期请用 --renew，更换密钥请用 --new-key",
                "the authority has a certificate already: use --renew, or --new-key for another key",
            ));
        }
        (_, None) => return Err(none_yet()),
        (_, Some(identity)) => {
            outside_only(config)?;
            let (_, signing) = load(&opened.store, &opened.vault, &opened.password).await?;
            let new = wanted == RequestFor::NewKey;
            let asked = ask(&identity.name, &*signing.key, new, &opened.password, None, now)?;
            let mut tx = opened.store.begin().await?;
            keep(&mut tx, &opened.vault, &asked, now).await?;
            let details = json!({ "new_key": new, "reference": asked.next.reference });
            opened.finish(tx, "yinxin authority csr", "authority.renewal", details, now).await?;
            asked.next.csr()?
        }
    };
    opened.store.close().await;
    Ok(pem::encode("CERTIFICATE REQUEST", &csr))
}

/// With the test authority, which its process alone holds, the API does it.
fn outside_only(config: &Config) -> Result<(), StartError> {
    match config.ca.kind {
        CaKind::Import => Ok(()),
        CaKind::Test => Err(StartError::other(
            "ca.kind",
            "测试证书机构由运行中的服务签发：请用接口 POST /api/v1/authority/renewals",
            "the test CA issues inside the running service: use POST /api/v1/authority/renewals",
        )),
    }
}

fn none_yet() -> StartError {
    StartError::other(
        "authority",
        "登记系统尚无主管部门证书",
        "the registry has no certificate of its authority yet",
    )
}

/// Takes in the certificate (PEM, with its issuers) that was issued for [`authority_request`]: it must be for that key and name, for
/// signatures, valid now and lead to an anchor of `ca.trust_anchors`. Servers that run take it over by themselves.
///
/// # Errors
/// What does not hold, with the code of the fault.
pub async fn import_authority(
    config: &Config,
    chain: &str,
    now: Timestamp,
) -> Result<Certificate, StartError> {
    let opened = Opened::new(config, now).await?;
    let mut access = opened.store.read().await?;
    let known = Identity::load(&mut access).await?;
    let next = Next::load(&mut access).await?;
    let command = "yinxin authority import";
    let issued = match (known, next) {
        (Some(_), None) => {
            return Err(StartError::other(
                "authority",
                "主管部门已有签名证书，也没有等待签发的申请：请先执行 yinxin authority csr --renew 或 --new-key",
                "the authority has a certificate and none was asked for: run yinxin authority csr --renew or --new-key first",
            ));
        }
        (Some(identity), Some(next)) => {
            drop(access);
            let key = requested_key(&next.csr()?).map_err(|_| damaged())?;
            let issued = checked(config, &opened.store, chain, &key, &identity.name, now).await?;
            let mut tx = opened.store.begin().await?;
            if !turn(&mut tx, &opened.vault, &next, &issued, now).await? {
                return Err(damaged());
            }
            let details = described(&issued, Some(&identity.current()?), next.new_key);
            opened.finish(tx, command, "authority.certificate", details, now).await?;
            issued
        }
        (None, _) => {
            let key = kept::key(&mut access, &opened.vault, &opened.password).await?;
            drop(access);
            let key = key.ok_or_else(|| {
                StartError::other(
                    "authority",
                    "尚未生成证书申请：请先执行 yinxin authority csr",
                    "no request was made: run yinxin authority csr first",
                )
            })?;
            let issued = checked(config, &opened.store, chain, key.public_key(), &name(config), now).await?;
            let mut tx = opened.store.begin().await?;
            if Identity::load(&mut tx).await?.is_none() {
                super::identity(config, &issued).save(&mut tx, now).await?;
                let details = described(&issued, None, true);
                opened.finish(tx, command, "authority.certificate", details, now).await?;
            }
            issued
        }
    };
    opened.store.close().await;
    Ok(issued.leaf)
}

async fn checked(
    config: &Config,
    store: &Store,
    chain: &str,
    key: &PublicKey,
    name: &str,
    now: Timestamp,
) -> Result<IssuedCertificate, StartError> {
    let trust = trust::load(config, store).await?;
    let expected = Expected { key, organization: name, credit_code: None };
    read_chain_pem(chain)
        .and_then(|issued| check_certificate(&issued, expected, &trust, now).map(|()| issued))
        .map_err(|fault| {
            let (zh, en) = both(&fault.to_string());
            StartError::other(
                "authority",
                format!("{zh}（{}）", fault.code()),
                format!("{en} ({})", fault.code()),
            )
        })
}

/// For the audit log: which certificate came, in place of which.
pub(crate) fn described(
    issued: &IssuedCertificate,
    before: Option<&IssuedCertificate>,
    new_key: bool,
) -> Value {
    json!({
        "sm3": hex::encode(issued.leaf.sm3()),
        "until": issued.leaf.not_after,
        "new_key": new_key,
        "replaces": before.map(|before| hex::encode(before.leaf.sm3())),
    })
}

/// The authority's certificates as the database has them, the one in use first: to be given to those who rely on them.
///
/// # Errors
/// The database cannot be opened, or the registry was never started.
pub async fn authority_certificates(config: &Config) -> Result<Vec<AuthorityCertificate>, StartError> {
    let bare = open_bare(config).await?;
    if bare.schema().await?.version == 0 || bare.read().await?.wrapped_keys().await?.is_empty() {
        return Err(none_yet());
    }
    let ring = keys::ring(config, &bare, machine_time()).await?;
    let store = bare.with_keys(row_keys(&ring));
    let identity = Identity::load(&mut store.read().await?).await?;
    store.close().await;
    let identity = identity.ok_or_else(none_yet)?;
    let current = AuthorityCertificate { certificate: identity.current()?.leaf, until: None };
    let former = identity.former()?.into_iter();
    let former = former.map(|f| AuthorityCertificate { certificate: f.certificate, until: Some(f.until) });
    Ok(std::iter::once(current).chain(former).collect())
}
