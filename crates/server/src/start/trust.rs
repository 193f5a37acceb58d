//! Certificates and revocation lists that makers', owners' and people's certificates are judged by: those of the test authority,
//! shared through the database, and the files the configuration names.

use super::StartError;
use crate::config::{Config, Role};
use crate::making::authority::{Level, TestAuthority};
use crate::revocation;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;
use yinxin_store::Store;

const SETTING: &str = "trust.test_authority";
/// Days a list of the test authority is valid; a worker makes new ones daily.
const DAYS: u16 = 7;

#[derive(Default, Serialize, Deserialize)]
struct Shared {
    certificates: Vec<String>,
    crls: Vec<String>,
}

/// Whether making runs in another process than the registry.
pub(super) fn is_split(config: &Config) -> bool {
    !(config.runs(Role::Registry) && config.runs(Role::Maker))
}

/// Puts certificates and fresh lists of the test authority where every node finds them.
pub(super) async fn publish(store: &Store, test: &TestAuthority, now: Timestamp) -> Result<(), StartError> {
    let certificates = Level::BOTH.iter().map(|level| hex::encode(test.certificate(*level).raw())).collect();
    let crls = test.revocation_lists(now, DAYS)?.iter().map(hex::encode).collect();
    let text = serde_json::to_string(&Shared { certificates, crls })
        .map_err(|e| StartError::other("trust", e.to_string(), e.to_string()))?;
    let mut tx = store.begin().await?;
    tx.set_setting(SETTING, &text, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Everything trusted now.
pub(super) async fn load(config: &Config, store: &Store) -> Result<TrustFacts, StartError> {
    let mut facts = TrustFacts::default();
    let limits = Limits::default();
    let mut access = store.read().await?;
    if let Some(text) = access.setting(SETTING).await? {
        let shared: Shared = serde_json::from_str(&text).map_err(|_| damaged(SETTING))?;
        for der in &shared.certificates {
            let der = hex::decode(der).map_err(|_| damaged(SETTING))?;
            facts.add_certificate(Certificate::parse(&der, &limits).map_err(|_| damaged(SETTING))?);
        }
        for der in &shared.crls {
            let der = hex::decode(der).map_err(|_| damaged(SETTING))?;
            facts.crls.push(Crl::parse(&der, &limits).map_err(|_| damaged(SETTING))?);
        }
    }
    revocation::add_kept(config, &mut access, &mut facts).await?;
    drop(access);
    add_files(&config.ca.trust_anchors, &mut facts)?;
    Ok(facts)
}

/// Adds what stands in files, PEM or DER: certificates and revocation lists.
///
/// # Errors
/// A file cannot be read, or holds something else.
pub(crate) fn add_files(paths: &[PathBuf], facts: &mut TrustFacts) -> Result<(), StartError> {
    let limits = Limits::default();
    for path in paths {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| StartError::File { path: name.clone(), source })?;
        for block in pem::parse_pem_or_der(&bytes, &limits).map_err(|_| damaged(&name))? {
            match Certificate::parse(&block.der, &limits) {
                Ok(certificate) => facts.add_certificate(certificate),
                Err(_) => facts.crls.push(Crl::parse(&block.der, &limits).map_err(|_| damaged(&name))?),
            }
        }
    }
    Ok(())
}

fn damaged(what: &str) -> StartError {
    StartError::other("trust", format!("信任数据已损坏：{what}"), format!("trust is damaged: {what}"))
}
