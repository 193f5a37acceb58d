//! What is appended can be read back, leaves the old bytes alone, and is refused where it must be.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

use std::io::Cursor;

use yinxin_crypto::sm3;
use yinxin_pdf::sign::{IntoField, Picture, Prepared, SignError, SignRequest, Stamp, SubFilter, prepare};
use yinxin_pdf::{Document, Level, Limits, PdfError};
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
        field: None,
        certificate: Vec::new(),
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

/// The plain document with a form: an empty signature field of 60 × 50 mm at 20, 30 mm from the upper left corner of the first page
/// (a widget of its own where `apart`), an invisible one, and a text field.
fn with_fields(more: &str, apart: bool) -> Vec<u8> {
    let scale = 72.0 / 25.4;
    let top = 297.0 * scale;
    let (left, right) = (20.0 * scale, 80.0 * scale);
    let rect = format!("[{left:.4} {:.4} {right:.4} {:.4}]", top - 80.0 * scale, top - 30.0 * scale);
    let look = format!("/Type /Annot /Subtype /Widget /F 2 /MK << /R 0 >> /Rect {rect} /P 4 0 R");
    let field = format!("/FT /Sig /T (seal) {more}");
    let (own, kid) = match apart {
        true => (format!("<< {field} /Kids [25 0 R] >>"), format!("<< {look} /Parent 22 0 R >>")),
        false => (format!("<< {field} {look} >>"), "null".to_owned()),
    };
    let unseen = "<< /FT /Sig /T (unseen) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 4 0 R >>";
    append(
        &plain(),
        &[
            (1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 20 0 R >>".into()),
            (20, "<< /Fields [22 0 R 23 0 R 24 0 R] >>".into()),
            (22, own),
            (23, unseen.into()),
            (
                24,
                "<< /FT /Tx /T (amount) /V (100) /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /P 4 0 R >>"
                    .into(),
            ),
            (25, kid),
            (
                PAGE,
                page_object(
                    PAGE,
                    if apart { "/Annots [25 0 R 23 0 R 24 0 R] " } else { "/Annots [22 0 R 23 0 R 24 0 R] " },
                ),
            ),
        ],
        TRAILER,
    )
}

fn into_field(name: &str) -> SignRequest {
    let field = Some(IntoField { name: name.to_owned(), size: (40.0, 30.0) });
    SignRequest { stamps: Vec::new(), field, ..request() }
}

fn sealed_by(bytes: &[u8], request: &SignRequest) -> Vec<u8> {
    let prepared = prepare(&mut open(bytes), request).unwrap();
    let mut out = Vec::new();
    prepared.embed(Cursor::new(bytes), &[0x30, 1, 7], &mut out, &mut |_, _| ()).unwrap();
    out
}

#[test]
fn an_empty_field_takes_the_signature_where_it_stands() {
    for apart in [false, true] {
        let bytes = with_fields("/Lock << /Type /SigFieldLock /Action /Include /Fields [(amount)] >>", apart);
        let out = sealed_by(&bytes, &into_field("seal"));
        let mut document = open(&out);
        assert!(document.audit().unwrap().is_empty());
        let signature = document.signatures().unwrap().remove(0);
        assert_eq!((signature.field.as_str(), signature.faults.len()), ("seal", 0));
        assert!(signature.rules.locks[0].holds("amount") && !signature.rules.locks[0].holds("seal"));
        let shown = document.shown(&signature).unwrap()[0];
        for (found, asked) in [(shown.x, 20.0), (shown.y, 30.0), (shown.width, 60.0), (shown.height, 50.0)] {
            assert!((found - asked).abs() < 1e-3, "{shown:?}");
        }
        // The picture in its own size, in the middle, and no longer hidden.
        let revision = String::from_utf8_lossy(&out[bytes.len()..]).into_owned();
        assert!(
            revision.contains("q /Ink gs 113.3858 0 0 85.0394 28.3465 28.3465 cm /Seal Do Q"),
            "{revision}"
        );
        assert!(revision.contains("/F 132") && revision.contains("/MK"), "{revision}");
        assert!(revision.contains("/FieldMDP"), "{revision}");
        assert!(!revision.contains("/Annots"), "the page did not need to be written anew");
        // The other one is signed unseen; the first signature stays whole.
        let twice = sealed_by(&out, &into_field("unseen"));
        let mut document = open(&twice);
        let signatures = document.signatures().unwrap();
        assert_eq!(signatures.len(), 2);
        assert_eq!(document.changes_since(&signatures[0]).unwrap().unwrap().harmful, 0);
        assert!(document.shown(&signatures[1]).unwrap().is_empty());
    }
}

#[test]
fn refuses_fields_that_cannot_take_the_signature() {
    let plain_fields = with_fields("", false);
    assert_eq!(refused(&plain_fields, &into_field("amount")), "SIGN_NO_SUCH_FIELD");
    let told = prepare(&mut open(&plain_fields), &into_field("other")).unwrap_err().to_string();
    assert!(told.contains("seal, unseen"), "{told}");
    let once = sealed_by(&plain_fields, &into_field("seal"));
    assert_eq!(refused(&once, &into_field("seal")), "SIGN_FIELD_SIGNED");
    let mut placed = into_field("seal");
    placed.stamps = request().stamps;
    assert_eq!(refused(&plain_fields, &placed), "SIGN_FIELD_PLACE");
    let mut large = into_field("seal");
    large.field.as_mut().unwrap().size = (40.0, 50.1);
    assert_eq!(refused(&plain_fields, &large), "SIGN_FIELD_SIZE");
    assert_eq!(refused(&with_fields("/Ff 1", false), &into_field("seal")), "SIGN_FIELD_LOCKED");
    let locked = sealed_by(&with_fields("/Lock << /Action /All >>", false), &into_field("seal"));
    assert_eq!(refused(&locked, &into_field("unseen")), "SIGN_FIELD_LOCKED");
}

#[test]
fn what_a_field_asks_of_a_signature_is_kept_to_or_refused() {
    let ask = |seed: &str| with_fields(&format!("/SV << {seed} >>"), true);
    let certifying = || SignRequest { certify: Some(Level::Fill), ..into_field("seal") };
    let own = || SignRequest { certificate: b"abc".to_vec(), ..into_field("seal") };
    for refused_seed in [
        "/Ff 1 /Filter /Adobe.PPKLite",
        "/Ff 2 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached]",
        "/Ff 4 /V 4",
        "/Ff 8 /Reasons [(one)]",
        "/Ff 16 /LegalAttestation [(one)]",
        "/Ff 32 /AddRevInfo true",
        "/Ff 64 /DigestMethod [(SHA256)]",
        "/Ff 128 /LockDocument /true",
        "/Ff 256 /AppearanceFilter (one)",
        "/Ff 512",
        "/Ff -1",
        "/MDP << /P 2 >>",
        "/Cert << /Ff 1 /Subject [(other)] >>",
        "/Cert << /Ff 2 /Issuer [(other)] >>",
        "/Cert << /Ff 32 /KeyUsage [(1)] >>",
    ] {
        assert_eq!(refused(&ask(refused_seed), &own()), "SIGN_FIELD_SEED", "{refused_seed}");
    }
    assert_eq!(refused(&ask("/MDP << /P 0 >>"), &certifying()), "SIGN_FIELD_SEED");
    for (seed, request) in [
        ("/Filter /Adobe.PPKLite /SubFilter [/adbe.pkcs7.detached] /DigestMethod [(SHA256)]", own()),
        ("/Ff 3 /Filter /Yinxin /SubFilter [/adbe.pkcs7.detached /GM.sm2seal]", own()),
        ("/Ff 12 /V 2 /Reasons [(.)]", own()),
        ("/Ff 224 /AddRevInfo false /LockDocument /false /DigestMethod [(SM3)]", own()),
        ("/MDP << /P 2 >>", certifying()),
        ("/MDP << /P 0 >>", own()),
        ("/Cert << /Ff 65 /Subject [(other) (abc)] /URL (http://127.0.0.1/) >>", own()),
    ] {
        sealed_by(&ask(seed), &request);
    }
    let stamped =
        prepare(&mut open(&ask("/TimeStamp << /Ff 1 /URL (http://127.0.0.1/) >>")), &own()).unwrap();
    assert_eq!(stamped.suits(false).unwrap_err().code(), "SIGN_FIELD_SEED");
    assert!(stamped.suits(true).is_ok());
    assert!(prepare(&mut open(&ask("/TimeStamp << /Ff 0 >>")), &own()).unwrap().suits(false).is_ok());
}
