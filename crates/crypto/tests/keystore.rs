//! Key files made by hand: what must be refused, and what hostile ones may cost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::time::{Duration, Instant};

use yinxin_crypto::keystore::{
    DEFAULT_ITERATIONS, KeystoreError, MAX_FILE, decrypt_pkcs8, encrypt_pkcs8, read_pkcs12, read_private_key,
};
use yinxin_crypto::{KeyAlgorithm, SigningKey, SoftwareKey};

const EC_SM2: &str = "301306072a8648ce3d020106082a811ccf5501822d";

fn rng() -> impl yinxin_crypto::rand_core::CryptoRng {
    yinxin_crypto::rand_core::UnwrapErr(getrandom::SysRng)
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=0x7f => out.push(short as u8),
        middle @ 0x80..=0xff => out.extend([0x81, middle as u8]),
        long => {
            out.push(0x82);
            out.extend((long as u16).to_be_bytes());
        }
    }
    out.extend(content);
    out
}

/// A PKCS#8 file of an SM2 key with this secret and, if wanted, this public point.
fn pkcs8(secret: &[u8], public: Option<&[u8]>) -> Vec<u8> {
    let mut fields = [tlv(2, &[1]), tlv(4, secret)].concat();
    if let Some(point) = public {
        fields.extend(tlv(0xa1, &tlv(3, &[&[0], point].concat())));
    }
    let key = tlv(4, &tlv(0x30, &fields));
    tlv(0x30, &[tlv(2, &[0]), hex::decode(EC_SM2).unwrap(), key].concat())
}

#[test]
fn sealed_keys_come_back_and_differ_each_time() {
    for algorithm in [KeyAlgorithm::Sm2, KeyAlgorithm::P256] {
        let key = SoftwareKey::generate_with(algorithm, &mut rng());
        let sealed = encrypt_pkcs8(&key, b"pw", &mut rng(), 1000).unwrap();
        assert_ne!(sealed, encrypt_pkcs8(&key, b"pw", &mut rng(), 1000).unwrap());
        let opened = decrypt_pkcs8(&sealed, b"pw").unwrap();
        assert_eq!(opened.public_key(), key.public_key());
        assert_eq!(opened.key_algorithm(), algorithm);
        assert_eq!(opened.sign(b"m").unwrap(), key.sign(b"m").unwrap());
        assert_eq!(decrypt_pkcs8(&sealed, b"px").unwrap_err(), KeystoreError::WrongPassword);
    }
}

#[test]
fn the_default_cost_opens_within_the_limit() {
    let key = SoftwareKey::generate(&mut rng());
    let sealed = encrypt_pkcs8(&key, b"pw", &mut rng(), DEFAULT_ITERATIONS).unwrap();
    assert!(decrypt_pkcs8(&sealed, b"pw").is_ok());
}

#[test]
fn refuses_to_seal_with_empty_password_or_absurd_cost() {
    let key = SoftwareKey::generate(&mut rng());
    let code = |password: &[u8], rounds| {
        encrypt_pkcs8(&key, password, &mut rng(), rounds).map_err(|error| error.code())
    };
    assert_eq!(code(b"", 1000), Err("KEYSTORE_BAD_PASSWORD"));
    assert_eq!(code(b"pw", 999), Err("KEYSTORE_BAD_ITERATIONS"));
    assert_eq!(code(b"pw", 5_000_001), Err("KEYSTORE_BAD_ITERATIONS"));
}

#[test]
fn any_altered_byte_of_a_sealed_key_is_refused_or_changes_nothing() {
    let key = SoftwareKey::generate(&mut rng());
    let sealed = encrypt_pkcs8(&key, b"pw", &mut rng(), 1000).unwrap();
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 0x40;
        if let Ok(opened) = decrypt_pkcs8(&altered, b"pw") {
            assert_eq!(opened.public_key(), key.public_key(), "byte {at}");
        }
        assert!(decrypt_pkcs8(&sealed[..at], b"pw").is_err(), "cut at {at}");
    }
}

#[test]
fn rejects_a_private_key_with_the_public_key_of_another() {
    let mine = SoftwareKey::from_pkcs8_der(&pkcs8(&[1; 32], None)).unwrap();
    let others = SoftwareKey::from_pkcs8_der(&pkcs8(&[2; 32], None)).unwrap();
    let point = |key: &SoftwareKey| key.public_key().sec1_point().unwrap();
    assert!(SoftwareKey::from_pkcs8_der(&pkcs8(&[1; 32], Some(&point(&mine)))).is_ok());
    let mixed = SoftwareKey::from_pkcs8_der(&pkcs8(&[1; 32], Some(&point(&others)))).unwrap_err();
    assert_eq!(mixed.code(), "PRIVATE_KEY_PUBLIC_MISMATCH");
    let off = SoftwareKey::from_pkcs8_der(&pkcs8(&[1; 32], Some(&[4; 65]))).unwrap_err();
    assert_eq!(off.code(), "PUBLIC_KEY_NOT_ON_CURVE");
}

#[test]
fn rejects_private_numbers_out_of_range() {
    for secret in [vec![0; 32], vec![0xff; 32], vec![1; 33], vec![]] {
        let error = SoftwareKey::from_pkcs8_der(&pkcs8(&secret, None)).unwrap_err();
        assert_eq!(error.code(), "PRIVATE_KEY_OUT_OF_RANGE", "{secret:?}");
    }
    // Numbers written without their leading zeros are met and are fine.
    assert!(SoftwareKey::from_pkcs8_der(&pkcs8(&[7; 31], None)).is_ok());
}

/// An `EncryptedPrivateKeyInfo` asking for that many rounds, SHA-1 and AES-256 (two blocks each round).
fn asking_for(rounds: &[u8]) -> Vec<u8> {
    let oid = |hex_text: &str| tlv(6, &hex::decode(hex_text).unwrap());
    let pbkdf2 = tlv(0x30, &[tlv(4, &[1; 8]), tlv(2, rounds)].concat());
    let kdf = tlv(0x30, &[oid("2a864886f70d01050c"), pbkdf2].concat());
    let cipher = tlv(0x30, &[oid("60864801650304012a"), tlv(4, &[0; 16])].concat());
    let parameters = tlv(0x30, &[kdf, cipher].concat());
    let algorithm = tlv(0x30, &[oid("2a864886f70d01050d"), parameters].concat());
    tlv(0x30, &[algorithm, tlv(4, &[0; 32])].concat())
}

#[test]
fn hostile_iteration_counts_are_refused_at_once() {
    let begun = Instant::now();
    for rounds in [&[0x7f, 0xff, 0xff, 0xff][..], &[0, 0xff, 0xff, 0xff, 0xff], &[0x4c, 0x4b, 0x41]] {
        let error = read_private_key(&asking_for(rounds), Some(b"pw")).unwrap_err();
        assert_eq!(error.code(), "KEYSTORE_TOO_MANY_ITERATIONS");
    }
    for rounds in [&[1, 0, 0, 0, 0][..], &[0], &[0xff]] {
        let error = read_private_key(&asking_for(rounds), Some(b"pw")).unwrap_err();
        assert_eq!(error.code(), "KEYSTORE_MALFORMED");
    }
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(read_private_key(&asking_for(&[100]), Some(b"pw")).unwrap_err(), KeystoreError::WrongPassword);
}

#[test]
fn text_in_another_encoding_around_a_pem_block_does_not_matter() {
    use base64::Engine;
    let body = base64::engine::general_purpose::STANDARD.encode(pkcs8(&[1; 32], None));
    let block = format!("-----BEGIN PRIVATE KEY-----\r\n{body}\r\n-----END PRIVATE KEY-----\r\n");
    for before in [&b"friendlyName: \xd3\xa1\xd5\xc2\n"[..], b"\xef\xbb\xbf", b""] {
        assert!(read_private_key(&[before, block.as_bytes()].concat(), None).is_ok(), "{before:?}");
    }
}

#[test]
fn names_what_is_wrong_with_pem_files() {
    let wrong = |text: &str| SoftwareKey::from_pem(text, None).unwrap_err();
    let pem = |line, what| KeystoreError::Pem { line, what };
    assert_eq!(wrong("-----BEGIN PRIVATE KEY-----\nAAAA\n"), pem(2, "the last block has no end"));
    assert_eq!(
        wrong("-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----\n"),
        pem(3, "the block is not base64")
    );
    assert_eq!(
        wrong("-----BEGIN PRIVATE KEY-----\n-----END CERTIFICATE-----\n"),
        pem(2, "the END line names another label than the BEGIN line")
    );
    assert_eq!(wrong("-----BEGIN A-----\n-----BEGIN B-----\n"), pem(2, "a block begins inside another"));
    assert_eq!(wrong("-----BEGIN A-----\n-----END A-----\n"), KeystoreError::NoPrivateKey);
}

#[test]
fn rejects_files_that_are_no_keys() {
    for bytes in [&b""[..], b"hello", &[0x30, 0], &[0x30, 3, 2, 1, 0], &[0x30, 2, 5, 0]] {
        assert_eq!(read_private_key(bytes, None).unwrap_err().code(), "KEYSTORE_MALFORMED", "{bytes:?}");
    }
    let large = vec![0; MAX_FILE + 1];
    assert_eq!(read_private_key(&large, None).unwrap_err(), KeystoreError::TooLarge);
    assert_eq!(read_pkcs12(&large, b"").unwrap_err(), KeystoreError::TooLarge);
}
