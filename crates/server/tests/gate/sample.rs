//! A gate before a key with a seal, and tokens for it.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use yinxin_crypto::{PublicKey, SigningKey, sm3};
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{SealPicture, SesVersion, ToSign};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::sign::Placement;
use yinxin_ofd::{Package, sample};
use yinxin_registry::ids::{SealId, TokenId, UseItemId, UseRequestId};
use yinxin_registry::usage::token::Claims;
use yinxin_seal::TrustFacts;
use yinxin_seal::make::{ListKind, SealRequest, make};
use yinxin_seal::sign::{PreparedSignature, SignRequest, What, prepare_ofd};
use yinxin_server::gate::{Ask, Gate, GateFault, approval_extension};
use yinxin_server::making::keys::{KeyId, SealKeys};
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::seal::PICTURE;
use yinxin_testkit::{CertSpec, Identity, Pki, clock};

use crate::devices::Device;

pub const APPROVAL: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// What a test works with. The signer of the seal is `pki.signer_a`.
pub struct Bench {
    pub folder: TempDir,
    pub pki: Pki,
    pub registry: Identity,
    pub device: Arc<Device>,
    pub key: KeyId,
    pub seal: Vec<u8>,
    pub facts: TrustFacts,
}

/// A token with the registry's signature.
#[derive(Clone)]
pub struct Token {
    pub claims: Claims,
    pub bytes: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Bench {
    pub fn new() -> Self {
        let pki = Pki::new();
        let registry = pki.leaf(&CertSpec::leaf("示例市印章登记系统"));
        let key = KeyId::new(&mut SeededRng::new("gate"));
        let device = Arc::new(Device::new(&key, pki.signer_a.key.clone(), pki.signer_b.key.clone()));
        let facts = facts(&pki);
        let seal = seal(&pki, &facts);
        Self { folder: tempfile::tempdir().unwrap(), pki, registry, device, key, seal, facts }
    }

    pub fn place(&self) -> &Path {
        self.folder.path()
    }

    pub fn gate(&self) -> Gate {
        self.gate_before(self.device.clone())
    }

    pub fn gate_before(&self, keys: Arc<dyn SealKeys>) -> Gate {
        let issuer: PublicKey = self.registry.cert.public_key().unwrap();
        Gate::open(&self.place().join("gate"), keys, vec![issuer]).unwrap()
    }

    /// A document prepared for the seal, with the digest of its approval inside.
    pub fn prepared(&self, text: &str) -> PreparedSignature {
        let document = sample::document(1, "示例合同", &[text]);
        let mut package = Package::open(Cursor::new(&document), &yinxin_ofd::Limits::default()).unwrap();
        let mut request =
            SignRequest::new(What::Seal(self.seal.clone()), self.pki.signer_a.cert.clone(), clock::signed())
                .place(Placement::on_page(0, 120.0, 200.0, 40.0, 40.0));
        request.extensions.push(approval_extension(APPROVAL).unwrap());
        prepare_ofd(&mut package, &request, &self.facts).unwrap()
    }

    /// A token for exactly this.
    pub fn token(&self, number: u32, to_sign: &[u8], change: impl FnOnce(&mut Claims)) -> Token {
        let read = ToSign::parse(to_sign, &Limits::default()).unwrap();
        let id = |prefix: &str| format!("{prefix}_{number:026}");
        let mut claims = Claims {
            id: TokenId::parse(&id("tkn")).unwrap(),
            request: UseRequestId::parse(&id("use")).unwrap(),
            item: UseItemId::parse(&id("item")).unwrap(),
            seal: SealId::parse(&id("seal")).unwrap(),
            seal_digest: hex::encode(sm3(&self.seal)),
            key_digest: hex::encode(sm3(&self.pki.signer_a.key.public_key().spki_der())),
            document: "03".repeat(32),
            line: "04".repeat(32),
            data_hash: hex::encode(read.data_hash),
            approval: APPROVAL.to_owned(),
            issued_at: clock::signed(),
            until: clock::signed().checked_add(SignedDuration::from_mins(5)).unwrap(),
        };
        change(&mut claims);
        self.signed(claims, &self.registry)
    }

    pub fn signed(&self, claims: Claims, by: &Identity) -> Token {
        let bytes = claims.canonical();
        Token { signature: by.sign(&bytes), bytes, claims }
    }

    pub fn ask<'a>(&'a self, token: &'a Token, to_sign: &'a [u8]) -> Ask<'a> {
        Ask { claims: &token.bytes, sheet: b"", signature: &token.signature, key: &self.key, to_sign }
    }
}

/// A moment within the life of the tokens.
pub fn soon() -> Timestamp {
    clock::signed().checked_add(SignedDuration::from_secs(5)).unwrap()
}

#[track_caller]
pub fn code(outcome: Result<Vec<u8>, GateFault>) -> &'static str {
    outcome.map_or_else(|fault| fault.code(), |_| "signed")
}

fn facts(pki: &Pki) -> TrustFacts {
    let limits = Limits::default();
    let mut facts = TrustFacts::default();
    for cert in [&pki.root, &pki.ca] {
        facts.add_certificate(Certificate::parse(cert.der(), &limits).unwrap());
        facts.crls.push(Crl::parse(&CrlForge::fresh(cert).build(), &limits).unwrap());
    }
    facts
}

fn seal(pki: &Pki, facts: &TrustFacts) -> Vec<u8> {
    let request = SealRequest {
        version: SesVersion::V4,
        vendor: "YINXIN".into(),
        id: "99010000000001".into(),
        seal_type: 1,
        name: "示例市示例公司合同专用章".into(),
        owners: vec![pki.signer_a.cert.clone()],
        list: ListKind::Certificates,
        picture: SealPicture { kind: "PNG".into(), data: PICTURE.to_vec(), width_mm: 40, height_mm: 40 },
        created: clock::made(),
        valid_start: clock::made(),
        valid_end: clock::seal_end(),
    };
    make(&request, &pki.maker.cert, &*pki.maker.key, Some(facts), None).unwrap()
}
