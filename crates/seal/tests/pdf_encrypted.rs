//! Encrypted PDFs of every kind that qpdf writes are sealed by appending and verified, and others decrypt what was appended.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here fails the test, and absence is said aloud"
)]

mod support;

use std::io::Cursor;

use support::{assert_verdict, facts, outcome, seal_request};
use yinxin_formats::ses::SesVersion;
use yinxin_ofd::sign::Placement;
use yinxin_seal::make::make;
use yinxin_seal::report::Outcome;
use yinxin_seal::sign::{Extend, LongTerm, SignRequest, What, extend_pdf, sign_pdf};
use yinxin_seal::{Report, Verdict, VerifyOptions, verify};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::{Pki, clock, pdf};

/// Name, and how qpdf is to encrypt.
const KINDS: [(&str, &[&str]); 7] = [
    ("rc4-40", &["40", "--"]),
    ("rc4-128", &["128", "--use-aes=n", "--"]),
    ("v4-rc4", &["128", "--use-aes=n", "--force-V4", "--"]),
    ("aes-128", &["128", "--use-aes=y", "--"]),
    ("aes-128-clear-metadata", &["128", "--use-aes=y", "--cleartext-metadata", "--"]),
    ("aes-256-r5", &["256", "--force-R5", "--"]),
    ("aes-256", &["256", "--"]),
];

fn encrypted(lab: &Lab, user: &str, owner: &str, how: &[&str], more: &[&str]) -> Vec<u8> {
    lab.write("plain.pdf", pdf::plain());
    let head = ["--allow-weak-crypto", "plain.pdf", "encrypted.pdf", "--encrypt", user, owner];
    let (ok, text) = lab.run("qpdf", &[&head[..], how, more].concat());
    assert!(ok, "{how:?}: {text}");
    lab.read("encrypted.pdf")
}

/// A red square.
fn picture() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 40, 40);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[200, 0, 0].repeat(1600)).unwrap();
    out
}

fn request(pki: &Pki, password: Option<&str>, x: f64) -> SignRequest {
    let mut r = seal_request(SesVersion::V4, &[&pki.signer_a]);
    r.picture.data = picture();
    let seal = make(&r, &pki.maker.cert, &*pki.maker.key, Some(&facts(pki)), None).unwrap();
    let mut out = SignRequest::new(What::Seal(seal), pki.signer_a.cert.clone(), clock::signed());
    out.document_password = password.map(str::to_owned);
    out.place(Placement::on_page(0, x, 50.0, 40.0, 40.0))
}

fn sign(pki: &Pki, bytes: &[u8], password: Option<&str>) -> Result<Vec<u8>, &'static str> {
    sign_at(pki, bytes, password, 30.0)
}

fn sign_at(pki: &Pki, bytes: &[u8], password: Option<&str>, x: f64) -> Result<Vec<u8>, &'static str> {
    let (key, mut out) = (&*pki.signer_a.key, Vec::new());
    let request = request(pki, password, x);
    sign_pdf(Cursor::new(bytes), &request, key, &facts(pki), None, &mut out, &mut |_, _| ())
        .map_err(|e| e.code())?;
    assert!(out.starts_with(bytes), "the old bytes changed");
    Ok(out)
}

fn judge(pki: &Pki, bytes: &[u8], password: Option<&str>) -> Report {
    let mut options = VerifyOptions::at(clock::now());
    options.pdf_password = password.map(str::to_owned);
    verify(Cursor::new(bytes), &facts(pki), &options)
}

const JUDGE: &str = r#"
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
reader = PdfFileReader(open(sys.argv[1], 'rb'))
print('access', reader.decrypt(sys.argv[2]).status.name)
for f in reader.root['/AcroForm']['/Fields']:
    f = f.get_object()
    print('field', f['/T'], f['/V']['/Name'])
"#;

#[test]
fn every_kind_of_encryption_is_read_and_appended_to() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted"));
    lab.write("judge.py", JUDGE);
    for (name, how) in KINDS {
        for (user, streams) in [("user 1", &[][..]), ("", &["--object-streams=generate"])] {
            let owner = "owner 2";
            let bytes = encrypted(&lab, user, owner, how, streams);
            // Without a password the empty one is tried.
            let given = (!user.is_empty()).then_some(user);
            let once = sign(&pki, &bytes, given).unwrap();
            let twice = sign_at(&pki, &once, Some(owner), 90.0).unwrap();
            for password in [given, Some(owner)] {
                let report = judge(&pki, &twice, password);
                assert_verdict(&report, Verdict::Valid);
                assert_eq!(report.signatures.len(), 2, "{name}");
                assert_eq!(outcome(&report, "LATER_CHANGES"), Outcome::Pass);
                assert_eq!(report.signatures[0].stamps[0].boundary, "30 50 40 40", "{name}");
            }
            lab.write("sealed.pdf", &twice);
            let password = format!("--password={user}");
            let (ok, text) = lab.run("qpdf", &["--check", &password, "sealed.pdf"]);
            assert!(ok, "{name}: {text}");
            let args = [
                "-upw",
                user,
                "-r",
                "25.4",
                "-f",
                "1",
                "-l",
                "1",
                "-singlefile",
                "-png",
                "sealed.pdf",
                "page",
            ];
            let args = if user.is_empty() { &args[2..] } else { &args[..] };
            let (ok, text) = lab.run("pdftoppm", args);
            assert!(ok && !text.contains("Error"), "{name}: {text}");
            assert!(red(&lab.read("page.png"), 50, 70), "{name}: the imprint cannot be decrypted");
            let (ok, text) = lab.run("mutool", &["show", "-p", user, "sealed.pdf", "form"]);
            assert!(ok && !text.contains("error"), "{name}: {text}");
            if name == "aes-256-r5" {
                // What Adobe replaced by revision 6: pyHanko takes no password of it, not even for what qpdf wrote.
                continue;
            }
            if let Some(python) = std::env::var_os("YINXIN_PYTHON") {
                let (ok, text) = lab.run(&python.to_string_lossy(), &["judge.py", "sealed.pdf", user]);
                let said = text.contains("field Yinxin2 测试公司合同专用章");
                assert!(ok && text.contains("access USER") && said, "{name}: {text}");
            } else {
                println!("PYHANKO ABSENT: nothing was compared with it");
            }
        }
    }
}

fn red(png: &[u8], x: usize, y: usize) -> bool {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut buffer).unwrap();
    let at = (y * frame.width as usize + x) * 3;
    buffer[at] > 150 && buffer[at + 1] < 90 && buffer[at + 2] < 90
}

#[test]
fn a_changed_byte_in_an_encrypted_document_is_noticed() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted-changed"));
    let sealed = sign(&pki, &encrypted(&lab, "u", "o", KINDS[6].1, &[]), Some("u")).unwrap();
    for at in (0..sealed.len()).step_by(101) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_ne!(judge(&pki, &changed, Some("u")).verdict, Verdict::Valid, "byte {at}");
    }
}

#[test]
fn without_the_right_password_nothing_is_judged_or_sealed() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted-closed"));
    for (_, how) in KINDS {
        let bytes = encrypted(&lab, "u", "o", how, &[]);
        for wrong in [None, Some("U"), Some("")] {
            let report = judge(&pki, &bytes, wrong);
            assert_verdict(&report, Verdict::Indeterminate);
            assert_eq!(outcome(&report, "UNSUPPORTED_FORMAT"), Outcome::Indeterminate);
            assert_eq!(sign(&pki, &bytes, wrong).unwrap_err(), "PDF_ENCRYPTED");
        }
    }
}

#[test]
fn what_the_owner_does_not_permit_needs_the_owners_password() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted-restricted"));
    for how in [&["128", "--use-aes=y", "--modify=none", "--"][..], &["256", "--modify=form", "--"]] {
        let bytes = encrypted(&lab, "", "o", how, &[]);
        assert_eq!(sign(&pki, &bytes, None).unwrap_err(), "PDF_RESTRICTED");
        assert_verdict(&judge(&pki, &sign(&pki, &bytes, Some("o")).unwrap(), None), Verdict::Valid);
    }
}

#[test]
fn validation_data_go_into_an_encrypted_document_too() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted-extended"));
    let sealed = sign(&pki, &encrypted(&lab, "u", "o", KINDS[6].1, &[]), Some("u")).unwrap();
    let mut file = Cursor::new(sealed);
    let how = Extend { level: LongTerm::Data, now: clock::now(), password: Some("u".into()) };
    assert!(extend_pdf(&mut file, &how, &facts(&pki), None).unwrap().data);
    let report = judge(&pki, &file.into_inner(), Some("u"));
    assert_verdict(&report, Verdict::Valid);
}

#[test]
fn other_security_handlers_are_refused_by_name() {
    let pki = Pki::new();
    let bytes = pdf::append(
        &pdf::plain(),
        &[(20, "<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 >>".into())],
        "/Root 1 0 R /ID [<00> <01>] /Encrypt 20 0 R",
    );
    let report = judge(&pki, &bytes, Some("u"));
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(sign(&pki, &bytes, Some("u")).unwrap_err(), "PDF_ENCRYPTION");
}

#[test]
fn permissions_that_were_altered_are_named_and_not_believed() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted-perms"));
    for kind in [&["256", "--force-R5", "--modify=none", "--"][..], &["256", "--modify=none", "--"]] {
        let bytes = encrypted(&lab, "", "o", kind, &[]);
        let report = judge(&pki, &sign(&pki, &bytes, Some("o")).unwrap(), None);
        assert_eq!(outcome(&report, "CONTAINER"), Outcome::Pass);
        // What qpdf writes for `none`, and what it writes where all is permitted.
        let at = pdf::find(&bytes, b"/P -").unwrap();
        let end = at + 3 + bytes[at + 3..].iter().position(|b| !matches!(b, b'-' | b'0'..=b'9')).unwrap();
        let old = bytes[at..end].to_vec();
        let mut new = b"/P -4".to_vec();
        new.resize(old.len(), b' ');
        let altered = pdf::replaced(bytes, &old, &new);
        assert_eq!(sign(&pki, &altered, None).unwrap_err(), "PDF_RESTRICTED", "{kind:?}");
        let sealed = sign(&pki, &altered, Some("o")).unwrap();
        let report = judge(&pki, &sealed, None);
        assert_eq!(outcome(&report, "CONTAINER"), Outcome::Warn);
        let check = report.checks.iter().find(|c| c.code == "CONTAINER").unwrap();
        assert!(check.evidence.iter().any(|(code, _)| *code == "PDF_PERMS_MISMATCH"), "{check:?}");
        // qpdf says the same of the file.
        lab.write("altered.pdf", &sealed);
        let (_, text) = lab.run("qpdf", &["--check", "altered.pdf"]);
        assert!(text.contains("/Perms"), "{text}");
    }
}

const ENCRYPT: &str = r#"
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
w = copy_into_new_writer(PdfFileReader(open('plain.pdf', 'rb')))
w.encrypt(owner_pass=sys.argv[1], user_pass=sys.argv[2])
w.write(open('prepared.pdf', 'wb'))
"#;

#[test]
fn passwords_are_taken_as_saslprep_has_them() {
    let Some(python) = std::env::var_os("YINXIN_PYTHON") else {
        println!(
            "PYHANKO ABSENT: no password of its was tried; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
        );
        return;
    };
    let (pki, lab) = (Pki::new(), Lab::new("pdf-encrypted-saslprep"));
    lab.write("plain.pdf", pdf::plain());
    lab.write("encrypt.py", ENCRYPT);
    // Number nine as one character, a soft hyphen, a full-width letter, a space that is none, a letter and its accent apart.
    let typed = "\u{2168}\u{ad}\u{ff21}\u{a0}e\u{301}密";
    let plain = "IXA \u{e9}密";
    let (ok, text) = lab.run(&python.to_string_lossy(), &["encrypt.py", "owner", typed]);
    assert!(ok, "{text}");
    let bytes = lab.read("prepared.pdf");
    for password in [typed, plain] {
        assert_verdict(
            &judge(&pki, &sign(&pki, &bytes, Some(password)).unwrap(), Some(password)),
            Verdict::Valid,
        );
    }
    assert_eq!(sign(&pki, &bytes, Some("IXA")).unwrap_err(), "PDF_ENCRYPTED");
    // qpdf takes them as they come.
    let raw = encrypted(&lab, typed, "o", KINDS[6].1, &[]);
    sign(&pki, &raw, Some(typed)).unwrap();
    assert_eq!(sign(&pki, &raw, Some(plain)).unwrap_err(), "PDF_ENCRYPTED");
}
