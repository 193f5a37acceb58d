//! Revocation lists (证书撤销列表) of authorities outside, fetched where they publish them and kept in the database, so that every node judges
//! by the same and a restart needs no network. A list counts only when its issuer is known here and signed it, it is in its time, and it is
//! not older than the one before.

mod fault;
mod fetch;

use crate::app::Shared;
use crate::config::Config;
use crate::start::told;
use crate::telemetry::metrics;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use yinxin_crypto::sm3;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::audit::Entry;
use yinxin_seal::TrustFacts;
use yinxin_store::{Access, StoreError};

pub use fault::ListFault;

/// Pause between two looks at what is due.
const LOOK: Duration = Duration::from_secs(15);
/// First pause after a failure; doubled up to the configured one.
const AFTER_FAILURE: Duration = Duration::from_secs(60);
/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// A list as it is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Where it came from.
    url: String,
    /// DER, Base64.
    list: String,
    /// When it came.
    at: Timestamp,
}

impl Kept {
    async fn load(access: &mut Access, url: &str) -> Result<Option<Self>, StoreError> {
        let key = key_of(url);
        let Some(text) = access.setting(&key).await? else { return Ok(None) };
        let kept = serde_json::from_str(&text);
        kept.map(Some).map_err(|_| StoreError::Integrity { table: "setting", id: key })
    }

    /// What cannot be read any more is no list: the next one takes its place.
    fn list(&self) -> Option<Crl> {
        Crl::from_vec(STANDARD.decode(&self.list).ok()?, &Limits::default()).ok()
    }
}

fn key_of(url: &str) -> String {
    format!("trust.crl.{}", hex::encode(sm3(url.as_bytes())))
}

/// Adds the lists kept for the configured addresses.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn add_kept(
    config: &Config,
    access: &mut Access,
    facts: &mut TrustFacts,
) -> Result<(), StoreError> {
    for url in &config.ca.revocation_lists {
        facts.crls.extend(Kept::load(access, url).await?.and_then(|kept| kept.list()));
    }
    Ok(())
}

/// Keeps the lists of the configured addresses fresh until told to stop.
pub(crate) async fn keep(app: Shared, mut stopped: watch::Receiver<bool>) {
    let usual = Duration::from_secs(60 * u64::from(app.config.ca.revocation_minutes));
    let mut tries: HashMap<String, (Instant, u32)> = HashMap::new();
    while !*stopped.borrow() && !app.config.ca.revocation_lists.is_empty() {
        for url in &app.config.ca.revocation_lists {
            let (due, failures) = tries.get(url).copied().unwrap_or((Instant::now(), 0));
            if due > Instant::now() {
                continue;
            }
            let failures = match renew(&app, url).await {
                Ok(()) => 0,
                Err(fault) => {
                    // Said once for each row of failures, not every minute.
                    if failures == 0 {
                        tracing::warn!(url, code = fault.code(), %fault, "a revocation list was not renewed");
                    }
                    failures.saturating_add(1)
                }
            };
            tries.insert(url.clone(), (Instant::now() + pause(usual, failures), failures));
        }
        tokio::select! {
            () = told(&mut stopped) => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

fn pause(usual: Duration, failures: u32) -> Duration {
    match failures {
        0 => usual,
        _ => AFTER_FAILURE.saturating_mul(1 << (failures - 1).min(10)).min(usual),
    }
}

/// Fetches the list of an address and takes it up; a list that is there already is no change.
///
/// # Errors
/// [`ListFault`]: what was known before goes on counting.
pub async fn renew(app: &Shared, url: &str) -> Result<(), ListFault> {
    let now = app.now().map_err(|_| ListFault::Clock)?;
    let address = url.to_owned();
    let fetched = tokio::task::spawn_blocking(move || fetch::fetch(&address)).await;
    let list = fetched.map_err(|_| ListFault::Unreachable("broken off".to_owned()))??;
    judge(&list, &app.authority.trust(), now)?;
    let mut tx = app.store.begin().await?;
    let known = Kept::load(&mut tx, url).await?.and_then(|kept| kept.list());
    if known.as_ref().is_some_and(|known| known.this_update > list.this_update) {
        return Err(ListFault::Older);
    }
    if let Some(next) = list.next_update {
        metrics::list_hours_left(url, next.duration_since(now).as_hours());
    }
    if known.is_some_and(|known| known.raw() == list.raw()) {
        return Ok(());
    }
    let kept = Kept { url: url.to_owned(), list: STANDARD.encode(list.raw()), at: now };
    let text = serde_json::to_string(&kept).map_err(|_| ListFault::Form("JSON".to_owned()))?;
    tx.set_setting(&key_of(url), &text, now).await?;
    tx.append_audit(&app.audit_keys().0, &[entry(url, &list, now)]).await?;
    tx.commit().await?;
    tracing::info!(url, issuer = %list.issuer, this_update = %list.this_update, "a revocation list was renewed");
    let mut trust = TrustFacts::clone(&app.authority.trust());
    trust.crls.push(list);
    app.authority.set_trust(trust);
    Ok(())
}

/// Whether a list may count: whose it is, and for when.
fn judge(list: &Crl, trust: &TrustFacts, now: Timestamp) -> Result<(), ListFault> {
    let signed = |issuer: &Certificate| {
        let entitled = issuer.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.crl_sign()));
        let key = issuer.public_key().ok();
        entitled && key.is_some_and(|key| list.verify_signature(&key).is_ok())
    };
    let known = trust.anchors.iter().chain(&trust.intermediates);
    if !known.filter(|issuer| list.issuer.matches(&issuer.subject)).any(signed) {
        return Err(ListFault::Issuer(list.issuer.to_string()));
    }
    if list.this_update > now.saturating_add(SKEW).unwrap_or(now) {
        return Err(ListFault::Future(list.this_update));
    }
    match list.next_update {
        Some(next) if next < now => Err(ListFault::Stale(next)),
        _ => Ok(()),
    }
}

fn entry(url: &str, list: &Crl, now: Timestamp) -> Entry {
    let details = json!({
        "url": url, "issuer": list.issuer.to_string(), "this_update": list.this_update,
        "next_update": list.next_update, "sm3": hex::encode(sm3(list.raw())),
    });
    Entry::of_system("system", "trust.revocation_list", "registry", details, "revocation".to_owned(), now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_followed_by_growing_pauses_up_to_the_usual() {
        let minutes = |failures| pause(Duration::from_secs(3600), failures).as_secs() / 60;
        assert_eq!([0, 1, 2, 3, 7, 99].map(minutes), [60, 1, 2, 4, 60, 60]);
    }
}
