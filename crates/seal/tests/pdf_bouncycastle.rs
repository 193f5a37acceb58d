//! BouncyCastle on what stands in the PDFs that we seal: SignedData, seals, timestamps of signatures and of the document.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use std::io::Cursor;

use jiff::Timestamp;
use support::{assert_verdict, facts, judge, seal};
use yinxin_crypto::sm3;
use yinxin_formats::cms::{Family, SignedData};
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::ses::{SesSignature, SesVersion};
use yinxin_seal::Verdict;
use yinxin_seal::sign::{Extend, LongTerm, SignRequest, TimestampSource, What, extend_pdf, sign_pdf};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::{Identity, Pki, clock, pdf, timestamp};

struct Stamper(Identity, Timestamp);

impl TimestampSource for Stamper {
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String> {
        Ok(timestamp::token_of(Family::Rfc5652, &self.0, covered, self.1, true))
    }

    fn stamp_digest(&self, digest: &[u8; 32]) -> Result<Vec<u8>, String> {
        Ok(timestamp::token_over(Family::Rfc5652, &self.0, digest, self.1, true))
    }
}

/// Signed with a timestamp, and with a document timestamp over all of it.
fn sealed(pki: &Pki, what: What, gbt35275: bool) -> Vec<u8> {
    let stamp = Stamper(pki.tsa.clone(), clock::at("2026-11-20T08:00:01Z"));
    let mut request = SignRequest::new(what, pki.signer_a.cert.clone(), clock::signed());
    request.gbt35275 = gbt35275;
    let (key, mut out) = (&*pki.signer_a.key, Vec::new());
    sign_pdf(Cursor::new(pdf::plain()), &request, key, &facts(pki), Some(&stamp), &mut out, &mut |_, _| ())
        .unwrap();
    let later = Stamper(pki.tsa.clone(), clock::at("2026-11-21T12:00:00Z"));
    let how = Extend { level: LongTerm::Archive, now: clock::now(), password: None };
    let mut file = Cursor::new(out);
    extend_pdf(&mut file, &how, &facts(pki), Some(&later)).unwrap();
    file.into_inner()
}

/// Value and covered bytes of each signature, by nothing but the characters of the file.
fn values(bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    const KEY: &[u8] = b"/ByteRange [";
    let starts =
        bytes.windows(KEY.len()).enumerate().filter(|(_, w)| *w == KEY).map(|(at, _)| at + KEY.len());
    starts
        .map(|at| {
            let end = at + bytes[at..].iter().position(|b| *b == b']').unwrap();
            let text = std::str::from_utf8(&bytes[at..end]).unwrap();
            let numbers: Vec<usize> = text.split_whitespace().map(|n| n.parse().unwrap()).collect();
            let [from, first, second, last] = numbers.try_into().unwrap();
            let covered = [&bytes[from..from + first], &bytes[second..second + last]].concat();
            let value = hex::decode(&bytes[from + first + 1..second - 1]).unwrap();
            // Zeros fill its place up; the value tells its own length in four bytes of header.
            assert_eq!(value[..2], [0x30, 0x82]);
            let length = 4 + usize::from(u16::from_be_bytes([value[2], value[3]]));
            assert!(value[length..].iter().all(|b| *b == 0));
            (value[..length].to_vec(), covered)
        })
        .collect()
}

fn words(parts: &[&str]) -> String {
    parts.join("\t")
}

#[test]
fn bouncycastle_verifies_values_and_timestamps_out_of_our_pdfs_and_refuses_them_bent() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-bouncycastle"));
    lab.write("a.cer", pki.signer_a.der());
    lab.write("tsa.cer", pki.tsa.der());
    let (mut lines, mut hashes) = (Vec::new(), Vec::new());
    let cases = [
        ("cms", What::Sign),
        ("gbt", What::Sign),
        ("v4", What::Seal(seal(&pki, SesVersion::V4, &pki.signer_a))),
        ("v5", What::Seal(seal(&pki, SesVersion::V5, &pki.signer_a))),
    ];
    for (name, what) in cases {
        let without_seal = matches!(what, What::Sign);
        let bytes = sealed(&pki, what, name == "gbt");
        let report = judge(&bytes, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        let format = report.signatures[0].format;
        assert_eq!((format == "CMS", format == "GBT35275"), (name == "cms", name == "gbt"), "{format}");
        let found = values(&bytes);
        let [(value, covered), (document, all)] = <[_; 2]>::try_from(found).unwrap();
        assert!(all.len() > covered.len() && all.starts_with(&covered[..1000]));
        let (file, content, bent) = (format!("{name}.der"), format!("{name}.bin"), format!("{name}-bent"));
        lab.write(&file, &value);
        lab.write(&content, &covered);
        let mut changed = covered.clone();
        changed[500] ^= 1;
        lab.write(&format!("{bent}.bin"), &changed);
        let mut wrong = value.clone();
        let signature: Vec<u8>;
        let token = if without_seal {
            lines.push(words(&["verify-cms", &file, "a.cer", &content]));
            lines.push(words(&["! verify-cms", &file, "a.cer", &format!("{bent}.bin")]));
            let data = SignedData::parse(&value, &Limits::default()).unwrap();
            assert_eq!(data.family == Family::Gbt35275, name == "gbt");
            let info = &data.signer_infos[0];
            signature = info.signature.clone();
            info.unsigned(&oids::ATTR_TIMESTAMP_TOKEN).next().unwrap().to_vec()
        } else {
            hashes.push((lines.len(), hex::encode(sm3(&covered))));
            lines.push(words(&["verify-ses", &file]));
            let ses = SesSignature::parse(&value, &Limits::default()).unwrap();
            signature = ses.signature.clone();
            ses.timestamp.clone().unwrap()
        };
        // A changed byte of the signature itself.
        let at = pdf::find(&value, &signature).unwrap() + signature.len() - 1;
        wrong[at] ^= 1;
        lab.write(&format!("{bent}.der"), &wrong);
        lines.push(match name {
            "cms" | "gbt" => words(&["! verify-cms", &format!("{bent}.der"), "a.cer", &content]),
            _ => words(&["! verify-ses", &format!("{bent}.der")]),
        });
        for (kind, token, stamped, other) in
            [("signature", &token, &signature, &wrong), ("document", &document, &all, &changed)]
        {
            let token_file = format!("{name}-{kind}.tst");
            lab.write(&token_file, token);
            lines.push(words(&["verify-tsp", &token_file, &hex::encode(sm3(stamped)), "tsa.cer"]));
            lines.push(words(&["! verify-tsp", &token_file, &hex::encode(sm3(other)), "tsa.cer"]));
            let mut bent = token.clone();
            let last = bent.len() - 1;
            bent[last] ^= 1;
            lab.write(&format!("bent-{token_file}"), bent);
            lines.push(words(&[
                "! verify-tsp",
                &format!("bent-{token_file}"),
                &hex::encode(sm3(stamped)),
                "tsa.cer",
            ]));
        }
    }
    let answers = lab.bouncy_castle(&lines);
    for (at, hash) in hashes {
        assert!(answers[at].contains(&format!("hash={hash}")), "{}", answers[at]);
    }
}
