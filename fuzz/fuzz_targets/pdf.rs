//! Opens any bytes as a PDF, looks at every object, every signature and what came after it, and prepares another one.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use yinxin_pdf::sign::{Evidence, IntoField, SignRequest, SubFilter, add_validation, prepare};
use yinxin_pdf::{Document, Level, Limits};

fuzz_target!(|data: &[u8]| {
    let Ok(mut document) = Document::open(Cursor::new(data), &Limits::default()) else { return };
    let _ = document.audit();
    let _ = document.pages();
    let _ = document.hidden_signatures();
    let _ = document.validation_data();
    for signature in document.signatures().unwrap_or_default() {
        let _ = document.shown(&signature);
        let _ = document.drawn(&signature);
        let _ = document.signed_validation_data(&signature);
        let _ = document.changes_since(&signature);
    }
    let request = SignRequest {
        sub_filter: SubFilter::Cades,
        picture: None,
        stamps: Vec::new(),
        field: None,
        certificate: Vec::new(),
        time: None,
        signer: "fuzz".to_owned(),
        reserve: 100,
        certify: (data.len() % 2 == 0).then_some(Level::Fill),
    };
    let evidence = Evidence { contents: vec![1], certificates: vec![vec![2]], ..Evidence::default() };
    if let Ok(Some(tail)) = add_validation(&mut document, &[evidence]) {
        let whole = [data, &tail].concat();
        let mut again = Document::open(Cursor::new(whole), &Limits::default()).expect("what we write opens");
        assert!(again.validation_data().is_ok_and(|d| d.certificates.contains(&vec![2])));
    }
    // What is short enough for a turn has few of them.
    let fields = document.form().map(|form| form.fields).unwrap_or_default();
    for field in fields.into_iter().filter(|field| field.value.is_none()).take(4) {
        let _ = document.room(&field);
        let field = Some(IntoField { name: field.name, size: (10.0, 10.0) });
        let _ = prepare(&mut document, &SignRequest { field, ..request.clone() });
    }
    if let Ok(prepared) = prepare(&mut document, &request) {
        let mut out = Vec::new();
        prepared
            .embed(Cursor::new(data), &[1; 50], &mut out, &mut |_, _| ())
            .expect("what was prepared fits");
        let mut again = Document::open(Cursor::new(out), &Limits::default()).expect("what we write opens");
        let signatures = again.signatures().expect("what we write can be read");
        assert!(signatures.iter().any(|s| s.field == prepared.field && s.faults.is_empty()));
    }
});
