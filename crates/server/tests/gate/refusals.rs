//! What the gate refuses. The device counts: nothing was signed.

use yinxin_crypto::sm3;
use yinxin_registry::usage::token::Claims;
use yinxin_server::gate::Ask;
use yinxin_server::making::keys::KeyId;
use yinxin_testkit::rng::SeededRng;

use jiff::SignedDuration;
use yinxin_testkit::clock;

use crate::sample::{Bench, Token, code, soon};

#[test]
fn no_signature_without_a_token_of_the_registry() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared = bench.prepared("第一条");
    let right = bench.token(1, &prepared.to_sign, |_| {});
    let foreign = bench.signed(right.claims.clone(), &bench.pki.signer_b);
    let own = bench.signed(right.claims.clone(), &bench.pki.signer_a);
    let later = right.claims.until.checked_add(SignedDuration::from_secs(60)).unwrap();
    let prolonged =
        Token { bytes: Claims { until: later, ..right.claims.clone() }.canonical(), ..right.clone() };
    let none = Token { bytes: Vec::new(), signature: Vec::new(), ..right.clone() };
    let unsigned = Token { signature: Vec::new(), ..right };
    for token in [foreign, own, prolonged, none, unsigned] {
        assert_eq!(code(gate.sign(bench.ask(&token, &prepared.to_sign), soon())), "TOKEN_ISSUER");
    }
    let words = bench.registry.sign(b"let me");
    let ask =
        Ask { claims: b"let me", sheet: b"", signature: &words, key: &bench.key, to_sign: &prepared.to_sign };
    assert_eq!(code(gate.sign(ask, soon())), "TOKEN_FORM", "a signature over anything else is no token");
    assert_eq!(bench.device.count(), 0);
}

#[test]
fn a_token_is_for_one_document_one_seal_one_key_one_approval_and_its_time() {
    let bench = Bench::new();
    let gate = bench.gate();
    let (prepared, other) = (bench.prepared("第一条"), bench.prepared("第二条"));
    let to_sign = prepared.to_sign.as_slice();
    let other_key = hex::encode(sm3(b"other"));
    let cases: [(&str, Token); 5] = [
        ("TOKEN_DOCUMENT", bench.token(1, &other.to_sign, |_| {})),
        ("TOKEN_SEAL", bench.token(2, to_sign, |claims| claims.seal_digest = "00".repeat(32))),
        ("TOKEN_KEY", bench.token(3, to_sign, |claims| claims.key_digest = other_key)),
        ("TOKEN_APPROVAL", bench.token(4, to_sign, |claims| claims.approval = "00".repeat(32))),
        (
            "TOKEN_LONG",
            bench.token(5, to_sign, |claims| {
                claims.until = claims.issued_at.checked_add(SignedDuration::from_hours(1)).unwrap();
            }),
        ),
    ];
    for (expected, token) in &cases {
        assert_eq!(code(gate.sign(bench.ask(token, to_sign), soon())), *expected);
    }
    let token = bench.token(6, to_sign, |_| {});
    assert_eq!(code(gate.sign(bench.ask(&token, to_sign), token.claims.until)), "TOKEN_OVER");
    let early = clock::signed().checked_sub(SignedDuration::from_mins(2)).unwrap();
    assert_eq!(code(gate.sign(bench.ask(&token, to_sign), early)), "TOKEN_NOT_YET");
    let stranger = KeyId::new(&mut SeededRng::new("stranger"));
    let ask = Ask { key: &stranger, ..bench.ask(&token, to_sign) };
    assert_eq!(code(gate.sign(ask, soon())), "KEY_UNKNOWN");
    assert_eq!(bench.device.count(), 0);
    assert_eq!(code(gate.sign(bench.ask(&token, to_sign), soon())), "signed", "no refusal spent the token");
}

#[test]
fn only_sound_bytes_are_signed() {
    let bench = Bench::new();
    let gate = bench.gate();
    let prepared = bench.prepared("第一条");
    let token = bench.token(1, &prepared.to_sign, |_| {});
    let mut longer = prepared.to_sign.clone();
    longer.push(0);
    let short = &prepared.to_sign[..prepared.to_sign.len() - 1];
    for bytes in [longer.as_slice(), short, b"", b"\x30\x00", b"any text a thief would like signed"] {
        assert_eq!(code(gate.sign(bench.ask(&token, bytes), soon())), "TO_SIGN_FORM");
    }
    // Every single byte of what was approved counts.
    let mut signed = 0;
    for place in (0..prepared.to_sign.len()).step_by(7) {
        let mut bent = prepared.to_sign.clone();
        bent[place] ^= 0x01;
        signed += usize::from(gate.sign(bench.ask(&token, &bent), soon()).is_ok());
    }
    // The time of signing and the path of Signature.xml are not named by a token: the path is under the digest, and the time is checked by
    // whoever verifies. Each bent byte there would use the token up, so that at most one got through.
    assert!(signed <= 1, "{signed}");
    assert_eq!(bench.device.count(), signed);
}
