//! A whole document through the gate; others' software checks what came out.

use std::io::Cursor;
use std::sync::Arc;

use yinxin_crypto::keystore::Password;
use yinxin_crypto::{SigningKey, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::{Package, sample};
use yinxin_seal::{Verdict, VerifyOptions, verify};
use yinxin_server::gate::{Ask, approval_of};
use yinxin_server::making::keys::{KeyId, KeyShelf, SealKeys};
use yinxin_testkit::clock;
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::rng::SeededRng;

use crate::sample::{APPROVAL, Bench, soon};

#[test]
fn a_document_signed_through_the_gate_is_valid_and_carries_its_approval() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared = bench.prepared("第一条 金额 100 元。");
    let token = bench.token(1, &prepared.to_sign, |_| {});
    let signature = gate.sign(bench.ask(&token, &prepared.to_sign), soon()).unwrap();
    let value = prepared.complete(&signature, None).unwrap();
    let document = sample::document(1, "示例合同", &["第一条 金额 100 元。"]);
    let mut package = Package::open(Cursor::new(&document), &yinxin_ofd::Limits::default()).unwrap();
    let mut sealed = Vec::new();
    prepared.embed(&mut package, &value, &mut sealed, &mut |_, _| ()).unwrap();
    let report = verify(Cursor::new(&sealed), &bench.facts, &VerifyOptions::at(clock::now()));
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    let read = SesSignature::parse(&value, &Limits::default()).unwrap();
    assert_eq!(approval_of(&read.extensions).unwrap().as_deref(), Some(APPROVAL));
    assert!(read.deviations.is_empty());
}

/// The key store of the workshop behind the gate; OpenSSL checks token and signature.
#[test]
fn openssl_verifies_token_and_signature_of_a_key_on_the_shelf() {
    let bench = Bench::new();
    let mut rng = SeededRng::new("shelf");
    let place = bench.place().join("keys");
    let shelf = KeyShelf::open(&place, &Password::new(b"sample password".to_vec()), &mut rng).unwrap();
    let key = KeyId::new(&mut rng);
    let public = shelf.make(&key, &mut rng).unwrap().public_key().clone();
    let gate = bench.gate_before(Arc::new(shelf));
    let prepared = bench.prepared("第一条");
    let digest = hex::encode(sm3(&public.spki_der()));
    let token = bench.token(1, &prepared.to_sign, |claims| claims.key_digest = digest);
    let ask = Ask { key: &key, ..bench.ask(&token, &prepared.to_sign) };
    let signature = gate.sign(ask, soon()).unwrap();
    let lab = Lab::new("gate");
    let issuer = bench.registry.key.public_key().spki_der();
    for (name, public, message, signature) in [
        ("signature", public.spki_der(), prepared.to_sign.as_slice(), signature.as_slice()),
        ("token", issuer, token.bytes.as_slice(), token.signature.as_slice()),
    ] {
        lab.write("key.der", public);
        lab.write("message", message);
        lab.write("value", signature);
        let said = lab.openssl(&[
            "dgst",
            "-sm3",
            "-keyform",
            "DER",
            "-verify",
            "key.der",
            "-sigopt",
            "distid:1234567812345678",
            "-signature",
            "value",
            "message",
        ]);
        assert!(said.contains("Verified OK"), "{name}: {said}");
    }
}
