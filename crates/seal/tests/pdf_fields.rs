//! Signing in fields that other software put into a document: pyHanko makes them and judges what comes of it.
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

use support::{assert_verdict, facts, judge, outcome, seal_request};
use yinxin_formats::ses::SesVersion;
use yinxin_pdf::sign::{IntoField, SubFilter};
use yinxin_pdf::{Document, Level};
use yinxin_seal::Verdict;
use yinxin_seal::make::make;
use yinxin_seal::report::Outcome;
use yinxin_seal::sign::{SignDocumentError, SignRequest, What, sign_pdf};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::{Pki, clock, pdf};

/// Python with pyHanko; `None`, loudly, where it is absent.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("YINXIN_PYTHON").map(PathBuf::from).filter(|p| p.is_file());
    if named.is_none() {
        println!(
            "PYHANKO ABSENT: no field of its was signed; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
        );
    }
    named
}

/// Fields of 60 × 60 mm: the first locks all but the second, which asks for what we do; the third asks for what we do not.
const MAKE: &str = r#"
import sys
from pyhanko.sign import fields as f
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
for name in sys.argv[1:]:
    with open(name, 'rb') as source:
        w = IncrementalPdfFileWriter(source)
        lock = f.FieldMDPSpec(f.FieldMDPAction.EXCLUDE, ['乙方签章'])
        box = lambda x: (x, 100, x + 170.1, 270.1)
        f.append_signature_field(w, f.SigFieldSpec('甲方签章', box=box(57), on_page=0, field_mdp_spec=lock))
        kind = f.SigSeedValueSpec(flags=f.SigSeedValFlags.SUBFILTER, subfilters=[f.SigSeedSubFilter.PADES])
        f.append_signature_field(w, f.SigFieldSpec('乙方签章', box=box(300), on_page=0, seed_value_dict=kind))
        other = f.SigSeedValueSpec(flags=f.SigSeedValFlags.DIGEST_METHOD, digest_methods=['sha256'])
        f.append_signature_field(w, f.SigFieldSpec('丙方签章', seed_value_dict=other))
        with open('form-' + name, 'wb') as out:
            w.write(out)
"#;

const JUDGE: &str = r#"
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko.keys import load_cert_from_pemder
context = ValidationContext(trust_roots=[load_cert_from_pemder('ec.pem')], allow_fetching=False)
for path in sys.argv[1:]:
    for s in PdfFileReader(open(path, 'rb')).embedded_signatures:
        t = validate_pdf_signature(s, context)
        print(path, s.field_name, 'intact' if t.intact else 'BROKEN', 'valid' if t.valid else 'INVALID', t.coverage.name,
              t.modification_level.name if t.modification_level else '-', 'allowed' if t.docmdp_ok else 'FORBIDDEN',
              'seed' if t.seed_value_ok else 'SEED', s.fieldmdp.action.name if s.fieldmdp else '-')
"#;

fn inputs(lab: &Lab) -> Vec<String> {
    lab.write("plain.pdf", pdf::plain());
    let ways: [(&str, &[&str]); 3] = [
        ("streams.pdf", &["--object-streams=generate"]),
        ("linear.pdf", &["--linearize"]),
        ("turned.pdf", &["--rotate=+90:1"]),
    ];
    let mut out = vec!["plain.pdf".to_owned()];
    for (name, more) in ways {
        let (ok, text) = lab.run("qpdf", &[&["plain.pdf", name], more].concat());
        assert!(ok, "{text}");
        out.push(name.to_owned());
    }
    out
}

fn forms(lab: &Lab, python: &str) -> Vec<String> {
    lab.write("make.py", MAKE);
    let names = inputs(lab);
    let mut args = vec!["make.py"];
    args.extend(names.iter().map(String::as_str));
    let (ok, text) = lab.run(python, &args);
    assert!(ok, "{text}");
    names.into_iter().map(|n| format!("form-{n}")).collect()
}

fn into(name: &str, size: f64) -> Option<IntoField> {
    Some(IntoField { name: name.to_owned(), size: (size, size) })
}

fn try_sign(pki: &Pki, bytes: &[u8], request: &SignRequest) -> Result<Vec<u8>, SignDocumentError> {
    let mut out = Vec::new();
    let key = &*pki.signer_a.key;
    sign_pdf(Cursor::new(bytes), request, key, &facts(pki), None, &mut out, &mut |_, _| ()).map(|_| out)
}

#[test]
fn a_seal_stands_in_the_field_and_the_other_field_is_left_for_the_next() {
    let Some(python) = python() else { return };
    let (pki, lab) = (Pki::new(), Lab::new("pdf-fields"));
    let mut r = seal_request(SesVersion::V4, &[&pki.signer_a]);
    r.picture.data = red();
    let seal = make(&r, &pki.maker.cert, &*pki.maker.key, Some(&facts(&pki)), None).unwrap();
    let mut sealing = SignRequest::new(What::Seal(seal), pki.signer_a.cert.clone(), clock::signed());
    sealing.field = into("甲方签章", 40.0);
    let mut signing = SignRequest::new(What::Sign, pki.signer_a.cert.clone(), clock::signed());
    signing.field = into("乙方签章", 40.0);
    for name in forms(&lab, &python.to_string_lossy()) {
        let form = lab.read(&name);
        let once = try_sign(&pki, &form, &sealing).unwrap();
        let report = judge(&once, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        assert_eq!(outcome(&report, "SEAL_FILE_MISMATCH"), Outcome::Pass, "{name}");
        let code = |request: &SignRequest| try_sign(&pki, &once, request).unwrap_err().code();
        assert_eq!(code(&sealing), "SIGN_FIELD_SIGNED");
        let mut third = signing.clone();
        third.field = into("丙方签章", 40.0);
        assert_eq!(code(&third), "SIGN_FIELD_LOCKED", "the first signature locks all but the second field");
        third.field = into("丙方签章", 40.0);
        assert_eq!(try_sign(&pki, &form, &third).unwrap_err().code(), "SIGN_FIELD_SEED");
        third.field = into("乙方签章", 40.0);
        third.what = sealing.what.clone();
        assert_eq!(code(&third), "SIGN_FIELD_SEED", "the second asks for CAdES");
        let twice = try_sign(&pki, &once, &signing).unwrap();
        let report = judge(&twice, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        assert_eq!(report.signatures.len(), 2);
        lab.write("twice.pdf", &twice);
        let (ok, text) = lab.run("qpdf", &["--check", "twice.pdf"]);
        assert!(ok, "{name}: {text}");
        let (_, text) = lab.run("pdfsig", &["-nocert", "twice.pdf"]);
        assert!(text.contains("甲方签章") && text.contains("  - Total document signed"), "{name}: {text}");
        drawn(&lab, &name);
    }
}

/// A red square.
fn red() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 8, 8);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[220, 0, 0].repeat(64)).unwrap();
    out
}

/// What poppler shows: 40 mm in the middle of the 60 mm of the field.
fn drawn(lab: &Lab, name: &str) {
    let args = ["-r", "25.4", "-f", "1", "-l", "1", "-singlefile", "-png", "twice.pdf", "page"];
    let (ok, text) = lab.run("pdftoppm", &args);
    assert!(ok, "{text}");
    let mut reader = png::Decoder::new(Cursor::new(lab.read("page.png"))).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let width = frame.width as usize;
    let mut at: Vec<(usize, usize)> = Vec::new();
    for (i, p) in pixels.chunks_exact(3).enumerate() {
        if p[0] > 150 && p[1] < 90 && p[2] < 90 {
            at.push((i % width, i / width));
        }
    }
    let span = |v: Vec<usize>| (*v.iter().min().unwrap(), v.iter().max().unwrap() + 1);
    let (left, right) = span(at.iter().map(|p| p.0).collect());
    let (top, bottom) = span(at.iter().map(|p| p.1).collect());
    // The field's lower left corner is at 57, 100 points: 20.1, 35.3 mm; turned pages show it elsewhere.
    assert!(
        (right - left).abs_diff(40) <= 1 && (bottom - top).abs_diff(40) <= 1,
        "{name}: {left} {top} {right} {bottom}"
    );
    if name == "form-plain.pdf" {
        assert!(left.abs_diff(30) <= 1 && bottom.abs_diff(297 - 45) <= 1, "{left} {bottom}");
    }
}

/// Signs with OpenSSL what was prepared here: pyHanko knows no SM2.
fn by_openssl(lab: &Lab, bytes: &[u8], field: &str, certify: Option<Level>) -> Vec<u8> {
    let ask = yinxin_pdf::sign::SignRequest {
        sub_filter: SubFilter::Cades,
        picture: None,
        stamps: Vec::new(),
        field: into(field, 40.0),
        certificate: Vec::new(),
        time: Some(clock::signed()),
        signer: "Sample".into(),
        reserve: 4000,
        certify,
    };
    let prepared = yinxin_pdf::sign::prepare(
        &mut Document::open(Cursor::new(bytes), &Default::default()).unwrap(),
        &ask,
    )
    .unwrap();
    let embed = |value: &[u8]| {
        let mut out = Vec::new();
        prepared.embed(Cursor::new(bytes), value, &mut out, &mut |_, _| ()).unwrap();
        out
    };
    let open = embed(&[0x30]);
    let hole = bytes.len() + prepared.hole..bytes.len() + prepared.hole_end;
    lab.write("covered", [&open[..hole.start], &open[hole.end..]].concat());
    let sign = ["cms", "-sign", "-binary", "-in", "covered", "-signer", "ec.pem", "-inkey", "ec.key"];
    lab.openssl(
        &[&sign[..], &["-md", "sha256", "-cades", "-nosmimecap", "-outform", "DER", "-out", "value"]]
            .concat(),
    );
    embed(&lab.read("value"))
}

#[test]
fn pyhanko_finds_signatures_in_its_fields_intact_and_their_locks_kept() {
    let Some(python) = python() else { return };
    let lab = Lab::new("pdf-fields-judged");
    lab.write("judge.py", JUDGE);
    lab.openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec.key"]);
    let request =
        ["req", "-x509", "-new", "-key", "ec.key", "-subj", "/CN=Sample", "-days", "3650", "-out", "ec.pem"];
    lab.openssl(&[&request[..], &["-addext", "keyUsage=critical,digitalSignature,nonRepudiation"]].concat());
    for name in forms(&lab, &python.to_string_lossy()) {
        let form = lab.read(&name);
        for certify in [None, Some(Level::Fill)] {
            let once = by_openssl(&lab, &form, "甲方签章", certify);
            let twice = by_openssl(&lab, &once, "乙方签章", None);
            lab.write("twice.pdf", &twice);
            let filled =
                pdf::append(&once, &[(pdf::CONTENT, pdf::stream("", &pdf::text(1, 900)))], pdf::TRAILER);
            if name == "form-plain.pdf" {
                lab.write("changed.pdf", &filled);
            }
            let (ok, text) = lab.run(&python.to_string_lossy(), &["judge.py", "twice.pdf"]);
            assert!(ok, "{name}: {text}");
            let lines: Vec<&str> = text.lines().filter(|l| l.starts_with("twice.pdf")).collect();
            let first = "twice.pdf 甲方签章 intact valid ENTIRE_REVISION FORM_FILLING allowed seed EXCLUDE";
            let second = "twice.pdf 乙方签章 intact valid ENTIRE_FILE NONE allowed seed -";
            assert_eq!(lines, [first, second], "{name}: {text}");
            // The same file here: all is right but that nobody vouches for the certificate.
            let report = judge(&twice, &yinxin_seal::TrustFacts::default());
            for s in &report.signatures {
                let of = |code: &str| s.checks.iter().find(|c| c.code == code).map(|c| c.outcome);
                assert_eq!(of("SIGNATURE_VALUE"), Some(Outcome::Pass), "{name}");
                assert_eq!(of("LATER_CHANGES"), Some(Outcome::Pass), "{name}");
            }
            if name == "form-plain.pdf" {
                let (_, text) = lab.run(&python.to_string_lossy(), &["judge.py", "changed.pdf"]);
                assert!(text.contains("OTHER FORBIDDEN") || text.contains("Error"), "{text}");
            }
        }
    }
}
