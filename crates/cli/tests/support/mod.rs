//! A folder with a root, a maker, an owner, a seal and a document, and the command to use on them.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::Timestamp;
use serde_json::Value;
use yinxin_crypto::keystore::encrypt_pkcs8_pem;
use yinxin_crypto::rand_core::UnwrapErr;
use yinxin_crypto::{PublicKey, SigningKey, SoftwareKey};
use yinxin_formats::ocsp::{CertId, CertStatus, OcspResponseBuilder};
use yinxin_formats::oids;
use yinxin_formats::pem;
use yinxin_formats::x509::{CertificateBuilder, KeyUsage, Name, Serial, extensions, key_id};

pub const PASSWORD: &str = "试验 口令 1";

/// What a run of the command gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The one JSON value on standard output.
    pub fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "one line expected: {} {}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// The code of the error in the JSON value.
    pub fn error_code(&self) -> String {
        assert_eq!(self.code, 2, "{} {}", self.out, self.err);
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }
}

impl From<Output> for Ran {
    fn from(o: Output) -> Self {
        let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
        Self { code: o.status.code().expect("not killed"), out: text(o.stdout), err: text(o.stderr) }
    }
}

/// The command itself, without a terminal.
pub fn yinxin() -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_yinxin"));
    c.stdin(std::process::Stdio::null()).env_remove("YINXIN_LANG");
    c
}

pub fn run(args: &[&str]) -> Ran {
    yinxin().args(args).output().unwrap().into()
}

/// A temporary folder with everything a test needs.
pub struct World {
    pub dir: tempfile::TempDir,
    root: SoftwareKey,
}

impl World {
    /// root.cer in trust/, maker.{cer,key}, owner.{cer,key}, pw, imprint.png, three-page in.ofd.
    pub fn new() -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap(), root: key() };
        std::fs::create_dir(world.path("trust")).unwrap();
        let root = world.certificate("测试根", world.root.public_key(), true);
        world.put("trust/root.cer", &root);
        world.put("pw", format!("{PASSWORD}\n").as_bytes());
        for name in ["maker", "owner"] {
            let key = key();
            let file = encrypt_pkcs8_pem(&key, PASSWORD.as_bytes(), &mut rng(), 1000).unwrap();
            world.put(&format!("{name}.key"), file.as_bytes());
            world.put_certificate(&format!("{name}.cer"), name, key.public_key());
        }
        let lines = ["测试文件"];
        world.put("in.ofd", &yinxin_ofd::sample::document(3, "测试", &lines));
        world
            .run(&["imprint", "draw", "--kind", "official", "--name", "示例市示例公司", "-o", "imprint.png"])
            .ok();
        world
    }

    /// The same with seal.esl.
    pub fn with_seal() -> Self {
        let world = Self::new();
        world.make_seal(&[]).ok();
        world
    }

    /// Makes seal.esl; later arguments are added.
    pub fn make_seal(&self, more: &[&str]) -> Ran {
        let mut args = vec![
            "seal",
            "make",
            "--name",
            "示例市示例公司",
            "--id",
            "TEST0001",
            "--picture",
            "imprint.png",
            "--width",
            "40",
            "--height",
            "40",
            "--cert",
            "owner.cer",
            "--maker-cert",
            "maker.cer",
            "--maker-key",
            "maker.key",
            "--password-file",
            "pw",
            "-o",
            "seal.esl",
        ];
        args.extend(more);
        self.run(&args)
    }

    /// An OCSP response of the root on maker and owner: good, but for the one who is revoked since yesterday.
    pub fn ocsp(&self, file: &str, revoked: Option<&str>) {
        let limits = yinxin_formats::der::Limits::default();
        let read = |name: &str| {
            let bytes = self.get(name);
            let der = pem::parse_pem_or_der(&bytes, &limits).unwrap().remove(0).der;
            yinxin_formats::x509::Certificate::parse(&der, &limits).unwrap()
        };
        let root = read("trust/root.cer");
        let now = Timestamp::now();
        let (before, after) =
            (now - jiff::SignedDuration::from_hours(24), now + jiff::SignedDuration::from_hours(24));
        let mut builder = OcspResponseBuilder::new(now);
        for name in ["maker", "owner"] {
            let cert = read(&format!("{name}.cer"));
            let id = CertId::new(yinxin_crypto::DigestAlgorithm::Sm3, &root, &cert.serial).unwrap();
            let status = match revoked {
                Some(r) if r == name => CertStatus::Revoked { date: before, reason: None },
                _ => CertStatus::Good,
            };
            builder = builder.answer(&id, status, now, Some(after));
        }
        self.put(file, &builder.sign(&self.root).unwrap());
    }

    /// Seals in.ofd with the owner's key; later arguments are added.
    pub fn sign(&self, output: &str, more: &[&str]) -> Ran {
        let mut args = vec![
            "sign",
            "in.ofd",
            "-o",
            output,
            "--seal",
            "seal.esl",
            "--key",
            "owner.key",
            "--password-file",
            "pw",
        ];
        args.extend(more);
        self.run(&args)
    }

    /// Runs the command in the folder.
    pub fn run(&self, args: &[&str]) -> Ran {
        yinxin().current_dir(self.dir.path()).args(args).output().unwrap().into()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Names of everything in the folder itself, to show that nothing was left behind.
    pub fn names(&self) -> Vec<String> {
        let list = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<String> = list.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Writes a PEM certificate of the root for a key.
    pub fn put_certificate(&self, file: &str, name: &str, key: &PublicKey) {
        let der = self.certificate(name, key, false);
        self.put(file, pem::encode("CERTIFICATE", &der).as_bytes());
    }

    fn certificate(&self, name: &str, key: &PublicKey, ca: bool) -> Vec<u8> {
        let subject = Name::build(&[(oids::AT_COUNTRY, "CN"), (oids::AT_COMMON_NAME, name)]);
        let issuer = Name::build(&[(oids::AT_COUNTRY, "CN"), (oids::AT_COMMON_NAME, "测试根")]);
        let (from, to) = (time("2026-01-01T00:00:00Z"), time("2036-01-01T00:00:00Z"));
        let usage = if ca {
            KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN)
        } else {
            KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::CONTENT_COMMITMENT)
        };
        let serial = Serial::from_unsigned(&key_id(key)[..8]);
        CertificateBuilder::new(serial, issuer, subject, from, to, key)
            .extension(extensions::basic_constraints(ca, None))
            .extension(extensions::key_usage(usage))
            .extension(extensions::subject_key_id(key))
            .extension(extensions::authority_key_id(&key_id(self.root.public_key())))
            .sign(&self.root)
            .unwrap()
    }
}

/// The collection of foreign documents; `None`, and a word about it, where it is absent.
pub fn interop() -> Option<PathBuf> {
    let dir = std::env::var_os("YINXIN_INTEROP")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interop"), PathBuf::from);
    if dir.join("expected.tsv").is_file() {
        return Some(dir);
    }
    println!("INTEROP DATA ABSENT: {} (set YINXIN_INTEROP)", dir.display());
    None
}

/// Runs a tool of others that must succeed.
#[track_caller]
pub fn tool(program: &str, args: &[&str], dir: &Path) -> Vec<u8> {
    let out = Command::new(program).args(args).current_dir(dir).output().expect(program);
    assert!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn key() -> SoftwareKey {
    SoftwareKey::generate(&mut rng())
}

fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}
