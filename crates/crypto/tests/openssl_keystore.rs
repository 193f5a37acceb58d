//! Key files of OpenSSL are read, and OpenSSL reads ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod openssl;

use openssl::{Folder, ID, rng};
use yinxin_crypto::keystore::{
    KeystoreError, decrypt_pkcs8, encrypt_pkcs8, encrypt_pkcs8_pem, read_pkcs12, read_private_key,
};
use yinxin_crypto::{KeyAlgorithm, ObjectIdentifier, SignatureAlgorithm, SigningKey, SoftwareKey};

const PASSWORD: &[u8] = b"test password";

/// An SM2 key of OpenSSL in `k.pem`, its password in `pw`, and its public key.
fn openssl_key(folder: &Folder) -> Vec<u8> {
    folder.openssl("genpkey -algorithm SM2 -out k.pem");
    folder.write("pw", PASSWORD);
    folder.openssl("pkey -in k.pem -pubout -outform DER -out pub.der");
    folder.read("pub.der")
}

fn spki(key: &SoftwareKey) -> Vec<u8> {
    key.public_key().spki_der()
}

#[test]
fn reads_every_plain_form_of_openssl() {
    let folder = Folder::new();
    let public = openssl_key(&folder);
    folder.openssl("pkey -in k.pem -outform DER -out k.der");
    folder.openssl("ec -in k.pem -out sec1.pem");
    folder.openssl("ec -in k.pem -outform DER -out sec1.der");
    folder.openssl("ecparam -name SM2 -out parameters.pem");
    for name in ["k.pem", "k.der", "sec1.pem", "sec1.der"] {
        let key =
            read_private_key(&folder.read(name), None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(spki(&key), public, "{name}");
        public_verifies(&key);
    }
    // OpenSSL's own label is `SM2 PRIVATE KEY`; other writers use the one of every curve, with parameters before it.
    let sec1 = String::from_utf8(folder.read("sec1.pem")).unwrap();
    let renamed = sec1.replace("SM2 PRIVATE KEY", "EC PRIVATE KEY");
    assert_ne!(sec1, renamed);
    assert_eq!(spki(&SoftwareKey::from_pem(&renamed, None).unwrap()), public);
    let parameters = String::from_utf8(folder.read("parameters.pem")).unwrap();
    assert_eq!(spki(&SoftwareKey::from_pem(&(parameters + &renamed), None).unwrap()), public);
    folder.openssl("ec -in k.pem -no_public -out nopub.pem");
    assert_eq!(spki(&read_private_key(&folder.read("nopub.pem"), None).unwrap()), public);
    folder.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem");
    let p256 = read_private_key(&folder.read("p256.pem"), None).unwrap();
    assert_eq!(p256.key_algorithm(), KeyAlgorithm::P256);
    public_verifies(&p256);
}

fn public_verifies(key: &SoftwareKey) {
    let signature = key.sign(b"m").unwrap();
    key.public_key().verify(key.algorithm(), b"m", &signature).unwrap();
}

#[test]
fn reads_encrypted_pkcs8_of_openssl_with_every_cipher_and_function() {
    let folder = Folder::new();
    let public = openssl_key(&folder);
    for cipher in ["sm4-cbc", "aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"] {
        for prf in ["hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"] {
            for (form, name) in [("PEM", "e.pem"), ("DER", "e.der")] {
                folder.openssl(&format!(
                    "pkcs8 -topk8 -in k.pem -v2 {cipher} -v2prf {prf} -passout file:pw -outform {form} -out {name}"
                ));
                let key = read_private_key(&folder.read(name), Some(PASSWORD))
                    .unwrap_or_else(|error| panic!("{cipher} {prf}: {error}"));
                assert_eq!(spki(&key), public);
            }
        }
        let file = folder.read("e.pem");
        assert_eq!(read_private_key(&file, None).unwrap_err(), KeystoreError::PasswordNeeded);
        assert_eq!(read_private_key(&file, Some(b"wrong")).unwrap_err(), KeystoreError::WrongPassword);
    }
}

#[test]
fn names_encryptions_it_does_not_read() {
    let folder = Folder::new();
    openssl_key(&folder);
    folder.openssl("pkcs8 -topk8 -in k.pem -scrypt -passout file:pw -out e.pem");
    let error = read_private_key(&folder.read("e.pem"), Some(PASSWORD)).unwrap_err();
    assert_eq!(error.code(), "KEYSTORE_UNSUPPORTED");
    folder.openssl("ec -in k.pem -aes128 -passout file:pw -out e.pem");
    let error = read_private_key(&folder.read("e.pem"), Some(PASSWORD)).unwrap_err();
    assert_eq!(error.code(), "KEYSTORE_PEM");
    folder.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem");
    let error = read_private_key(&folder.read("rsa.pem"), None).unwrap_err();
    let oid = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    assert_eq!(error, KeystoreError::Unsupported { what: "private key type", oid });
}

/// The 16 bytes that follow this mark in a file of ours.
fn field_after(file: &[u8], mark: &[u8]) -> (Vec<u8>, usize) {
    let at = file.windows(mark.len()).position(|window| window == mark).expect("the mark");
    let start = at + mark.len();
    (file[start..start + 16].to_vec(), start + 16)
}

/// OpenSSL 3.0 does not know HMAC-SM3 as the function of PBKDF2 inside PKCS#8, though all the parts: so the parts
/// are run one by one, its `kdf` for the key, its `enc` for SM4-CBC, its `pkey` for the key inside.
#[test]
fn openssl_opens_our_encrypted_pkcs8_by_its_parts() {
    let folder = Folder::new();
    for algorithm in [KeyAlgorithm::Sm2, KeyAlgorithm::P256] {
        let key = SoftwareKey::generate_with(algorithm, &mut rng());
        let file = encrypt_pkcs8(&key, PASSWORD, &mut rng(), 4321).unwrap();
        assert_eq!(spki(&decrypt_pkcs8(&file, PASSWORD).unwrap()), spki(&key));

        let tree = String::from_utf8(
            folder.openssl(&format!("asn1parse -inform DER -in {}", folder.write("e.der", &file).display())),
        )
        .unwrap();
        for expected in ["PBES2", "PBKDF2", "sm4-cbc", "10E1"] {
            assert!(tree.contains(expected), "{expected} missing in {tree}");
        }
        let pbkdf2 = hex::decode("06092a864886f70d01050c30250410").unwrap();
        let (salt, _) = field_after(&file, &pbkdf2[..]).clone();
        let sm4_cbc = hex::decode("06082a811ccf550168020410").unwrap();
        let (iv, end) = field_after(&file, &sm4_cbc);
        let ciphertext = &file[end + if file[end + 1] < 0x80 { 2 } else { 3 }..];

        let derived = folder.openssl(&format!(
            "kdf -keylen 16 -kdfopt digest:SM3 -kdfopt hexpass:{} -kdfopt hexsalt:{} -kdfopt iter:4321 -binary PBKDF2",
            hex::encode(PASSWORD),
            hex::encode(salt)
        ));
        folder.write("c", ciphertext);
        folder.openssl(&format!(
            "enc -d -sm4-cbc -K {} -iv {} -in c -out plain.der",
            hex::encode(derived),
            hex::encode(iv)
        ));
        let public = folder.openssl("pkey -inform DER -in plain.der -pubout -outform DER");
        assert_eq!(public, spki(&key));
    }
}

#[test]
fn our_pem_is_read_back_and_well_formed() {
    let key = SoftwareKey::generate(&mut rng());
    let pem = encrypt_pkcs8_pem(&key, PASSWORD, &mut rng(), 1000).unwrap();
    assert!(pem.lines().all(|line| line.len() <= 64));
    assert_eq!(spki(&SoftwareKey::from_pem(&pem, Some(PASSWORD)).unwrap()), spki(&key));
    let folder = Folder::new();
    folder.write("e.pem", pem.as_bytes());
    let tree = String::from_utf8(folder.openssl("asn1parse -in e.pem")).unwrap();
    assert!(tree.contains("PBES2"), "{tree}");
}

/// `k.pem`, `c.pem` (self-signed, SM2) and `pw`.
fn key_and_certificate(folder: &Folder) -> (Vec<u8>, Vec<u8>) {
    let public = openssl_key(folder);
    folder.openssl(&format!(
        "req -x509 -new -key k.pem -sm3 -sigopt {ID} -subj /CN=signer -days 30 -out c.pem"
    ));
    folder.openssl("x509 -in c.pem -outform DER -out c.der");
    (public, folder.read("c.der"))
}

#[test]
fn reads_pkcs12_of_openssl_in_every_protection() {
    let folder = Folder::new();
    let (public, certificate) = key_and_certificate(&folder);
    for (options, authenticated) in [
        ("-keypbe SM4-CBC -certpbe SM4-CBC -macalg sm3", true),
        ("-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256", true),
        ("-keypbe AES-128-CBC -certpbe AES-128-CBC -macalg sha1", true),
        ("-keypbe AES-128-CBC -certpbe NONE -macalg sha384", true),
        ("-keypbe NONE -certpbe AES-128-CBC -macalg sha512", true),
        ("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", true),
        ("-keypbe PBE-SHA1-3DES -certpbe NONE -macalg sha1 -nomaciter", true),
        ("-keypbe SM4-CBC -certpbe SM4-CBC -nomac", false),
    ] {
        folder.openssl(&format!(
            "pkcs12 -export -in c.pem -inkey k.pem -passout file:pw -name signer {options} -out p.p12"
        ));
        let file = folder.read("p.p12");
        let content = read_pkcs12(&file, PASSWORD).unwrap_or_else(|error| panic!("{options}: {error}"));
        assert_eq!(content.keys.len(), 1, "{options}");
        assert_eq!(content.key().map(spki).as_deref(), Some(&public[..]), "{options}");
        assert_eq!(content.key().unwrap().label(), "signer");
        assert_eq!(content.certificates, std::slice::from_ref(&certificate), "{options}");
        assert_eq!(content.authenticated, authenticated, "{options}");
        assert!(content.skipped.is_empty(), "{options}");
        assert_eq!(spki(&read_private_key(&file, Some(PASSWORD)).unwrap()), public, "{options}");
        assert_eq!(read_pkcs12(&file, b"wrong").unwrap_err(), KeystoreError::WrongPassword, "{options}");
        assert_eq!(read_private_key(&file, None).unwrap_err(), KeystoreError::PasswordNeeded);
    }
}

#[test]
fn reads_pkcs12_with_chinese_and_with_empty_password() {
    let folder = Folder::new();
    let (public, _) = key_and_certificate(&folder);
    for password in ["印章口令😀", ""] {
        for pbe in ["SM4-CBC", "PBE-SHA1-3DES"] {
            folder.openssl(&format!(
                "pkcs12 -export -in c.pem -inkey k.pem -passout pass:{password} -keypbe {pbe} -certpbe {pbe} -out p.p12"
            ));
            let content = read_pkcs12(&folder.read("p.p12"), password.as_bytes()).unwrap();
            assert_eq!(content.key().map(spki).as_deref(), Some(&public[..]), "{pbe} {password}");
        }
    }
}

/// Rewrites DER with indefinite lengths and octet strings in chunks of 5, as some writers of PKCS#12 do.
fn indefinite(der: &[u8]) -> Vec<u8> {
    let mut rest = der;
    let mut out = Vec::new();
    while let [tag, first, ..] = *rest {
        let (header, length) = match first {
            0..=0x7f => (2, usize::from(first)),
            0x81 => (3, usize::from(rest[2])),
            _ => (4, usize::from(rest[2]) << 8 | usize::from(rest[3])),
        };
        let value = &rest[header..header + length];
        match tag {
            0x04 if length > 8 => {
                out.extend([0x24, 0x80]);
                for chunk in value.chunks(5) {
                    out.extend([4, chunk.len() as u8]);
                    out.extend(chunk);
                }
                out.extend([0, 0]);
            }
            _ if tag & 0x20 != 0 => {
                out.extend([tag, 0x80]);
                out.extend(indefinite(value));
                out.extend([0, 0]);
            }
            _ => out.extend(&rest[..header + length]),
        }
        rest = &rest[header + length..];
    }
    out
}

#[test]
fn reads_pkcs12_in_ber_with_indefinite_lengths() {
    let folder = Folder::new();
    let (public, certificate) = key_and_certificate(&folder);
    folder.openssl("pkcs12 -export -in c.pem -inkey k.pem -passout file:pw -keypbe SM4-CBC -certpbe SM4-CBC -macalg sm3 -out p.p12");
    let ber = indefinite(&folder.read("p.p12"));
    folder.write("ber.p12", &ber);
    folder.openssl("pkcs12 -in ber.p12 -passin file:pw -nokeys -out x.pem");
    let content = read_pkcs12(&ber, PASSWORD).unwrap();
    assert_eq!(content.key().map(spki).as_deref(), Some(&public[..]));
    assert_eq!(content.certificates, [certificate]);
    assert_eq!(spki(&read_private_key(&ber, Some(PASSWORD)).unwrap()), public);
}

#[test]
fn passes_over_rsa_keys_in_pkcs12_and_says_so() {
    let folder = Folder::new();
    folder.write("pw", PASSWORD);
    folder.openssl("req -x509 -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=r -out c.pem");
    folder.openssl("pkcs12 -export -in c.pem -inkey k.pem -passout file:pw -out p.p12");
    let content = read_pkcs12(&folder.read("p.p12"), PASSWORD).unwrap();
    assert!(content.keys.is_empty());
    assert_eq!(content.certificates.len(), 1);
    assert_eq!(content.skipped, [ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1")]);
    assert_eq!(
        read_private_key(&folder.read("p.p12"), Some(PASSWORD)).unwrap_err(),
        KeystoreError::NoPrivateKey
    );
}

#[test]
fn altered_pkcs12_is_refused_by_its_mac() {
    let folder = Folder::new();
    let (public, _) = key_and_certificate(&folder);
    folder.openssl("pkcs12 -export -in c.pem -inkey k.pem -passout file:pw -iter 1 -keypbe SM4-CBC -certpbe SM4-CBC -macalg sm3 -out p.p12");
    let file = folder.read("p.p12");
    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 1;
        if let Ok(content) = read_pkcs12(&altered, PASSWORD) {
            // Only bytes no reader needs may change: the digest's parameters, here its NULL.
            assert!(content.authenticated, "byte {at}");
            assert_eq!(content.key().map(spki).as_deref(), Some(&public[..]), "byte {at}");
        }
    }
}

#[test]
fn signatures_of_an_imported_key_verify_with_openssl() {
    let folder = Folder::new();
    let (_, _) = key_and_certificate(&folder);
    folder.openssl("pkcs12 -export -in c.pem -inkey k.pem -passout file:pw -keypbe SM4-CBC -certpbe SM4-CBC -macalg sm3 -out p.p12");
    let key = read_private_key(&folder.read("p.p12"), Some(PASSWORD)).unwrap();
    assert_eq!(key.algorithm(), SignatureAlgorithm::Sm2Sm3);
    folder.write("m", b"message");
    folder.write("s", &key.sign(b"message").unwrap());
    folder.openssl(&format!("dgst -sm3 -keyform DER -verify pub.der -sigopt {ID} -signature s m"));
}
