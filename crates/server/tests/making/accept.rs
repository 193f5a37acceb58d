//! The registry's check of a made seal: nothing the workshop says is believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::{SigningKey, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, SealPicture, SesVersion};
use yinxin_registry::profile::SealKind;
use yinxin_seal::make::{ListKind, SealRequest, make};
use yinxin_server::making::accept::{ExpectedKey, OrderFacts, check_made};
use yinxin_server::making::dto::{MadeDto, MadeKeyDto};
use yinxin_testkit::{CertSpec, Identity, clock, pki};

use crate::sample::{Bench, SEAL_CODE, UNIT, facts, now, order_facts, read};

/// A seal made in the workshop.
fn made(bench: &mut Bench) -> MadeDto {
    let order = read(&bench.order());
    bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).unwrap().to_dto()
}

#[track_caller]
fn codes(bench: &Bench, facts: &OrderFacts<'_>, made: &MadeDto) -> Vec<&'static str> {
    check_made(facts, made, &bench.facts, now()).unwrap_err().iter().map(|f| f.code()).collect()
}

/// The seal of the workshop, made anew with something changed: a workshop that lies.
fn remade(bench: &Bench, base: &MadeDto, change: impl FnOnce(&mut SealRequest, &mut Identity)) -> MadeDto {
    let seal = Seal::parse(&STANDARD.decode(&base.seal).unwrap(), &Limits::default()).unwrap();
    let leaf = STANDARD.decode(&base.certificates[0]).unwrap();
    let leaf = yinxin_formats::x509::Certificate::parse(&leaf, &Limits::default()).unwrap();
    let p = &seal.property;
    let mut request = SealRequest {
        version: seal.version,
        vendor: seal.header.vid.clone(),
        id: seal.es_id.clone(),
        seal_type: p.seal_type,
        name: p.name.clone(),
        owners: vec![leaf],
        list: ListKind::Certificates,
        picture: seal.picture.clone(),
        created: p.create_date,
        valid_start: p.valid_start,
        valid_end: p.valid_end,
    };
    let mut maker = bench.pki.maker.clone();
    change(&mut request, &mut maker);
    let der = make(&request, &maker.cert, &*maker.key, None, None).unwrap();
    MadeDto {
        seal: STANDARD.encode(der),
        imprint_digest: hex::encode(sm3(&request.picture.data)),
        format_version: u32::try_from(request.version.number()).unwrap(),
        ..base.clone()
    }
}

#[test]
fn accepts_what_was_made_as_approved_and_keeps_what_it_needs() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let accepted = check_made(&order_facts(bench.pki.maker.der()), &dto, &bench.facts, now()).unwrap();
    assert_eq!(accepted.es_id, SEAL_CODE);
    assert_eq!(accepted.digest, sm3(&STANDARD.decode(&dto.seal).unwrap()));
    assert_eq!(accepted.certificate, STANDARD.decode(&dto.certificates[0]).unwrap());
    assert!(accepted.valid_end <= accepted.not_after && accepted.not_before <= accepted.valid_start);
    let serial = &accepted.certificate_serial;
    assert!(serial.len() == 32 && serial.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{serial}");
    assert_eq!(hex::encode(accepted.imprint_digest), dto.imprint_digest);
    assert!(!accepted.key_elsewhere && accepted.notes.is_empty(), "{:?}", accepted.notes);
    assert_eq!((accepted.picture_format.as_str(), accepted.width_mm), ("PNG", 40));
    // It goes over the wire as JSON and comes back the same.
    let json = serde_json::to_string(&dto).unwrap();
    assert_eq!(serde_json::from_str::<MadeDto>(&json).unwrap(), dto);
}

#[test]
fn rejects_a_seal_that_is_not_as_approved() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let maker = bench.pki.maker.der().to_vec();
    let other = |change: fn(&mut OrderFacts<'_>)| {
        let mut facts = order_facts(&maker);
        change(&mut facts);
        codes(&bench, &facts, &dto)
    };
    assert_eq!(other(|f| f.seal_code = "9901000000002"), ["MADE_SEAL_CODE"]);
    assert_eq!(other(|f| f.seal_name = "合同专用章"), ["MADE_SEAL_NAME"]);
    assert_eq!(other(|f| f.kind = SealKind::BusinessContract), ["MADE_SEAL_TYPE"]);
    assert_eq!(other(|f| f.approval = "another"), ["MADE_APPROVAL"]);
    assert_eq!(other(|f| f.years = 2), ["MADE_VALIDITY"]);
    assert_eq!(other(|f| f.unit_name = "示例市另一家公司"), ["CERTIFICATE_SUBJECT"]);
    assert_eq!(other(|f| f.credit_code = Some("91990100MA0000009X")), ["CERTIFICATE_SUBJECT"]);
    assert_eq!(other(|f| f.imprint_digest = Some([1; 32])), ["MADE_IMPRINT_DIGEST"]);
    assert_eq!(other(|f| (f.width_tenth_mm, f.height_tenth_mm) = (420, 420)), ["MADE_IMPRINT_SIZE"]);
    assert_eq!(other(|f| f.maker_certificates[0].0 = b"another".to_vec()), ["MADE_MAKER"]);
    let later = now().checked_add(SignedDuration::from_hours(1)).unwrap();
    let facts = OrderFacts { approved_at: later, ..order_facts(&maker) };
    assert_eq!(codes(&bench, &facts, &dto), ["MADE_TIME", "MADE_VALIDITY"]);
}

#[test]
fn a_seal_made_before_the_maker_was_certified_anew_is_taken_in_and_one_made_after_is_not() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let maker = bench.pki.maker.der().to_vec();
    let made_at = check_made(&order_facts(&maker), &dto, &bench.facts, now()).unwrap().created;
    let replaced = |until: Timestamp| OrderFacts {
        maker_certificates: vec![(b"another".to_vec(), None), (maker.clone(), Some(until))],
        ..order_facts(&maker)
    };
    check_made(&replaced(made_at), &dto, &bench.facts, now()).unwrap();
    let earlier = made_at - SignedDuration::from_hours(1);
    assert_eq!(codes(&bench, &replaced(earlier), &dto), ["MADE_MAKER"]);
}

#[test]
fn rejects_what_a_lying_workshop_states() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let maker = bench.pki.maker.der().to_vec();
    let stated = |change: fn(&mut MadeDto)| {
        let mut bent = dto.clone();
        change(&mut bent);
        codes(&bench, &order_facts(&maker), &bent)
    };
    assert_eq!(stated(|m| m.seal = "?".into()), ["MADE_ENCODING"]);
    assert_eq!(stated(|m| m.seal = STANDARD.encode(b"no seal")), ["MADE_UNREADABLE"]);
    assert_eq!(stated(|m| m.format_version = 5), ["MADE_VERSION"]);
    assert_eq!(stated(|m| m.certificates = vec!["?".into()]), ["MADE_ENCODING"]);
    assert_eq!(stated(|m| m.certificates.clear()), ["CERTIFICATE_MALFORMED"]);
    assert_eq!(stated(|m| m.certificates = vec![String::new(); 17]), ["MADE_ENCODING"]);
    assert_eq!(stated(|m| m.imprint_digest = "0a".repeat(32)), ["MADE_IMPRINT_DIGEST"]);
    assert_eq!(stated(|m| m.key = MadeKeyDto::Elsewhere), ["MADE_KEY"]);
    assert_eq!(stated(|m| m.made_at = clock::at("2026-11-22T09:00:00Z")), ["MADE_TIME"]);
    // Another's certificate beside the seal.
    let mut swapped = dto.clone();
    swapped.certificates[0] = STANDARD.encode(bench.pki.signer_a.der());
    let found = codes(&bench, &order_facts(&maker), &swapped);
    assert!(found.contains(&"MADE_OWNER") && found.contains(&"CERTIFICATE_SUBJECT"), "{found:?}");
}

#[test]
fn rejects_bent_seals_and_those_of_another_maker() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let maker = bench.pki.maker.der().to_vec();
    let mut der = STANDARD.decode(&dto.seal).unwrap();
    *der.last_mut().unwrap() ^= 1;
    let bent = MadeDto { seal: STANDARD.encode(&der), ..dto.clone() };
    assert_eq!(codes(&bench, &order_facts(&maker), &bent), ["MADE_VERIFICATION"]);
    der.push(0);
    let longer = MadeDto { seal: STANDARD.encode(&der), ..dto.clone() };
    assert_eq!(codes(&bench, &order_facts(&maker), &longer), ["MADE_DEVIATES"]);
    let other = remade(&bench, &dto, |_, maker| *maker = bench.pki.leaf(&CertSpec::leaf("另一制作单位")));
    assert_eq!(codes(&bench, &order_facts(&maker), &other), ["MADE_MAKER"]);
    let strange = remade(&bench, &dto, |_, maker| {
        *maker = pki::issue(&bench.pki.stranger, &CertSpec::leaf("陌生制作单位"));
    });
    let found = codes(&bench, &order_facts(&maker), &strange);
    assert_eq!(found, ["MADE_MAKER", "MADE_VERIFICATION"]);
}

#[test]
fn rejects_seals_made_anew_with_other_content_by_the_right_maker() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let maker = bench.pki.maker.der().to_vec();
    let check = |dto: &MadeDto| codes(&bench, &order_facts(&maker), dto);
    let same = remade(&bench, &dto, |_, _| {});
    assert!(check_made(&order_facts(&maker), &same, &bench.facts, now()).is_ok());
    assert_eq!(check(&remade(&bench, &dto, |r, _| r.id = "9".into())), ["MADE_SEAL_CODE"]);
    assert_eq!(check(&remade(&bench, &dto, |r, _| r.seal_type = 2)), ["MADE_SEAL_TYPE"]);
    assert_eq!(check(&remade(&bench, &dto, |r, _| r.list = ListKind::Digests)), ["MADE_OWNER"]);
    let two = remade(&bench, &dto, |r, _| {
        r.valid_end = clock::seal_end();
        r.owners.push(bench.pki.signer_a.cert.clone());
    });
    assert_eq!(check(&two)[0], "MADE_OWNER");
    // With a certificate that is older than the approval, the seal's own dates can be.
    let old = bench.pki.leaf(&CertSpec::leaf(UNIT));
    let old = MadeDto { certificates: vec![STANDARD.encode(old.der())], ..dto.clone() };
    let dated = |created: &str, start: &str| {
        remade(&bench, &old, |r, _| {
            r.valid_end = clock::seal_end();
            (r.created, r.valid_start) = (clock::at(created), clock::at(start));
        })
    };
    let sound = dated("2026-11-02T00:00:00Z", "2026-11-02T00:00:00Z");
    assert!(check_made(&order_facts(&maker), &sound, &bench.facts, now()).is_ok());
    let early = dated("2026-10-01T00:00:00Z", "2026-11-02T00:00:00Z");
    assert_eq!(check(&early), ["MADE_TIME"]);
    let before = dated("2026-11-03T00:00:00Z", "2026-11-02T00:00:00Z");
    assert_eq!(check(&before), ["MADE_VALIDITY"]);
    let later = dated("2026-11-02T00:00:00Z", "2026-12-02T00:00:00Z");
    assert_eq!(check(&later), ["MADE_VALIDITY", "MADE_VERIFICATION"]);
    let small = SealPicture {
        width_mm: 41,
        height_mm: 41,
        ..Seal::parse(&STANDARD.decode(&dto.seal).unwrap(), &Limits::default()).unwrap().picture
    };
    assert_eq!(check(&remade(&bench, &dto, |r, _| r.picture = small)), ["MADE_IMPRINT_SIZE"]);
    let five = remade(&bench, &dto, |r, _| r.version = SesVersion::V5);
    assert!(check_made(&order_facts(&maker), &five, &bench.facts, now()).is_ok(), "either version is fine");
}

#[test]
fn rejects_a_certificate_revoked_or_without_anchor_and_the_makers_own_key() {
    let mut bench = Bench::new();
    let dto = made(&mut bench);
    let maker = bench.pki.maker.der().to_vec();
    let serial = {
        let leaf = STANDARD.decode(&dto.certificates[0]).unwrap();
        yinxin_formats::x509::Certificate::parse(&leaf, &Limits::default()).unwrap().serial.to_string()
    };
    use yinxin_server::making::authority::CertificateAuthority;
    bench.ca.revoke(&serial, yinxin_formats::crl::RevocationReason::KeyCompromise, clock::made()).unwrap();
    bench.facts = std::sync::Arc::new(facts(&bench.pki, &bench.ca, &[]));
    assert_eq!(codes(&bench, &order_facts(&maker), &dto), ["CERTIFICATE_REFUSED"]);
    bench.facts = std::sync::Arc::new(yinxin_seal::TrustFacts::default());
    let found = codes(&bench, &order_facts(&maker), &dto);
    assert_eq!(found, ["CERTIFICATE_CHAIN", "MADE_VERIFICATION"]);

    let bench = Bench::new();
    let own = bench.pki.leaf(&CertSpec::leaf(UNIT).with(|s| s.key = Some("测试制章人 Test Maker".into())));
    assert_eq!(own.key.public_key(), bench.pki.maker.key.public_key());
    let dto = MadeDto { certificates: vec![STANDARD.encode(own.der())], ..dto };
    let dto = remade(&bench, &dto, |r, _| r.valid_end = clock::seal_end());
    assert_eq!(codes(&bench, &order_facts(&maker), &dto), ["MADE_KEY"]);
}

#[test]
fn a_key_elsewhere_must_be_the_one_that_was_announced() {
    let bench = Bench::new();
    let owner = bench.pki.leaf(&CertSpec::leaf(UNIT));
    let mut any = Bench::new();
    let base = made(&mut any);
    let base =
        MadeDto { certificates: vec![STANDARD.encode(owner.der())], key: MadeKeyDto::Elsewhere, ..base };
    let dto = remade(&bench, &base, |r, _| r.valid_end = clock::seal_end());
    let maker = bench.pki.maker.der().to_vec();
    let expecting = |id: &Identity| OrderFacts {
        key: ExpectedKey::Elsewhere(Box::new(id.key.public_key().clone())),
        ..order_facts(&maker)
    };
    let accepted = check_made(&expecting(&owner), &dto, &bench.facts, now()).unwrap();
    assert!(accepted.key_elsewhere);
    assert_eq!(codes(&bench, &expecting(&bench.pki.signer_a), &dto), ["MADE_KEY"]);
    assert_eq!(codes(&bench, &order_facts(&maker), &dto), ["MADE_KEY"]);
}
