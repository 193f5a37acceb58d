//! Signatures of other software in every algorithm that is read: OpenSSL and pyHanko make them, pyHanko judges beside us.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here fails the test, and absence is said aloud"
)]

mod support;

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use support::{assert_verdict, outcome};
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::Outcome;
use yinxin_seal::{Report, TrustFacts, Verdict, VerifyOptions};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::pdf;

/// A folder with a key of RSA, a root, and a certificate of it, both signed with these options.
fn lab(name: &str, how: &[&str]) -> Arc<Lab> {
    let lab = Lab::new(name);
    for who in ["root", "rsa"] {
        let key = format!("{who}.key");
        lab.openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", &key]);
    }
    let root = [
        "req",
        "-x509",
        "-new",
        "-key",
        "root.key",
        "-subj",
        "/CN=Sample root",
        "-days",
        "3650",
        "-out",
        "root.pem",
    ];
    lab.openssl(&[&root[..], &["-addext", "keyUsage=critical,keyCertSign,cRLSign"], how].concat());
    lab.write("leaf.ext", "keyUsage=critical,digitalSignature,nonRepudiation\nbasicConstraints=CA:FALSE\n");
    lab.openssl(&["req", "-new", "-key", "rsa.key", "-subj", "/CN=Sample", "-out", "rsa.csr"]);
    let leaf = [
        "x509",
        "-req",
        "-in",
        "rsa.csr",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-CAcreateserial",
        "-days",
        "3000",
    ];
    lab.openssl(&[&leaf[..], &["-extfile", "leaf.ext", "-out", "rsa.pem"], how].concat());
    lab.openssl(&["x509", "-in", "root.pem", "-outform", "DER", "-out", "root.cer"]);
    Arc::new(lab)
}

fn judge(lab: &Lab, bytes: &[u8]) -> Report {
    let mut trust = TrustFacts::default();
    trust.add_certificate(Certificate::parse(&lab.read("root.cer"), &Default::default()).unwrap());
    let options = VerifyOptions::at("2030-01-01T00:00:00Z".parse().unwrap());
    yinxin_seal::verify(Cursor::new(bytes), &trust, &options)
}

/// A PDF signed by `openssl cms` with these options.
fn signed(lab: &Arc<Lab>, sub_filter: &str, options: &[&str]) -> Vec<u8> {
    let (signer, options) = (Arc::clone(lab), options.iter().map(|o| (*o).to_owned()).collect::<Vec<_>>());
    let value = move |covered: &[u8]| {
        signer.write("covered", covered);
        let mut args =
            vec!["cms", "-sign", "-binary", "-in", "covered", "-signer", "rsa.pem", "-inkey", "rsa.key"];
        args.extend(options.iter().map(String::as_str));
        signer.openssl(&[&args[..], &["-nosmimecap", "-outform", "DER", "-out", "value"]].concat());
        signer.read("value")
    };
    pdf::PdfSignForge::new(sub_filter, value).build(&pdf::plain())
}

const PSS: [&str; 2] = ["-keyopt", "rsa_padding_mode:pss"];

#[test]
fn rsa_pss_is_verified_with_its_parameters_in_values_and_certificates() {
    for md in ["sha256", "sha384", "sha512"] {
        let digest = format!("-{md}");
        let how = [digest.as_str(), "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"];
        let lab = lab(&format!("pdf-pss-{md}"), &how);
        for salt in ["digest", "max", "20", "0"] {
            let salt = format!("rsa_pss_saltlen:{salt}");
            for cades in [&["-cades"][..], &[]] {
                let options = [&["-md", md][..], &PSS, &["-keyopt", &salt], cades].concat();
                let bytes = signed(&lab, "ETSI.CAdES.detached", &options);
                let report = judge(&lab, &bytes);
                assert_verdict(&report, Verdict::Valid);
                assert_eq!(outcome(&report, "SIGNATURE_VALUE"), Outcome::Pass);
                let changed = pdf::replaced(bytes, b"100 yuan", b"900 yuan");
                assert_verdict(&judge(&lab, &changed), Verdict::Invalid);
            }
        }
    }
}

#[test]
fn rsa_pss_whose_parameters_are_bent_or_weak_is_never_valid() {
    let lab = lab("pdf-pss-bent", &["-sha256"]);
    let options = [&["-md", "sha256"][..], &PSS, &["-keyopt", "rsa_pss_saltlen:32"]].concat();
    let bytes = signed(&lab, "adbe.pkcs7.detached", &options);
    assert_verdict(&judge(&lab, &bytes), Verdict::Valid);
    let hex = |b: &[u8]| hex::encode(b).into_bytes();
    // The salt's length, and the digest of the mask, stand in the parameters behind the last identifier of MGF1.
    let salt = hex(&[0xa2, 0x03, 0x02, 0x01, 0x20]);
    let other = hex(&[0xa2, 0x03, 0x02, 0x01, 0x1f]);
    assert_verdict(&judge(&lab, &pdf::replaced(bytes.clone(), &salt, &other)), Verdict::Invalid);
    let mgf = hex(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08]);
    let unknown = hex(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x09]);
    let report = judge(&lab, &pdf::replaced(bytes, &mgf, &unknown));
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(outcome(&report, "SIGNATURE_VALUE"), Outcome::Indeterminate);
    let weak = [&["-md", "sha1"][..], &PSS, &["-keyopt", "rsa_pss_saltlen:20"]].concat();
    assert_verdict(&judge(&lab, &signed(&lab, "adbe.pkcs7.detached", &weak)), Verdict::Indeterminate);
}

/// `adbe.pkcs7.sha1`: the structure holds the SHA-1 of the document (ISO 32000-1 §12.8.3.3).
#[test]
fn a_structure_around_a_sha1_of_the_document_is_read_and_called_weak() {
    let lab = lab("pdf-pkcs7-sha1", &["-sha256"]);
    let signer = Arc::clone(&lab);
    let value = move |covered: &[u8]| {
        signer.write("covered", covered);
        signer.openssl(&["dgst", "-sha1", "-binary", "-out", "digest", "covered"]);
        let sign = [
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-in",
            "digest",
            "-signer",
            "rsa.pem",
            "-inkey",
            "rsa.key",
        ];
        signer.openssl(
            &[&sign[..], &["-md", "sha256", "-nosmimecap", "-outform", "DER", "-out", "value"]].concat(),
        );
        signer.read("value")
    };
    let bytes = pdf::PdfSignForge::new("adbe.pkcs7.sha1", value).build(&pdf::plain());
    let report = judge(&lab, &bytes);
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(report.signatures[0].format, "CMS");
    assert_eq!(outcome(&report, "SIGNATURE_TYPE"), Outcome::Pass);
    assert_eq!(outcome(&report, "WEAK_ALGORITHM"), Outcome::Indeterminate);
    let report = judge(&lab, &pdf::replaced(bytes, b"100 yuan", b"900 yuan"));
    assert_verdict(&report, Verdict::Invalid);
    assert_eq!(outcome(&report, "DOCUMENT_MODIFIED"), Outcome::Fail);
}

#[test]
fn signed_data_over_sha1_is_called_weak() {
    let lab = lab("pdf-detached-sha1", &["-sha256"]);
    let report = judge(&lab, &signed(&lab, "adbe.pkcs7.detached", &["-md", "sha1"]));
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(outcome(&report, "SIGNATURE_VALUE"), Outcome::Pass);
    assert_eq!(outcome(&report, "WEAK_ALGORITHM"), Outcome::Indeterminate);
}

const SIGN: &str = r#"
from pyhanko.sign import signers, fields
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko_certvalidator import ValidationContext
from pyhanko.keys import load_cert_from_pemder
signer = signers.SimpleSigner.load('rsa.key', 'rsa.pem', prefer_pss=True)
context = ValidationContext(trust_roots=[load_cert_from_pemder('root.pem')], allow_fetching=False)
for md in ('sha256', 'sha384', 'sha512'):
    w = IncrementalPdfFileWriter(open('plain.pdf', 'rb'))
    meta = signers.PdfSignatureMetadata(field_name='Sig', md_algorithm=md, subfilter=fields.SigSeedSubFilter.PADES)
    open(md + '.pdf', 'wb').write(signers.PdfSigner(meta, signer).sign_pdf(w).getbuffer())
for name in ('sha256.pdf', 'sha384.pdf', 'sha512.pdf', 'openssl.pdf'):
    s = PdfFileReader(open(name, 'rb')).embedded_signatures[0]
    t = validate_pdf_signature(s, context)
    print(name, t.pkcs7_signature_mechanism, 'intact' if t.intact else 'BROKEN', 'valid' if t.valid else 'INVALID',
          'trusted' if t.trusted else 'UNTRUSTED')
"#;

#[test]
fn pyhanko_and_we_agree_on_rsa_pss() {
    let named = std::env::var_os("YINXIN_PYTHON").map(PathBuf::from).filter(|p| p.is_file());
    let Some(python) = named else {
        println!(
            "PYHANKO ABSENT: nothing of it was judged; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
        );
        return;
    };
    let lab = lab("pdf-pss-pyhanko", &["-sha256"]);
    lab.write("plain.pdf", pdf::plain());
    let options = [&["-md", "sha256"][..], &PSS, &["-keyopt", "rsa_pss_saltlen:digest", "-cades"]].concat();
    lab.write("openssl.pdf", signed(&lab, "ETSI.CAdES.detached", &options));
    lab.write("sign.py", SIGN);
    let (ok, text) = lab.run(&python.to_string_lossy(), &["sign.py"]);
    assert!(ok, "{text}");
    for name in ["sha256.pdf", "sha384.pdf", "sha512.pdf", "openssl.pdf"] {
        assert!(text.contains(&format!("{name} rsassa_pss intact valid trusted")), "{name}: {text}");
        assert_verdict(&judge(&lab, &lab.read(name)), Verdict::Valid);
    }
}
