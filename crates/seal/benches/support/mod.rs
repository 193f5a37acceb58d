//! One page, one seal, one signature: what the measurements run on, and the bare cryptography they are compared with.

#![allow(dead_code, missing_docs, clippy::unwrap_used, reason = "measuring code has no callers to warn")]

pub mod pdf;

use std::io::Cursor;

use jiff::Timestamp;
use yinxin_crypto::rand_core::UnwrapErr;
use yinxin_crypto::{DEFAULT_USER_ID, PublicKey, SigningKey, Sm2Signature, SoftwareKey, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{SealPicture, SesSignature, SesVersion};
use yinxin_formats::x509::{Certificate, CertificateBuilder, KeyUsage, Name, Serial, extensions};
use yinxin_imprint::{Font, ImprintSpec};
use yinxin_ofd::Package;
use yinxin_ofd::sign::Placement;
use yinxin_seal::make::{ListKind, SealRequest, make};
use yinxin_seal::sign::{SignRequest, What, sign_ofd};
use yinxin_seal::{Report, TrustFacts, Verdict, VerifyOptions, verify};

pub struct Fixture {
    pub facts: TrustFacts,
    pub options: VerifyOptions,
    pub plain: Vec<u8>,
    pub sealed: Vec<u8>,
    pub request: SignRequest,
    pub key: SoftwareKey,
    pub root: Certificate,
    pub maker: Certificate,
    pub seal: Vec<u8>,
    /// Contents of the protected parts, Signature.xml included.
    pub parts: Vec<Vec<u8>>,
    value: Option<SesSignature>,
}

fn time(s: &str) -> Timestamp {
    s.parse().unwrap()
}

fn certificate(
    name: &str,
    serial: u8,
    key: &SoftwareKey,
    issuer: &str,
    issuer_key: &SoftwareKey,
    ca: bool,
) -> Certificate {
    let common_name = const_oid::ObjectIdentifier::new_unwrap("2.5.4.3");
    let named = |n: &str| Name::build(&[(common_name, n)]);
    let usage = if ca {
        KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN)
    } else {
        KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::CONTENT_COMMITMENT)
    };
    let der = CertificateBuilder::new(
        Serial::from_unsigned(&[serial]),
        named(issuer),
        named(name),
        time("2026-01-01T00:00:00Z"),
        time("2036-01-01T00:00:00Z"),
        key.public_key(),
    )
    .extension(extensions::basic_constraints(ca, None))
    .extension(extensions::key_usage(usage))
    .sign(issuer_key)
    .unwrap();
    Certificate::parse(&der, &Limits::default()).unwrap()
}

impl Fixture {
    /// A fresh PKI, a seal, a document of one page, and the document sealed.
    pub fn new() -> Self {
        Self::with(300, 1)
    }

    /// The same with the seal's picture at so many dots per inch, and a document of so many pages.
    pub fn with(dpi: u32, pages: usize) -> Self {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let keys: Vec<SoftwareKey> = (0..3).map(|_| SoftwareKey::generate(&mut rng)).collect();
        let [root_key, maker_key, key] = <[SoftwareKey; 3]>::try_from(keys).ok().unwrap();
        let root = certificate("根", 1, &root_key, "根", &root_key, true);
        let maker = certificate("制章中心", 2, &maker_key, "根", &root_key, false);
        let signer = certificate("示例单位", 3, &key, "根", &root_key, false);
        let drawing =
            yinxin_imprint::draw(&ImprintSpec::official("示例市示例科技有限公司"), &Font::builtin()).unwrap();
        let picture = SealPicture {
            kind: "PNG".into(),
            data: drawing.to_png(dpi).unwrap(),
            width_mm: 40,
            height_mm: 40,
        };
        let request = SealRequest {
            version: SesVersion::V4,
            vendor: "yinxin".into(),
            id: "1101010000001".into(),
            seal_type: 1,
            name: "示例市示例科技有限公司".into(),
            owners: vec![signer.clone()],
            list: ListKind::Certificates,
            picture,
            created: time("2026-02-01T00:00:00Z"),
            valid_start: time("2026-02-01T00:00:00Z"),
            valid_end: time("2030-01-01T00:00:00Z"),
        };
        let seal = make(&request, &maker, &maker_key, None, None).unwrap();
        let plain = yinxin_ofd::sample::document(pages, "示例合同", &["甲方：示例市示例科技有限公司"]);
        let request = SignRequest::new(What::Seal(seal.clone()), signer, time("2026-11-21T08:00:00Z"))
            .place(Placement::on_page(0, 120.0, 200.0, 40.0, 40.0));
        let mut facts = TrustFacts::default();
        facts.add_certificate(root.clone());
        let mut this = Self {
            facts,
            options: VerifyOptions::at(time("2026-11-22T00:00:00Z")),
            plain,
            sealed: Vec::new(),
            request,
            key,
            root,
            maker,
            seal,
            parts: Vec::new(),
            value: None,
        };
        this.sealed = this.seal_once();
        let mut package = Package::open(Cursor::new(&this.sealed), &yinxin_ofd::Limits::default()).unwrap();
        let paths: Vec<String> = package.parts().map(|e| e.path.clone()).collect();
        for p in paths {
            let content = package.read(&p).unwrap();
            if p.ends_with("SignedValue.dat") {
                this.value = Some(SesSignature::parse(&content, &Limits::default()).unwrap());
            } else if !p.ends_with("Signatures.xml") {
                this.parts.push(content);
            }
        }
        assert_eq!(this.verify_once().verdict, Verdict::Valid);
        this
    }

    /// Open, prepare, sign, embed.
    pub fn seal_once(&self) -> Vec<u8> {
        self.seal(&self.plain)
    }

    /// The same with any document of the kind.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let mut package = Package::open(Cursor::new(plain), &yinxin_ofd::Limits::default()).unwrap();
        let mut out = Vec::new();
        let nothing = TrustFacts::default();
        sign_ofd(&mut package, &self.request, &self.key, &nothing, None, &mut out, &mut |_, _| {}).unwrap();
        out
    }

    /// The cryptography of sealing alone: the seal's verification, one signature with its verification, SM3 of the parts.
    pub fn seal_cryptography(&self) {
        self.check_seal();
        self.key.sign(self.value.as_ref().unwrap().tbs_raw()).unwrap();
        self.digests();
    }

    fn check_seal(&self) {
        let seal = &self.value.as_ref().unwrap().seal;
        check(&self.maker.public_key().unwrap(), &seal.signed_bytes(), &seal.signature);
    }

    fn check_certificates(&self) {
        let root = self.root.public_key().unwrap();
        for cert in [&self.maker, &self.request.signer] {
            check(&root, cert.tbs(), cert.signature());
        }
    }

    /// Everything from bytes to verdict.
    pub fn verify_once(&self) -> Report {
        self.verify(&self.sealed)
    }

    /// The same with any sealed document.
    pub fn verify(&self, sealed: &[u8]) -> Report {
        verify(Cursor::new(sealed), &self.facts, &self.options)
    }

    /// The cryptography of verifying alone: seal, signature, two certificates, SM3 of the parts.
    pub fn verify_cryptography(&self) {
        let value = self.value.as_ref().unwrap();
        self.check_seal();
        check(&self.request.signer.public_key().unwrap(), value.tbs_raw(), &value.signature);
        self.check_certificates();
        self.digests();
    }

    fn digests(&self) {
        for p in &self.parts {
            std::hint::black_box(sm3(p));
        }
    }
}

fn check(key: &PublicKey, message: &[u8], value: &[u8]) {
    key.verify_sm2(DEFAULT_USER_ID, message, &Sm2Signature::from_der(value).unwrap()).unwrap();
}
