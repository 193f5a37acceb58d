//! An authority of an example city and what it certifies.

use jiff::Timestamp;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;
use yinxin_server::proof::{
    AuthorizedSigner, IssuingAuthority, OwningUnit, Proof, ProofFault, ProofKind, ProofSigner, ProofTrust,
    SealFacts, Statement, Subjects, Verified, sign, verify,
};
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::{CertSpec, Identity, Pki, clock};

pub const AREA: &str = "/100000/990000/990100/";
pub const CODE: &str = "11990100MB0000001X";

/// An authority, whoever trusts it, and a stranger of the same CA.
pub struct Office {
    pub pki: Pki,
    pub authority: Identity,
    pub facts: TrustFacts,
}

impl Office {
    pub fn new() -> Self {
        let pki = Pki::new();
        let authority = pki.leaf(&CertSpec::leaf("示例市政务服务局"));
        let facts = facts(&pki, &[]);
        Self { pki, authority, facts }
    }

    pub fn signers(&self) -> Vec<AuthorizedSigner> {
        vec![AuthorizedSigner {
            code: CODE.into(),
            area: "/100000/990000/".into(),
            certificate: self.authority.cert.clone(),
            until: None,
        }]
    }

    pub fn sign(&self, statement: Statement) -> Proof {
        signed_by(&self.authority, statement, clock::made())
    }

    pub fn verify(&self, der: &[u8], kind: ProofKind, at: Timestamp) -> Result<Verified, ProofFault> {
        verify(der, kind, ProofTrust { facts: &self.facts, signers: &self.signers() }, at)
    }
}

/// Root, CA and lists that name the certificates revoked.
pub fn facts(pki: &Pki, revoked: &[&Identity]) -> TrustFacts {
    let limits = Limits::default();
    let mut facts = TrustFacts::default();
    for id in [&pki.root, &pki.ca] {
        facts.add_certificate(Certificate::parse(id.der(), &limits).unwrap());
    }
    let list = revoked
        .iter()
        .fold(CrlForge::fresh(&pki.ca), |list, id| list.revoke(id, "2026-11-10T00:00:00Z", None));
    for der in [CrlForge::fresh(&pki.root).build(), list.build()] {
        facts.crls.push(Crl::parse(&der, &limits).unwrap());
    }
    facts
}

pub fn signed_by(who: &Identity, statement: Statement, now: Timestamp) -> Proof {
    let signer = ProofSigner { key: &*who.key, certificate: &who.cert, chain: &[] };
    sign(statement, signer, now).unwrap()
}

pub fn statement(kind: ProofKind) -> Statement {
    Statement {
        kind,
        number: "准制-990100-20261101-000001".into(),
        issued_at: clock::made(),
        area: AREA.into(),
        authority: IssuingAuthority { name: "示例市政务服务局".into(), code: CODE.into() },
        subjects: Subjects {
            application: Some("app_00000000000000000000000001".into()),
            seal: None,
            unit: Some("unit_00000000000000000000000001".into()),
            maker: None,
        },
        application_digest: Some("0a".repeat(32)),
        truth_digest: None,
        unit: OwningUnit {
            name: "示例市示例科技有限公司".into(),
            credit_code: Some("91990100MA0000000P".into()),
        },
        seal: SealFacts {
            kind: "legal_name".into(),
            name: "示例市示例科技有限公司".into(),
            holder: None,
            code: None,
            number: None,
            years: Some(3),
        },
        imprint_digest: None,
        seal_digest: Some("0b".repeat(32)),
        valid_until: Some(clock::at("2026-12-31T00:00:00Z")),
        effective_at: None,
        reason: Some("key_leak".into()),
        decided_by: "acct_00000000000000000000000001".into(),
    }
}
