//! Taking a package apart and putting it together otherwise: the forger's tool.

use std::io::Cursor;

use yinxin_ofd::{Limits, Package};

use crate::failure::Failure;

/// One entry: name as in the package, content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name without leading slash.
    pub name: String,
    /// Content, not compressed.
    pub content: Vec<u8>,
}

/// All entries in the order of the directory.
pub fn take_apart(package: &[u8]) -> Result<Vec<Part>, Failure> {
    let mut package = Package::open(Cursor::new(package), &Limits::default())?;
    let paths: Vec<String> = package.parts().map(|e| e.path.clone()).collect();
    let mut parts = Vec::with_capacity(paths.len());
    for path in paths {
        let content = package.read(&path)?;
        parts.push(Part { name: path.trim_start_matches('/').to_owned(), content });
    }
    Ok(parts)
}

/// A zip of stored entries, in this order. Two entries of one name are written as asked.
pub fn put_together(parts: &[Part]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for part in parts {
        let at = short(out.len())?;
        let head = head(part)?;
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&head);
        out.extend_from_slice(part.name.as_bytes());
        out.extend_from_slice(&part.content);
        // Version made by 2.0, then the same fields, no comment, disk 0, no attributes, position.
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&head);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(part.name.as_bytes());
    }
    let count = u16::try_from(parts.len()).map_err(|_| too_large())?.to_le_bytes();
    let (at, size) = (short(out.len())?, short(directory.len())?);
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count);
    out.extend_from_slice(&count);
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    Ok(out)
}

/// The fields that local header and directory share: version needed to length of extra data.
fn head(part: &Part) -> Result<Vec<u8>, Failure> {
    let size = short(part.content.len())?.to_le_bytes();
    let name = u16::try_from(part.name.len()).map_err(|_| too_large())?.to_le_bytes();
    // Version 2.0; names in UTF-8; stored; 1 January 2026, 00:00.
    let fixed = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x5c];
    let crc = crc32(&part.content).to_le_bytes();
    Ok([fixed.as_slice(), &crc, &size, &size, &name, &[0, 0]].concat())
}

fn short(length: usize) -> Result<u32, Failure> {
    u32::try_from(length).map_err(|_| too_large())
}

fn too_large() -> Failure {
    Failure::new("DEMO_PACKAGE_SIZE", "the package is too large for this writer")
}

/// CRC-32 of the zip format, bit by bit: these packages are small.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, b| (0..8).fold(crc ^ u32::from(*b), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_has_its_known_answer() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_package_put_together_again_is_sound_and_holds_the_same() {
        let sample = yinxin_ofd::sample::document(2, "t", &["a", "b"]);
        let parts = take_apart(&sample).unwrap();
        let again = put_together(&parts).unwrap();
        assert_eq!(take_apart(&again).unwrap(), parts);
        let package = Package::open(Cursor::new(&again), &Limits::default()).unwrap();
        assert!(package.anomalies().is_empty(), "{:?}", package.anomalies());
    }
}
