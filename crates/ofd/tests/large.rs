//! A part of 500 MB is signed in little memory. Alone in its file: it measures the whole process.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use std::io::{Read, Seek, SeekFrom};

use forge::{Zip, document, item};
use yinxin_ofd::sign::{Placement, SealKind, SignRequest, prepare};
use yinxin_ofd::{Limits, Package};

const PART: u64 = 500 << 20;

/// A package whose one stored part is `PART` zero bytes that exist nowhere.
struct Sparse {
    head: Vec<u8>,
    tail: Vec<u8>,
    at: u64,
}

impl Sparse {
    fn len(&self) -> u64 {
        self.head.len() as u64 + PART + self.tail.len() as u64
    }
}

impl Read for Sparse {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let head = self.head.len() as u64;
        let read = if self.at < head {
            (&self.head[self.at as usize..]).read(out)?
        } else if self.at < head + PART {
            let len = out.len().min((head + PART - self.at) as usize);
            out[..len].fill(0);
            len
        } else {
            (&self.tail[(self.at - head - PART) as usize..]).read(out)?
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.len().checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
        };
        Ok(self.at)
    }
}

/// CRC of `PART` zero bytes.
fn zeros() -> u32 {
    let mut crc = crc32fast::Hasher::new();
    let block = vec![0u8; 1 << 20];
    (0..PART >> 20).for_each(|_| crc.update(&block));
    crc.finalize()
}

/// A document whose large part is empty, cut open where the part's data belong.
fn sparse() -> Sparse {
    let marker = "Doc_0/Res/large.bin";
    let crc = zeros();
    let mut items = document();
    items.push(item(marker, b"").with(|one| {
        one.crc = Some(crc);
        one.size = Some(PART as u32);
    }));
    let mut bytes = Zip::of(items).build();
    let positions: Vec<usize> = bytes
        .windows(marker.len())
        .enumerate()
        .filter(|(_, w)| *w == marker.as_bytes())
        .map(|(at, _)| at)
        .collect();
    // The compressed sizes still say 0: local header (30 bytes before its name) and directory record (46 before).
    let size = (PART as u32).to_le_bytes();
    bytes[positions[0] - 30 + 18..positions[0] - 30 + 22].copy_from_slice(&size);
    bytes[positions[1] - 46 + 20..positions[1] - 46 + 24].copy_from_slice(&size);
    let end = bytes.len() - 22;
    let at = u32::from_le_bytes(bytes[end + 16..end + 20].try_into().unwrap()) + PART as u32;
    bytes[end + 16..end + 20].copy_from_slice(&at.to_le_bytes());
    let tail = bytes.split_off(positions[0] + marker.len());
    Sparse { head: bytes, tail, at: 0 }
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Counts what is written and keeps only the end.
#[derive(Default)]
struct Counting {
    written: u64,
}

impl std::io::Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.written += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn half_a_gigabyte_is_signed_in_under_a_hundred_megabytes() {
    let mut package = Package::open(sparse(), &Limits::default()).unwrap();
    assert_eq!(package.anomalies(), []);
    let request = SignRequest::new(SealKind::Seal(vec![1; 100]), jiff::Timestamp::UNIX_EPOCH)
        .place(Placement::on_page(0, 10.0, 10.0, 40.0, 40.0));
    let prepared = prepare(&mut package, &request).unwrap();
    let mut out = Counting::default();
    let size = prepared.embed_unchecked(&mut package, b"value", &mut out, &mut |_, _| {}).unwrap();
    assert_eq!(size, out.written);
    assert!(size > PART);
    assert!(peak_kib() < 100 * 1024, "{} KiB", peak_kib());
    // A part of that size is not read into memory by mistake.
    assert_eq!(package.read("/Doc_0/Res/large.bin").unwrap_err().code(), "PACKAGE_LIMIT");
}
