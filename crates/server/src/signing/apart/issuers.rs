//! Whose tokens count: the certificates of registries, as files. They are read again whenever a signature is asked for, so that a
//! certificate that is to follow is added while the process works.

use crate::start::StartError;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};
use yinxin_crypto::PublicKey;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;

/// The certificates named in the configuration.
#[derive(Debug)]
pub(super) struct Issuers {
    files: Vec<PathBuf>,
    known: RwLock<Vec<Certificate>>,
}

impl Issuers {
    /// # Errors
    /// A file cannot be read or holds no certificate.
    pub(super) fn read(files: &[PathBuf]) -> Result<Self, StartError> {
        Ok(Self { files: files.to_vec(), known: RwLock::new(read_all(files)?) })
    }

    /// Keys of the certificates that are in their time. Where a file cannot be read, what was known before counts.
    pub(super) fn at(&self, now: Timestamp) -> Vec<PublicKey> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match read_all(&self.files) {
            Ok(fresh) => *known = fresh,
            Err(error) => tracing::warn!(%error, "signer.issuers cannot be read again"),
        }
        let counting = known.iter().filter(|one| one.not_before <= now && now <= one.not_after);
        counting.filter_map(|one| one.public_key().ok()).collect()
    }
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Certificate>, StartError> {
    let mut all = Vec::new();
    for path in files {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| StartError::File { path: shown.clone(), source })?;
        let limits = Limits::default();
        let blocks = pem::parse_pem_or_der(&bytes, &limits).unwrap_or_default();
        let certificates = blocks.iter().filter_map(|block| Certificate::parse(&block.der, &limits).ok());
        // In a file with a whole chain only its end counts: who certifies a registry is none.
        let authority = |one: &Certificate| one.basic_constraints().is_ok_and(|b| b.is_some_and(|b| b.ca));
        let found: Vec<_> = certificates.filter(|one| !authority(one)).collect();
        if found.is_empty() {
            return Err(StartError::other(
                "signer.issuers",
                format!("{shown} 中没有证书；请在登记系统上执行 yinxin authority show"),
                format!("{shown} holds no certificate: run yinxin authority show where the registry is"),
            ));
        }
        all.extend(found);
    }
    Ok(all)
}
