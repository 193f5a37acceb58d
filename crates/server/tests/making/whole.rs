//! The whole making.

use yinxin_crypto::{KeyAlgorithm, SigningKey};
use yinxin_formats::csr::CsrBuilder;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_formats::ses::{Seal, SesVersion};
use yinxin_formats::x509::Name;
use yinxin_registry::profile::SealKind;
use yinxin_seal::{Verdict, VerifyOptions, verify_seal};
use yinxin_server::making::accept::check_made;
use yinxin_server::making::dto::{MadeKeyDto, OrderImprintDto, OrderKeyDto};
use yinxin_server::making::keys::{KeyId, SealKeys};
use yinxin_server::making::log::{Step, WorkLog};
use yinxin_server::making::{MadeKey, MadeSeal, Settings};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::{CertSpec, clock, pki};

use crate::doubles::Scripted;
use crate::sample::{Bench, SEAL, SEAL_CODE, UNIT, now, order_facts, read};

fn made(bench: &mut Bench, dto: &yinxin_server::making::dto::OrderDto) -> MadeSeal {
    let workshop = bench.workshop();
    workshop.make(&read(dto), &bench.facts, now(), &mut bench.rng).unwrap()
}

#[test]
fn makes_a_seal_that_anybody_can_verify() {
    let mut bench = Bench::new();
    let dto = bench.order();
    let made = made(&mut bench, &dto);
    let report = verify_seal(&made.der, &bench.facts, &VerifyOptions::at(now()));
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    let seal = Seal::parse(&made.der, &Limits::default()).unwrap();
    assert_eq!((seal.version, seal.es_id.as_str()), (SesVersion::V4, SEAL_CODE));
    assert_eq!((seal.property.name.as_str(), seal.property.seal_type), (UNIT, 1));
    assert_eq!((seal.picture.width_mm, seal.picture.height_mm), (40, 40));
    assert_eq!(seal.maker_cert, bench.pki.maker.der());
    assert_eq!(seal.property.valid_start.to_string(), "2026-11-22T08:00:00Z");
    assert_eq!(seal.property.valid_end.to_string(), "2029-11-22T07:59:59Z");
    assert!(made.valid_end <= made.certificate.leaf.not_after);
    let MadeKey::Workshop { id, provider } = &made.key else { panic!("{:?}", made.key) };
    assert_eq!(provider, "software");
    let key = bench.keys.open(id).unwrap();
    assert_eq!(key.public_key(), &made.certificate.leaf.public_key().unwrap());
    assert!(check_made(&order_facts(bench.pki.maker.der()), &made.to_dto(), &bench.facts, now()).is_ok());
}

#[test]
fn openssl_and_bouncycastle_verify_the_makers_signature() {
    let mut bench = Bench::new();
    let lab = Lab::new("made-seal");
    let mut lines = Vec::new();
    for version in [SesVersion::V4, SesVersion::V5] {
        let mut bench = if version == SesVersion::V4 {
            std::mem::replace(&mut bench, Bench::new())
        } else {
            Bench::new()
        };
        let dto = bench.order();
        let mut workshop = bench.workshop();
        workshop.settings = Settings { version, ..bench.settings() };
        let made = workshop.make(&read(&dto), &bench.facts, now(), &mut bench.rng).unwrap();
        let seal = Seal::parse(&made.der, &Limits::default()).unwrap();
        assert_eq!(seal.version, version);
        lab.write("info", seal.info_raw());
        lab.write("value", &seal.signature);
        lab.write("maker.pub", pem::encode("PUBLIC KEY", &bench.pki.maker.key.public_key().spki_der()));
        let id = "distid:1234567812345678";
        lab.openssl(&["dgst", "-sm3", "-verify", "maker.pub", "-sigopt", id, "-signature", "value", "info"]);
        let file = format!("{version}.esl");
        lab.write(&file, &made.der);
        let mut bent = made.der.clone();
        let at = bent.windows(13).position(|w| w == SEAL_CODE.as_bytes()).unwrap();
        bent[at] ^= 1;
        lab.write(&format!("bent-{file}"), bent);
        lines.push(format!("verify-seal\t{file}"));
        lines.push(format!("! verify-seal\tbent-{file}"));
    }
    lab.bouncy_castle(&lines);
}

#[test]
fn making_again_gives_the_same_seal_key_and_certificate() {
    let mut bench = Bench::new();
    let dto = bench.order();
    let first = made(&mut bench, &dto);
    assert_eq!(made(&mut bench, &dto), first);
    bench.workshop().delivered(SEAL, now()).unwrap();
    bench.workshop().delivered(SEAL, now()).unwrap();
    assert_eq!(made(&mut bench, &dto), first);
    assert_eq!(bench.keys.list().unwrap().len(), 1);
    assert_eq!(bench.ca.issued_count(), 1);
    let words: Vec<&str> = bench.log.read(SEAL).unwrap().iter().map(Step::word).collect();
    assert_eq!(words, ["accepted", "imprint", "requested", "certified", "sealed", "delivered"]);
    assert_eq!(bench.log.seals().unwrap(), [SEAL]);
}

#[test]
fn no_private_key_and_no_password_stands_in_the_log_or_in_what_is_handed_in() {
    let mut bench = Bench::new();
    let dto = bench.order();
    let made = made(&mut bench, &dto);
    let MadeKey::Workshop { id, .. } = &made.key else { panic!() };
    let file = std::fs::read(bench.folder.path().join(format!("keys/{id}.p8"))).unwrap();
    let out = serde_json::to_string(&made.to_dto()).unwrap();
    let log = std::fs::read_to_string(bench.folder.path().join(format!("log/orders/{SEAL}.jsonl"))).unwrap();
    use base64::Engine as _;
    let cipher = base64::engine::general_purpose::STANDARD.encode(&file[..60]);
    for text in [&out, &log, &format!("{:?}", bench.workshop())] {
        assert!(!text.contains("sample password") && !text.contains(&cipher[..40]));
    }
}

#[test]
fn a_given_picture_stands_in_the_seal_as_it_is() {
    let mut bench = Bench::new();
    let spec = yinxin_imprint::ImprintSpec::official(UNIT).with_size_mm(42.0);
    let picture = yinxin_imprint::draw(&spec, &yinxin_imprint::Font::builtin()).unwrap().to_png(600).unwrap();
    let digest = hex::encode(yinxin_crypto::sm3(&picture));
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(&picture);
    let dto = bench.order_with(
        |o| {
            o.imprint = OrderImprintDto::Given {
                picture: data,
                digest: digest.clone(),
                width_tenth_mm: 420,
                height_tenth_mm: 420,
            };
        },
        |s| s.imprint_digest = Some(digest.clone()),
    );
    let made = made(&mut bench, &dto);
    let seal = Seal::parse(&made.der, &Limits::default()).unwrap();
    assert_eq!(seal.picture.data, picture);
    assert_eq!(hex::encode(made.imprint_digest), digest);
    assert_eq!(seal.picture.width_mm, 42);
}

#[test]
fn a_key_made_elsewhere_is_certified_and_none_is_made_here() {
    let mut bench = Bench::new();
    let key = pki::key("usb key", KeyAlgorithm::Sm2);
    use base64::Engine as _;
    let csr = CsrBuilder::new(Name::build(&[])).sign(&*key).unwrap();
    let request = base64::engine::general_purpose::STANDARD.encode(csr);
    let dto = bench.order_with(|o| o.key = OrderKeyDto::Elsewhere { request }, |_| {});
    let made = made(&mut bench, &dto);
    assert_eq!(made.key, MadeKey::Elsewhere);
    assert_eq!(&made.certificate.leaf.public_key().unwrap(), key.public_key());
    assert!(bench.keys.list().unwrap().is_empty());
    assert_eq!(made.to_dto().key, MadeKeyDto::Elsewhere);
}

#[test]
fn a_personal_seal_names_its_holder_on_the_imprint_and_the_unit_in_the_certificate() {
    let mut bench = Bench::new();
    let dto = bench.order_with(
        |o| {
            o.seal.kind = SealKind::PersonalLegalRepresentative;
            o.seal.name = "示例市示例科技有限公司法定代表人名章".into();
            o.seal.holder = Some("张三".into());
            o.imprint = OrderImprintDto::Drawn { width_tenth_mm: 180, height_tenth_mm: 180 };
        },
        |s| {
            s.seal.kind = "personal_legal_representative".into();
            s.seal.name = "示例市示例科技有限公司法定代表人名章".into();
            s.seal.holder = Some("张三".into());
        },
    );
    let made = made(&mut bench, &dto);
    let seal = Seal::parse(&made.der, &Limits::default()).unwrap();
    assert_eq!((seal.picture.width_mm, seal.property.seal_type), (18, 5));
    assert!(made.certificate.leaf.subject.to_string().contains(UNIT));
}

#[test]
fn a_certificate_made_by_hand_is_imported_and_the_making_goes_on() {
    let mut bench = Bench::new();
    let dto = bench.order();
    let mut workshop = bench.workshop();
    workshop.authority = std::sync::Arc::new(Scripted(Box::new(|_| {
        Err(yinxin_server::making::authority::AuthorityError::Pending)
    })));
    let order = read(&dto);
    let early = workshop.import_certificate(&order, &[bench.pki.signer_a.der()], &bench.facts, now());
    assert_eq!(early.unwrap_err().code(), "LOG_CONTENT");
    let waiting = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(waiting.code(), "AUTHORITY_PENDING");
    assert!(!waiting.is_refusal());
    // Somebody else's certificate is refused, ours taken; only once.
    let other = bench.pki.leaf(&CertSpec::leaf(UNIT));
    let refused = workshop.import_certificate(&order, &[other.der()], &bench.facts, now());
    assert_eq!(refused.unwrap_err().code(), "CERTIFICATE_KEY");
    let csr = workshop.certification_request(SEAL).unwrap().unwrap();
    let request = yinxin_formats::csr::Csr::parse(&csr, &Limits::default()).unwrap();
    let der = yinxin_formats::x509::CertificateBuilder::new(
        yinxin_formats::x509::Serial::from_unsigned(&[0x55; 16]),
        bench.pki.ca.cert.subject.clone(),
        request.subject.clone(),
        clock::made(),
        clock::seal_end(),
        &request.public_key().unwrap(),
    )
    .sign(&*bench.pki.ca.key)
    .unwrap();
    workshop.import_certificate(&order, &[&der], &bench.facts, now()).unwrap();
    assert!(workshop.import_certificate(&order, &[&der], &bench.facts, now()).is_err());
    let made = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap();
    assert_eq!(made.certificate.leaf.raw(), der);
    // The certificate ends before three years are over, and so does the seal.
    assert_eq!(made.valid_end, clock::seal_end());
    assert_eq!(KeyId::parse(&bench.keys.list().unwrap()[0].to_string()).unwrap().as_str().len(), 36);
}
