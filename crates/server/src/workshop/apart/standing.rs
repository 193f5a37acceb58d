//! How the workshop stands: for `/readyz`, for the metrics, for the log.

use crate::api::words::both;
use crate::http::{Code, Problem};
use crate::making::transport::PortError;
use crate::telemetry::metrics;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use super::super::host::HostError;

/// What keeps the workshop from its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Hold {
    /// It has not asked the registry yet.
    #[error("正在启动 / starting")]
    Starting,
    /// It was told to stop.
    #[error("正在停止 / stopping")]
    Stopping,
    /// The registry does not go along.
    #[error(transparent)]
    Registry(#[from] PortError),
    /// Its keys, its log, its certificate.
    #[error(transparent)]
    Host(#[from] HostError),
    /// Nobody who approves there is configured here; digests of who does.
    #[error(
        "登记系统的主管部门证书不在 workshop.registry_signers 之中，其 SM3 为 {0} / the registry's authority is not among workshop.registry_signers; SM3 of its certificate: {0}"
    )]
    Signer(String),
    /// What the registry told cannot be read.
    #[error("登记系统所报的制作依据无法读取 / what the registry told of maker and authority cannot be read")]
    Facts,
    /// An authority outside has to sign the maker's request.
    #[error("请将证书申请 {} 交证书机构签发，并把证书及其上级证书存为 {} / have the request {} signed by the CA and put the certificate with its issuers at {}", request.display(), answer.display(), request.display(), answer.display())]
    Certificate {
        /// The request.
        request: PathBuf,
        /// Where the certificate is looked for.
        answer: PathBuf,
    },
    /// The certificate is not the one on record.
    #[error(
        "本制作单位的证书尚未在登记系统登记，请将 {0} 交主管部门登记 / the maker's certificate is not registered yet: have {0} registered"
    )]
    NotRegistered(String),
}

impl Hold {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Starting => "STARTING",
            Self::Stopping => "STOPPING",
            Self::Registry(e) => e.code(),
            Self::Host(e) => e.code(),
            Self::Signer(_) => "REGISTRY_SIGNER_NOT_TRUSTED",
            Self::Facts => "REGISTRY_FACTS",
            Self::Certificate { .. } => "AUTHORITY_PENDING",
            Self::NotRegistered(_) => "MAKER_CERTIFICATE_NOT_REGISTERED",
        }
    }
}

/// How it stands now.
#[derive(Debug)]
pub(super) struct Standing(RwLock<Result<(), Hold>>);

impl Standing {
    pub(super) fn new() -> Self {
        metrics::ready("workshop", false);
        Self(RwLock::new(Err(Hold::Starting)))
    }

    /// Takes note, and says so in the log when it has changed.
    pub(super) fn note(&self, now: Result<(), Hold>) {
        metrics::ready("workshop", now.is_ok());
        let mut standing = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let code = |s: &Result<(), Hold>| s.as_ref().err().map(Hold::code);
        if code(&standing) != code(&now) {
            match &now {
                Ok(()) => tracing::info!("the workshop works"),
                Err(hold) => tracing::warn!(code = hold.code(), %hold, "the workshop waits"),
            }
        }
        *standing = now;
    }

    /// What `/readyz` says.
    pub(super) fn ready(&self) -> Result<(), Problem> {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Ok(()) => Ok(()),
            Err(hold) => {
                let (zh, en) = both(&hold.to_string());
                let code = hold.code();
                Err(Problem::new(Code::Unavailable)
                    .detail(format!("{zh}（{code}）"), format!("{en} ({code})")))
            }
        }
    }
}
