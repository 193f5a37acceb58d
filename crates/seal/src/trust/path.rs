//! From a certificate to an anchor: candidates by name and key identifier, signatures checked, everything bounded.

use std::cell::{Cell, RefCell};

use yinxin_crypto::{SignatureAlgorithm, sm3};
use yinxin_formats::x509::Certificate;

use super::constraints;
use super::{Remembered, TrustFacts};
use crate::report::{Text, text};

/// Longest path looked at, leaf and anchor included.
const MAX_PATH: usize = 10;
/// Most signature checks in one evaluation; a hostile heap of cross certificates must not cost more.
const MAX_SIGNATURE_CHECKS: usize = 200;
/// Most complete paths weighed against each other.
const MAX_PATHS: usize = 16;

/// What a search came to.
#[derive(Debug)]
pub(super) enum Search<'a> {
    /// Paths from the leaf to an anchor, sound in structure.
    Anchored(Vec<Vec<&'a Certificate>>),
    /// The chain ends at a certificate whose issuer is not known.
    NoAnchor {
        /// The path as far as it goes.
        path: Vec<&'a Certificate>,
        /// The issuer that is missing.
        missing: String,
    },
    /// A chain exists but is broken.
    Broken {
        /// The path as far as it goes.
        path: Vec<&'a Certificate>,
        /// Why.
        reason: Text,
    },
}

/// SM3 of what was signed, SM3 of the issuer's public key, and whether the signature held.
type Seen = ([u8; 32], [u8; 32], bool);

/// Remembers signature checks already made.
#[derive(Debug, Default)]
pub(super) struct SignatureCache {
    seen: RefCell<Vec<Seen>>,
    /// Signatures checked in the search at hand.
    spent: Cell<usize>,
    /// What held in verifications before.
    remembered: Remembered,
}

impl SignatureCache {
    /// Empty but for what held before.
    pub(super) fn with(remembered: &Remembered) -> Self {
        Self { remembered: remembered.clone(), ..Self::default() }
    }

    /// Whether `signed` (a whole certificate, CRL or answer) was signed by `issuer`'s key.
    pub(super) fn check(
        &self,
        whole: &[u8],
        tbs: &[u8],
        algorithm: Option<SignatureAlgorithm>,
        signature: &[u8],
        issuer: &Certificate,
    ) -> bool {
        let (received, spki) = (whole, issuer.spki_der());
        let (whole, key) = (sm3(received), sm3(spki));
        if let Some((_, _, ok)) = self.seen.borrow().iter().find(|(w, s, _)| *w == whole && *s == key) {
            return *ok;
        }
        self.spent.set(self.spent.get() + 1);
        let ok = algorithm.is_some_and(|alg| {
            self.remembered.holds(received, spki, || {
                issuer.public_key().is_ok_and(|key| {
                    match yinxin_formats::ses::read_sm2_signature(signature) {
                        Ok((value, Some(_))) => {
                            key.verify_sm2(yinxin_crypto::DEFAULT_USER_ID, tbs, &value).is_ok()
                        }
                        _ => key.verify(alg, tbs, signature).is_ok(),
                    }
                })
            })
        });
        self.seen.borrow_mut().push((whole, key, ok));
        ok
    }

    pub(super) fn certificate(&self, cert: &Certificate, issuer: &Certificate) -> bool {
        self.check(cert.raw(), cert.tbs(), cert.algorithm(), cert.signature(), issuer)
    }
}

/// Whether a certificate names itself as its issuer and its own key made its signature.
pub(super) fn is_self_signed(cert: &Certificate) -> bool {
    cert.is_self_issued() && SignatureCache::default().certificate(cert, cert)
}

/// Searches paths from `leaf` to an anchor.
pub(super) fn search<'a>(
    leaf: &'a Certificate,
    facts: &'a TrustFacts,
    embedded: &'a [Certificate],
    cache: &SignatureCache,
) -> Search<'a> {
    cache.spent.set(0);
    let mut walk = Walk { facts, embedded, cache, paths: Vec::new(), dead_end: None };
    walk.step(&mut vec![leaf]);
    let Walk { paths, dead_end, .. } = walk;
    let mut broken = None;
    let mut sound = Vec::new();
    for path in paths {
        match constraints::check(&path) {
            Ok(()) => sound.push(path),
            Err(reason) => broken = broken.or(Some((path, reason))),
        }
    }
    match (sound.is_empty(), broken, dead_end) {
        (false, _, _) => Search::Anchored(sound),
        (true, Some((path, reason)), _) => Search::Broken { path, reason },
        (true, None, Some(Dead::Broken(path, reason))) => Search::Broken { path, reason },
        (true, None, Some(Dead::Missing(path, missing))) => Search::NoAnchor { path, missing },
        (true, None, None) => Search::NoAnchor { path: vec![leaf], missing: leaf.issuer.to_string() },
    }
}

enum Dead<'a> {
    Missing(Vec<&'a Certificate>, String),
    Broken(Vec<&'a Certificate>, Text),
}

struct Walk<'a, 'c> {
    facts: &'a TrustFacts,
    embedded: &'a [Certificate],
    cache: &'c SignatureCache,
    paths: Vec<Vec<&'a Certificate>>,
    dead_end: Option<Dead<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn step(&mut self, path: &mut Vec<&'a Certificate>) {
        let Some(cert) = path.last().copied() else { return };
        if self.facts.anchors.iter().any(|a| a.raw() == cert.raw()) {
            self.paths.push(path.clone());
            return;
        }
        if path.len() >= MAX_PATH || self.paths.len() >= MAX_PATHS {
            return;
        }
        if cert.is_self_issued() && self.cache.certificate(cert, cert) {
            self.dead_self_signed(path, cert);
            return;
        }
        let pool = self.facts.anchors.iter().chain(&self.facts.intermediates).chain(self.embedded);
        let candidates: Vec<&'a Certificate> = pool.filter(|c| may_issue(c, cert)).collect();
        let mut tried = false;
        let mut signed_by_any = false;
        for candidate in candidates {
            if path.iter().any(|p| p.raw() == candidate.raw()) {
                continue;
            }
            if self.cache.spent.get() >= MAX_SIGNATURE_CHECKS {
                // What is left undone is not known: never a reason to call a chain broken.
                tried = false;
                break;
            }
            tried = true;
            if !self.cache.certificate(cert, candidate) {
                continue;
            }
            signed_by_any = true;
            path.push(candidate);
            self.step(path);
            path.pop();
        }
        if !tried {
            self.dead(Dead::Missing(path.clone(), cert.issuer.to_string()));
        } else if !signed_by_any {
            let reason = text(
                format!("证书“{}”自称由“{}”签发，但该机构的密钥验不出这个签名", cert.subject, cert.issuer),
                format!(
                    "certificate \"{}\" names issuer \"{}\", but that issuer's key did not make its signature",
                    cert.subject, cert.issuer
                ),
            );
            self.dead(Dead::Broken(path.clone(), reason));
        }
    }

    /// A self-signed certificate that is no anchor: an unknown root, or an end entity nobody can vouch for.
    fn dead_self_signed(&mut self, path: &[&'a Certificate], cert: &'a Certificate) {
        let is_ca = matches!(cert.basic_constraints(), Ok(Some(bc)) if bc.ca);
        if is_ca {
            self.dead(Dead::Missing(path.to_vec(), cert.subject.to_string()));
        } else {
            let reason = text(
                format!("证书“{}”由自己签发且不是证书机构，没有任何机构为它担保", cert.subject),
                format!(
                    "certificate \"{}\" is signed by itself and is no CA: nobody vouches for it",
                    cert.subject
                ),
            );
            self.dead(Dead::Broken(path.to_vec(), reason));
        }
    }

    /// A broken chain says more than a missing issuer, and a longer one more than a shorter.
    fn dead(&mut self, d: Dead<'a>) {
        let replace = match (&self.dead_end, &d) {
            (None, _) => true,
            (Some(Dead::Missing(old, _)), Dead::Missing(new, _)) => new.len() > old.len(),
            (Some(Dead::Missing(..)), Dead::Broken(..)) => true,
            _ => false,
        };
        if replace {
            self.dead_end = Some(d);
        }
    }
}

/// Whether names and key identifiers allow that `issuer` issued `cert`.
fn may_issue(issuer: &Certificate, cert: &Certificate) -> bool {
    if !issuer.subject.matches(&cert.issuer) {
        return false;
    }
    match (
        cert.authority_key_id().ok().flatten().and_then(|a| a.key_id),
        issuer.subject_key_id().ok().flatten(),
    ) {
        (Some(aki), Some(ski)) => aki == ski,
        _ => true,
    }
}
