//! Random and altered input to every parser: a value or a typed error, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use yinxin_crypto::keystore::{read_pkcs12, read_private_key};
use yinxin_crypto::{
    DecryptionKey, KeyAlgorithm, PublicKey, SignatureAlgorithm, SigningKey, Sm2Ciphertext, Sm2PublicKey,
    Sm2Signature, SoftwareKey, sm4,
};

fn key() -> SoftwareKey {
    SoftwareKey::from_secret_bytes(KeyAlgorithm::Sm2, &[0x42; 32]).unwrap()
}

fn feed(bytes: &[u8]) {
    let _ = PublicKey::from_spki_der(bytes);
    let _ = Sm2PublicKey::from_sec1(bytes);
    let _ = Sm2Signature::from_der(bytes);
    let _ = Sm2Signature::from_raw64(bytes);
    let _ = Sm2Ciphertext::from_der(bytes);
    let _ = Sm2Ciphertext::from_c1c3c2(bytes);
    let _ = read_private_key(bytes, Some(b"pw"));
    let _ = read_pkcs12(bytes, b"pw");
    let _ = SoftwareKey::from_pkcs8_der(bytes);
    let _ = SoftwareKey::from_secret_bytes(KeyAlgorithm::P256, bytes);
    let _ = sm4::cbc_decrypt(&[0; 16], &[0; 16], bytes);
    let _ = sm4::gcm_decrypt(&[0; 16], &[0; 12], b"", bytes);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        feed(&bytes);
        feed(&[&[0x30, 0x80], bytes.as_slice()].concat());
        feed(&[&[0x30, 0x80, 2, 1, 3], bytes.as_slice()].concat());
    }

    #[test]
    fn random_text_as_pem_never_panics(
        label in "[A-Z 0-9]{0,20}", body in "[A-Za-z0-9+/=: \\n-]{0,200}", end in "[A-Z ]{0,20}"
    ) {
        feed(format!("-----BEGIN {label}-----\n{body}\n-----END {end}-----\n").as_bytes());
        feed(format!("-----BEGIN EC PRIVATE KEY-----\n{body}\n-----END EC PRIVATE KEY-----\n").as_bytes());
    }

    #[test]
    fn altered_public_keys_never_panic(at in 0usize..91, mask in 1u8..) {
        let mut spki = key().public_key().spki_der();
        if let Some(byte) = spki.get_mut(at) {
            *byte ^= mask;
        }
        let _ = PublicKey::from_spki_der(&spki);
    }

    #[test]
    fn altered_signatures_never_verify(at in 0usize..72, mask in 1u8.., message in any::<[u8; 8]>()) {
        let key = key();
        let mut signature = key.sign(&message).unwrap();
        key.public_key().verify(SignatureAlgorithm::Sm2Sm3, &message, &signature).unwrap();
        let at = at % signature.len();
        signature[at] ^= mask;
        prop_assert!(key.public_key().verify(SignatureAlgorithm::Sm2Sm3, &message, &signature).is_err());
    }

    #[test]
    fn random_signatures_never_verify(r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), e in any::<[u8; 32]>()) {
        let signature = Sm2Signature { r, s };
        prop_assert!(key().public_key().verify_sm2_digest(&e, &signature).is_err());
    }

    #[test]
    fn what_is_encrypted_comes_back(plaintext in prop::collection::vec(any::<u8>(), 1..200)) {
        let key = key();
        let mut rng = yinxin_crypto::rand_core::UnwrapErr(getrandom::SysRng);
        let parts = key.public_key().sm2_encrypt_parts(&mut rng, &plaintext).unwrap();
        prop_assert_eq!(&*key.decrypt(&parts.to_der()).unwrap(), &plaintext);
        prop_assert_eq!(&*key.decrypt_c1c3c2(&parts.to_c1c3c2()).unwrap(), &plaintext);
    }

    #[test]
    fn signature_values_survive_both_encodings(r in any::<[u8; 32]>(), s in any::<[u8; 32]>()) {
        let signature = Sm2Signature { r, s };
        prop_assert_eq!(Sm2Signature::from_der(&signature.to_der()).unwrap(), signature);
        prop_assert_eq!(Sm2Signature::from_raw64(&signature.to_raw64()).unwrap(), signature);
    }
}

#[test]
fn a_long_input_costs_little() {
    let begun = std::time::Instant::now();
    for filler in [&[0x30, 0x80][..], &[0x24, 0x80], &[0x30, 0], &[0x04, 0], &[0xa0, 0x84, 0, 0]] {
        let mut bytes = vec![0x30, 0x80, 2, 1, 3];
        bytes.extend(filler.repeat(200_000));
        feed(&bytes);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
}
