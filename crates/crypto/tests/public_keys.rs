//! Public keys and signature values that must be refused, and by which name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use yinxin_crypto::{
    DigestAlgorithm, KeyAlgorithm, ObjectIdentifier, PublicKey, PublicKeyError, SignError,
    SignatureAlgorithm, SigningKey, Sm2PublicKey, Sm2Signature, SoftwareKey, VerifyError,
};

const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

fn key() -> SoftwareKey {
    SoftwareKey::from_secret_bytes(KeyAlgorithm::Sm2, &[0x42; 32]).unwrap()
}

fn number(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// A `SubjectPublicKeyInfo` by hand: OIDs given as hexadecimal TLVs.
fn spki(algorithm: &str, bits: &[u8]) -> Vec<u8> {
    let sequence = |content: Vec<u8>| {
        [vec![0x30, 0x82], (content.len() as u16).to_be_bytes().to_vec(), content].concat()
    };
    let short = |content: Vec<u8>| [vec![0x30, content.len() as u8], content].concat();
    let mut bit_string = vec![0];
    bit_string.extend(bits);
    let length = bit_string.len() as u16;
    let bit_string = if length < 0x80 {
        [vec![3, length as u8], bit_string].concat()
    } else if length < 0x100 {
        [vec![3, 0x81, length as u8], bit_string].concat()
    } else {
        [vec![3, 0x82], length.to_be_bytes().to_vec(), bit_string].concat()
    };
    let body = [short(hex::decode(algorithm).unwrap()), bit_string].concat();
    match body.len() {
        0..0x80 => short(body),
        0x80..0x100 => [vec![0x30, 0x81, body.len() as u8], body].concat(),
        _ => sequence(body),
    }
}

const EC_SM2: &str = "06072a8648ce3d020106082a811ccf5501822d";
const EC_P256: &str = "06072a8648ce3d020106082a8648ce3d030107";
const RSA: &str = "06092a864886f70d0101010500";

#[test]
fn rejects_points_that_are_not_on_the_curve() {
    let good = key().public_key().sec1_point().unwrap();
    assert!(PublicKey::from_spki_der(&spki(EC_SM2, &good)).is_ok());
    let mut bad = good.clone();
    bad[64] ^= 1;
    let mut hybrid = good.clone();
    hybrid[0] = 6;
    for point in [bad, hybrid, vec![0], vec![], good[..64].to_vec(), [&[4], [0xff; 64].as_slice()].concat()] {
        let refused = Err(PublicKeyError::NotOnCurve);
        assert_eq!(PublicKey::from_spki_der(&spki(EC_SM2, &point)), refused, "{point:02x?}");
        assert_eq!(PublicKey::from_spki_der(&spki(EC_P256, &point)), refused);
    }
    // A point of one curve is none of the other.
    assert_eq!(PublicKey::from_spki_der(&spki(EC_P256, &good)), Err(PublicKeyError::NotOnCurve));
}

#[test]
fn compressed_points_are_the_same_key() {
    let good = key().public_key().sec1_point().unwrap();
    let mut compressed = good[..33].to_vec();
    compressed[0] = 2 | (good[64] & 1);
    assert_eq!(PublicKey::from_spki_der(&spki(EC_SM2, &compressed)).unwrap(), *key().public_key());
}

#[test]
fn rejects_unknown_algorithms_by_name() {
    let ed25519 = ObjectIdentifier::new_unwrap("1.3.101.112");
    assert_eq!(
        PublicKey::from_spki_der(&spki("06032b6570", &[1; 32])),
        Err(PublicKeyError::Unsupported(ed25519))
    );
    let secp256k1 = ObjectIdentifier::new_unwrap("1.3.132.0.10");
    assert_eq!(
        PublicKey::from_spki_der(&spki("06072a8648ce3d020106052b8104000a", &[4; 65])),
        Err(PublicKeyError::Unsupported(secp256k1))
    );
}

fn rsa_bits(bits: usize, exponent: &str) -> Vec<u8> {
    let mut modulus = vec![0xc1; bits / 8];
    modulus.insert(0, 0);
    let exponent = hex::decode(exponent).unwrap();
    let integer = |value: &[u8]| {
        let length = value.len();
        match length {
            0..0x80 => [vec![2, length as u8], value.to_vec()].concat(),
            0x80..0x100 => [vec![2, 0x81, length as u8], value.to_vec()].concat(),
            _ => [vec![2, 0x82], (length as u16).to_be_bytes().to_vec(), value.to_vec()].concat(),
        }
    };
    let body = [integer(&modulus), integer(&exponent)].concat();
    let header = match body.len() {
        0..0x80 => vec![0x30, body.len() as u8],
        0x80..0x100 => vec![0x30, 0x81, body.len() as u8],
        _ => [vec![0x30, 0x82], (body.len() as u16).to_be_bytes().to_vec()].concat(),
    };
    spki(RSA, &[header, body].concat())
}

#[test]
fn rejects_rsa_keys_out_of_bounds() {
    for (bits, ok) in [(512, false), (1016, false), (1024, true), (2048, true), (8192, true), (8200, false)] {
        match PublicKey::from_spki_der(&rsa_bits(bits, "010001")) {
            Ok(key) => assert!(ok && key.bits() == bits, "{bits}"),
            Err(error) => {
                assert!(!ok, "{bits}: {error}");
                assert_eq!(error, PublicKeyError::RsaSize { bits });
            }
        }
    }
    for exponent in ["01", "02", "010000"] {
        let refused = PublicKey::from_spki_der(&rsa_bits(2048, exponent));
        assert_eq!(refused, Err(PublicKeyError::RsaParameters), "{exponent}");
    }
    let refused = PublicKey::from_spki_der(&rsa_bits(2048, "0100000001"));
    assert_eq!(refused.unwrap_err().code(), "PUBLIC_KEY_MALFORMED");
}

#[test]
fn rejects_signature_numbers_out_of_range() {
    let key = key();
    let good = Sm2Signature::from_der(&key.sign(b"m").unwrap()).unwrap();
    let id = yinxin_crypto::DEFAULT_USER_ID;
    key.public_key().verify_sm2(id, b"m", &good).unwrap();
    for wrong in [[0; 32], number(ORDER), [0xff; 32]] {
        for signature in [Sm2Signature { r: wrong, ..good }, Sm2Signature { s: wrong, ..good }] {
            let outcome = key.public_key().verify_sm2(id, b"m", &signature);
            assert_eq!(outcome, Err(VerifyError::SignatureOutOfRange));
        }
    }
    // r + s = n makes t = 0, which the standard refuses.
    let one = number("0000000000000000000000000000000000000000000000000000000000000001");
    let mut rest = number(ORDER);
    rest[31] -= 1;
    let outcome = key.public_key().verify_sm2(id, b"m", &Sm2Signature { r: one, s: rest });
    assert_eq!(outcome, Err(VerifyError::Mismatch));
}

#[test]
fn rejects_signatures_that_are_not_strict_der() {
    let signature = Sm2Signature { r: [1; 32], s: [0x81; 32] };
    let der = signature.to_der();
    assert_eq!(der.len(), 2 + 34 + 35);
    assert_eq!(Sm2Signature::from_der(&der), Ok(signature));
    assert_eq!(Sm2Signature::from_raw64(&signature.to_raw64()), Ok(signature));
    let with_trailing = [&der[..], &[0]].concat();
    for (wrong, what) in [
        (with_trailing, "bytes after the SM2 signature"),
        (der[..70].to_vec(), "value is cut short"),
        (hex::decode("30060201ff020101").unwrap(), "INTEGER is negative"),
        (hex::decode("3007020200010201 01".replace(' ', "")).unwrap(), "INTEGER is not minimal"),
        (
            hex::decode("3008020101020101 0500".replace(' ', "")).unwrap(),
            "more than r and s in the SM2 signature",
        ),
        (hex::decode("308106020101020101").unwrap(), "length is not minimal"),
        (hex::decode("30800201010201010000").unwrap(), "indefinite or oversized length"),
        (vec![], "SM2 signature SEQUENCE expected"),
    ] {
        assert_eq!(Sm2Signature::from_der(&wrong).unwrap_err().what, what);
    }
    let long = [vec![0x30, 38, 2, 33], vec![1; 33], vec![2, 1, 1]].concat();
    let error = Sm2Signature::from_der(&long).unwrap_err();
    assert_eq!((error.at, error.what), (2, "SM2 signature number is longer than 256 bits"));
    assert!(Sm2Signature::from_raw64(&[0; 63]).is_err());
}

#[test]
fn user_identifiers_beyond_8191_bytes_are_refused() {
    let public = Sm2PublicKey::from_sec1(&key().public_key().sec1_point().unwrap()).unwrap();
    assert!(public.z(&[b'a'; 8191]).is_ok());
    assert_eq!(public.z(&[b'a'; 8192]), Err(VerifyError::UserIdTooLong));
}

#[test]
fn sign_digest_equals_sign_and_insists_on_32_bytes() {
    let key = key();
    let e = key.public_key().sm2_message_digest(yinxin_crypto::DEFAULT_USER_ID, b"m").unwrap();
    assert_eq!(key.sign_digest(&e).unwrap(), key.sign(b"m").unwrap());
    assert_eq!(key.sign_digest(&e[1..]), Err(SignError::DigestLength { needed: 32, got: 31 }));
}

#[test]
fn debug_of_a_key_shows_no_secret() {
    let shown = format!("{:?}", key());
    assert!(shown.contains("Sm2PublicKey"));
    assert!(!shown.contains(&"42".repeat(4)) && !shown.contains("66, 66"), "{shown}");
}

#[test]
fn algorithm_identifiers_go_both_ways() {
    for algorithm in [
        SignatureAlgorithm::Sm2Sm3,
        SignatureAlgorithm::EcdsaSha256,
        SignatureAlgorithm::EcdsaSha384,
        SignatureAlgorithm::RsaPkcs1Sha1,
        SignatureAlgorithm::RsaPkcs1Sha256,
        SignatureAlgorithm::RsaPkcs1Sha384,
        SignatureAlgorithm::RsaPkcs1Sha512,
    ] {
        assert_eq!(SignatureAlgorithm::from_oid(&algorithm.oid()), Some(algorithm));
        assert!(!algorithm.name().is_empty());
        let digest = algorithm.digest();
        assert_eq!(DigestAlgorithm::from_oid(&digest.oid()), Some(digest));
        assert_eq!(digest.digest(b"x").len(), digest.output_len());
    }
    let without_key = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401.1");
    assert_eq!(DigestAlgorithm::from_oid(&without_key), Some(DigestAlgorithm::Sm3));
    assert_eq!(SignatureAlgorithm::from_oid(&without_key), None);
}
