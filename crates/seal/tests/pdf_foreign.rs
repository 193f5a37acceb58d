//! What we seal, other software opens, draws and finds sound; what other software signs, we judge.
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
use yinxin_ofd::sign::{Edge, Placement};
use yinxin_pdf::Level;
use yinxin_seal::make::make;
use yinxin_seal::report::{Lang, Outcome};
use yinxin_seal::sign::{PreparedPdf, SignRequest, What, prepare_pdf, sign_pdf};
use yinxin_seal::{Report, Verdict};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::{Pki, clock, pdf};

/// A red square of 200 × 200 pixels with a transparent middle.
fn picture() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 200, 200);
    encoder.set_color(png::ColorType::Rgba);
    let frame = |x: usize, y: usize| !(20..180).contains(&x) || !(20..180).contains(&y);
    let pixel = |i: usize| if frame(i % 200, i / 200) { [200, 0, 0, 255] } else { [0, 0, 0, 0] };
    let data: Vec<u8> = (0..40_000).flat_map(pixel).collect();
    encoder.write_header().unwrap().write_image_data(&data).unwrap();
    out
}

fn request(pki: &Pki, version: SesVersion) -> SignRequest {
    let mut r = seal_request(version, &[&pki.signer_a]);
    r.picture.data = picture();
    let seal = make(&r, &pki.maker.cert, &*pki.maker.key, Some(&facts(pki)), None).unwrap();
    SignRequest::new(What::Seal(seal), pki.signer_a.cert.clone(), clock::signed())
}

fn sign(pki: &Pki, bytes: &[u8], request: &SignRequest) -> Vec<u8> {
    let mut out = Vec::new();
    let key = &*pki.signer_a.key;
    sign_pdf(Cursor::new(bytes), request, key, &facts(pki), None, &mut out, &mut |_, _| ()).unwrap();
    assert!(out.starts_with(bytes), "the old bytes changed");
    out
}

fn assert_valid(pki: &Pki, bytes: &[u8], what: &str) -> Report {
    let report = judge(bytes, &facts(pki));
    assert_eq!(report.verdict, Verdict::Valid, "{what}\n{}", report.to_text(Lang::En, true));
    report
}

/// The plain document, and what qpdf makes of it.
fn inputs(lab: &Lab) -> Vec<(String, Vec<u8>)> {
    lab.write("plain.pdf", pdf::plain());
    let ways: [(&str, &[&str]); 5] = [
        ("streams.pdf", &["--object-streams=generate"]),
        ("linear.pdf", &["--linearize"]),
        ("linear-streams.pdf", &["--linearize", "--object-streams=generate"]),
        ("turned.pdf", &["--rotate=+90:1"]),
        ("old.pdf", &["--force-version=1.4", "--object-streams=disable"]),
    ];
    let mut out = vec![("plain.pdf".to_owned(), pdf::plain())];
    for (name, args) in ways {
        let mut all = vec!["plain.pdf", name];
        all.extend(args);
        let (ok, text) = lab.run("qpdf", &all);
        assert!(ok, "qpdf {args:?}: {text}");
        out.push((name.to_owned(), lab.read(name)));
    }
    out
}

#[test]
fn qpdf_poppler_and_mupdf_open_what_we_seal() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-foreign"));
    for (name, bytes) in inputs(&lab) {
        for version in [SesVersion::V4, SesVersion::V5] {
            let once = sign(
                &pki,
                &bytes,
                &request(&pki, version).place(Placement::on_page(0, 120.0, 200.0, 40.0, 40.0)),
            );
            let cross = request(&pki, version).place(Placement::cross_page(Edge::Right, 40.0, 40.0));
            let twice = sign(&pki, &once, &cross);
            lab.write("sealed.pdf", &twice);
            let (ok, text) = lab.run("qpdf", &["--check", "sealed.pdf"]);
            assert!(ok, "{name}: {text}");
            // Poppler takes each widget for a field, and those of a cross-page seal for unsigned ones.
            let (_, text) = lab.run("pdfsig", &["-nocert", "sealed.pdf"]);
            assert!(text.contains("Name: Yinxin2") && !text.contains("Syntax Error"), "{name}: {text}");
            assert!(text.contains("Not total document signed"), "{name}: {text}");
            lab.write("once.pdf", &once);
            let (_, text) = lab.run("pdfsig", &["-nocert", "once.pdf"]);
            assert!(text.contains("  - Total document signed"), "{name}: {text}");
            let (ok, text) = lab.run("mutool", &["show", "sealed.pdf", "trailer"]);
            assert!(ok && !text.contains("error") && !text.contains("warning"), "{name}: {text}");
            let report = assert_valid(&pki, &twice, &name);
            assert_eq!(report.signatures.len(), 2);
            assert_eq!(report.signatures[0].stamps[0].boundary, "120 200 40 40", "{name}");
            assert_eq!(report.signatures[1].stamps.len(), 2, "{name}");
            assert_eq!(outcome(&report, "LATER_CHANGES"), Outcome::Pass);
        }
    }
}

/// A page drawn by poppler at 254 dpi: ten pixels for each millimeter.
fn drawn(lab: &Lab, name: &str, page: usize) -> (usize, Vec<u8>) {
    let n = page.to_string();
    let (ok, text) =
        lab.run("pdftoppm", &["-r", "254", "-f", &n, "-l", &n, "-singlefile", "-png", name, "page"]);
    assert!(ok, "{text}");
    let mut reader = png::Decoder::new(Cursor::new(lab.read("page.png"))).read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut buffer).unwrap();
    assert_eq!(frame.color_type, png::ColorType::Rgb);
    (frame.width as usize, buffer)
}

fn red((width, pixels): &(usize, Vec<u8>), x_mm: f64, y_mm: f64) -> bool {
    let at = ((y_mm * 10.0) as usize * width + (x_mm * 10.0) as usize) * 3;
    pixels[at] > 150 && pixels[at + 1] < 90 && pixels[at + 2] < 90
}

#[test]
fn poppler_draws_the_imprint_to_the_millimeter_upright_and_sliced() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-drawn"));
    for (name, bytes) in inputs(&lab) {
        let r = request(&pki, SesVersion::V4);
        let sealed = sign(&pki, &bytes, &r.clone().place(Placement::on_page(0, 30.0, 50.0, 40.0, 40.0)));
        lab.write("sealed.pdf", &sealed);
        let page = drawn(&lab, "sealed.pdf", 1);
        for (x, y, expected) in [
            (30.5, 50.5, true),
            (69.5, 89.5, true),
            (69.5, 50.5, true),
            (33.0, 70.0, true),
            (50.0, 70.0, false),
            (29.5, 70.0, false),
            (70.5, 70.0, false),
            (50.0, 49.5, false),
            (50.0, 90.5, false),
        ] {
            assert_eq!(red(&page, x, y), expected, "{name} at {x}, {y}");
        }
    }
    let cross = request(&pki, SesVersion::V4).place(Placement::cross_page(Edge::Right, 40.0, 40.0));
    lab.write("cross.pdf", sign(&pki, &pdf::plain(), &cross));
    // The left half of the picture stands on the first page, the right half on the second.
    let (one, two) = (drawn(&lab, "cross.pdf", 1), drawn(&lab, "cross.pdf", 2));
    let middle = 297.0 / 2.0;
    assert!(red(&one, 190.5, middle) && !red(&one, 209.0, middle) && !red(&one, 189.0, middle));
    assert!(!red(&two, 190.5, middle) && red(&two, 209.0, middle) && !red(&two, 189.0, middle));
}

#[test]
fn an_invisible_signature_without_a_seal_is_cades() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-cades"));
    let r = SignRequest::new(What::Sign, pki.signer_a.cert.clone(), clock::signed());
    let sealed = sign(&pki, &pdf::plain(), &r);
    lab.write("signed.pdf", &sealed);
    let (ok, text) = lab.run("qpdf", &["--check", "signed.pdf"]);
    assert!(ok, "{text}");
    let (_, text) = lab.run("pdfsig", &["-nocert", "signed.pdf"]);
    assert!(text.contains("ETSI.CAdES.detached") && text.contains("Total document signed"), "{text}");
    let report = assert_valid(&pki, &sealed, "CAdES");
    assert_eq!(report.signatures[0].format, "CMS");
    assert_eq!(report.signatures[0].signing_time.as_deref(), Some("2026-11-20T08:00:00Z"));
}

#[test]
fn a_certification_is_the_first_signature_and_what_it_permits_is_kept_to() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-certified"));
    lab.write("judge.py", LEVEL);
    let certified = |bytes: &[u8], level| {
        let mut r = SignRequest::new(What::Sign, pki.signer_a.cert.clone(), clock::signed());
        r.certify = Some(level);
        sign(&pki, bytes, &r)
    };
    for (level, theirs) in
        [(Level::Nothing, "NO_CHANGES"), (Level::Fill, "FILL_FORMS"), (Level::Annotate, "ANNOTATE")]
    {
        for (name, bytes) in inputs(&lab) {
            let once = certified(&bytes, level);
            lab.write("certified.pdf", &once);
            let (ok, text) = lab.run("qpdf", &["--check", "certified.pdf"]);
            assert!(ok, "{name}: {text}");
            let report = assert_valid(&pki, &once, &name);
            assert_eq!(outcome(&report, "CERTIFICATION"), Outcome::Pass);
            if let Some(python) = python() {
                let (ok, text) = lab.run(&python.to_string_lossy(), &["judge.py", "certified.pdf"]);
                assert!(ok && text.contains(&format!("Yinxin1 {theirs} certifies")), "{name}: {text}");
            }
            let next = SignRequest::new(What::Sign, pki.signer_a.cert.clone(), clock::signed());
            let again = |request: &SignRequest| {
                let (key, mut out) = (&*pki.signer_a.key, Vec::new());
                let input = Cursor::new(&once);
                sign_pdf(input, request, key, &facts(&pki), None, &mut out, &mut |_, _| ()).map(|_| out)
            };
            let mut twice = next.clone();
            twice.certify = Some(level);
            let refused = again(&twice).unwrap_err().code();
            if level == Level::Nothing {
                assert_eq!(refused, "SIGN_CERTIFIED");
                assert_eq!(again(&next).unwrap_err().code(), "SIGN_CERTIFIED");
            } else {
                assert_eq!(refused, "SIGN_NOT_THE_FIRST");
                assert_valid(&pki, &again(&next).unwrap(), &name);
            }
        }
    }
}

const LEVEL: &str = r#"
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
for path in sys.argv[1:]:
    for s in PdfFileReader(open(path, 'rb')).embedded_signatures:
        root = PdfFileReader(open(path, 'rb')).root
        named = root['/Perms'].raw_get('/DocMDP').reference == s.sig_field.raw_get('/V').reference
        print(s.field_name, s.docmdp_level.name, 'certifies' if named else 'unnamed')
"#;

/// Python with pyHanko; `None`, loudly, where it is absent.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("YINXIN_PYTHON").map(PathBuf::from).filter(|p| p.is_file());
    if named.is_none() {
        println!(
            "PYHANKO ABSENT: nothing was compared with it; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
        );
    }
    named
}

const JUDGE: &str = r#"
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
for path in sys.argv[1:]:
    reader = PdfFileReader(open(path, 'rb'))
    for s in reader.embedded_signatures:
        # Its own way would compute the digest first, and it knows no SM3.
        s.coverage = s.evaluate_signature_coverage()
        found = None if s.coverage.name == 'ENTIRE_FILE' else s.evaluate_modifications(DEFAULT_DIFF_POLICY)
        level = getattr(getattr(found, 'modification_level', None), 'name', type(found).__name__)
        print(path, s.field_name, s.coverage.name, level)
"#;

#[test]
fn pyhanko_agrees_on_structure_coverage_and_later_changes() {
    let Some(python) = python() else { return };
    let (pki, lab) = (Pki::new(), Lab::new("pdf-pyhanko"));
    lab.write("judge.py", JUDGE);
    for (name, bytes) in inputs(&lab) {
        // pyHanko parses values, and knows no SES: so both are SignedData.
        let r = SignRequest::new(What::Sign, pki.signer_a.cert.clone(), clock::signed());
        let once = sign(&pki, &bytes, &r);
        let twice = sign(&pki, &once, &r);
        lab.write("twice.pdf", &twice);
        let changed = name == "plain.pdf";
        if changed {
            let page = (pdf::CONTENT, pdf::stream("", &pdf::text(1, 900)));
            lab.write("changed.pdf", pdf::append(&twice, &[page], pdf::TRAILER));
        }
        let mut args = vec!["judge.py", "twice.pdf"];
        args.extend(changed.then_some("changed.pdf"));
        let (ok, text) = lab.run(&python.to_string_lossy(), &args);
        assert!(ok, "{name}: {text}");
        assert!(text.contains("twice.pdf Yinxin1 ENTIRE_REVISION"), "{name}: {text}");
        assert!(text.contains("twice.pdf Yinxin2 ENTIRE_FILE"), "{name}: {text}");
        assert!(!text.contains("twice.pdf Yinxin1 ENTIRE_REVISION SuspiciousModification"), "{name}: {text}");
        if changed {
            assert!(text.contains("changed.pdf Yinxin2 ENTIRE_REVISION SuspiciousModification"), "{text}");
            let report = judge(&lab.read("changed.pdf"), &facts(&pki));
            assert_verdict(&report, Verdict::Indeterminate);
        }
        assert_valid(&pki, &twice, &name);
    }
}

const SIGN: &str = r#"
import sys
from pyhanko.sign import signers, fields
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
def sign(src, dst, who, field, **kw):
    signer = signers.SimpleSigner.load(who + '.key', who + '.pem')
    with open(src, 'rb') as f:
        w = IncrementalPdfFileWriter(f)
        fields.append_signature_field(w, fields.SigFieldSpec(field, box=(100, 100, 250, 180), on_page=0))
        meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm='sha256', **kw)
        out = signers.PdfSigner(meta, signer).sign_pdf(w)
        open(dst, 'wb').write(out.getbuffer())
for name in sys.argv[1:]:
    sign(name, 'one-' + name, 'rsa', 'Sig1')
    sign('one-' + name, 'two-' + name, 'ec', 'Sig2', subfilter=fields.SigSeedSubFilter.PADES)
    sign(name, 'certified-' + name, 'ec', 'Sig1', certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
"#;

#[test]
fn what_pyhanko_signs_with_rsa_and_ecdsa_is_judged_here() {
    let Some(python) = python() else { return };
    let lab = Lab::new("pdf-pyhanko-signs");
    lab.write("sign.py", SIGN);
    for (who, key) in [("rsa", "rsa:2048"), ("ec", "ec:p256")] {
        let (kind, size) = key.split_once(':').unwrap();
        let option =
            if kind == "rsa" { format!("rsa_keygen_bits:{size}") } else { "ec_paramgen_curve:P-256".into() };
        let (key, cert) = (format!("{who}.key"), format!("{who}.pem"));
        lab.openssl(&["genpkey", "-algorithm", &kind.to_uppercase(), "-pkeyopt", &option, "-out", &key]);
        let subject = format!("/CN=Sample {who}");
        lab.openssl(&[
            "req",
            "-x509",
            "-new",
            "-key",
            &key,
            "-subj",
            &subject,
            "-days",
            "3650",
            "-out",
            &cert,
            "-addext",
            "keyUsage=critical,digitalSignature,nonRepudiation",
        ]);
    }
    let inputs = inputs(&lab);
    let mut args = vec!["sign.py"];
    args.extend(inputs.iter().map(|(name, _)| name.as_str()));
    let (ok, text) = lab.run(&python.to_string_lossy(), &args);
    assert!(ok, "{text}");
    let none = yinxin_seal::TrustFacts::default();
    let options = yinxin_seal::VerifyOptions::at("2030-01-01T00:00:00Z".parse().unwrap());
    let judge = |bytes: &[u8]| yinxin_seal::verify(Cursor::new(bytes), &none, &options);
    for (name, _) in &inputs {
        for (prefix, count) in [("one", 1), ("two", 2), ("certified", 1)] {
            let bytes = lab.read(&format!("{prefix}-{name}"));
            let report = judge(&bytes);
            let told = report.to_text(Lang::En, true);
            assert_eq!(report.signatures.len(), count, "{name}\n{told}");
            for s in &report.signatures {
                // A self-signed certificate of a stranger: all is right except that nobody vouches for it.
                let of = |code: &str| s.checks.iter().find(|c| c.code == code).map(|c| c.outcome);
                assert_eq!(of("SIGNATURE_VALUE"), Some(Outcome::Pass), "{name}\n{told}");
                assert_eq!(of("BYTE_RANGE"), Some(Outcome::Pass), "{name}\n{told}");
                assert!(matches!(of("LATER_CHANGES"), Some(Outcome::Pass | Outcome::Warn)), "{name}\n{told}");
            }
            assert_ne!(report.verdict, Verdict::Valid);
            let mut broken = bytes.clone();
            let at = bytes.windows(7).position(|w| w == b"endobj\n" || w == b"endobj\r").unwrap();
            broken[at + 6] ^= 7;
            assert_eq!(judge(&broken).verdict, Verdict::Invalid, "{name}");
        }
    }
}

#[test]
fn a_bare_rsa_signature_is_read_and_called_weak() {
    let lab = std::sync::Arc::new(Lab::new("pdf-rsa-sha1"));
    lab.openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.key"]);
    let request = ["req", "-x509", "-new", "-key", "rsa.key", "-subj", "/CN=Sample", "-days", "3650"];
    let usage = ["-addext", "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", "rsa.cer"];
    lab.openssl(&[&request[..], &usage].concat());
    let (cert, signer) = (hex::encode(lab.read("rsa.cer")), std::sync::Arc::clone(&lab));
    let value = move |covered: &[u8]| {
        signer.write("covered", covered);
        signer.openssl(&["dgst", "-sha1", "-sign", "rsa.key", "-out", "value", "covered"]);
        let value = signer.read("value");
        [&[0x04, 0x82, 0x01, 0x00], value.as_slice()].concat()
    };
    let forge =
        pdf::PdfSignForge::new("adbe.x509.rsa_sha1", value).with(|f| f.more = format!("/Cert <{cert}> "));
    let bytes = forge.build(&pdf::plain());
    let mut trust = yinxin_seal::TrustFacts::default();
    trust.add_certificate(
        yinxin_formats::x509::Certificate::parse(&lab.read("rsa.cer"), &Default::default()).unwrap(),
    );
    let options = yinxin_seal::VerifyOptions::at("2030-01-01T00:00:00Z".parse().unwrap());
    let judge = |bytes: &[u8]| yinxin_seal::verify(Cursor::new(bytes), &trust, &options);
    let report = judge(&bytes);
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(report.signatures[0].format, "PKCS1");
    assert_eq!(outcome(&report, "SIGNATURE_TYPE"), Outcome::Pass);
    assert_eq!(outcome(&report, "SIGNATURE_VALUE"), Outcome::Pass);
    assert_eq!(outcome(&report, "WEAK_ALGORITHM"), Outcome::Indeterminate);
    let changed = pdf::replaced(bytes, b"100 yuan", b"900 yuan");
    assert_verdict(&judge(&changed), Verdict::Invalid);
}

/// What the widgets of the first signature show, held against the seal.
#[test]
fn a_picture_that_is_not_the_seals_is_named() {
    let pki = Pki::new();
    let ask = |version| request(&pki, version).place(Placement::cross_page(Edge::Right, 40.0, 40.0));
    let sealed = sign(&pki, &pdf::plain(), &ask(SesVersion::V4));
    assert_eq!(outcome(&judge(&sealed, &facts(&pki)), "SEAL_FILE_MISMATCH"), Outcome::Pass);
    // A signer who draws another picture than that of the seal.
    let asked = ask(SesVersion::V4);
    let other = yinxin_pdf::sign::Picture::decode("PNG", &other_picture()).unwrap();
    let bytes = pdf::plain();
    let mut document = yinxin_pdf::Document::open(Cursor::new(&bytes), &Default::default()).unwrap();
    let mut prepared = prepare_pdf(&mut document, &asked, &facts(&pki)).unwrap();
    let stamp = yinxin_pdf::sign::Stamp { page: 0, x: 9.0, y: 9.0, width: 40.0, height: 40.0, clip: None };
    let forged = yinxin_pdf::sign::SignRequest {
        sub_filter: yinxin_pdf::sign::SubFilter::Seal,
        picture: Some(other),
        stamps: vec![stamp],
        time: None,
        signer: "x".into(),
        reserve: 30_000,
        field: None,
        certificate: Vec::new(),
        certify: None,
    };
    prepared.document = yinxin_pdf::sign::prepare(&mut document, &forged).unwrap();
    let What::Seal(der) = &asked.what else { unreachable!() };
    prepared.to_sign = yinxin_formats::ses::TbsBuilder {
        version: SesVersion::V4,
        seal: der.clone(),
        time: clock::signed(),
        data_hash: prepared.document.data_hash.to_vec(),
        property_info: "ByteRange".into(),
        extensions: Vec::new(),
    }
    .build()
    .unwrap();
    let value = prepared.complete(&pki.signer_a.sign(&prepared.to_sign), None).unwrap();
    let mut out = Vec::new();
    prepared.embed(Cursor::new(&bytes), &value, &mut out, &mut |_, _| ()).unwrap();
    let report = assert_valid(&pki, &out, "another picture");
    assert_eq!(outcome(&report, "SEAL_FILE_MISMATCH"), Outcome::Warn);
}

fn other_picture() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[0; 12]).unwrap();
    out
}

#[test]
fn a_prepared_pdf_survives_json_and_an_external_key() {
    let pki = Pki::new();
    let bytes = pdf::plain();
    for r in [
        request(&pki, SesVersion::V4),
        SignRequest::new(What::Sign, pki.signer_a.cert.clone(), clock::signed()),
    ] {
        let mut document = yinxin_pdf::Document::open(Cursor::new(&bytes), &Default::default()).unwrap();
        let prepared = prepare_pdf(&mut document, &r, &facts(&pki)).unwrap();
        let json = serde_json::to_vec(&prepared).unwrap();
        let back = PreparedPdf::from_json(&json).unwrap().unwrap();
        assert_eq!(back, prepared);
        let wrong = pki.signer_b.sign(&back.to_sign);
        assert_eq!(back.complete(&wrong, None).unwrap_err().code(), "WRONG_SIGNATURE");
        let value = back.complete(&pki.signer_a.sign(&back.to_sign), None).unwrap();
        let mut out = Vec::new();
        back.embed(Cursor::new(&bytes), &value, &mut out, &mut |_, _| ()).unwrap();
        assert_valid(&pki, &out, "prepared");
    }
    assert_eq!(PreparedPdf::from_json(b"{\"format\":1}").unwrap(), None);
    assert!(PreparedPdf::from_json(b"{\"format\":9,\"document_format\":\"PDF\"}").is_err());
}
