//! What a proof states.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_registry::lifecycle::status::whole_second;

/// Mark of the format, first of all fields: a signature over anything else can never pass as a proof.
pub(super) const FORMAT: &str = "yinxin-proof-1";
/// Longest text of one field, characters.
const MAX_TEXT: usize = 500;

/// What is certified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Approval to make a seal (准予制作凭证).
    MakingApproval,
    /// Receipt that a made seal is on file (备案回执).
    FilingReceipt,
    /// Certificate that a seal is cancelled (缴销证明).
    CancellationCertificate,
    /// Notice that a seal must not be used until further notice (停用通知).
    SuspensionNotice,
}

impl ProofKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::MakingApproval, Self::FilingReceipt, Self::CancellationCertificate, Self::SuspensionNotice];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::MakingApproval => "making_approval",
            Self::FilingReceipt => "filing_receipt",
            Self::CancellationCertificate => "cancellation_certificate",
            Self::SuspensionNotice => "suspension_notice",
        }
    }

    /// Title for people, Chinese and English.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::MakingApproval => ("电子印章准予制作凭证", "approval to make an electronic seal"),
            Self::FilingReceipt => ("电子印章备案回执", "filing receipt of an electronic seal"),
            Self::CancellationCertificate => {
                ("电子印章缴销证明", "cancellation certificate of an electronic seal")
            }
            Self::SuspensionNotice => ("电子印章停用通知", "suspension notice of an electronic seal"),
        }
    }
}

/// The authority that certifies (主管部门).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuingAuthority {
    /// Name: 示例市政务服务局.
    pub name: String,
    /// Its code, under which verifiers know its certificate.
    pub code: String,
}

/// The unit that owns a seal (用章单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwningUnit {
    /// Name.
    pub name: String,
    /// Unified social credit code (统一社会信用代码), its own or that of the unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
}

/// Identifiers of the records a proof is about, as the registry gives them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subjects {
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// The unit that owns the seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The making unit entrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
}

/// The seal a proof is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealFacts {
    /// Code of the kind, such as `business_contract`.
    pub kind: String,
    /// Name of the seal (印章名称).
    pub name: String,
    /// Name of the person a personal seal is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Seal code (印章编码), ASCII; a seal gets it when making begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Number that tells several business seals of one kind apart (编号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Years the seal is to be valid from its making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u32>,
}

/// What an authority certifies. Times are whole seconds in UTC, digests are SM3 in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What is certified.
    pub kind: ProofKind,
    /// Number of the document, unique for its authority (编号).
    pub number: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Path of the area it is issued for: `/100000/610000/610100/`.
    pub area: String,
    /// Who issues it.
    pub authority: IssuingAuthority,
    /// The records it is about.
    pub subjects: Subjects,
    /// Digest of the application decided upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_digest: Option<String>,
    /// Digest of the signed statement of truth (SignedData) that was handed in with the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth_digest: Option<String>,
    /// The unit that owns the seal.
    pub unit: OwningUnit,
    /// The seal.
    pub seal: SealFacts,
    /// Digest of the imprint's picture; absent where the maker is to draw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint_digest: Option<String>,
    /// Digest of the made seal, for proofs about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal_digest: Option<String>,
    /// Last moment it may be relied on, where it is for a time only. An approval always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// From when the measure counts, where that is another moment than the issuing (loss, key leak).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Timestamp>,
    /// Code of the reason, for cancellation and suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: String,
}

/// Why a statement cannot be certified as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("凭证内容不完整或不正确：{field} / the statement is incomplete or wrong: {field}")]
pub struct StatementError {
    /// The field at fault.
    pub field: &'static str,
}

impl StatementError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        "PROOF_STATEMENT"
    }
}

impl Statement {
    /// The same with its times cut to whole seconds.
    #[must_use]
    pub fn in_seconds(mut self) -> Self {
        self.issued_at = whole_second(self.issued_at);
        self.valid_until = self.valid_until.map(whole_second);
        self.effective_at = self.effective_at.map(whole_second);
        self
    }

    /// Whether everything is there that its kind needs, in the form promised.
    ///
    /// # Errors
    /// [`StatementError`] with the field at fault.
    pub fn check(&self) -> Result<(), StatementError> {
        let fail = |field| Err(StatementError { field });
        for (field, text) in self.texts() {
            if text.trim().is_empty() || text.chars().count() > MAX_TEXT || text.chars().any(char::is_control)
            {
                return fail(field);
            }
        }
        for (field, digest) in [
            ("application_digest", &self.application_digest),
            ("truth_digest", &self.truth_digest),
            ("imprint_digest", &self.imprint_digest),
            ("seal_digest", &self.seal_digest),
        ] {
            if digest.as_deref().is_some_and(|d| !is_digest(d)) {
                return fail(field);
            }
        }
        if !is_area_path(&self.area) {
            return fail("area");
        }
        let times = [Some(self.issued_at), self.valid_until, self.effective_at];
        if times.into_iter().flatten().any(|t| whole_second(t) != t) {
            return fail("issued_at");
        }
        if self.valid_until.is_some_and(|until| until < self.issued_at) {
            return fail("valid_until");
        }
        match self.kind {
            ProofKind::MakingApproval if self.valid_until.is_none() => fail("valid_until"),
            ProofKind::MakingApproval if self.application_digest.is_none() => fail("application_digest"),
            ProofKind::MakingApproval if self.seal.years.is_none() => fail("seal.years"),
            ProofKind::FilingReceipt if self.seal_digest.is_none() => fail("seal_digest"),
            ProofKind::CancellationCertificate | ProofKind::SuspensionNotice if self.reason.is_none() => {
                fail("reason")
            }
            _ => Ok(()),
        }
    }

    fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let s = &self.subjects;
        let always = [
            ("number", self.number.as_str()),
            ("area", &self.area),
            ("authority.name", &self.authority.name),
            ("authority.code", &self.authority.code),
            ("unit.name", &self.unit.name),
            ("seal.kind", &self.seal.kind),
            ("seal.name", &self.seal.name),
            ("decided_by", &self.decided_by),
        ];
        let maybe = [
            ("subjects.application", &s.application),
            ("subjects.seal", &s.seal),
            ("subjects.unit", &s.unit),
            ("subjects.maker", &s.maker),
            ("unit.credit_code", &self.unit.credit_code),
            ("seal.holder", &self.seal.holder),
            ("seal.code", &self.seal.code),
            ("reason", &self.reason),
        ];
        always.into_iter().chain(maybe.into_iter().filter_map(|(f, t)| t.as_deref().map(|t| (f, t))))
    }
}

fn is_area_path(text: &str) -> bool {
    let inner = text.strip_prefix('/').and_then(|t| t.strip_suffix('/'));
    let code = |part: &str| (6..=12).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    inner.is_some_and(|t| t.split('/').all(code))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
