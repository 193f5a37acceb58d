//! A PDF of 500 MB is sealed and verified in little memory. Alone in its file: it measures the whole process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;

use support::{facts, outcome, seal};
use yinxin_formats::ses::SesVersion;
use yinxin_ofd::sign::Placement;
use yinxin_seal::report::{Lang, Outcome};
use yinxin_seal::sign::{SignRequest, What, prepare_pdf};
use yinxin_seal::{Verdict, VerifyOptions, verify};
use yinxin_testkit::{Pki, clock, pdf};

/// Bytes of the one large stream.
const STREAM: u64 = 500 << 20;
/// The large stream is this block over and over.
const BLOCK: usize = 1 << 20;
/// What sealing and verifying may take, in KiB.
const MOST: u64 = 200 << 10;

/// A document whose large stream exists nowhere but in one block.
#[derive(Clone)]
struct Endless {
    head: Vec<u8>,
    block: std::rc::Rc<Vec<u8>>,
    tail: Vec<u8>,
    at: u64,
    /// A byte that is not what it should be.
    bent: Option<u64>,
}

impl Endless {
    /// The plain document with an image of `STREAM` bytes that its first page draws.
    fn new() -> Self {
        let plain = pdf::plain();
        let entries = format!(
            "<< /Type /XObject /Subtype /Image /Width 13654 /Height 12799 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Length {STREAM} >>"
        );
        let at = plain.len();
        let head = [&plain[..], format!("{} 0 obj\n{entries}\nstream\n", pdf::FREE).as_bytes()].concat();
        let page = pdf::page_object(pdf::PAGE, &format!("/Thumb {} 0 R ", pdf::FREE));
        let mut tail = b"\nendstream\nendobj\n".to_vec();
        let page_at = head.len() as u64 + STREAM + tail.len() as u64;
        tail.extend(format!("{} 0 obj\n{page}\nendobj\n", pdf::PAGE).bytes());
        let section = head.len() as u64 + STREAM + tail.len() as u64;
        let mut numbers = [(pdf::PAGE, page_at), (pdf::FREE, at as u64)];
        numbers.sort_unstable();
        tail.extend(b"xref\n");
        for (number, at) in numbers {
            tail.extend(format!("{number} 1\n{at:010} 00000 n \n").bytes());
        }
        let (prev, size) = (pdf::start(&plain), pdf::FREE + 1);
        tail.extend(
            format!(
                "trailer\n<< /Size {size} /Prev {prev} {} >>\nstartxref\n{section}\n%%EOF\n",
                pdf::TRAILER
            )
            .bytes(),
        );
        // Anything but what a reader looks for; the same in every run.
        let mut state = 7_u32;
        let block = (0..BLOCK).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        Self { head, block: std::rc::Rc::new(block.collect()), tail, at: 0, bent: None }
    }

    fn stream(&self) -> Range<u64> {
        let head = self.head.len() as u64;
        head..head + STREAM
    }

    fn len(&self) -> u64 {
        self.stream().end + self.tail.len() as u64
    }
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let stream = self.stream();
        let from = self.at;
        let read = if from < stream.start {
            (&self.head[from as usize..]).read(out)?
        } else if stream.contains(&from) {
            let within = ((from - stream.start) % BLOCK as u64) as usize;
            let left = usize::try_from(stream.end - from).unwrap();
            let most = out.len().min(left);
            (&self.block[within..]).read(&mut out[..most])?
        } else {
            (&self.tail[(from - stream.end) as usize..]).read(out)?
        };
        self.at += read as u64;
        if let Some(bent) = self.bent.filter(|b| (from..self.at).contains(b)) {
            out[(bent - from) as usize] ^= 1;
        }
        Ok(read)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.len().checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
        };
        Ok(self.at)
    }
}

/// Keeps what is written behind the first `skip` bytes.
struct Behind {
    skip: u64,
    kept: Vec<u8>,
}

impl Write for Behind {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let skipped = self.skip.min(bytes.len() as u64);
        self.skip -= skipped;
        self.kept.extend_from_slice(&bytes[skipped as usize..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn half_a_gigabyte_is_sealed_and_verified_in_under_two_hundred_megabytes() {
    let pki = Pki::new();
    let plain = Endless::new();
    let what = What::Seal(seal(&pki, SesVersion::V4, &pki.signer_a));
    let request = SignRequest::new(what, pki.signer_a.cert.clone(), clock::signed())
        .place(Placement::on_page(0, 20.0, 20.0, 40.0, 40.0));
    let mut document = yinxin_pdf::Document::open(plain.clone(), &Default::default()).unwrap();
    let prepared = prepare_pdf(&mut document, &request, &facts(&pki)).unwrap();
    let value = prepared.complete(&pki.signer_a.sign(&prepared.to_sign), None).unwrap();
    let mut out = Behind { skip: plain.len(), kept: Vec::new() };
    let written = prepared.embed(plain.clone(), &value, &mut out, &mut |_, _| ()).unwrap();
    let mut sealed = plain;
    sealed.tail.extend(out.kept);
    assert_eq!(written, sealed.len());
    let options = VerifyOptions::at(clock::now());
    let report = verify(sealed.clone(), &facts(&pki), &options);
    assert_eq!(report.verdict, Verdict::Valid, "{}", report.to_text(Lang::En, true));
    sealed.bent = Some(sealed.stream().start + STREAM / 2);
    let report = verify(sealed, &facts(&pki), &options);
    assert_eq!(outcome(&report, "DOCUMENT_MODIFIED"), Outcome::Fail);
    let peak = peak_kib();
    assert!(peak < MOST, "{peak} KiB at most");
}
