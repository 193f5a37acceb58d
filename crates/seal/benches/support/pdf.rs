//! A PDF of 1 MB: what sealing and verifying it are measured on, and the bare cryptography they are compared with.

use std::io::Cursor;

use yinxin_crypto::{SigningKey, sm3};
use yinxin_pdf::Document;
use yinxin_pdf::sign::Prepared;
use yinxin_seal::sign::{PreparedPdf, prepare_pdf, sign_pdf};
use yinxin_seal::{Report, TrustFacts, Verdict, verify};

use super::{Fixture, check};

/// Pages, each with a picture of its own.
const PAGES: usize = 20;
/// Bytes of each picture.
const PICTURE: usize = 50 << 10;

pub struct PdfFixture {
    common: Fixture,
    plain: Vec<u8>,
    sealed: Vec<u8>,
    prepared: PreparedPdf,
    value: Vec<u8>,
    /// What the range covers.
    covered: Vec<u8>,
}

impl PdfFixture {
    pub fn new() -> Self {
        let common = Fixture::new();
        let plain = document();
        let mut opened = Document::open(Cursor::new(&plain), &Default::default()).unwrap();
        let prepared = prepare_pdf(&mut opened, &common.request, &TrustFacts::default()).unwrap();
        let value = common.key.sign(&prepared.to_sign).unwrap();
        let Prepared { tail, hole, hole_end, .. } = &prepared.document;
        let covered = [&plain[..], tail.get(..*hole).unwrap(), tail.get(*hole_end..).unwrap()].concat();
        let mut this = Self { common, plain, sealed: Vec::new(), prepared, value, covered };
        this.sealed = this.seal_once();
        assert_eq!(this.verify_once().verdict, Verdict::Valid);
        this
    }

    /// Open, prepare, sign, embed.
    pub fn seal_once(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let (input, nothing) = (Cursor::new(&self.plain), TrustFacts::default());
        let (request, key) = (&self.common.request, &self.common.key);
        sign_pdf(input, request, key, &nothing, None, &mut out, &mut |_, _| {}).unwrap();
        out
    }

    /// The cryptography of sealing alone: the seal's verification, one signature with its verification, SM3 of the bytes.
    pub fn seal_cryptography(&self) {
        self.common.check_seal();
        self.common.key.sign(&self.prepared.to_sign).unwrap();
        std::hint::black_box(sm3(&self.covered));
    }

    /// Everything from bytes to verdict.
    pub fn verify_once(&self) -> Report {
        verify(Cursor::new(&self.sealed), &self.common.facts, &self.common.options)
    }

    /// The cryptography of verifying alone: seal, signature, two certificates, SM3 of the bytes.
    pub fn verify_cryptography(&self) {
        self.common.check_seal();
        check(&self.common.request.signer.public_key().unwrap(), &self.prepared.to_sign, &self.value);
        self.common.check_certificates();
        std::hint::black_box(sm3(&self.covered));
    }
}

/// Pages of text, and a picture on each that is as hard to pack as those of scans.
fn document() -> Vec<u8> {
    let pages: Vec<usize> = (0..PAGES).map(|at| 4 + at * 3).collect();
    let kids: Vec<String> = pages.iter().map(|n| format!("{n} 0 R")).collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {PAGES} >>", kids.join(" ")).into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    let mut state = 7_u32;
    for page in pages {
        let (text, picture) = (page + 1, page + 2);
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {text} 0 R \
                 /Resources << /Font << /F 3 0 R >> /XObject << /P {picture} 0 R >> >> >>"
            )
            .into_bytes(),
        );
        let lines = "0 -20 Td (What is agreed upon stands here.) Tj ".repeat(30);
        let content = format!("q 200 0 0 150 300 600 cm /P Do Q BT /F 12 Tf 60 800 Td {lines}ET");
        objects.push(stream("", content.as_bytes()));
        let noise = (0..PICTURE).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let head = "/Type /XObject /Subtype /Image /Width 800 /Height 600 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode";
        objects.push(stream(head, &noise.collect::<Vec<u8>>()));
    }
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let (start, size) = (out.len(), objects.len() + 1);
    out.extend(
        format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    out
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}
