//! Whose approvals count for a workshop apart: the authorities the configuration names by their certificates. What the registry says of
//! itself is believed only where it fits.

use super::Hold;
use crate::making::dto::ApproverDto;
use crate::proof::AuthorizedSigner;
use crate::start::StartError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;

/// SM3 of the certificates that count.
#[derive(Debug)]
pub(super) struct Pins {
    entries: Vec<String>,
    known: RwLock<BTreeSet<[u8; 32]>>,
}

impl Pins {
    /// From the configuration: digests, and files of certificates, each of which counts.
    ///
    /// # Errors
    /// A file cannot be read or holds no certificate.
    pub(super) fn read(entries: &[String]) -> Result<Self, StartError> {
        let known = RwLock::new(read_all(entries)?);
        Ok(Self { entries: entries.to_vec(), known })
    }

    /// The files as they are now: a certificate that is to follow is added while the workshop works. What cannot be read leaves what was.
    fn now(&self) -> BTreeSet<[u8; 32]> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match read_all(&self.entries) {
            Ok(fresh) => *known = fresh,
            Err(error) => tracing::warn!(%error, "workshop.registry_signers cannot be read again"),
        }
        known.clone()
    }

    /// The authorities among these that count, and what their certificates are judged by. A root comes in only as the issuer of a
    /// certificate that counts, and serves to judge those alone.
    ///
    /// # Errors
    /// [`Hold`] where none that signs now counts, so that no order is taken for one of a stranger's, or what came cannot be read.
    pub(super) fn approvers(
        &self,
        told: &[ApproverDto],
    ) -> Result<(Vec<AuthorizedSigner>, TrustFacts), Hold> {
        let pins = self.now();
        let (mut signers, mut trust, mut others) =
            (Vec::<AuthorizedSigner>::new(), TrustFacts::default(), Vec::new());
        for approver in told {
            let mut chain = Vec::new();
            for text in &approver.certificates {
                chain.push(read(text, Certificate::parse)?);
            }
            let mut chain = chain.into_iter();
            let Some(certificate) = chain.next() else { continue };
            if !pins.contains(&certificate.sm3()) {
                if approver.until.is_none() {
                    others.push(hex::encode(certificate.sm3()));
                }
                continue;
            }
            chain.for_each(|issuer| trust.add_certificate(issuer));
            for text in &approver.revocation_lists {
                trust.crls.push(read(text, Crl::parse)?);
            }
            signers.push(AuthorizedSigner {
                code: approver.code.clone(),
                area: approver.area.clone(),
                certificate,
                until: approver.until,
            });
        }
        if signers.iter().all(|signer| signer.until.is_some()) {
            Err(Hold::Signer(others.join(" ")))
        } else {
            Ok((signers, trust))
        }
    }
}

fn read<T, E>(text: &str, parse: impl Fn(&[u8], &Limits) -> Result<T, E>) -> Result<T, Hold> {
    let der = STANDARD.decode(text).map_err(|_| Hold::Facts)?;
    parse(&der, &Limits::default()).map_err(|_| Hold::Facts)
}

fn read_all(entries: &[String]) -> Result<BTreeSet<[u8; 32]>, StartError> {
    let mut pins = BTreeSet::new();
    for entry in entries {
        match hex::decode(entry).ok().and_then(|digest| <[u8; 32]>::try_from(digest).ok()) {
            Some(digest) => {
                pins.insert(digest);
            }
            None => pins.extend(of_file(entry)?),
        }
    }
    Ok(pins)
}

fn of_file(path: &str) -> Result<Vec<[u8; 32]>, StartError> {
    let bytes = std::fs::read(path).map_err(|source| StartError::File { path: path.to_owned(), source })?;
    let limits = Limits::default();
    let blocks = pem::parse_pem_or_der(&bytes, &limits).unwrap_or_default();
    let certificates = blocks.iter().filter_map(|block| Certificate::parse(&block.der, &limits).ok());
    let digests: Vec<_> = certificates.map(|certificate| certificate.sm3()).collect();
    if digests.is_empty() {
        return Err(StartError::other(
            "workshop.registry_signers",
            format!("{path} 中没有证书，也不是 64 位十六进制的 SM3 值"),
            format!("{path} holds no certificate and is no SM3 of 64 hexadecimal digits"),
        ));
    }
    Ok(digests)
}
