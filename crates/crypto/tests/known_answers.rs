//! Published examples of GB/T 32905 (SM3), GB/T 32907 (SM4), GB/T 32918 (SM2) and RFC 8998 (SM4-GCM).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use cbc::cipher::{BlockCipherEncrypt, KeyInit};
use yinxin_crypto::{
    DecryptionKey, KeyAlgorithm, PublicKey, SignatureAlgorithm, SigningKey, Sm2Ciphertext, Sm2PublicKey,
    Sm2Signature, Sm3, SoftwareKey, VerifyError, sm3, sm4,
};

const SM2_D: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const SM2_POINT: &str = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const SM2_R_S: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                       b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

fn block(text: &str) -> [u8; 16] {
    bytes(text).try_into().unwrap()
}

fn key() -> SoftwareKey {
    SoftwareKey::from_secret_bytes(KeyAlgorithm::Sm2, &bytes(SM2_D)).unwrap()
}

#[test]
fn sm3_examples_of_gbt_32905_annex_a() {
    assert_eq!(hex::encode(sm3(b"abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    let long = b"abcd".repeat(16);
    let expected = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
    assert_eq!(hex::encode(sm3(&long)), expected);
    for cut in 0..=long.len() {
        let mut streaming = Sm3::new();
        streaming.update(&long[..cut]);
        let mut copy = streaming.clone();
        copy.update(&long[cut..]);
        assert_eq!(hex::encode(copy.finalize()), expected, "cut at {cut}");
    }
}

#[test]
fn sm4_examples_of_gbt_32907_annex_a() {
    let key = block("0123456789abcdeffedcba9876543210");
    let once = sm4::cbc_encrypt(&key, &[0; 16], &key);
    assert_eq!(hex::encode(&once[..16]), "681edf34d206965e86b3e94f536e4246");

    let cipher = ::sm4::Sm4::new(&key.into());
    let mut state = key.into();
    for _ in 0..1_000_000 {
        cipher.encrypt_block(&mut state);
    }
    assert_eq!(hex::encode(state), "595298c7c6fd271f0402f804c33d3f66");
}

#[test]
fn sm4_gcm_example_of_rfc_8998_a_1() {
    let key = block("0123456789abcdeffedcba9876543210");
    let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap();
    let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let plaintext = bytes(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
         eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
    );
    let sealed = sm4::gcm_encrypt(&key, &nonce, &aad, &plaintext).unwrap();
    assert_eq!(
        hex::encode(&sealed),
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
         d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
         83de3541e4c2b58177e065a9bf7b62ec"
    );
    assert_eq!(*sm4::gcm_decrypt(&key, &nonce, &aad, &sealed).unwrap(), plaintext);
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(sm4::gcm_decrypt(&key, &nonce, &aad, &altered).is_err(), "byte {at}");
    }
    assert!(sm4::gcm_decrypt(&key, &nonce, b"other", &sealed).is_err());
    assert!(sm4::gcm_decrypt(&key, &nonce, &aad, &sealed[..15]).is_err());
}

#[test]
fn sm2_key_and_z_of_gbt_32918_5_annex_a() {
    let point = bytes(SM2_POINT);
    assert_eq!(key().public_key().sec1_point().unwrap(), point);
    let public = Sm2PublicKey::from_sec1(&point).unwrap();
    assert_eq!(
        hex::encode(public.z(b"1234567812345678").unwrap()),
        "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
    );
    assert_eq!(
        hex::encode(public.message_digest(b"1234567812345678", b"message digest").unwrap()),
        "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
    );
}

#[test]
fn sm2_signature_of_gbt_32918_5_annex_a_verifies() {
    let signature = Sm2Signature::from_raw64(&bytes(SM2_R_S)).unwrap();
    let key = key();
    let public: &PublicKey = key.public_key();
    public.verify_sm2(b"1234567812345678", b"message digest", &signature).unwrap();
    public.verify(SignatureAlgorithm::Sm2Sm3, b"message digest", &signature.to_der()).unwrap();
    assert_eq!(
        public.verify_sm2(b"ALICE123@YAHOO.COM", b"message digest", &signature),
        Err(VerifyError::Mismatch)
    );
    assert_eq!(
        public.verify_sm2(b"1234567812345678", b"message digesT", &signature),
        Err(VerifyError::Mismatch)
    );
}

#[test]
fn sm2_ciphertext_of_gbt_32918_5_annex_c_decrypts() {
    let c1c3c2 = bytes(
        "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
         e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
         59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
         21886ca989ca9c7d58087307ca93092d651efa",
    );
    let key = key();
    assert_eq!(&**key.decrypt_c1c3c2(&c1c3c2).unwrap(), b"encryption standard");
    // This point's X begins with 04 too, so a reader that strips 04 blindly fails without the prefix.
    assert_eq!(&**key.decrypt_c1c3c2(&c1c3c2[1..]).unwrap(), b"encryption standard");
    let der = Sm2Ciphertext::from_c1c3c2(&c1c3c2).unwrap().to_der();
    assert_eq!(&**key.decrypt(&der).unwrap(), b"encryption standard");
    for at in 0..c1c3c2.len() {
        let mut altered = c1c3c2.clone();
        altered[at] ^= 0x10;
        assert!(key.decrypt_c1c3c2(&altered).is_err(), "byte {at}");
    }
}
