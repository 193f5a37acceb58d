//! `yinxin ca` as OpenSSL sees it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const DISTID: [&str; 2] = ["-vfyopt", "distid:1234567812345678"];

fn yinxin(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yinxin"));
    command.current_dir(folder).env("CA_PASSWORD", "a test password").args(args);
    command.output().unwrap()
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let all = [&["--json"], args].concat();
    let output = yinxin(folder, &all);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refusal(folder: &Path, args: &[&str]) -> String {
    let output = yinxin(folder, &[&["--json"], args].concat());
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    value["error"]["code"].as_str().unwrap().to_owned()
}

fn openssl(folder: &Path, args: &[&str]) -> String {
    let output =
        Command::new("openssl").current_dir(folder).args(args).output().expect("openssl is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{args:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

const PASSWORD: [&str; 2] = ["--password-env", "CA_PASSWORD"];

fn init(folder: &Path) {
    json(folder, &[&["ca", "init", "ca", "--name", "测试"], PASSWORD.as_slice()].concat());
}

fn issue(folder: &Path, role: &str, name: &str) -> Value {
    let (key, cert) = (format!("{role}.key"), format!("{role}.pem"));
    let args = ["ca", "issue", "ca", "--role", role, "--name", name, "--key-out", &key, "-o", &cert];
    json(folder, &[args.as_slice(), &PASSWORD].concat())
}

#[test]
fn openssl_verifies_every_link_and_every_subject_says_that_it_is_a_test() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    init(folder);
    for role in ["maker", "signer", "tsa"] {
        let subject = issue(folder, role, "示例单位")["subject"].as_str().unwrap().to_owned();
        assert!(subject.contains("TEST ONLY"), "{subject}");
    }
    let verify = |trusted: &str, purpose: &[&str], cert: &str| {
        let args =
            [&["verify"], DISTID.as_slice(), &["-partial_chain", "-trusted", trusted], purpose, &[cert]];
        openssl(folder, &args.concat());
    };
    // OpenSSL 3.0 keeps the distinguishing identifier for the first signature of a chain only, hence link by link.
    verify("ca/trust/root.pem", &[], "ca/trust/root.pem");
    verify("ca/trust/root.pem", &[], "ca/trust/ca.pem");
    verify("ca/trust/ca.pem", &[], "maker.pem");
    verify("ca/trust/ca.pem", &[], "signer.pem");
    verify("ca/trust/ca.pem", &["-purpose", "timestampsign"], "tsa.pem");
    for cert in ["ca/trust/root.pem", "ca/trust/ca.pem"] {
        let text = openssl(folder, &["x509", "-in", cert, "-noout", "-text"]);
        assert!(text.contains("CA:TRUE") && text.contains("TEST ONLY"), "{text}");
    }
    let text = openssl(folder, &["x509", "-in", "tsa.pem", "-noout", "-text"]);
    assert!(text.contains("X509v3 Extended Key Usage: critical\n                Time Stamping"), "{text}");
    // The keys are those of the certificates, and encrypted.
    let key = std::fs::read_to_string(folder.join("signer.key")).unwrap();
    assert!(key.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
}

#[test]
fn lists_name_what_was_revoked_and_openssl_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    init(folder);
    let serial = issue(folder, "signer", "甲")["serial"].as_str().unwrap().to_owned();
    let date = "2026-01-02T03:04:05Z";
    json(
        folder,
        &["ca", "revoke", "ca", "--cert", "signer.pem", "--reason", "keyCompromise", "--date", date],
    );
    assert_eq!(refusal(folder, &["ca", "revoke", "ca", "--serial", &serial]), "CA_ALREADY_REVOKED");
    assert_eq!(refusal(folder, &["ca", "revoke", "ca", "--serial", "7F"]), "CA_UNKNOWN_SERIAL");
    let made = json(folder, &[&["ca", "crl", "ca", "-o", "crl.der"], PASSWORD.as_slice()].concat());
    assert_eq!((made["number"].as_u64(), made["ca"]["revoked"].as_u64()), (Some(2), Some(1)));
    let text = openssl(folder, &["crl", "-inform", "DER", "-in", "crl.der", "-noout", "-text"]);
    for part in [&serial, "Jan  2 03:04:05 2026 GMT", "Key Compromise", "X509v3 CRL Number"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let root = openssl(folder, &["crl", "-inform", "DER", "-in", "ca/crl/root.crl", "-noout", "-text"]);
    assert!(root.contains("No Revoked Certificates") && root.contains("TEST ROOT"), "{root}");
}

#[test]
fn a_request_is_certified_only_if_it_proves_possession_of_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    init(folder);
    openssl(folder, &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "k.pem"]);
    let make = ["req", "-new", "-key", "k.pem", "-sm3", "-sigopt", "distid:1234567812345678", "-utf8"];
    openssl(folder, &[make.as_slice(), &["-subj", "/O=某公司/CN=某人", "-out", "r.pem"]].concat());
    let args = ["ca", "issue", "ca", "--role", "signer", "--csr", "r.pem", "-o", "c.pem"];
    let made = json(folder, &[args.as_slice(), &PASSWORD].concat());
    let subject = made["subject"].as_str().unwrap();
    assert!(subject.contains("CN=某人") && subject.contains("O=某公司"), "{subject}");
    let verify =
        [&["verify"], DISTID.as_slice(), &["-partial_chain", "-trusted", "ca/trust/ca.pem", "c.pem"]];
    openssl(folder, &verify.concat());
    // The same request with one bit of the signature flipped.
    openssl(folder, &["req", "-in", "r.pem", "-outform", "DER", "-out", "r.der"]);
    let mut der = std::fs::read(folder.join("r.der")).unwrap();
    *der.last_mut().unwrap() ^= 1;
    std::fs::write(folder.join("r.der"), der).unwrap();
    let args = ["ca", "issue", "ca", "--role", "signer", "--csr", "r.der", "-o", "d.pem"];
    assert_eq!(refusal(folder, &[args.as_slice(), &PASSWORD].concat()), "CSR_NO_POSSESSION");
    assert!(!folder.join("d.pem").exists());
}

#[test]
fn rejects_folders_passwords_and_dates_that_do_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(refusal(folder, &["ca", "crl", "nowhere"]), "CA_FOLDER_UNKNOWN");
    init(folder);
    let again = [&["ca", "init", "ca"], PASSWORD.as_slice()].concat();
    assert_eq!(refusal(folder, &again), "CA_FOLDER_NOT_EMPTY");
    std::fs::write(folder.join("wrong"), "not it\n").unwrap();
    let base = ["ca", "issue", "ca", "--role", "signer", "--name", "甲", "--key-out", "k", "-o", "c.pem"];
    let with = |more: &[&str]| refusal(folder, &[base.as_slice(), more].concat());
    assert_eq!(with(&["--password-file", "wrong"]), "KEYSTORE_WRONG_PASSWORD");
    let dates = ["--valid-from", "2027-01-01T00:00:00Z", "--valid-to", "2026-01-01T00:00:00Z"];
    assert_eq!(with(&[dates.as_slice(), &PASSWORD].concat()), "VALIDITY_EMPTY");
    let long = ["--valid-to", "2099-01-01T00:00:00Z"];
    assert_eq!(with(&[long.as_slice(), &PASSWORD].concat()), "VALIDITY_OUTSIDE_ISSUER");
    assert!(!folder.join("c.pem").exists() && !folder.join("k").exists());
}
