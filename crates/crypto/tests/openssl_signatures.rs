//! OpenSSL verifies what this crate signs and encrypts, and the other way round.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod openssl;

use openssl::{Folder, ID, rng};
use yinxin_crypto::{
    DecryptionKey, KeyAlgorithm, PublicKey, SignatureAlgorithm, SigningKey, SoftwareKey, VerifyError,
    hmac_sm3, keystore, sm3, sm4,
};

const MESSAGE: &[u8] = "关于印章的通知 notice".as_bytes();

fn public_key(folder: &Folder, private: &str) -> PublicKey {
    folder.openssl(&format!("pkey -in {private} -pubout -outform DER -out pub.der"));
    PublicKey::from_spki_der(&folder.read("pub.der")).unwrap()
}

#[test]
fn openssl_verifies_our_sm2_signatures() {
    let folder = Folder::new();
    let key = SoftwareKey::generate(&mut rng());
    folder.write("pub.der", &key.public_key().spki_der());
    for length in [0, 1, 55, 56, 64, 1000] {
        let message = vec![0x5a; length];
        folder.write("m", &message);
        folder.write("s", &key.sign(&message).unwrap());
        let out =
            folder.openssl(&format!("dgst -sm3 -keyform DER -verify pub.der -sigopt {ID} -signature s m"));
        assert_eq!(out, b"Verified OK\n", "{length} bytes");
    }
}

#[test]
fn we_verify_openssl_sm2_signatures_and_read_its_keys() {
    let folder = Folder::new();
    folder.openssl("genpkey -algorithm SM2 -out k.pem");
    let public = public_key(&folder, "k.pem");
    assert_eq!(public.algorithm_name(), "SM2");
    assert_eq!(public.spki_der(), folder.read("pub.der"));
    let message = folder.write("m", MESSAGE);
    for _ in 0..20 {
        folder.openssl(&format!("dgst -sm3 -sign k.pem -sigopt {ID} -out s {}", message.display()));
        let signature = folder.read("s");
        public.verify(SignatureAlgorithm::Sm2Sm3, MESSAGE, &signature).unwrap();
        assert_eq!(
            public.verify(SignatureAlgorithm::Sm2Sm3, b"other", &signature),
            Err(VerifyError::Mismatch)
        );
    }
    let key = keystore::read_private_key(&folder.read("k.pem"), None).unwrap();
    assert_eq!(*key.public_key(), public);
    public.verify(SignatureAlgorithm::Sm2Sm3, MESSAGE, &key.sign(MESSAGE).unwrap()).unwrap();
}

#[test]
fn sm2_encryption_passes_both_ways() {
    let folder = Folder::new();
    folder.openssl("genpkey -algorithm SM2 -out k.pem");
    folder.openssl("pkey -in k.pem -pubout -out pub.pem");
    let key = keystore::read_private_key(&folder.read("k.pem"), None).unwrap();
    for length in [1, 2, 31, 32, 33, 500] {
        let plaintext = vec![0x41; length];
        folder.write("p", &plaintext);
        // OpenSSL 3.0 does not retry when the mask is all zero, as one in 256 is for one byte; we then refuse, as
        // the standard says. Messages long enough never meet that.
        if length > 8 {
            folder.openssl("pkeyutl -encrypt -pubin -inkey pub.pem -in p -out c");
            assert_eq!(*key.decrypt(&folder.read("c")).unwrap(), plaintext);
        }
        folder.write("c", &key.public_key().sm2_encrypt(&mut rng(), &plaintext).unwrap());
        assert_eq!(folder.openssl("pkeyutl -decrypt -inkey k.pem -in c"), plaintext, "{length} bytes");
    }
}

#[test]
fn p256_signatures_pass_both_ways() {
    let folder = Folder::new();
    let key = SoftwareKey::generate_with(KeyAlgorithm::P256, &mut rng());
    folder.write("pub.der", &key.public_key().spki_der());
    folder.write("m", MESSAGE);
    folder.write("s", &key.sign(MESSAGE).unwrap());
    folder.openssl("dgst -sha256 -keyform DER -verify pub.der -signature s m");
    for (curve, digest, algorithm) in [
        ("P-256", "sha256", SignatureAlgorithm::EcdsaSha256),
        ("P-256", "sha384", SignatureAlgorithm::EcdsaSha384),
        ("P-384", "sha256", SignatureAlgorithm::EcdsaSha256),
        ("P-384", "sha384", SignatureAlgorithm::EcdsaSha384),
    ] {
        folder.openssl(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:{curve} -out k.pem"));
        let public = public_key(&folder, "k.pem");
        assert_eq!(public.algorithm_name(), curve);
        assert_eq!(public.spki_der(), folder.read("pub.der"));
        folder.openssl(&format!("dgst -{digest} -sign k.pem -out s m"));
        public.verify(algorithm, MESSAGE, &folder.read("s")).unwrap();
        assert_eq!(public.verify(algorithm, b"other", &folder.read("s")), Err(VerifyError::Mismatch));
        assert_eq!(
            public.verify(SignatureAlgorithm::Sm2Sm3, MESSAGE, &folder.read("s")),
            Err(VerifyError::AlgorithmMismatch)
        );
    }
}

#[test]
fn rsa_signatures_of_openssl_verify() {
    use SignatureAlgorithm as A;
    let folder = Folder::new();
    folder.write("m", MESSAGE);
    for bits in [1024, 2048] {
        folder.openssl(&format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -out k.pem"));
        let public = public_key(&folder, "k.pem");
        assert_eq!((public.algorithm_name(), public.bits()), ("RSA", bits));
        assert_eq!(public.spki_der(), folder.read("pub.der"));
        for (digest, algorithm) in [
            ("sha1", A::RsaPkcs1Sha1),
            ("sha256", A::RsaPkcs1Sha256),
            ("sha384", A::RsaPkcs1Sha384),
            ("sha512", A::RsaPkcs1Sha512),
        ] {
            folder.openssl(&format!("dgst -{digest} -sign k.pem -out s m"));
            let mut signature = folder.read("s");
            public.verify(algorithm, MESSAGE, &signature).unwrap();
            assert_eq!(public.verify(algorithm, b"other", &signature), Err(VerifyError::Mismatch));
            signature[3] ^= 1;
            assert_eq!(public.verify(algorithm, MESSAGE, &signature), Err(VerifyError::Mismatch));
            assert_eq!(
                public.verify(A::EcdsaSha256, MESSAGE, &signature),
                Err(VerifyError::AlgorithmMismatch)
            );
        }
    }
}

#[test]
fn digests_macs_and_cbc_agree_with_openssl() {
    let folder = Folder::new();
    for length in [0, 3, 64, 1000] {
        let message = vec![0xa7; length];
        folder.write("m", &message);
        folder.openssl("dgst -sm3 -binary -out d m");
        assert_eq!(folder.read("d"), sm3(&message));
        for key_length in [7, 64, 65, 200] {
            let key = vec![0x2b; key_length];
            folder.openssl(&format!(
                "mac -digest SM3 -macopt hexkey:{} -binary -in m -out d HMAC",
                hex::encode(&key)
            ));
            assert_eq!(folder.read("d"), hmac_sm3(&key, &message), "key of {key_length} bytes");
        }
        let (key, iv) = ([0x0f; 16], [0xf0; 16]);
        let arguments = format!("-K {} -iv {}", hex::encode(key), hex::encode(iv));
        folder.openssl(&format!("enc -sm4-cbc {arguments} -in m -out c"));
        assert_eq!(folder.read("c"), sm4::cbc_encrypt(&key, &iv, &message));
        assert_eq!(*sm4::cbc_decrypt(&key, &iv, &folder.read("c")).unwrap(), message);
    }
}
