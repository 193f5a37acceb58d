//! The authority's key and certificate: made at the first start, kept in the database with the key encrypted, the same on every node.

mod kept;
mod outside;
mod renewal;

pub(crate) use kept::Next;
pub use kept::SECRET_SETTINGS;
pub(crate) use outside::described;
pub use outside::{
    AuthorityCertificate, RequestFor, authority_certificates, authority_request, import_authority,
};
pub use renewal::renew_authority;
pub(crate) use renewal::{ask, keep, turn};

use super::{StartError, makes, trust};
use crate::app::authority::{Authority, AuthorityParts, Signing};
use crate::config::{CaKind, Config};
use crate::making::authority::{IssuedCertificate, SubjectFields, TestAuthority};
use crate::proof::IssuingAuthority;
use crate::security::vault::{Place, Vault};
use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use jiff::Timestamp;
use kept::{Identity, PASSWORD, damaged, failed, in_hex};
use std::sync::Arc;
use yinxin_crypto::SigningKey as _;
use yinxin_crypto::keystore::Password;
use yinxin_formats::csr::CsrBuilder;
use yinxin_store::Store;

/// Reference of the first certificate at the test authority.
const FIRST: &str = "authority";

/// Opens the authority, and the test authority where this process runs one.
pub(super) async fn open(
    config: &Config,
    store: &Store,
    vault: &Vault,
    now: Timestamp,
) -> Result<(Authority, Option<Arc<TestAuthority>>), StartError> {
    let password = password(store, vault, now).await?;
    let identity = Identity::load(&mut store.read().await?).await?;
    let folder = config.data_dir.join("ca");
    let known = folder.join("issuing.cer").exists();
    let runs_test = config.ca.kind == CaKind::Test && (known || identity.is_none() || makes(config));
    if runs_test && !known && identity.is_some() && !trust::is_split(config) {
        return Err(StartError::other(
            "roles",
            "登记库已由另一节点初始化；本节点没有其测试证书机构，请以 --roles registry 启动，或者复制 ca 目录",
            "the database was set up by another node whose test CA is not here: start with --roles registry, or copy its ca folder",
        ));
    }
    let test_authority = match runs_test {
        true => {
            let name = format!("印信 {}", config.area.name);
            let opened = TestAuthority::open(&folder, &name, &password, now, &mut UnwrapErr(SysRng))?;
            Some(Arc::new(opened.with_seal_days(config.ca.test_validity_days)))
        }
        false => None,
    };
    if identity.is_none() {
        create(config, store, vault, test_authority.as_deref(), &password, now).await?;
    }
    if let Some(test) = &test_authority {
        trust::publish(store, test, now).await?;
    }
    let facts = trust::load(config, store).await?;
    let (identity, signing) = load(store, vault, &password).await?;
    Ok((authority(identity, signing, facts), test_authority))
}

/// Opens the authority of a registry that was started before, without the test authority: another process may be issuing with it.
pub(super) async fn existing(
    config: &Config,
    store: &Store,
    vault: &Vault,
    now: Timestamp,
) -> Result<Authority, StartError> {
    let password = password(store, vault, now).await?;
    let facts = trust::load(config, store).await?;
    let (identity, signing) = load(store, vault, &password).await?;
    Ok(authority(identity, signing, facts))
}

/// The password of the authority's keys, made at first use.
pub(crate) async fn password(store: &Store, vault: &Vault, now: Timestamp) -> Result<Password, StartError> {
    let place = Place::new("setting.value", PASSWORD);
    let sealed = |e: crate::security::vault::VaultError| {
        StartError::other("key_ring", format!("主管部门口令无法解密：{e}"), format!("{e}"))
    };
    if let Some(cipher) = store.read().await?.setting(PASSWORD).await? {
        let text = vault.reveal(place, &cipher).map_err(sealed)?;
        return Ok(Password::new(text.reveal().as_bytes().to_vec()));
    }
    let mut rng = UnwrapErr(SysRng);
    let mut bytes = zeroize::Zeroizing::new([0u8; 32]);
    rng.fill_bytes(&mut *bytes);
    let text = zeroize::Zeroizing::new(hex::encode(*bytes));
    let mut tx = store.begin().await?;
    tx.set_setting(PASSWORD, &vault.encrypt(place, &text, &mut rng).map_err(sealed)?, now).await?;
    tx.commit().await?;
    Ok(Password::new(text.as_bytes().to_vec()))
}

async fn create(
    config: &Config,
    store: &Store,
    vault: &Vault,
    ca: Option<&TestAuthority>,
    password: &Password,
    now: Timestamp,
) -> Result<(), StartError> {
    let Some(ca) = ca else {
        return Err(StartError::other(
            "ca.kind",
            "尚无主管部门签名证书：请执行 yinxin authority csr，交证书机构签发，再执行 yinxin authority import",
            "there is no signing certificate of the authority: run yinxin authority csr, have it signed by a CA, then yinxin authority import",
        ));
    };
    let (csr, _) = first_request(config, store, vault, password, now).await?;
    let issued = renewal::issue(ca, FIRST, &csr, &name(config), now)?;
    let mut tx = store.begin().await?;
    // Unless another node was first.
    if Identity::load(&mut tx).await?.is_none() {
        identity(config, &issued).save(&mut tx, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The authority's name.
fn name(config: &Config) -> String {
    format!("{}电子印章主管部门", config.area.name)
}

fn subject_of(name: &str) -> SubjectFields {
    SubjectFields { organization: name.to_owned(), credit_code: None, common_name: name.to_owned() }
}

/// The authority with its first certificate.
fn identity(config: &Config, issued: &IssuedCertificate) -> Identity {
    Identity {
        name: name(config),
        code: config.area.code.clone(),
        area: super::areas::path(&config.area.code).as_str().to_owned(),
        certificates: in_hex(issued),
        former: Vec::new(),
    }
}

/// The authority's first key is made and kept encrypted if it is not there yet. Gives a certification request with the subject in it.
async fn first_request(
    config: &Config,
    store: &Store,
    vault: &Vault,
    password: &Password,
    now: Timestamp,
) -> Result<(Vec<u8>, SubjectFields), StartError> {
    let mut tx = store.begin().await?;
    let key = match kept::key(&mut tx, vault, password).await? {
        Some(key) => key,
        None => {
            let (key, pem) = kept::new_key(password)?;
            kept::keep_key(&mut tx, vault, &pem, now).await?;
            key
        }
    };
    tx.commit().await?;
    let subject = subject_of(&name(config));
    let csr = CsrBuilder::new(subject.to_name(None)).sign(&key).map_err(|e| failed(&e))?;
    Ok((csr, subject))
}

/// Key and certificates as the database has them. While another node is changing them, they are read again.
async fn load(store: &Store, vault: &Vault, password: &Password) -> Result<(Identity, Signing), StartError> {
    for _ in 0..3 {
        let mut access = store.read().await?;
        let identity = Identity::load(&mut access).await?.ok_or_else(damaged)?;
        let key = kept::key(&mut access, vault, password).await?.ok_or_else(damaged)?;
        let IssuedCertificate { leaf, chain } = identity.current()?;
        if leaf.public_key().is_ok_and(|public| public == *key.public_key()) {
            let former = identity.former()?;
            return Ok((identity, Signing { key: Box::new(key), certificate: leaf, chain, former }));
        }
    }
    Err(damaged())
}

fn authority(identity: Identity, signing: Signing, trust: yinxin_seal::TrustFacts) -> Authority {
    let Identity { name, code, area, .. } = identity;
    Authority::new(AuthorityParts { party: IssuingAuthority { name, code }, area, signing, trust })
}
