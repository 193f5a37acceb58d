//! Seals and signatures for the tests of `ses`, and the way to the files of other software.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod raw;

use std::path::{Path, PathBuf};
use std::process::Command;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_formats::der::{Deviation, Limits, write};
use yinxin_formats::ses::{
    CertDigest, CertList, SealInfoBuilder, SealPicture, SesExtension, SesVersion, TbsBuilder, assemble_seal,
    assemble_signature,
};

pub const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

/// The folder of files by other software; `None` after one loud line where it is absent.
pub fn interop() -> Option<PathBuf> {
    let dir = std::env::var_os("YINXIN_INTEROP")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interop"), PathBuf::from);
    if dir.join("expected.tsv").is_file() {
        return Some(dir);
    }
    println!("INTEROP DATA ABSENT: {} not found; this test proves nothing here", dir.display());
    None
}

/// One entry of a zip file, by the system's `unzip`.
pub fn unzip(file: &Path, entry: &str) -> Vec<u8> {
    Command::new("unzip").arg("-p").arg(file).arg(entry).output().expect("unzip is installed").stdout
}

/// Names of the entries that hold signature values.
pub fn value_entries(file: &Path) -> Vec<String> {
    let out = Command::new("unzip").arg("-Z1").arg(file).output().expect("unzip is installed").stdout;
    let text = String::from_utf8_lossy(&out);
    let mut names: Vec<String> = text
        .lines()
        .filter(|l| l.ends_with("SignedValue.dat") || l.ends_with("SignValue.dat"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

pub fn time(s: &str) -> Timestamp {
    s.parse().unwrap()
}

/// Bytes that look like a certificate to whoever only looks at the outside.
pub fn certificate(n: u8) -> Vec<u8> {
    write::sequence(&[&write::small(u64::from(n))])
}

/// An SM2 value with fixed numbers.
pub fn sm2_value() -> Vec<u8> {
    write::sequence(&[&write::unsigned(&[0x91; 32]), &write::unsigned(&[0x12; 32])])
}

pub fn picture() -> SealPicture {
    let data = b"\x89PNG\r\n\x1a\n-".to_vec();
    SealPicture { kind: "PNG".into(), data, width_mm: 40, height_mm: 30 }
}

pub fn extension(critical: bool) -> SesExtension {
    SesExtension { oid: ObjectIdentifier::new_unwrap("1.2.3.4"), critical, value: vec![5, 0] }
}

pub fn info(version: SesVersion) -> SealInfoBuilder {
    SealInfoBuilder {
        version,
        vid: "YINXIN".into(),
        es_id: "31010100000001".into(),
        seal_type: 1,
        name: "测试公司合同专用章".into(),
        certs: CertList::Certificates(vec![certificate(1), certificate(2)]),
        create_date: time("2026-11-01T00:00:00Z"),
        valid_start: time("2026-11-01T00:00:00Z"),
        valid_end: time("2028-11-01T00:00:00Z"),
        picture: picture(),
        extensions: vec![extension(false)],
    }
}

pub fn digest_list() -> CertList {
    CertList::Digests(vec![CertDigest { algorithm: "SM3".into(), value: vec![7; 32] }])
}

pub fn seal(version: SesVersion) -> Vec<u8> {
    let info = info(version).build().unwrap();
    assemble_seal(&info, &certificate(9), &SM2_WITH_SM3, &sm2_value(), None).unwrap()
}

pub fn tbs(version: SesVersion) -> TbsBuilder {
    TbsBuilder {
        version,
        seal: seal(version),
        time: time("2026-11-21T21:25:05Z"),
        data_hash: vec![0xab; 32],
        property_info: "/Doc_0/Signs/Sign_0/Signature.xml".into(),
        extensions: vec![extension(true)],
    }
}

pub fn signature(version: SesVersion) -> Vec<u8> {
    let tbs = tbs(version).build().unwrap();
    let token = certificate(3);
    assemble_signature(&tbs, &certificate(1), &SM2_WITH_SM3, &sm2_value(), Some(&token)).unwrap()
}

pub fn codes(deviations: &[Deviation]) -> Vec<&'static str> {
    deviations.iter().map(|d| d.code).collect()
}

pub fn limits() -> Limits {
    Limits::default()
}
