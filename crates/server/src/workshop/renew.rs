//! The maker's certificate is renewed for the same key, or key and certificate are replaced. What is to follow lies beside what is in use,
//! and takes its place in the round in which the registry has the new certificate on record: no order waits for it, and wherever the
//! process dies, workshop and registry have one certificate in common.

use super::attach::{certified, imported, in_state, maker_subject, signed_request};
use super::host::{Host, HostError};
use super::state::{NextIdentity, State};
use crate::making::authority::AuthorityError;
use crate::making::dto::WorkshopFactsDto;
use crate::making::keys::{KeyId, KeyStoreError, SealKeys as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;

/// Name and credit code of a maker.
pub type Named<'a> = (&'a str, &'a str);

/// How far a renewal came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewed {
    /// The certificate is here, DER: it counts once the registry has it on record.
    Ready(Vec<u8>),
    /// An authority outside has to sign this request (PKCS#10, PEM).
    Waiting(String),
}

impl Host {
    /// Asks for the certificate that is to follow the one in use; in place of one that was asked for and is not here yet. One that is
    /// here already stays, for the same kind of key. Blocks.
    ///
    /// # Errors
    /// [`HostError::NoIdentity`] before the workshop has a certificate at all; keys, state, authority.
    pub fn renew(&self, named: Named<'_>, new_key: bool, now: Timestamp) -> Result<Renewed, HostError> {
        let mut state = self.state().ok_or(HostError::NoIdentity)?;
        let kept = state.next.clone().filter(|next| (next.maker_key != state.maker_key) == new_key);
        let mut next = match kept {
            Some(next) => next,
            None => {
                let reference = KeyId::new(&mut UnwrapErr(SysRng)).as_str().to_owned();
                let maker_key = if new_key { reference.clone() } else { state.maker_key.clone() };
                NextIdentity { maker_key, certificates: Vec::new(), reference }
            }
        };
        // Written down before it is asked for: asked again, it is the same.
        state.next = Some(next.clone());
        self.take_up(state.clone())?;
        if let Some(certificate) = next.certificates.first() {
            return Ok(Renewed::Ready(hex::decode(certificate).map_err(|e| self.broken(&e))?));
        }
        let key = KeyId::parse(&next.maker_key)?;
        match certified(self, &key, &next.reference, named, now) {
            Ok(issued) => {
                next.certificates = in_state(&issued);
                state.next = Some(next);
                self.take_up(state)?;
                Ok(Renewed::Ready(issued.leaf.raw().to_vec()))
            }
            Err(HostError::Authority(AuthorityError::Pending)) => {
                let csr = signed_request(self, &key, &maker_subject(named.0, named.1))?;
                Ok(Renewed::Waiting(pem::encode("CERTIFICATE REQUEST", &csr)))
            }
            Err(error) => Err(error),
        }
    }

    /// Takes in what an authority outside issued for the request of [`Host::renew`]; gives the certificate, DER. Blocks.
    ///
    /// # Errors
    /// [`HostError::NothingAsked`]; [`HostError::Certificate`] where it does not fit.
    pub fn renewed(
        &self,
        named: Named<'_>,
        chain: &str,
        trust: &TrustFacts,
        now: Timestamp,
    ) -> Result<Vec<u8>, HostError> {
        let mut state = self.state().ok_or(HostError::NoIdentity)?;
        let next = state.next.as_mut().ok_or(HostError::NothingAsked)?;
        let key = KeyId::parse(&next.maker_key)?;
        let issued = imported(self, &key, named.0, named.1, chain, trust, now)?;
        next.certificates = in_state(&issued);
        self.take_up(state)?;
        Ok(issued.leaf.raw().to_vec())
    }

    /// The certificate that is to follow, where it is here already.
    ///
    /// # Errors
    /// [`HostError::State`] where the file cannot be read.
    pub fn next_certificate(&self) -> Result<Option<Certificate>, HostError> {
        let next = self.state().and_then(|state| state.next);
        let Some(text) = next.and_then(|next| next.certificates.into_iter().next()) else { return Ok(None) };
        let der = hex::decode(text).map_err(|e| self.broken(&e))?;
        Certificate::parse(&der, &Limits::default()).map(Some).map_err(|e| self.broken(&e))
    }

    /// Puts the following certificate in place once the registry has it on record; whether it did. A key that was replaced is destroyed.
    ///
    /// # Errors
    /// [`HostError::State`] when the file cannot be written; the shelf.
    pub fn settle(&self, facts: &WorkshopFactsDto) -> Result<bool, HostError> {
        let settled = self.follow(facts)?;
        self.destroy_retired()?;
        Ok(settled)
    }

    /// Destroys keys that sign no more. What a crash left is destroyed in the next round.
    fn destroy_retired(&self) -> Result<(), HostError> {
        let Some(state) = self.state().filter(|state| !state.retired.is_empty()) else { return Ok(()) };
        for key in &state.retired {
            match self.keys.destroy(&KeyId::parse(key)?) {
                Ok(()) => tracing::info!(key, "a replaced key of the maker was destroyed"),
                Err(KeyStoreError::Unknown(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.take_up(State { retired: Vec::new(), ..state })
    }

    fn follow(&self, facts: &WorkshopFactsDto) -> Result<bool, HostError> {
        let Some(certificate) = self.next_certificate()? else { return Ok(false) };
        let registered = facts.certificate.as_ref().and_then(|text| STANDARD.decode(text).ok());
        let Some(State { next: Some(next), .. }) = self.state() else { return Ok(false) };
        if registered.as_deref() != Some(certificate.raw()) {
            return Ok(false);
        }
        let Some(state) = self.state() else { return Ok(false) };
        tracing::info!(sm3 = hex::encode(certificate.sm3()), "the maker signs under another certificate now");
        let mut retired = state.retired.clone();
        if next.maker_key != state.maker_key {
            retired.push(state.maker_key.clone());
        }
        self.take_up(State {
            maker_key: next.maker_key,
            certificates: next.certificates,
            next: None,
            retired,
            ..state
        })?;
        Ok(true)
    }
}
