//! A document is judged, on a thread that may block, with what this registry knows of its seals.

use super::known::Known;
use super::places::Running;
use super::watch::{Waiting, Watch, Watched};
use super::{Received, Service, limits, seals};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Problem};
use crate::telemetry::metrics;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::record::UseRecord;
use yinxin_registry::verification::{SealSeen, VerificationVerdict};
use yinxin_seal::report::Lang;
use yinxin_seal::{OpenedDocument, Outcome, Report, TrustFacts, Verdict, VerifyOptions};

/// How long a thread is waited for that reads nothing any more.
const GRACE: Duration = Duration::from_secs(5);
/// Most characters of a text of a document that is kept.
const TEXT: usize = 64;

/// Language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// What came of a verification.
#[derive(Debug)]
pub struct Judged {
    /// When.
    pub at: Timestamp,
    /// SM3 of the document, hex.
    pub digest: String,
    /// Its bytes.
    pub size: u64,
    /// Verdict.
    pub verdict: VerificationVerdict,
    /// Codes of the checks that failed.
    pub failed: Vec<String>,
    /// Seals found.
    pub seals: Vec<SealSeen>,
    /// Those of this registry.
    pub registered: Vec<Seal>,
    /// Entries of the use register for the document; not all of them may be told.
    pub uses: Vec<UseRecord>,
    /// The unit whoever asks acts for.
    pub unit: Option<Unit>,
    /// The report as JSON.
    pub report: Value,
}

/// A document with everything it holds on to, taken to a thread and back.
struct Case {
    received: Received,
    watch: Arc<Watch>,
    running: Running,
}

impl Service {
    /// Judges a document as of now. The turn is given back by whoever asks, once what came of it is on record.
    ///
    /// # Errors
    /// `UNAVAILABLE` when its turn does not come, `TIMEOUT` when its time is over; problems of the database.
    pub async fn judge(
        &self,
        app: &Shared,
        received: Received,
        caller: Option<&Caller>,
        language: Language,
    ) -> Result<(Judged, Running), Stop> {
        let time = Duration::from_secs(u64::from(self.settings.timeout_seconds));
        let running = self.places.turn(time).await?;
        let began = Instant::now();
        let now = app.now()?;
        let watch = Watch::new(time);
        let _waiting = Waiting(Arc::clone(&watch));
        let (digest, size) = (hex::encode(received.digest), received.size);
        let case = Case { received, watch, running };
        let trust = app.authority.trust();
        let (shared, caller, name) = (Arc::clone(app), caller.cloned(), digest.clone());
        let runtime = Handle::current();
        let judge = move |case: &Case| -> Result<_, Stop> {
            let options = VerifyOptions { ofd_limits: limits(), ..VerifyOptions::at(now) };
            let document = Watched::new(case.received.content.reader(), &case.watch);
            let mut document = OpenedDocument::open(document, &options);
            let found = seals::by_code(document.seals(trust.remembered.met()));
            // Asked from this thread, which is the document's own until it is judged: one that goes back and forth is woken each time.
            let known = runtime.block_on(Known::find(&shared, &found, &name, caller.as_ref(), now))?;
            let facts = TrustFacts {
                statuses: known.facts(),
                listed: known.listed.clone(),
                reserved: known.reserved(),
                status_sources: known.sources(),
                ..TrustFacts::clone(&trust)
            };
            let report = document.judge(&facts);
            let json = report.to_json(&name, language.into());
            Ok((known, report, json))
        };
        let (case, judged) = on_thread(case, judge).await?;
        let (mut known, report, json) = judged?;
        let Case { received, running, .. } = case;
        drop(received);
        metrics::verification_took(began.elapsed());
        let seals = seen(&report, &known, now);
        let judged = Judged {
            at: now,
            digest,
            size,
            verdict: verdict(report.verdict),
            failed: failed(&report),
            seals,
            uses: std::mem::take(&mut known.uses),
            unit: known.unit.take(),
            registered: known.into_seals(),
            report: json,
        };
        Ok((judged, running))
    }
}

/// Works on a document where nobody else waits. What came of it counts only when all was read.
async fn on_thread<T: Send + 'static>(
    case: Case,
    work: impl FnOnce(&Case) -> T + Send + 'static,
) -> Result<(Case, T), Problem> {
    let end = tokio::time::Instant::from_std(case.watch.end()) + GRACE;
    let working = spawn_blocking(move || {
        let done = work(&case);
        (case, done)
    });
    match tokio::time::timeout_at(end, working).await {
        Ok(Ok((case, done))) if !case.watch.stopped() => Ok((case, done)),
        // Where nothing is read any more the thread goes on for a while, and keeps its place as long.
        Ok(Ok(_)) | Err(_) => {
            metrics::verification_refused("time");
            let (zh, en) = ("核验未能在规定时间内完成。", "The verification did not come to an end in time.");
            Err(Problem::new(Code::Timeout).detail(zh, en))
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a verification broke off");
            Err(Problem::new(Code::Internal))
        }
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

fn verdict(verdict: Verdict) -> VerificationVerdict {
    match verdict {
        Verdict::Valid => VerificationVerdict::Valid,
        Verdict::Invalid => VerificationVerdict::Invalid,
        Verdict::Indeterminate => VerificationVerdict::Indeterminate,
        Verdict::Unsigned => VerificationVerdict::Unsigned,
    }
}

fn failed(report: &Report) -> Vec<String> {
    let all = report.checks.iter().chain(report.signatures.iter().flat_map(|signature| &signature.checks));
    let failed: BTreeSet<&str> =
        all.filter(|check| check.outcome == Outcome::Fail).map(|check| check.code).collect();
    failed.into_iter().map(str::to_owned).collect()
}

/// The seals of a report, at the time of their signatures and now.
fn seen(report: &Report, known: &Known, now: Timestamp) -> Vec<SealSeen> {
    let one = |signature: &yinxin_seal::SignatureReport| {
        let seal = signature.seal.as_ref()?;
        let (registered, ours) = known.get(&seal.id);
        let signed_at: Option<Timestamp> = signature.signing_time.as_ref().and_then(|text| text.parse().ok());
        let status = |at: Timestamp| ours.map(|seal| super::current_status(seal, at).as_str().to_owned());
        Some(SealSeen {
            signature: plain(&signature.id),
            code: plain(&seal.id),
            registered,
            name: ours.map(|seal| seal.name().to_owned()),
            owner: ours.map(|seal| seal.unit_name().to_owned()),
            signed_at,
            then: signed_at.and_then(status),
            now: status(now),
        })
    };
    report.signatures.iter().filter_map(one).collect()
}

/// A text out of a document: short, in one line, and such that every database keeps it.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).take(TEXT).collect()
}
