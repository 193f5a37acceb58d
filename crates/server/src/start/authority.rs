//! The authority's key and certificate: made at the first start, kept in the database with the key encrypted, the same on every node.

use super::{StartError, makes, trust};
use crate::app::authority::{Authority, AuthorityParts};
use crate::config::{CaKind, Config};
use crate::making::authority::{
    CertificateAuthority as _, CertificateKind, CertificateProfile, CertificateRequest, SubjectFields,
    TestAuthority,
};
use crate::proof::IssuingAuthority;
use crate::security::vault::{Place, Vault};
use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use yinxin_crypto::keystore::{DEFAULT_ITERATIONS, Password, encrypt_pkcs8_pem, read_private_key};
use yinxin_crypto::{SoftwareKey, keystore};
use yinxin_formats::csr::CsrBuilder;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_store::Store;

const KEY: &str = "authority.key";
const IDENTITY: &str = "authority.identity";
const PASSWORD: &str = "authority.password";
const YEARS: i64 = 10;

/// Name, code, area and certificates of the authority, as the database keeps them.
#[derive(Serialize, Deserialize)]
struct Identity {
    name: String,
    code: String,
    area: String,
    certificates: Vec<String>,
}

/// Opens the authority, and the test authority where this process runs one.
pub(super) async fn open(
    config: &Config,
    store: &Store,
    vault: &Vault,
    now: Timestamp,
) -> Result<(Authority, Option<Arc<TestAuthority>>), StartError> {
    let password = password(store, vault, now).await?;
    let identity = store.read().await?.setting(IDENTITY).await?;
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
            Some(Arc::new(opened))
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
    Ok((load(store, vault, &password, facts).await?, test_authority))
}

pub(super) async fn password(store: &Store, vault: &Vault, now: Timestamp) -> Result<Password, StartError> {
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
            "尚无主管部门签名证书：首次启动请用 ca.kind = \"test\"，证书由外部机构签发的方式尚未提供",
            "there is no signing certificate of the authority: use ca.kind = \"test\" at the first start",
        ));
    };
    let mut rng = UnwrapErr(SysRng);
    let key = SoftwareKey::generate(&mut rng);
    let name = format!("{}电子印章主管部门", config.area.name);
    let subject = SubjectFields { organization: name.clone(), credit_code: None, common_name: name.clone() };
    let failed = |e: &dyn std::fmt::Display| {
        StartError::other("authority", format!("主管部门证书：{e}"), e.to_string())
    };
    let csr = CsrBuilder::new(subject.to_name(None)).sign(&key).map_err(|e| failed(&e))?;
    let from = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let until = from.saturating_add(SignedDuration::from_hours(24 * 365 * (YEARS - 1))).unwrap_or(from);
    let profile =
        CertificateProfile { kind: CertificateKind::Authority, subject, not_before: from, not_after: until };
    let issued =
        ca.issue(&CertificateRequest { reference: "authority", csr: &csr, profile }, now, &mut rng)?;
    let pem =
        encrypt_pkcs8_pem(&key, password.as_bytes(), &mut rng, DEFAULT_ITERATIONS).map_err(|e| failed(&e))?;
    let pem = vault.encrypt(Place::new("setting.value", KEY), &pem, &mut rng).map_err(|e| failed(&e))?;
    let ders = std::iter::once(&issued.leaf).chain(&issued.chain).map(|c| hex::encode(c.raw())).collect();
    let identity = Identity {
        name,
        code: config.area.code.clone(),
        area: super::areas::path(&config.area.code).as_str().to_owned(),
        certificates: ders,
    };
    let identity = serde_json::to_string(&identity).map_err(|e| failed(&e))?;
    let mut tx = store.begin().await?;
    if tx.setting(IDENTITY).await?.is_none() {
        tx.set_setting(KEY, &pem, now).await?;
        tx.set_setting(IDENTITY, &identity, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn load(
    store: &Store,
    vault: &Vault,
    password: &Password,
    trust: yinxin_seal::TrustFacts,
) -> Result<Authority, StartError> {
    let damaged = || {
        StartError::other(
            "authority",
            "主管部门密钥或者证书已损坏",
            "key or certificate of the authority is damaged",
        )
    };
    let mut access = store.read().await?;
    let identity = access.setting(IDENTITY).await?.ok_or_else(damaged)?;
    let cipher = access.setting(KEY).await?.ok_or_else(damaged)?;
    let identity: Identity = serde_json::from_str(&identity).map_err(|_| damaged())?;
    let pem = vault.reveal(Place::new("setting.value", KEY), &cipher).map_err(|_| damaged())?;
    let key = read_private_key(pem.reveal().as_bytes(), Some(password.as_bytes()))
        .map_err(|_: keystore::KeystoreError| damaged())?;
    let mut chain = Vec::new();
    for text in &identity.certificates {
        let der = hex::decode(text).map_err(|_| damaged())?;
        chain.push(Certificate::parse(&der, &Limits::default()).map_err(|_| damaged())?);
    }
    if chain.is_empty() {
        return Err(damaged());
    }
    let certificate = chain.remove(0);
    Ok(Authority::new(AuthorityParts {
        party: IssuingAuthority { name: identity.name, code: identity.code },
        area: identity.area,
        key: Box::new(key),
        certificate,
        chain,
        trust,
    }))
}
