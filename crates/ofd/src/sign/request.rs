use jiff::Timestamp;
use yinxin_crypto::DigestMemory;

use super::placement::Placement;
use crate::signature_list::SignatureKind;
use crate::signature_xml::Provider;

/// Whether further signatures may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Continue mode (继续签章): every file but the signature list is protected; further signatures may follow.
    #[default]
    Continue,
    /// Whole mode (整体签章): the signature list is protected too; no signature may follow.
    Whole,
}

/// With a seal, or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealKind {
    /// Type Seal: the seal's DER, kept in the package as `Seal.esl`.
    Seal(Vec<u8>),
    /// Type Sign: no seal, no picture.
    Sign,
}

impl SealKind {
    pub(crate) fn record(&self) -> SignatureKind {
        match self {
            Self::Seal(_) => SignatureKind::Seal,
            Self::Sign => SignatureKind::Sign,
        }
    }
}

/// What to sign, and how.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// Which document of the package, from 0.
    pub body: usize,
    /// With a seal, or without.
    pub kind: SealKind,
    /// Where the seal's picture stands.
    pub placements: Vec<Placement>,
    /// Whether further signatures may follow.
    pub mode: Mode,
    /// The moment of signing, written as Beijing time `yyyy-MM-dd HH:mm:ss`: the form most vendors write and read. It is
    /// what the document displays; the moment that counts stands in the signature value.
    pub date_time: Timestamp,
    /// Whether the document displays that moment. Not where somebody else signs later: the two would differ.
    pub show_time: bool,
    /// Who makes the signature part.
    pub provider: Provider,
    /// ID of the signature this one builds on, if any.
    pub relative_to: Option<String>,
    /// OID of the signature algorithm.
    pub method: String,
    /// Digests of seals met before.
    pub met: DigestMemory,
}

/// SM2 signature with SM3.
pub(crate) const SM2_WITH_SM3: &str = "1.2.156.10197.1.501";

impl SignRequest {
    /// A request with the usual values: first document, SM2 with SM3, continue mode, no placement yet.
    pub fn new(kind: SealKind, date_time: Timestamp) -> Self {
        Self {
            body: 0,
            kind,
            placements: Vec::new(),
            mode: Mode::Continue,
            date_time,
            show_time: true,
            provider: Provider {
                name: "yinxin".into(),
                company: None,
                version: Some(env!("CARGO_PKG_VERSION").into()),
            },
            relative_to: None,
            method: SM2_WITH_SM3.into(),
            met: DigestMemory::default(),
        }
    }

    /// Adds a placement.
    #[must_use]
    pub fn place(mut self, placement: Placement) -> Self {
        self.placements.push(placement);
        self
    }
}
