use std::collections::HashMap;
use std::io::{Read, Seek, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::SignError;
use crate::package::writer::{DosTime, Writer};
use crate::package::{Entry, Package};
use crate::signature_list::SignatureKind;

/// A part that the signed package gains, or holds with new content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPart {
    /// Its path.
    pub path: String,
    /// Its bytes.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_base64")]
    pub content: Vec<u8>,
}

/// A part as it was when the signature was prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// Its path.
    pub path: String,
    /// Its uncompressed size in bytes.
    pub size: u64,
    /// Its CRC-32.
    pub crc: u32,
    /// Its SM3.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_digest")]
    pub sm3: [u8; 32],
}

/// A signature without its value: may be stored, sent and taken up again elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// ID of the new signature.
    pub id: String,
    /// With a seal, or without.
    pub kind: SignatureKind,
    /// SM3 of `Signature.xml`: what a seal signature carries as dataHash.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_digest")]
    pub data_hash: [u8; 32],
    /// `Signature.xml`.
    pub signature: NewPart,
    /// Path of the value to come.
    pub value_path: String,
    /// `Seal.esl`, for type Seal.
    pub seal: Option<NewPart>,
    /// The signature list and, for a first signature, `OFD.xml`.
    pub changed: Vec<NewPart>,
    /// Every part of the package prepared.
    pub originals: Vec<Original>,
    /// Date word for the new entries.
    pub dos_date: u16,
    /// Time word for the new entries.
    pub dos_time: u16,
}

impl Prepared {
    /// `Signature.xml`: the bytes a signature without seal signs.
    pub fn signature_xml(&self) -> &[u8] {
        &self.signature.content
    }

    /// The property information (签章原文属性) of a seal signature: the path of `Signature.xml`.
    pub fn property_info(&self) -> &str {
        &self.signature.path
    }

    /// The seal's DER, for type Seal.
    pub fn seal_bytes(&self) -> Option<&[u8]> {
        self.seal.as_ref().map(|part| part.content.as_slice())
    }

    /// Writes the signed package, after hashing every part again to be sure it is the one prepared.
    ///
    /// Records of old entries are copied byte for byte; bytes before the first entry, between entries and after the end
    /// belong to no entry and are not taken over. Returns the size written. `progress` is told bytes done and to do.
    ///
    /// # Errors
    /// [`SignError::Changed`] where the package is another one; [`SignError::EmptyValue`]; reading and writing errors,
    /// after which the output is incomplete.
    pub fn embed<R: Read + Seek, W: Write>(
        &self,
        package: &mut Package<R>,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignError> {
        self.same_directory(package)?;
        for original in &self.originals {
            if package.sm3_afresh(&original.path)? != original.sm3 {
                return Err(changed(&original.path, "its digest differs"));
            }
        }
        self.write(package, value, out, progress)
    }

    /// As [`Prepared::embed`], but compares only names, sizes and CRCs: for the process that prepared, with the same
    /// opened package and nobody else writing to it.
    ///
    /// # Errors
    /// As [`Prepared::embed`].
    pub fn embed_unchecked<R: Read + Seek, W: Write>(
        &self,
        package: &mut Package<R>,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignError> {
        self.same_directory(package)?;
        self.write(package, value, out, progress)
    }

    fn same_directory<R: Read + Seek>(&self, package: &Package<R>) -> Result<(), SignError> {
        if let Some(finding) = package.fatal() {
            return Err(SignError::Unsound { code: finding.code, detail: finding.detail.clone() });
        }
        let known: HashMap<&str, &Original> =
            self.originals.iter().map(|original| (original.path.as_str(), original)).collect();
        let mut found = 0usize;
        for entry in package.parts() {
            let original =
                known.get(entry.path.as_str()).ok_or_else(|| changed(&entry.path, "it was added"))?;
            if (original.size, original.crc) != (entry.size, entry.crc) {
                return Err(changed(&entry.path, "its size or CRC differs"));
            }
            found = found.saturating_add(1);
        }
        if found != known.len() {
            let gone = self.originals.iter().find(|original| !package.contains(&original.path));
            return Err(changed(gone.map_or("a part", |original| &original.path), "it was removed"));
        }
        Ok(())
    }

    fn write<R: Read + Seek, W: Write>(
        &self,
        package: &mut Package<R>,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignError> {
        if value.is_empty() {
            return Err(SignError::EmptyValue);
        }
        let mut entries: Vec<Entry> = package.entries().to_vec();
        entries.sort_by_key(|entry| entry.header_offset);
        let total: u64 =
            entries.iter().map(|entry| entry.end_offset.saturating_sub(entry.header_offset)).sum();
        let mut done = 0u64;
        let mut writer = Writer::new(out, DosTime { date: self.dos_date, time: self.dos_time });
        let mut written: Vec<&str> = Vec::new();
        for entry in &entries {
            match self.changed.iter().find(|part| part.path == entry.path && !entry.directory) {
                // In the place of the old one, so that a package that starts with OFD.xml still does.
                Some(part) => {
                    writer.add(&entry.raw_name, &part.content, true)?;
                    written.push(&part.path);
                    done = done.saturating_add(entry.end_offset.saturating_sub(entry.header_offset));
                    progress(done, total);
                }
                None => writer.copy(package, entry, &mut |bytes| {
                    done = done.saturating_add(bytes);
                    progress(done, total);
                })?,
            }
        }
        for part in self.changed.iter().filter(|part| !written.contains(&part.path.as_str())) {
            writer.add(entry_name(&part.path), &part.content, true)?;
        }
        if let Some(seal) = &self.seal {
            writer.add(entry_name(&seal.path), &seal.content, false)?;
        }
        writer.add(entry_name(&self.signature.path), &self.signature.content, true)?;
        writer.add(entry_name(&self.value_path), value, false)?;
        Ok(writer.finish()?)
    }
}

fn entry_name(path: &str) -> &[u8] {
    path.strip_prefix('/').unwrap_or(path).as_bytes()
}

fn changed(path: &str, detail: &str) -> SignError {
    SignError::Changed { path: path.to_owned(), detail: detail.to_owned() }
}

fn write_base64<S: Serializer>(bytes: &impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn read_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn read_digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let bytes = read_base64(deserializer)?;
    <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| de::Error::custom("a digest must have 32 bytes"))
}
