//! The gate before the keys of seals (密钥闸门): a key signs only what a live token of the registry names, and each token once.
//!
//! The gate believes nobody: it knows the registry's public key, reads the bytes to be signed by itself, and keeps its own list of
//! tokens used, on the disk before a signature leaves. It can stand in a process of its own, next to the keys.

mod approval;
mod fault;
mod used;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use yinxin_crypto::{
    DEFAULT_USER_ID, DigestMemory, PublicKey, SignError, SignatureAlgorithm, SigningKey, sm3,
};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::ToSign;
use yinxin_registry::usage::token::{Asked, Claims, on_sheet};

pub use approval::{APPROVAL_OID, approval_extension, approval_of};
pub use fault::GateFault;

use crate::making::keys::{KeyId, SealKeys};
use used::{Spent, UsedTokens};

/// Largest TBS_Sign looked at, bytes: a seal with a large picture.
const MOST_BYTES: usize = 8 << 20;

/// A request for one signature.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Claims of the token, as the registry signed them.
    pub claims: &'a [u8],
    /// Sheet that lists the claims, where the registry signed many at once; empty where it signed these alone.
    pub sheet: &'a [u8],
    /// The registry's signature over the sheet, or over the claims; SM2, DER.
    pub signature: &'a [u8],
    /// Key that shall sign.
    pub key: &'a KeyId,
    /// TBS_Sign, DER.
    pub to_sign: &'a [u8],
}

/// The gate.
pub struct Gate {
    keys: Arc<dyn SealKeys>,
    issuers: RwLock<Vec<PublicKey>>,
    used: Mutex<UsedTokens>,
    /// Every TBS_Sign begins with a seal of some 50 kB.
    met: DigestMemory,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("keys", &self.keys.name()).finish_non_exhaustive()
    }
}

/// What the asks of one call have in common and is found out once.
#[derive(Default)]
struct Found<'a> {
    /// What was signed by an issuer, the signature, and whether it held, of the ask before.
    issued: Option<(&'a [u8], &'a [u8], bool)>,
    /// Keys, and the SM3 of their public halves, hex.
    keys: HashMap<&'a KeyId, (Arc<dyn SigningKey>, String)>,
}

/// An ask that was looked at and may be carried out.
struct Allowed<'a> {
    claims: Claims,
    key: Arc<dyn SigningKey>,
    to_sign: &'a [u8],
}

impl Gate {
    /// Opens the gate before `keys`, for tokens signed by one of `issuers`, with its list of used tokens in `folder`.
    ///
    /// # Errors
    /// [`GateFault::Journal`] when the list cannot be read, is damaged, or another process has it.
    pub fn open(folder: &Path, keys: Arc<dyn SealKeys>, issuers: Vec<PublicKey>) -> Result<Self, GateFault> {
        let used = Mutex::new(UsedTokens::open(folder)?);
        Ok(Self { keys, issuers: RwLock::new(issuers), used, met: DigestMemory::shared() })
    }

    /// From now on tokens signed by these count, and no others: an authority changes its key now and then.
    pub fn set_issuers(&self, issuers: Vec<PublicKey>) {
        *self.issuers.write().unwrap_or_else(PoisonError::into_inner) = issuers;
    }

    /// Signs once. The signature was verified under the key's public half before it is given out.
    ///
    /// # Errors
    /// [`GateFault`]; nothing was signed.
    pub fn sign(&self, ask: Ask<'_>, now: Timestamp) -> Result<Vec<u8>, GateFault> {
        self.sign_all(&[ask], now).pop().unwrap_or(Err(GateFault::Empty))
    }

    /// Signs many, each by its own token; the tokens are marked as used together. The answers stand in the order of what was asked.
    pub fn sign_all(&self, asks: &[Ask<'_>], now: Timestamp) -> Vec<Result<Vec<u8>, GateFault>> {
        let mut found = Found::default();
        let mut looked: Vec<Result<Allowed<'_>, GateFault>> =
            asks.iter().map(|ask| self.look(ask, &mut found, now)).collect();
        let spent: Vec<Spent> = looked
            .iter()
            .filter_map(|one| one.as_ref().ok())
            .map(|one| Spent::of(&one.claims, self.met.sm3(b"", one.to_sign), now))
            .collect();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.spend(spent, now) {
            Ok(refused) => {
                let mut seen = refused.into_iter();
                for one in looked.iter_mut().filter(|one| one.is_ok()) {
                    if let Some(Some(fault)) = seen.next() {
                        *one = Err(fault);
                    }
                }
            }
            // Not on the disk: nothing may be signed.
            Err(fault) => {
                looked.iter_mut().filter(|one| one.is_ok()).for_each(|one| *one = Err(fault.clone()))
            }
        }
        drop(used);
        looked.into_iter().map(|one| one.and_then(|allowed| allowed.sign(&self.met))).collect()
    }

    fn issued<'a>(&self, ask: &Ask<'a>, seen: &mut Found<'a>) -> Result<(), GateFault> {
        let signed = if ask.sheet.is_empty() { ask.claims } else { ask.sheet };
        if !ask.sheet.is_empty() && !on_sheet(ask.sheet, ask.claims) {
            return Err(GateFault::Issuer);
        }
        let good = match seen.issued {
            // The asks of one sheet come together: its signature is verified once for all of them.
            Some((before, signature, good)) if (before, signature) == (signed, ask.signature) => good,
            _ => {
                let issuers = self.issuers.read().unwrap_or_else(PoisonError::into_inner);
                let by = |issuer: &PublicKey| {
                    issuer.verify(SignatureAlgorithm::Sm2Sm3, signed, ask.signature).is_ok()
                };
                issuers.iter().any(by)
            }
        };
        seen.issued = Some((signed, ask.signature, good));
        if good { Ok(()) } else { Err(GateFault::Issuer) }
    }

    /// Everything that can be looked at without changing anything.
    fn look<'a>(
        &self,
        ask: &Ask<'a>,
        found: &mut Found<'a>,
        now: Timestamp,
    ) -> Result<Allowed<'a>, GateFault> {
        self.issued(ask, found)?;
        let claims = Claims::parse(ask.claims)?;
        if ask.to_sign.len() > MOST_BYTES {
            return Err(GateFault::Form("LIMIT"));
        }
        let read = ToSign::parse(ask.to_sign, &Limits::default()).map_err(|e| GateFault::Form(e.code()))?;
        // What is odd about the seal inside stands as its maker wrote it; what is odd about the rest is not ours.
        if let Some(odd) = read.deviations.iter().find(|d| !read.seal.deviations.contains(d)) {
            return Err(GateFault::Form(odd.code));
        }
        let (key, key_digest) = self.key(ask.key, found)?;
        let approval = approval_of(&read.extensions)?;
        claims.allow(
            &Asked {
                seal_digest: &hex::encode(self.met.sm3(b"", read.seal.raw())),
                key_digest: &key_digest,
                data_hash: &hex::encode(&read.data_hash),
                approval: approval.as_deref(),
            },
            now,
        )?;
        Ok(Allowed { claims, key, to_sign: ask.to_sign })
    }

    /// The key, and the digest of its public half. Opening one costs more than signing with it.
    fn key<'a>(
        &self,
        id: &'a KeyId,
        found: &mut Found<'a>,
    ) -> Result<(Arc<dyn SigningKey>, String), GateFault> {
        if let Some((key, digest)) = found.keys.get(id) {
            return Ok((Arc::clone(key), digest.clone()));
        }
        let key: Arc<dyn SigningKey> = self.keys.open(id)?.into();
        let digest = hex::encode(sm3(&key.public_key().spki_der()));
        found.keys.insert(id, (Arc::clone(&key), digest.clone()));
        Ok((key, digest))
    }
}

impl Allowed<'_> {
    /// A device that answers wrongly is found here, for nothing false may leave.
    fn sign(&self, met: &DigestMemory) -> Result<Vec<u8>, GateFault> {
        let failed = |error: SignError| GateFault::Key(error.to_string());
        let public = self.key.public_key();
        if !self.key.is_verified_here() {
            let signature = self.key.sign(self.to_sign).map_err(failed)?;
            let right = public.verify(SignatureAlgorithm::Sm2Sm3, self.to_sign, &signature);
            return right.map(|()| signature).map_err(|_| GateFault::WrongSignature);
        }
        match public.sm2_message_digest_with(DEFAULT_USER_ID, self.to_sign, met) {
            Ok(e) => self.key.sign_digest(&e).map_err(failed),
            Err(_) => self.key.sign(self.to_sign).map_err(failed),
        }
    }
}
