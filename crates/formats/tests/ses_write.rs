//! What is written is strict, reads back as it was meant, and is accepted by OpenSSL; what is invalid is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod ses_support;

use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use ses_support::raw::RawSeal;
use ses_support::{
    SM2_WITH_SM3, certificate, codes, digest_list, extension, info, limits, seal, signature, sm2_value, tbs,
    time,
};
use yinxin_formats::der::write as w;
use yinxin_formats::ses::{
    CertDigest, CertList, Seal, SealInfoBuilder, SesSignature, SesVersion, SesWriteError, TbsBuilder,
    TimeForm, ToSign, assemble_seal, assemble_signature,
};

const WRITTEN: [SesVersion; 2] = [SesVersion::V4, SesVersion::V5];

#[test]
fn a_written_seal_reads_back_without_deviation() {
    for version in WRITTEN {
        for certs in [info(version).certs, digest_list()] {
            let builder = SealInfoBuilder { certs, ..info(version) };
            let info = builder.build().unwrap();
            let token = certificate(3);
            let stamp = (version == SesVersion::V5).then_some(token.as_slice());
            let der = assemble_seal(&info, &certificate(9), &SM2_WITH_SM3, &sm2_value(), stamp).unwrap();
            let read = Seal::parse(&der, &limits()).unwrap();
            assert_eq!((codes(&read.deviations), read.version), (vec![], version));
            assert_eq!((read.signed_bytes(), read.raw()), (info, der.as_slice()));
            assert_eq!((read.property.certs, read.property.name), (builder.certs, builder.name));
            assert_eq!((read.picture, read.extensions), (builder.picture, builder.extensions));
            assert_eq!(read.property.valid_end, builder.valid_end);
            assert_eq!((read.timestamp.as_deref(), read.signature), (stamp, sm2_value()));
            assert_eq!((read.header.id.as_str(), read.header.version), ("ES", version.number()));
        }
    }
}

#[test]
fn a_written_signature_reads_back_without_deviation() {
    for version in WRITTEN {
        let builder = tbs(version);
        let read = SesSignature::parse(&signature(version), &limits()).unwrap();
        assert_eq!((codes(&read.deviations), read.version), (vec![], version));
        assert_eq!((read.tbs_raw(), read.seal_raw()), (&*builder.build().unwrap(), &*builder.seal));
        assert_eq!((read.time_info.at, read.time_info.form), (Some(builder.time), TimeForm::Generalized));
        assert_eq!((read.data_hash, read.property_info), (builder.data_hash, builder.property_info));
        assert_eq!((read.extensions, read.timestamp), (builder.extensions, Some(certificate(3))));
    }
}

#[test]
fn what_is_to_be_signed_reads_as_it_will_in_the_signature() {
    for version in [SesVersion::V4, SesVersion::V5] {
        let builder = tbs(version);
        let read = ToSign::parse(&builder.build().unwrap(), &limits()).unwrap();
        assert_eq!(
            (read.version, read.data_hash, read.property_info),
            (version, builder.data_hash, builder.property_info)
        );
        assert_eq!((read.seal.raw(), read.extensions), (builder.seal.as_slice(), builder.extensions));
        assert!(read.deviations.is_empty());
    }
    let mut longer = tbs(SesVersion::V4).build().unwrap();
    longer.push(0);
    assert!(ToSign::parse(&longer, &limits()).is_err(), "nothing may follow");
}

#[test]
fn openssl_reads_what_is_written() {
    for der in WRITTEN.into_iter().flat_map(|v| [seal(v), signature(v)]) {
        let mut child = Command::new("openssl")
            .args(["asn1parse", "-inform", "DER", "-i"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("openssl is installed");
        child.stdin.take().unwrap().write_all(&der).unwrap();
        let out = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success() && text.contains("SM2-with-SM3") && !text.contains("Error"), "{text}");
    }
}

#[test]
fn critical_is_written_only_where_it_is_true() {
    let with = |critical| {
        let mut builder = info(SesVersion::V4);
        builder.extensions = vec![extension(critical)];
        builder.build().unwrap()
    };
    let boolean = [1, 1, 0xff];
    assert!(with(true).windows(3).any(|w| w == boolean));
    assert_eq!(with(true).len(), with(false).len() + 3);
}

#[track_caller]
fn refused(code: &str, change: impl FnOnce(&mut SealInfoBuilder)) {
    let mut builder = info(SesVersion::V4);
    change(&mut builder);
    assert_eq!(builder.build().unwrap_err().code(), code);
}

#[test]
fn refuses_an_invalid_seal() {
    refused("SES_VERSION_NOT_WRITTEN", |b| b.version = SesVersion::V1);
    for text in ["", "  ", "a\nb", "印"] {
        refused("SES_TEXT", |b| b.vid = text.into());
        refused("SES_TEXT", |b| b.es_id = text.into());
    }
    refused("SES_TEXT", |b| b.name = String::new());
    refused("SES_TEXT", |b| b.name = "a\u{0}b".into());
    refused("SES_TEXT", |b| b.name = "a".repeat(70_000));
    refused("SES_TIME", |b| b.valid_end = time("2026-10-01T00:00:00Z"));
    refused("SES_TIME", |b| b.create_date = Timestamp::MIN);
    refused("SES_CERT_LIST", |b| b.certs = CertList::Certificates(vec![]));
    refused("SES_CERT_LIST", |b| b.certs = CertList::Certificates(vec![vec![1, 2]]));
    let digest = |algorithm: &str, n| CertDigest { algorithm: algorithm.into(), value: vec![0; n] };
    for d in [digest("", 32), digest("SM3_", 32), digest("杂凑", 32), digest("SM3", 0), digest("SM3", 65)] {
        refused("SES_CERT_LIST", |b| b.certs = CertList::Digests(vec![d]));
    }
    for kind in ["", "png", "OFD", "TIFF", "GIF"] {
        refused("SES_PICTURE", |b| b.picture.kind = kind.into());
    }
    refused("SES_PICTURE", |b| b.picture.width_mm = 0);
    refused("SES_PICTURE", |b| b.picture.height_mm = 10_001);
    refused("SES_PICTURE", |b| b.picture.data.resize((8 << 20) + 1, 0));
    refused("SES_EXTENSION", |b| b.extensions = vec![extension(true), extension(false)]);
}

#[test]
fn refuses_to_assemble_a_seal_from_unfit_parts() {
    let info = info(SesVersion::V4).build().unwrap();
    let (cert, sig) = (certificate(9), sm2_value());
    let code = |info: &[u8], cert: &[u8], sig: &[u8], stamp: Option<&[u8]>| {
        assemble_seal(info, cert, &SM2_WITH_SM3, sig, stamp).unwrap_err().code()
    };
    assert_eq!(code(&info[1..], &cert, &sig, None), "SES_UNREADABLE");
    assert_eq!(code(&[info.clone(), w::null()].concat(), &cert, &sig, None), "SES_UNREADABLE");
    assert_eq!(code(&info, b"cert", &sig, None), "SES_PART");
    assert_eq!(code(&info, &cert, b"", None), "SES_PART");
    assert_eq!(code(&info, &cert, b"rubbish", None), "SES_UNREADABLE");
    assert_eq!(code(&info, &cert, &[9; 64], None), "SES_DEVIATES");
    assert_eq!(code(&info, &cert, &sig, Some(b"no token")), "SES_PART");
    assert_eq!(code(&info, &cert, &sig, Some(&cert)), "SES_TIMESTAMP_IN_V4_SEAL");
    let mut odd = RawSeal::v4();
    odd.picture[0] = w::ia5("png");
    let odd = Seal::parse(&odd.der(), &limits()).unwrap();
    assert_eq!(code(odd.info_raw(), &cert, &sig, None), "SES_DEVIATES");
}

#[track_caller]
fn refused_tbs(code: &str, change: impl FnOnce(&mut TbsBuilder)) {
    let mut builder = tbs(SesVersion::V5);
    change(&mut builder);
    assert_eq!(builder.build().unwrap_err().code(), code);
}

#[test]
fn refuses_an_invalid_signature() {
    refused_tbs("SES_VERSION_NOT_WRITTEN", |b| b.version = SesVersion::V1);
    refused_tbs("SES_VERSION_DIFFERS", |b| b.version = SesVersion::V4);
    refused_tbs("SES_VERSION_DIFFERS", |b| b.seal = RawSeal::v1().der());
    refused_tbs("SES_UNREADABLE", |b| b.seal = vec![0x30, 0]);
    refused_tbs("SES_PART", |b| b.seal.push(0));
    refused_tbs("SES_DATA_HASH", |b| b.data_hash.truncate(31));
    refused_tbs("SES_TEXT", |b| b.property_info = "/文档/Signature.xml".into());
    refused_tbs("SES_TEXT", |b| b.property_info = String::new());
    refused_tbs("SES_TIME", |b| b.time = Timestamp::MIN);
    refused_tbs("SES_EXTENSION", |b| b.extensions = vec![extension(true); 2]);
}

#[test]
fn signs_with_a_dialect_seal_but_lets_nothing_of_its_own_deviate() {
    let mut odd = RawSeal::v4();
    odd.signed[2] = w::bits(&[9; 64]);
    let builder = TbsBuilder { seal: odd.der(), ..tbs(SesVersion::V4) };
    let tbs = builder.build().unwrap();
    let assemble = |sig: &[u8]| assemble_signature(&tbs, &certificate(1), &SM2_WITH_SM3, sig, None);
    let read = SesSignature::parse(&assemble(&sm2_value()).unwrap(), &limits()).unwrap();
    assert_eq!(codes(&read.deviations), ["SIGNATURE_RAW64"]);
    assert_eq!(read.seal_raw(), odd.der());
    assert!(matches!(assemble(&[9; 64]), Err(SesWriteError::Deviates { code: "SIGNATURE_RAW64", .. })));
}
