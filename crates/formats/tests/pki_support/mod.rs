//! Keys, names and other people's software for the tests of certificates and signed structures.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{KeyAlgorithm, SigningKey, SoftwareKey};
use yinxin_formats::der::{Deviation, Limits};
use yinxin_formats::oids;
use yinxin_formats::pem;
use yinxin_formats::x509::{Certificate, CertificateBuilder, KeyUsage, Name, Serial, extensions, key_id};

/// OpenSSL 3.0 takes the user identifier only this way; its own default is empty.
pub const ID: &str = "distid:1234567812345678";

pub fn limits() -> Limits {
    Limits::default()
}

pub fn codes(deviations: &[Deviation]) -> Vec<&'static str> {
    deviations.iter().map(|d| d.code).collect()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    at("2026-11-21T12:00:00Z")
}

/// A fixed SM2 key per number.
pub fn sm2(n: u8) -> SoftwareKey {
    SoftwareKey::from_secret_bytes(KeyAlgorithm::Sm2, &[n; 32]).unwrap()
}

/// A fixed P-256 key per number.
pub fn p256(n: u8) -> SoftwareKey {
    SoftwareKey::from_secret_bytes(KeyAlgorithm::P256, &[n; 32]).unwrap()
}

pub fn name(cn: &str) -> Name {
    Name::build(&[(oids::AT_COUNTRY, "CN"), (oids::AT_ORGANIZATION, "测试单位"), (oids::AT_COMMON_NAME, cn)])
}

/// A certificate of ten years for `key`, issued by `issuer_key`.
pub fn builder(cn: &str, issuer: &str, serial: u8, key: &dyn SigningKey) -> CertificateBuilder {
    CertificateBuilder::new(
        Serial::from_unsigned(&[serial]),
        name(issuer),
        name(cn),
        at("2025-01-01T00:00:00Z"),
        at("2035-01-01T00:00:00Z"),
        key.public_key(),
    )
}

/// A self-signed authority.
pub fn root(key: &dyn SigningKey) -> Certificate {
    let der = builder("根 Root", "根 Root", 1, key)
        .extension(extensions::basic_constraints(true, None))
        .extension(extensions::key_usage(KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN)))
        .extension(extensions::subject_key_id(key.public_key()))
        .sign(key)
        .unwrap();
    Certificate::parse(&der, &limits()).unwrap()
}

/// An end entity under [`root`].
pub fn leaf(cn: &str, serial: u8, key: &dyn SigningKey, root_key: &dyn SigningKey) -> Certificate {
    leaf_with(cn, serial, key, root_key, &[])
}

/// An end entity under [`root`] with extended key usages.
pub fn leaf_with(
    cn: &str,
    serial: u8,
    key: &dyn SigningKey,
    root_key: &dyn SigningKey,
    eku: &[ObjectIdentifier],
) -> Certificate {
    let mut b = builder(cn, "根 Root", serial, key)
        .extension(extensions::basic_constraints(false, None))
        .extension(extensions::key_usage(KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::CONTENT_COMMITMENT)))
        .extension(extensions::subject_key_id(key.public_key()))
        .extension(extensions::authority_key_id(&key_id(root_key.public_key())));
    if !eku.is_empty() {
        b = b.extension(extensions::extended_key_usage(eku, true));
    }
    Certificate::parse(&b.sign(root_key).unwrap(), &limits()).unwrap()
}

/// A folder with OpenSSL beside it.
pub struct Lab(tempfile::TempDir);

impl Lab {
    /// Fails loudly where OpenSSL is missing: these tests prove nothing without it.
    pub fn new() -> Self {
        let lab = Self(tempfile::tempdir().unwrap());
        let version = lab.run(&["version"]);
        assert!(version.starts_with("OpenSSL 3"), "OpenSSL 3 is needed (apt-get install openssl): {version}");
        lab
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// The only DER in a PEM or DER file.
    pub fn der(&self, name: &str) -> Vec<u8> {
        let mut blocks = pem::parse_pem_or_der(&self.read(name), &limits()).unwrap();
        assert_eq!(blocks.len(), 1, "{name}");
        blocks.remove(0).der
    }

    pub fn write_pem(&self, name: &str, label: &str, der: &[u8]) {
        self.write(name, pem::encode(label, der));
    }

    fn output(&self, args: &[&str]) -> (bool, String) {
        let output = Command::new("openssl")
            .args(args)
            .current_dir(self.0.path())
            .output()
            .expect("openssl must be installed (apt-get install openssl)");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// Runs OpenSSL, which must succeed; returns what it printed.
    pub fn run(&self, args: &[&str]) -> String {
        let (ok, text) = self.output(args);
        assert!(ok, "openssl {args:?} failed:\n{text}");
        text
    }

    /// Runs OpenSSL, which must refuse.
    pub fn refuse(&self, args: &[&str]) -> String {
        let (ok, text) = self.output(args);
        assert!(!ok, "openssl {args:?} accepted:\n{text}");
        text
    }

    /// OpenSSL's verdict on an SM2 signature over exact bytes.
    pub fn sm2_verifies(&self, key: &yinxin_crypto::PublicKey, message: &[u8], signature: &[u8]) {
        self.write_pem("dgst.pub", "PUBLIC KEY", &key.spki_der());
        self.write("dgst.msg", message);
        self.write("dgst.sig", signature);
        let args =
            ["dgst", "-sm3", "-verify", "dgst.pub", "-sigopt", ID, "-signature", "dgst.sig", "dgst.msg"];
        assert!(self.run(&args).contains("Verified OK"));
        self.write("dgst.msg", [message, b"x"].concat());
        self.refuse(&args);
    }
}

/// The folder of files by other software; `None` after one loud line where it is absent.
pub fn interop() -> Option<PathBuf> {
    let dir = std::env::var_os("YINXIN_INTEROP")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interop"), PathBuf::from);
    if dir.join("expected.tsv").is_file() {
        return Some(dir);
    }
    println!("INTEROP DATA ABSENT: {} not found; this test proves nothing here", dir.display());
    None
}

/// One part of a zip package.
pub fn unzip(package: &Path, part: &str) -> Vec<u8> {
    let output =
        Command::new("unzip").arg("-p").arg(package).arg(part).output().expect("unzip must be installed");
    assert!(output.status.success(), "{package:?} {part}");
    output.stdout
}
