//! The certificates that seals of this registry and what it signs are judged by: those in use and those of before.

use crate::app::{Shared, Stop};
use crate::http::{Code, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_crypto::sm3;
use yinxin_formats::der::write;
use yinxin_formats::{oids, pem};
use yinxin_registry::maker::Maker;
use yinxin_registry::role::Scope;
use yinxin_store::{Access, ListFilter, StoreError};

const SETTING: &str = "status.certificates";
/// Most certificates that are remembered.
const MOST: usize = 10_000;

/// A certificate that is or was in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// SM3 of the DER, hex.
    pub digest: String,
    /// DER in Base64.
    pub der: String,
    /// When it was first seen.
    pub since: Timestamp,
}

/// Every certificate: authority, its issuers, makers, anchors and intermediates; first those remembered, in the order in which they
/// came.
///
/// # Errors
/// Problems of the clock and the database.
pub async fn all(app: &Shared) -> Result<Vec<Published>, Stop> {
    let now = app.now()?;
    let mut access = app.store.read().await?;
    let mut known = remembered(&mut access).await?;
    let signing = app.authority.signing();
    let mut ders: Vec<Vec<u8>> = vec![signing.certificate.raw().to_vec()];
    ders.extend(signing.chain.iter().map(|certificate| certificate.raw().to_vec()));
    for former in &signing.former {
        let all = std::iter::once(&former.certificate).chain(&former.chain);
        ders.extend(all.map(|certificate| certificate.raw().to_vec()));
    }
    let trust = app.authority.trust();
    ders.extend(
        trust.anchors.iter().chain(&trust.intermediates).map(|certificate| certificate.raw().to_vec()),
    );
    let mut cursor: Option<String> = None;
    loop {
        let filter = ListFilter { cursor: cursor.as_deref(), limit: 200, ..ListFilter::default() };
        let page = access.list::<Maker>(&Scope::All, &filter).await?;
        let makers = page.items.iter().map(|maker| &maker.value);
        let certificates = makers.flat_map(|maker| {
            let former = maker.former_certificates.iter().map(|former| &former.certificate);
            maker.certificate.iter().chain(former)
        });
        ders.extend(certificates.filter_map(|text| STANDARD.decode(text).ok()));
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    for der in ders {
        let digest = hex::encode(sm3(&der));
        if known.iter().all(|one| one.digest != digest) && known.len() < MOST {
            known.push(Published { digest, der: STANDARD.encode(&der), since: now });
        }
    }
    Ok(known)
}

async fn remembered(access: &mut Access) -> Result<Vec<Published>, StoreError> {
    let Some(text) = access.setting(SETTING).await? else { return Ok(Vec::new()) };
    serde_json::from_str(&text)
        .map_err(|_| StoreError::Integrity { table: "setting", id: SETTING.to_owned() })
}

/// Remembers certificates that are new.
///
/// # Errors
/// Problems of the clock and the database.
pub async fn remember(app: &Shared) -> Result<(), Stop> {
    let all = all(app).await?;
    if remembered(&mut app.store.read().await?).await? == all {
        return Ok(());
    }
    let mut tx = app.store.begin().await?;
    tx.take_status_turn().await?;
    let mut kept = remembered(&mut tx).await?;
    kept.extend(
        all.into_iter()
            .filter(|one| !kept.iter().any(|known| known.digest == one.digest))
            .collect::<Vec<_>>(),
    );
    let text = serde_json::to_string(&kept).map_err(|_| Problem::new(Code::Internal))?;
    tx.set_setting(SETTING, &text, app.now()?).await?;
    tx.commit().await?;
    Ok(())
}

/// Remembers certificates, whatever comes.
pub(crate) async fn keep(app: Shared) {
    if let Err(stop) = remember(&app).await {
        tracing::warn!(code = stop.code(), "certificates could not be remembered");
    }
}

/// As one PEM file.
pub fn as_pem(certificates: &[Published]) -> String {
    ders(certificates).map(|der| pem::encode("CERTIFICATE", &der)).collect()
}

/// As PKCS#7 with certificates only (RFC 5652, 5.1: degenerate signed data), DER.
pub fn as_pkcs7(certificates: &[Published]) -> Vec<u8> {
    let mut set = write::set_of(ders(certificates).collect());
    if let Some(first) = set.first_mut() {
        // [0] IMPLICIT
        *first = 0xa0;
    }
    let signed_data = write::sequence(&[
        &write::small(1),
        &write::set_of(Vec::new()),
        &write::sequence(&[&write::oid(&oids::DATA)]),
        &set,
        &write::set_of(Vec::new()),
    ]);
    write::sequence(&[&write::oid(&oids::SIGNED_DATA), &write::explicit(0, &signed_data)])
}

fn ders(certificates: &[Published]) -> impl Iterator<Item = Vec<u8>> + '_ {
    certificates.iter().filter_map(|one| STANDARD.decode(&one.der).ok())
}
