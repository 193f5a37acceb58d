//! OpenSSL on our signatures, and we on its chains; `unzip` and `xmllint` on our documents.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_crypto::{PublicKey, SigningKey as _};
use yinxin_formats::cms::SignedData;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{SesSignature, SesVersion};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::Package;
use yinxin_seal::sign::What;
use yinxin_seal::trust::{ChainState, Evaluator, Policy, Purpose};
use yinxin_testkit::clock;
use yinxin_testkit::oracle::{HOW, Lab};
use yinxin_testkit::pki::{self, Pki};
use yinxin_testkit::revocation::CrlForge;

const ID: &str = "distid:1234567812345678";

fn pem(label: &str, der: &[u8]) -> String {
    yinxin_formats::pem::encode(label, der)
}

/// OpenSSL on an SM2 value cut out of a structure, and on the same over other bytes.
fn verifies(lab: &Lab, key: &PublicKey, message: &[u8], value: &[u8]) {
    lab.write("p.pub", pem("PUBLIC KEY", &key.spki_der()));
    lab.write("m", message);
    lab.write("s", value);
    let args = ["dgst", "-sm3", "-verify", "p.pub", "-sigopt", ID, "-signature", "s", "m"];
    assert!(lab.openssl(&args).contains("Verified OK"));
    lab.write("m", [message, b"x"].concat());
    assert!(!lab.run("openssl", &args).0, "OpenSSL accepts a value over other bytes");
}

fn part(document: &[u8], path: &str) -> Vec<u8> {
    Package::open(std::io::Cursor::new(document), &yinxin_ofd::Limits::default()).unwrap().read(path).unwrap()
}

#[test]
fn openssl_verifies_our_seal_signature_and_the_makers() {
    let (lab, pki) = (Lab::new("openssl-ses"), Pki::new());
    let limits = Limits::default();
    for version in [SesVersion::V4, SesVersion::V5] {
        let der = support::seal(&pki, version, &pki.signer_a);
        let r = support::request(What::Seal(der), &pki.signer_a);
        let out =
            support::sign(&support::document(1), &r, &pki.signer_a, &support::facts(&pki), None).unwrap();
        let value = part(&out, "/Doc_0/Signs/Sign_0/SignedValue.dat");
        let sig = SesSignature::parse(&value, &limits).unwrap();
        verifies(&lab, pki.signer_a.key.public_key(), sig.tbs_raw(), &sig.signature);
        verifies(&lab, pki.maker.key.public_key(), sig.seal.info_raw(), &sig.seal.signature);
        let xml = part(&out, "/Doc_0/Signs/Sign_0/Signature.xml");
        lab.write("x", &xml);
        let digest = lab.openssl(&["dgst", "-sm3", "x"]);
        assert!(digest.trim().ends_with(&hex::encode(&sig.data_hash)), "{digest}");
    }
}

#[test]
fn openssl_verifies_our_plain_signature() {
    let (lab, pki) = (Lab::new("openssl-sign"), Pki::new());
    let r = support::request(What::Sign, &pki.signer_a);
    let out = support::sign(&support::document(1), &r, &pki.signer_a, &support::facts(&pki), None).unwrap();
    let cms =
        SignedData::parse(&part(&out, "/Doc_0/Signs/Sign_0/SignedValue.dat"), &Limits::default()).unwrap();
    let info = &cms.signer_infos[0];
    let signed = info.signed_attrs.as_ref().unwrap().signed_bytes();
    verifies(&lab, pki.signer_a.key.public_key(), signed, &info.signature);
}

#[test]
fn openssl_verifies_the_fixture_certificates_and_lists() {
    let (lab, pki) = (Lab::new("openssl-pki"), Pki::new());
    for (name, id) in [("root", &pki.root), ("ca", &pki.ca), ("maker", &pki.maker), ("tsa", &pki.tsa)] {
        lab.write(&format!("{name}.pem"), pem("CERTIFICATE", id.der()));
    }
    let at = clock::now().as_second().to_string();
    let link = |args: &[&str]| {
        let all = [&["verify", "-attime", &at, "-vfyopt", ID], args].concat();
        assert!(lab.openssl(&all).contains("OK"));
    };
    link(&["-CAfile", "root.pem", "ca.pem"]);
    link(&["-partial_chain", "-trusted", "ca.pem", "maker.pem"]);
    link(&["-partial_chain", "-trusted", "ca.pem", "tsa.pem"]);
    let der = CrlForge::fresh(&pki.ca).revoke(&pki.signer_a, "2026-11-10T00:00:00Z", None).build();
    let crl = Crl::parse(&der, &Limits::default()).unwrap();
    verifies(&lab, pki.ca.key.public_key(), crl.tbs(), crl.signature());
}

/// A root and a CA of OpenSSL's making over an SM2 leaf with a key of ours.
fn chain(name: &str, root_key: &[&str], ca_key: &[&str], digest: &str) -> (ChainState, ChainState) {
    let lab = Lab::new(name);
    let leaf_key = pki::key("openssl leaf", yinxin_crypto::KeyAlgorithm::Sm2);
    lab.write("leaf.pub", pem("PUBLIC KEY", &leaf_key.public_key().spki_der()));
    lab.write(
        "c.cnf",
        "[req]\ndistinguished_name=d\n[d]\n[ca]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n\
         [leaf]\nbasicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,nonRepudiation\n",
    );
    lab.openssl(&[&["genpkey", "-out", "r.key"], root_key].concat());
    lab.openssl(&[&["genpkey", "-out", "c.key"], ca_key].concat());
    lab.openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        "r.key",
        digest,
        "-subj",
        "/C=CN/CN=Root",
        "-days",
        "3650",
        "-config",
        "c.cnf",
        "-extensions",
        "ca",
        "-out",
        "r.pem",
    ]);
    lab.openssl(&[
        "req",
        "-new",
        "-key",
        "c.key",
        "-subj",
        "/C=CN/CN=CA",
        "-config",
        "c.cnf",
        "-out",
        "c.csr",
    ]);
    let issue = |csr: &str, ca: &str, key: &str, ext: &str, out: &str, more: &[&str]| {
        let args = [
            "x509",
            "-req",
            "-in",
            csr,
            "-CA",
            ca,
            "-CAkey",
            key,
            "-CAcreateserial",
            digest,
            "-days",
            "365",
            "-extfile",
            "c.cnf",
            "-extensions",
            ext,
            "-out",
            out,
        ];
        lab.openssl(&[&args, more].concat());
    };
    issue("c.csr", "r.pem", "r.key", "ca", "c.pem", &[]);
    lab.openssl(&[
        "req",
        "-new",
        "-key",
        "c.key",
        "-subj",
        "/C=CN/CN=Leaf",
        "-config",
        "c.cnf",
        "-out",
        "l.csr",
    ]);
    issue("l.csr", "c.pem", "c.key", "leaf", "l.pem", &["-force_pubkey", "leaf.pub"]);
    let read = |f: &str| {
        let mut blocks = yinxin_formats::pem::parse_pem_or_der(&lab.read(f), &Limits::default()).unwrap();
        Certificate::parse(&blocks.remove(0).der, &Limits::default()).unwrap()
    };
    let (root, ca, leaf) = (read("r.pem"), read("c.pem"), read("l.pem"));
    // OpenSSL dates certificates by the real clock.
    let now = jiff::Timestamp::now();
    let judge = |certs: &[&[u8]]| {
        let facts = support::facts_of(certs, &[]);
        Evaluator::new(&facts, now, Policy::Default).judge(&leaf, &[], Purpose::Signer, now).chain
    };
    (judge(&[root.raw(), ca.raw()]), judge(&[root.raw()]))
}

#[test]
fn chains_of_rsa_and_p256_authorities_made_by_openssl_are_followed() {
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let p384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
    for (name, root, ca) in [("rsa-p256", rsa, p256), ("p384-rsa", p384, rsa)] {
        let (whole, part) = chain(name, &root, &ca, "-sha256");
        assert_eq!(whole, ChainState::Anchored, "{name}");
        assert_eq!(part, ChainState::NoAnchor("CN=CA, C=CN".into()), "{name}");
    }
}

#[test]
fn refuses_weak_authorities_made_by_openssl() {
    let strong = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let weak = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
    assert!(matches!(chain("rsa-1024", &strong, &weak, "-sha256").0, ChainState::Broken(_)));
    assert!(matches!(chain("rsa-sha1", &strong, &strong, "-sha1").0, ChainState::Broken(_)));
}

#[test]
fn unzip_and_xmllint_accept_our_documents() {
    let (lab, pki) = (Lab::new("foreign"), Pki::new());
    lab.write("sealed.ofd", support::sealed(&pki));
    let (ok, text) = lab.run("unzip", &["-t", "sealed.ofd"]);
    assert!(ok && text.contains("No errors"), "{text}\n{HOW}");
    let (ok, text) = lab.run("unzip", &["-q", "sealed.ofd", "-d", "out"]);
    assert!(ok, "{text}");
    for f in ["OFD.xml", "Doc_0/Signs/Signatures.xml", "Doc_0/Signs/Sign_0/Signature.xml"] {
        let (ok, text) = lab.run("xmllint", &["--noout", &format!("out/{f}")]);
        assert!(ok, "{f}: {text}\n{HOW}");
    }
}
