//! The judgement on one certificate at one moment: chain, dates, revocation, usage.

use jiff::Timestamp;
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::x509::Certificate;

use super::path::{Search, SignatureCache, search};
use super::revocation;
use super::usage::{self, Purpose};
use super::{Policy, TrustFacts};
use crate::report::{Text, text};

/// Whether a chain reaches an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainState {
    /// A sound path to an anchor exists.
    Anchored,
    /// The chain ends at this issuer, which is not known.
    NoAnchor(String),
    /// The chain is broken for this reason.
    Broken(Text),
}

/// What is known of revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationState {
    /// Not looked at, as the chain does not reach an anchor.
    NotRun,
    /// Every certificate of the chain is covered and none was revoked.
    Good(Vec<String>),
    /// Revoked at or before the moment.
    Revoked(Text),
    /// Revoked after the moment, for this reason.
    RevokedLater(Text, Option<RevocationReason>),
    /// These certificates are not covered by usable data.
    NoData(Vec<String>),
}

/// The judgement on one certificate at one moment.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Chain to an anchor.
    pub chain: ChainState,
    /// Subjects along the path, leaf first.
    pub path: Vec<String>,
    /// A certificate on the path that was out of date at the moment.
    pub out_of_date: Option<Text>,
    /// A certificate on the path that is out of date at the moment of judging, though not at the moment asked for.
    pub out_of_date_now: bool,
    /// Revocation.
    pub revocation: RevocationState,
    /// Usage for the purpose: fine, fine with a remark, not allowed.
    pub usage: Result<Option<Text>, Text>,
}

impl Judgement {
    /// The first reason not to accept the certificate, for callers that need one sentence.
    pub fn problem(&self) -> Option<&Text> {
        match (&self.chain, &self.revocation, &self.usage) {
            (ChainState::Broken(t), ..) => Some(t),
            (_, _, Err(t)) => Some(t),
            (ChainState::Anchored, RevocationState::Revoked(t), _) => Some(t),
            (ChainState::Anchored, ..) => self.out_of_date.as_ref(),
            _ => None,
        }
    }
}

/// Judges certificates against one set of facts; remembers signature checks between calls.
#[derive(Debug)]
pub struct Evaluator<'a> {
    /// The facts.
    pub facts: &'a TrustFacts,
    /// The moment of judging ("now").
    pub now: Timestamp,
    /// How strictly missing facts are taken.
    pub policy: Policy,
    /// A time at which what is judged is proven to have existed, by a timestamp over all of it that came later.
    pub existed: Option<Timestamp>,
    pub(super) cache: SignatureCache,
}

impl<'a> Evaluator<'a> {
    /// An evaluator at a moment.
    pub fn new(facts: &'a TrustFacts, now: Timestamp, policy: Policy) -> Self {
        Self { facts, now, policy, existed: None, cache: SignatureCache::with(&facts.remembered) }
    }

    /// The same for what is proven to have existed at a time.
    #[must_use]
    pub fn existed(mut self, at: Option<Timestamp>) -> Self {
        self.existed = at;
        self
    }

    /// Judges `cert` as used for `purpose` at `moment`. `embedded` are certificates that came with the data: they may
    /// help to build a path.
    pub fn judge(
        &self,
        cert: &Certificate,
        embedded: &[Certificate],
        purpose: Purpose,
        moment: Timestamp,
    ) -> Judgement {
        let usage = usage::check(cert, purpose);
        let names = |p: &[&Certificate]| p.iter().map(|c| c.subject.to_string()).collect::<Vec<_>>();
        match search(cert, self.facts, embedded, &self.cache) {
            Search::Anchored(paths) => {
                let best = paths.iter().find(|p| dates(p, moment).is_none()).or(paths.first());
                let Some(path) = best else { return unanchored(cert, usage, moment) };
                Judgement {
                    chain: ChainState::Anchored,
                    path: names(path),
                    out_of_date: dates(path, moment),
                    out_of_date_now: dates(path, self.now).is_some(),
                    revocation: revocation::of_path(self, path, moment),
                    usage,
                }
            }
            Search::NoAnchor { path, missing } => Judgement {
                path: names(&path),
                chain: ChainState::NoAnchor(missing),
                ..unanchored(cert, usage, moment)
            },
            Search::Broken { path, reason } => Judgement {
                path: names(&path),
                chain: ChainState::Broken(reason),
                ..unanchored(cert, usage, moment)
            },
        }
    }
}

fn unanchored(cert: &Certificate, usage: Result<Option<Text>, Text>, moment: Timestamp) -> Judgement {
    Judgement {
        chain: ChainState::NoAnchor(cert.issuer.to_string()),
        path: vec![cert.subject.to_string()],
        out_of_date: dates(&[cert], moment),
        out_of_date_now: false,
        revocation: RevocationState::NotRun,
        usage,
    }
}

/// The first certificate of a path that is not in date at a moment.
fn dates(path: &[&Certificate], moment: Timestamp) -> Option<Text> {
    let cert = path.iter().find(|c| moment < c.not_before || moment > c.not_after)?;
    Some(if moment < cert.not_before {
        text(
            format!("证书“{}”自 {} 起有效，当时（{moment}）尚未生效", cert.subject, cert.not_before),
            format!(
                "certificate \"{}\" is valid from {}, not yet at {moment}",
                cert.subject, cert.not_before
            ),
        )
    } else {
        text(
            format!("证书“{}”有效至 {}，当时（{moment}）已过期", cert.subject, cert.not_after),
            format!(
                "certificate \"{}\" was valid until {}, expired at {moment}",
                cert.subject, cert.not_after
            ),
        )
    })
}
