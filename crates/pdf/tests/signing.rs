//! What is appended can be read back, leaves the old bytes alone, and is refused where it must be.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

use std::io::Cursor;

use yinxin_crypto::sm3;
use yinxin_pdf::sign::{Picture, Prepared, SignError, SignRequest, Stamp, SubFilter, prepare};
use yinxin_pdf::{Document, Limits, PdfError};
use yinxin_testkit::pdf::{self, PAGE, PdfSignForge, TRAILER, append, page_object, plain};

fn open(bytes: &[u8]) -> Document<Cursor<&[u8]>> {
    Document::open(Cursor::new(bytes), &Limits::default()).unwrap()
}

fn request() -> SignRequest {
    let mut data = Vec::new();
    let mut encoder = png::Encoder::new(&mut data, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[200; 12]).unwrap();
    SignRequest {
        sub_filter: SubFilter::Seal,
        picture: Some(Picture::decode("PNG", &data).unwrap()),
        stamps: vec![Stamp { page: 0, x: 10.0, y: 20.0, width: 40.0, height: 30.0, clip: None }],
        time: None,
        signer: "示例市测试公司".to_owned(),
        reserve: 100,
        certify: None,
    }
}

fn sealed(bytes: &[u8]) -> Vec<u8> {
    let prepared = prepare(&mut open(bytes), &request()).unwrap();
    let mut out = Vec::new();
    prepared.embed(Cursor::new(bytes), &[0x30, 1, 7], &mut out, &mut |_, _| ()).unwrap();
    out
}

#[test]
fn the_range_covers_all_but_the_value_and_the_old_bytes_stay() {
    let bytes = plain();
    let prepared = prepare(&mut open(&bytes), &request()).unwrap();
    let out = sealed(&bytes);
    assert!(out.starts_with(&bytes));
    let mut document = open(&out);
    assert!(document.audit().unwrap().is_empty());
    let signatures = document.signatures().unwrap();
    assert_eq!(signatures.len(), 1);
    let [(a, b), (c, d)] = signatures[0].ranges.unwrap().map(|(f, t)| (f as usize, t as usize));
    assert_eq!((a, d, c - b), (0, out.len(), 2 * 100 + 2));
    assert_eq!(prepared.data_hash, sm3(&[&out[a..b], &out[c..d]].concat()));
    assert!(signatures[0].faults.is_empty());
    assert_eq!(signatures[0].contents[..4], [0x30, 1, 7, 0]);
    let shown = document.shown(&signatures[0]).unwrap()[0];
    for (found, asked) in [(shown.x, 10.0), (shown.y, 20.0), (shown.width, 40.0), (shown.height, 30.0)] {
        assert!((found - asked).abs() < 1e-3, "{shown:?}");
    }
}

#[test]
fn ten_signatures_one_after_the_other_all_stay_whole() {
    let mut bytes = plain();
    for _ in 0..10 {
        bytes = sealed(&bytes);
    }
    let mut document = open(&bytes);
    let signatures = document.signatures().unwrap();
    assert_eq!(signatures.len(), 10);
    for s in &signatures {
        assert!(s.faults.is_empty(), "{:?}", s.faults);
        assert_eq!(document.changes_since(s).unwrap().unwrap().harmful, 0);
    }
    assert!(document.hidden_signatures().unwrap().is_empty());
}

#[test]
fn annotations_fields_and_lists_that_are_there_are_kept() {
    let form = "<< /Type /Catalog /Pages 2 0 R /AcroForm 20 0 R /Lang (zh) >>".to_owned();
    let bytes = append(
        &plain(),
        &[
            (1, form),
            (20, "<< /Fields 21 0 R /DA (/F 0 Tf) >>".into()),
            (21, "[22 0 R]".into()),
            (22, "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Yinxin1) /V (a\\)b) /Rect [0 0 9 9] /P 4 0 R >>".into()),
            (23, "[22 0 R]".into()),
            (PAGE, page_object(PAGE, "/Annots 23 0 R ")),
        ],
        TRAILER,
    );
    let out = sealed(&bytes);
    let mut document = open(&out);
    let form = document.form().unwrap();
    assert!(form.names.contains("Yinxin1"), "the text field is still there");
    assert_eq!(form.fields[0].name, "Yinxin2", "the new field has a name of its own");
    let changed: Vec<&[u8]> = [&b"\n1 0 obj"[..], b"\n4 0 obj"].to_vec();
    for object in changed {
        let count = out[bytes.len() - 1..].windows(object.len()).filter(|w| *w == object).count();
        assert_eq!(count, 0, "neither catalog nor page needed to be written anew");
    }
    assert_eq!(document.shown(&document_signature(&out)).unwrap().len(), 1);
}

fn document_signature(out: &[u8]) -> yinxin_pdf::Signature {
    open(out).signatures().unwrap().remove(0)
}

#[track_caller]
fn refused(bytes: &[u8], request: &SignRequest) -> &'static str {
    prepare(&mut open(bytes), request).unwrap_err().code()
}

#[test]
fn refuses_what_must_not_be_sealed() {
    let encrypted =
        append(&plain(), &[(20, "<< /Filter /Standard >>".into())], "/Root 1 0 R /Encrypt 20 0 R");
    assert_eq!(refused(&encrypted, &request()), "PDF_ENCRYPTION");
    let xfa = "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] /XFA 20 0 R >> >>";
    assert_eq!(refused(&append(&plain(), &[(1, xfa.into())], TRAILER), &request()), "SIGN_XFA");
    let twice = append(&plain(), &[(PAGE, page_object(PAGE, "/Contents 7 0 R "))], TRAILER);
    assert_eq!(refused(&twice, &request()), "PDF_DUPLICATE_KEY");
    let certified = PdfSignForge::new("adbe.pkcs7.detached", |_| vec![0x30, 1, 0]).with(|f| {
        f.more = "/Reference [<< /TransformMethod /DocMDP /TransformParams << /P 1 >> >>] ".into();
    });
    assert_eq!(refused(&certified.build(&plain()), &request()), "SIGN_CERTIFIED");
    let mut nowhere = request();
    nowhere.stamps[0].page = 2;
    assert_eq!(refused(&plain(), &nowhere), "SIGN_NO_SUCH_PAGE");
    let mut absurd = request();
    absurd.stamps[0].width = f64::NAN;
    assert_eq!(refused(&plain(), &absurd), "SIGN_PLACE");
    let broken = append(&plain(), &[(PAGE, page_object(PAGE, "/Annots 5 "))], TRAILER);
    assert_eq!(refused(&broken, &request()), "SIGN_ANNOTATIONS");
}

#[test]
fn refuses_another_document_and_values_that_do_not_fit() {
    let bytes = plain();
    let prepared = prepare(&mut open(&bytes), &request()).unwrap();
    let embed = |input: &[u8], value: &[u8]| {
        prepared.embed(Cursor::new(input), value, &mut Vec::new(), &mut |_, _| ())
    };
    assert!(embed(&bytes, &[1; 100]).is_ok());
    assert_eq!(embed(&bytes, &[1; 101]).unwrap_err().code(), "SIGN_VALUE_SIZE");
    assert_eq!(embed(&bytes, &[]).unwrap_err().code(), "SIGN_VALUE_SIZE");
    let other = pdf::replaced(bytes.clone(), b"100 yuan", b"900 yuan");
    assert_eq!(embed(&other, &[1]).unwrap_err().code(), "SIGN_CHANGED");
    assert_eq!(embed(&bytes[1..], &[1]).unwrap_err().code(), "SIGN_CHANGED");
}

#[test]
fn what_was_prepared_travels_as_json_and_is_not_trusted() {
    let bytes = plain();
    let prepared = prepare(&mut open(&bytes), &request()).unwrap();
    let json = serde_json::to_string(&prepared).unwrap();
    assert_eq!(serde_json::from_str::<Prepared>(&json).unwrap(), prepared);
    for (hole, end) in [(usize::MAX, usize::MAX), (10, 5), (0, usize::MAX)] {
        let bad = Prepared { hole, hole_end: end, ..prepared.clone() };
        assert!(bad.embed(Cursor::new(&bytes), &[1], &mut Vec::new(), &mut |_, _| ()).is_err());
    }
}

#[test]
fn pictures_that_are_none_are_refused() {
    let kind = |data: &[u8]| Picture::decode("SVG", data).unwrap_err();
    assert!(matches!(kind(b"<svg/>"), SignError::PictureType { .. }));
    assert!(matches!(kind(b"\x89PNG\r\n\x1a\nbroken"), SignError::Picture(_)));
    assert!(matches!(kind(b"\xff\xd8\xff\xd9"), SignError::Picture(_)));
}

#[test]
fn a_file_without_header_is_none() {
    let e = Document::open(Cursor::new(b" %PDF-1.7"), &Limits::default()).unwrap_err();
    assert!(matches!(e, PdfError::NotAPdf));
}
