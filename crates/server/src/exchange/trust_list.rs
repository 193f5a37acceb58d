//! The authority's own trust list: made anew when what it says changes or half its time is over, numbered in the database, signed by each
//! node.

use super::statement::{
    FORMAT, ListAddresses, ListedCertificate, ListedLicense, ListedMaker, ListedSystem, TrustListStatement,
};
use crate::app::{App, Shared, Stop};
use crate::http::{Code, Problem};
use crate::proof::sorted;
use crate::status::Envelope;
use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tokio::sync::Mutex;
use yinxin_crypto::sm3;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::exchange::peer::{Peer, PeerState};
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::maker::Maker;
use yinxin_registry::role::Scope;
use yinxin_store::{Access, ListFilter, Listed, StoreError, Versioned};

const LIST: &str = "trust.list";
/// How long a list may be relied on.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long what was served is served again without looking at the database.
const LOOK: SignedDuration = SignedDuration::from_secs(5);
/// Largest revocation list that stands in it, bytes; larger ones are fetched where their authority publishes them.
const SMALL: usize = 64 << 10;
/// Most makers and most systems that stand in it.
const MOST: usize = 5000;

/// What a list says, apart from its number, its times and the addresses of the node.
#[derive(Debug, Serialize)]
struct Said {
    signers: Vec<String>,
    anchors: Vec<String>,
    intermediates: Vec<String>,
    revocation_lists: Vec<String>,
    makers: Vec<ListedMaker>,
    systems: Vec<ListedSystem>,
}

/// The list as it was last numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbered {
    number: i64,
    this_update: Timestamp,
    next_update: Timestamp,
    digest: String,
}

impl Numbered {
    async fn load(access: &mut Access) -> Result<Option<Self>, StoreError> {
        let Some(text) = access.setting(LIST).await? else { return Ok(None) };
        let damaged = || StoreError::Integrity { table: "setting", id: LIST.to_owned() };
        serde_json::from_str(&text).map(Some).map_err(|_| damaged())
    }

    /// Whether it says this, and its time is not half over.
    fn serves(&self, digest: &str, now: Timestamp) -> bool {
        let half = self.next_update.duration_since(self.this_update) / 2;
        self.digest == digest && self.this_update <= now && now.duration_since(self.this_update) < half
    }
}

/// The list as it was last served.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Option<Served>>);

#[derive(Debug)]
struct Served {
    numbered: Numbered,
    looked: Timestamp,
    body: Bytes,
}

/// The signed list in force: its number, and the whole answer as JSON.
///
/// # Errors
/// Problems of the clock, the key and the database.
pub(crate) async fn signed(app: &Shared) -> Result<(i64, Bytes), Stop> {
    let now = app.now()?;
    let mut shelf = app.trust_list.0.lock().await;
    if let Some(served) = shelf.as_ref()
        && served.looked <= now
        && now.duration_since(served.looked) < LOOK
    {
        return Ok((served.numbered.number, served.body.clone()));
    }
    let said = said(app).await?;
    let digest = digest(&said)?;
    let numbered = numbered(app, &digest, now).await?;
    let body = match shelf.as_ref().filter(|served| served.numbered == numbered) {
        Some(served) => served.body.clone(),
        None => sign(app, said, &numbered).await?,
    };
    let number = numbered.number;
    *shelf = Some(Served { numbered, looked: now, body: body.clone() });
    Ok((number, body))
}

async fn numbered(app: &Shared, digest: &str, now: Timestamp) -> Result<Numbered, Stop> {
    let serves = |found: &Numbered| found.serves(digest, now);
    if let Some(found) = Numbered::load(&mut app.store.read().await?).await?.filter(serves) {
        return Ok(found);
    }
    let mut tx = app.store.begin().await?;
    tx.take_status_turn().await?;
    let before = Numbered::load(&mut tx).await?;
    if let Some(found) = before.clone().filter(serves) {
        // Another node was quicker.
        return Ok(found);
    }
    let next = Numbered {
        number: before.map_or(0, |before| before.number).saturating_add(1),
        this_update: now,
        next_update: now.saturating_add(LASTS).unwrap_or(Timestamp::MAX),
        digest: digest.to_owned(),
    };
    let text = serde_json::to_string(&next).map_err(|_| Problem::new(Code::Internal))?;
    tx.set_setting(LIST, &text, now).await?;
    tx.commit().await?;
    Ok(next)
}

async fn sign(app: &Shared, said: Said, numbered: &Numbered) -> Result<Bytes, Stop> {
    let statement = TrustListStatement {
        authority: app.authority.party(),
        number: numbered.number,
        this_update: numbered.this_update,
        next_update: numbered.next_update,
        addresses: addresses(app),
        signers: said.signers,
        anchors: said.anchors,
        intermediates: said.intermediates,
        revocation_lists: said.revocation_lists,
        makers: said.makers,
        systems: said.systems,
    };
    let signer = app.clone();
    let signing = tokio::task::spawn_blocking(move || Envelope::sign(&statement, FORMAT, &signer.authority));
    let envelope = signing.await.map_err(|_| Problem::new(Code::Internal))?.map_err(|error| {
        tracing::error!(%error, "the trust list could not be signed");
        Problem::new(Code::Internal)
    })?;
    let body = serde_json::to_vec(&envelope).map_err(|_| Problem::new(Code::Internal))?;
    Ok(Bytes::from(body))
}

fn addresses(app: &App) -> ListAddresses {
    let base = app.base();
    let at = |path: &str| format!("{base}/api/v1/{path}");
    ListAddresses {
        status: at("status/"),
        status_list: at("status-list"),
        certificates: at("certificates"),
        trust_list: at("trust-list"),
    }
}

fn digest(said: &Said) -> Result<String, Problem> {
    let value = serde_json::to_value(said).map_err(|_| Problem::new(Code::Internal))?;
    Ok(hex::encode(sm3(sorted(value).to_string().as_bytes())))
}

async fn said(app: &Shared) -> Result<Said, Stop> {
    let signing = app.authority.signing();
    let former = signing.former.iter().map(|former| &former.certificate);
    let trust = app.authority.trust();
    let mut access = app.store.read().await?;
    let makers = all::<Maker>(&mut access).await?;
    let peers = all::<Peer>(&mut access).await?;
    Ok(Said {
        signers: encoded(std::iter::once(&signing.certificate).chain(former)),
        anchors: encoded(&trust.anchors),
        intermediates: encoded(&trust.intermediates),
        revocation_lists: newest(&trust.crls),
        makers: makers.iter().map(|maker| listed(&maker.value)).collect(),
        systems: peers.iter().filter_map(|peer| system(&peer.value)).collect(),
    })
}

fn encoded<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Vec<String> {
    certificates.into_iter().map(|certificate| STANDARD.encode(certificate.raw())).collect()
}

/// The newest small list of each issuer, by his name.
fn newest(lists: &[Crl]) -> Vec<String> {
    let mut found: BTreeMap<String, &Crl> = BTreeMap::new();
    for list in lists.iter().filter(|list| list.raw().len() <= SMALL) {
        let known = found.entry(list.issuer.to_string()).or_insert(list);
        if known.this_update < list.this_update {
            *known = list;
        }
    }
    found.values().map(|list| STANDARD.encode(list.raw())).collect()
}

async fn all<T: Listed>(access: &mut Access) -> Result<Vec<Versioned<T>>, StoreError> {
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let filter = ListFilter { cursor: cursor.as_deref(), limit: 200, ..ListFilter::default() };
        let page = access.list::<T>(&Scope::All, &filter).await?;
        found.extend(page.items);
        match page.next.filter(|_| found.len() < MOST) {
            Some(next) => cursor = Some(next),
            None => return Ok(found),
        }
    }
}

fn listed(maker: &Maker) -> ListedMaker {
    let former = maker.former_certificates.iter().map(|former| (&former.certificate, Some(former.until)));
    let certificates = maker.certificate.iter().map(|certificate| (certificate, None)).chain(former);
    ListedMaker {
        name: maker.name.clone(),
        credit_code: maker.credit_code.to_string(),
        area: maker.area.to_string(),
        jurisdictions: maker.jurisdictions.iter().map(ToString::to_string).collect(),
        license: ListedLicense {
            number: maker.license.number.clone(),
            issuer: maker.license.issuer.clone(),
            from: maker.license.from,
            until: maker.license.until,
        },
        state: if maker.stopped.is_some() { "stopped" } else { "active" }.to_owned(),
        certificates: certificates.filter_map(|(text, until)| certificate(text, until)).collect(),
    }
}

fn certificate(text: &str, replaced_at: Option<Timestamp>) -> Option<ListedCertificate> {
    let certificate = Certificate::parse(&STANDARD.decode(text).ok()?, &Limits::default()).ok()?;
    Some(ListedCertificate {
        certificate: STANDARD.encode(certificate.raw()),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        replaced_at,
    })
}

fn system(peer: &Peer) -> Option<ListedSystem> {
    let terms = peer.terms();
    matches!(peer.state(), PeerState::Confirmed | PeerState::Suspended).then(|| ListedSystem {
        code: terms.code.clone(),
        name: terms.name.clone(),
        kind: terms.kind.as_str().to_owned(),
        area: terms.area_path.to_string(),
        state: peer.state().as_str().to_owned(),
        certificates: terms.certificates.clone(),
        anchors: terms.anchors.clone(),
        status_url: terms.status_url.clone(),
    })
}
