//! Every reason not to make a seal. Whatever is refused leaves neither key nor certificate.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_formats::x509::KeyUsage;
use yinxin_server::making::authority::{AuthorityError, IssuedCertificate};
use yinxin_server::making::dto::{OrderDto, OrderImprintDto, OrderKeyDto};
use yinxin_server::making::keys::SealKeys;
use yinxin_server::making::log::{Step, WorkLog};
use yinxin_server::making::{MakerIdentity, MakingError, Order, Workshop};
use yinxin_server::proof::{ProofKind, Statement};
use yinxin_testkit::{CertSpec, Identity, clock};

use crate::doubles::Scripted;
use crate::sample::{AUTHORITY, Bench, SEAL, SEAL_CODE, approved_by, facts, now, order_dto, read, statement};

/// Makes and expects a refusal with this code; nothing was made.
#[track_caller]
fn refused(bench: &mut Bench, workshop: &Workshop, order: &Order, code: &str) -> MakingError {
    let error = workshop.make(order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(bench.keys.list().unwrap().is_empty());
    assert_eq!(bench.ca.issued_count(), 0);
    error
}

#[track_caller]
fn refused_order(change: impl FnOnce(&mut OrderDto), approval: impl FnOnce(&mut Statement), code: &str) {
    let mut bench = Bench::new();
    let order = read(&bench.order_with(change, approval));
    let workshop = bench.workshop();
    let error = refused(&mut bench, &workshop, &order, code);
    assert!(error.is_refusal(), "{code}");
    let steps = bench.log.read(SEAL).unwrap();
    assert!(matches!(steps.last(), Some(Step::Refused { code: noted, .. }) if noted == code), "{steps:?}");
}

#[track_caller]
fn refused_maker(change: impl FnOnce(&mut MakerIdentity), code: &str) {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    let mut workshop = bench.workshop();
    change(&mut workshop.maker);
    refused(&mut bench, &workshop, &order, code);
}

#[test]
fn rejects_a_maker_without_license_stopped_or_from_elsewhere() {
    refused_maker(|m| m.license.until = now(), "LICENSE_NOT_VALID");
    refused_maker(|m| m.license.from = clock::at("2026-12-01T00:00:00Z"), "LICENSE_NOT_VALID");
    refused_maker(|m| m.license.stopped = true, "MAKER_STOPPED");
    refused_maker(|m| m.license.areas = vec!["/100000/980000/".into()], "MAKER_JURISDICTION");
    refused_maker(|m| m.license.areas = vec!["/100000/99".into()], "MAKER_JURISDICTION");
    refused_maker(|m| m.license.areas.clear(), "MAKER_JURISDICTION");
    refused_maker(|m| m.id = "mkr_00000000000000000000000009".into(), "ORDER_OTHER_MAKER");
    refused_maker(|m| m.code = AUTHORITY.into(), "MAKER_IS_ISSUER");
}

#[test]
fn rejects_an_approval_for_anything_else() {
    let mismatch = |change: fn(&mut Statement)| refused_order(|_| {}, change, "APPROVAL_MISMATCH");
    mismatch(|s| s.subjects.application = Some("app_00000000000000000000000002".into()));
    mismatch(|s| s.subjects.application = None);
    mismatch(|s| s.application_digest = Some("0b".repeat(32)));
    mismatch(|s| s.subjects.unit = Some("unit_00000000000000000000000002".into()));
    mismatch(|s| s.unit.name = "示例市另一家公司".into());
    mismatch(|s| s.unit.credit_code = None);
    mismatch(|s| s.seal.kind = "business_contract".into());
    mismatch(|s| s.seal.name = "合同专用章".into());
    mismatch(|s| s.seal.holder = Some("张三".into()));
    mismatch(|s| s.seal.years = Some(5));
    mismatch(|s| s.imprint_digest = Some("0c".repeat(32)));
    mismatch(|s| s.area = "/100000/990000/990100/990101/".into());
    mismatch(|s| s.subjects.maker = Some("mkr_00000000000000000000000009".into()));
}

#[test]
fn rejects_another_code_or_number_than_was_approved() {
    let code = |code: &str| Some(code.to_owned());
    refused_order(|_| {}, |s| s.seal.code = code("9901000000009"), "APPROVAL_MISMATCH");
    let second = |s: &mut Statement| (s.seal.code, s.seal.number) = (code(SEAL_CODE), Some(2));
    refused_order(|_| {}, second, "APPROVAL_MISMATCH");
    refused_order(
        |o| o.assigned.as_mut().unwrap().number = Some(2),
        |s| s.seal.code = code(SEAL_CODE),
        "APPROVAL_MISMATCH",
    );
    let mut bench = Bench::new();
    let order = read(&bench.order_with(|o| o.assigned.as_mut().unwrap().number = Some(2), second));
    assert!(bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).is_ok());
}

#[test]
fn an_approval_may_leave_the_maker_open() {
    let mut bench = Bench::new();
    let order = read(&bench.order_with(|_| {}, |s| s.subjects.maker = None));
    assert!(bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).is_ok());
}

#[test]
fn rejects_approvals_forged_bent_expired_or_of_another_kind() {
    refused_order(|_| {}, |s| s.valid_until = Some(clock::at("2026-11-22T08:00:00Z")), "PROOF_EXPIRED");
    let receipt = |s: &mut Statement| {
        s.kind = ProofKind::FilingReceipt;
        s.seal_digest = Some("0d".repeat(32));
    };
    refused_order(|_| {}, receipt, "PROOF_KIND");
    refused_order(|_| {}, |s| s.authority.code = "11990200MB0000002X".into(), "PROOF_SIGNER");

    let forged = |by: fn(&Bench) -> Identity, code: &str| {
        let mut bench = Bench::new();
        let mut dto = order_dto();
        dto.approval = approved_by(&by(&bench), statement());
        let workshop = bench.workshop();
        refused(&mut bench, &workshop, &read(&dto), code);
    };
    // A unit with a good certificate of the same CA, even one in the authority's name.
    forged(|b| b.pki.signer_a.clone(), "PROOF_SIGNER");
    forged(|b| b.pki.maker.clone(), "PROOF_SIGNER");
    forged(|b| b.pki.leaf(&CertSpec::leaf("示例市政务服务局").with(|s| s.serial = Some(77))), "PROOF_SIGNER");

    let mut bench = Bench::new();
    let mut dto = bench.order();
    let mut der = STANDARD.decode(&dto.approval).unwrap();
    let at = der.windows(9).position(|w| w == b"\"years\":3").unwrap();
    der[at + 8] = b'9';
    dto.approval = STANDARD.encode(der);
    dto.seal.years = 9;
    let workshop = bench.workshop();
    refused(&mut bench, &workshop, &read(&dto), "PROOF_SIGNATURE");
}

#[test]
fn rejects_an_approval_of_an_authority_whose_certificate_was_revoked() {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    bench.facts = Arc::new(facts(&bench.pki, &bench.ca, &[&bench.office]));
    let workshop = bench.workshop();
    refused(&mut bench, &workshop, &order, "PROOF_CERTIFICATE");
}

#[test]
fn rejects_an_approval_used_for_another_seal() {
    let mut bench = Bench::new();
    let mut dto = bench.order();
    bench.workshop().make(&read(&dto), &bench.facts, now(), &mut bench.rng).unwrap();
    dto.assigned.as_mut().unwrap().id = "seal_00000000000000000000000002".into();
    let second = read(&dto);
    let error = bench.workshop().make(&second, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), "APPROVAL_USED");
    assert!(error.is_refusal());
    assert_eq!((bench.keys.list().unwrap().len(), bench.ca.issued_count()), (1, 1));
    // Before it is taken up as well.
    dto.assigned = None;
    let error = bench.workshop().second_check(&read(&dto), &bench.facts, now()).unwrap_err();
    assert_eq!(error.code(), "APPROVAL_USED");
}

#[test]
fn rejects_an_order_that_changed_after_it_was_accepted_and_one_not_taken_up() {
    let mut bench = Bench::new();
    let dto = bench.order();
    bench.workshop().make(&read(&dto), &bench.facts, now(), &mut bench.rng).unwrap();
    let mut changed = dto.clone();
    changed.imprint = OrderImprintDto::Drawn { width_tenth_mm: 420, height_tenth_mm: 420 };
    let error = bench.workshop().make(&read(&changed), &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), "ORDER_CHANGED");
    let mut open = dto;
    open.assigned = None;
    let error = bench.workshop().make(&read(&open), &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), "ORDER_NOT_TAKEN");
}

#[test]
fn rejects_unfit_imprints() {
    let size = |w, h| OrderImprintDto::Drawn { width_tenth_mm: w, height_tenth_mm: h };
    refused_order(|o| o.imprint = size(900, 900), |_| {}, "IMPRINT_SIZE_OUT_OF_RANGE");
    refused_order(|o| o.imprint = size(400, 300), |_| {}, "IMPRINT_OPTION_NOT_FOR_KIND");
    let digest = hex::encode(yinxin_crypto::sm3(b"no picture"));
    let stated = digest.clone();
    let given = OrderImprintDto::Given {
        picture: STANDARD.encode(b"no picture"),
        digest,
        width_tenth_mm: 400,
        height_tenth_mm: 400,
    };
    refused_order(|o| o.imprint = given, |s| s.imprint_digest = Some(stated), "IMPRINT_FORMAT");
}

#[test]
fn rejects_a_request_of_a_key_elsewhere_that_proves_no_possession() {
    refused_order(
        |o| o.key = OrderKeyDto::Elsewhere { request: STANDARD.encode(b"no request") },
        |_| {},
        "KEY_REQUEST",
    );
}

/// Whatever the authority hands back is checked.
#[test]
fn rejects_certificates_that_are_not_the_seals() {
    let with = |answer: Box<dyn Fn(&Bench) -> Identity>, code: &str| {
        let mut bench = Bench::new();
        let order = read(&bench.order());
        let cert = answer(&bench);
        let mut workshop = bench.workshop();
        let answer = IssuedCertificate { leaf: cert.cert.clone(), chain: vec![bench.pki.ca.cert.clone()] };
        workshop.authority = Arc::new(Scripted(Box::new(move |_| Ok(answer.clone()))));
        let error = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!error.is_refusal(), "the order is not at fault");
        let words: Vec<&str> = bench.log.read(SEAL).unwrap().iter().map(Step::word).collect();
        assert_eq!(words, ["accepted", "imprint", "requested"], "a refused certificate is not kept");
    };
    with(Box::new(|b| b.pki.signer_a.clone()), "CERTIFICATE_KEY");
    with(Box::new(|b| b.pki.maker.clone()), "CERTIFICATE_KEY");
}

#[test]
fn an_authority_that_fails_leaves_the_order_waiting() {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    let mut workshop = bench.workshop();
    workshop.authority = Arc::new(Scripted(Box::new(|_| Err(AuthorityError::Unavailable("no line".into())))));
    let error = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), "AUTHORITY_UNAVAILABLE");
    assert!(!error.is_refusal());
    assert!(bench.workshop().make(&order, &bench.facts, now(), &mut bench.rng).is_ok());
}

#[test]
fn a_maker_whose_certificate_does_not_hold_seals_nothing() {
    let strange = |change: fn(&mut MakerIdentity, &Bench), code: &str| {
        let mut bench = Bench::new();
        let order = read(&bench.order());
        let mut workshop = bench.workshop();
        change(&mut workshop.maker, &bench);
        let error = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        let words: Vec<&str> = bench.log.read(SEAL).unwrap().iter().map(Step::word).collect();
        assert!(!words.contains(&"sealed"), "{words:?}");
    };
    strange(|m, b| m.key = b.pki.signer_a.key.clone(), "KEY_MISMATCH");
    strange(
        |m, b| {
            m.certificate = b.pki.stranger.cert.clone();
            m.key = b.pki.stranger.key.clone();
        },
        "CERTIFICATE_REFUSED",
    );
    strange(
        |m, b| {
            let id = b.pki.leaf(&CertSpec::leaf("加密").with(|s| s.usage = Some(KeyUsage::KEY_ENCIPHERMENT)));
            m.certificate = id.cert.clone();
            m.key = id.key.clone();
        },
        "CERTIFICATE_REFUSED",
    );
    strange(
        |m, b| {
            let id =
                b.pki.leaf(&CertSpec::leaf("过期").dates("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"));
            m.certificate = id.cert.clone();
            m.key = id.key.clone();
        },
        "CERTIFICATE_REFUSED",
    );
}

#[test]
fn a_license_that_ends_between_two_attempts_stops_the_order() {
    let mut bench = Bench::new();
    let order = read(&bench.order());
    let mut workshop = bench.workshop();
    workshop.authority = Arc::new(Scripted(Box::new(|_| Err(AuthorityError::Pending))));
    workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    let mut workshop = bench.workshop();
    workshop.maker.license.until = now();
    let error = workshop.make(&order, &bench.facts, now(), &mut bench.rng).unwrap_err();
    assert_eq!(error.code(), "LICENSE_NOT_VALID");
}

#[test]
fn reads_no_order_with_malformed_fields() {
    let field = |change: fn(&mut OrderDto)| {
        let mut dto = order_dto();
        dto.approval = "AA==".into();
        assert!(Order::read(&dto).is_ok());
        change(&mut dto);
        Order::read(&dto).unwrap_err().0
    };
    assert_eq!(field(|o| o.unit.name = " ".into()), "unit.name");
    assert_eq!(field(|o| o.seal.name = "a\u{7}".into()), "seal.name");
    assert_eq!(field(|o| o.seal.years = 0), "seal.years");
    assert_eq!(field(|o| o.seal.years = 11), "seal.years");
    assert_eq!(field(|o| o.seal.holder = Some("张三".into())), "seal.holder");
    assert_eq!(field(|o| o.approval = "???".into()), "approval");
    assert_eq!(field(|o| o.approval = String::new()), "approval");
    assert_eq!(field(|o| o.assigned.as_mut().unwrap().code = "印章".into()), "assigned.code");
    assert_eq!(field(|o| o.assigned.as_mut().unwrap().code = String::new()), "assigned.code");
    let given = |picture: &str, digest: &str| OrderImprintDto::Given {
        picture: picture.into(),
        digest: digest.into(),
        width_tenth_mm: 400,
        height_tenth_mm: 400,
    };
    let mut dto = order_dto();
    dto.approval = "AA==".into();
    dto.imprint = given("!", &"0a".repeat(32));
    assert_eq!(Order::read(&dto).unwrap_err().0, "imprint.picture");
    dto.imprint = given("AA==", "0a");
    assert_eq!(Order::read(&dto).unwrap_err().0, "imprint.digest");
}
