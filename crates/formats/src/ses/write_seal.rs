//! Strict writing of v4 and v5 seals.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::der::{Limits, write};

use super::{CertList, Seal, SealPicture, SesExtension, SesVersion, SesWriteError, write_field};

/// What a new seal says: the content of SES_SealInfo (印章信息), GB/T 38540-2020 §6.2, GM/T 0031-2025.
#[derive(Debug, Clone)]
pub struct SealInfoBuilder {
    /// v4 or v5.
    pub version: SesVersion,
    /// Vendor identifier, ASCII.
    pub vid: String,
    /// Seal identifier, ASCII.
    pub es_id: String,
    /// Kind of seal.
    pub seal_type: u64,
    /// Name of the seal.
    pub name: String,
    /// Who may use it.
    pub certs: CertList,
    /// When it is made.
    pub create_date: Timestamp,
    /// First moment of validity.
    pub valid_start: Timestamp,
    /// Last moment of validity.
    pub valid_end: Timestamp,
    /// Picture.
    pub picture: SealPicture,
    /// Extension data.
    pub extensions: Vec<SesExtension>,
}

impl SealInfoBuilder {
    /// DER of SES_SealInfo: the bytes for the maker to sign.
    ///
    /// # Errors
    /// [`SesWriteError`] where the standard forbids a value.
    pub fn build(&self) -> Result<Vec<u8>, SesWriteError> {
        if self.version == SesVersion::V1 {
            return Err(SesWriteError::VersionNotWritten(self.version));
        }
        if self.valid_end < self.valid_start {
            let reason = "the seal would end before it begins";
            return Err(SesWriteError::Time { field: "validEnd", reason });
        }
        let header = write::sequence(&[
            &write::ia5("ES"),
            &write::small(self.version.number()),
            &write_field::ia5(&self.vid, "Vid")?,
        ]);
        let [list_type, list] = write_field::cert_list(&self.certs)?;
        let property = write::sequence(&[
            &write::small(self.seal_type),
            &write_field::utf8(&self.name, "name")?,
            &list_type,
            &list,
            &write_field::time(self.create_date, "createDate")?,
            &write_field::time(self.valid_start, "validStart")?,
            &write_field::time(self.valid_end, "validEnd")?,
        ]);
        Ok(write::sequence(&[
            &header,
            &write_field::ia5(&self.es_id, "esID")?,
            &property,
            &write_field::picture(&self.picture)?,
            &write_field::extensions(&self.extensions)?.unwrap_or_default(),
        ]))
    }
}

/// Puts a seal together from its info, the maker's certificate and signature, and (v5) a timestamp over the signature.
///
/// # Errors
/// [`SesWriteError`] where a part is malformed, or where the result would not read as a strict seal.
pub fn assemble_seal(
    info: &[u8],
    maker_cert: &[u8],
    algorithm: &ObjectIdentifier,
    signature: &[u8],
    timestamp: Option<&[u8]>,
) -> Result<Vec<u8>, SesWriteError> {
    let seal = write::sequence(&[
        info,
        &write_field::certificate(maker_cert, "maker certificate")?,
        &write::oid(algorithm),
        &write_field::signature(signature, algorithm)?,
        &write_field::timestamp(timestamp)?,
    ]);
    // `info` comes in encoded: reading the result back proves that it is one, and that nothing in it deviates.
    let field = "SES_SealInfo";
    let read =
        Seal::parse(&seal, &Limits::default()).map_err(|error| SesWriteError::Unreadable { field, error })?;
    if read.version == SesVersion::V1 {
        return Err(SesWriteError::VersionNotWritten(read.version));
    }
    if timestamp.is_some() && read.header.version == SesVersion::V4.number() {
        return Err(SesWriteError::TimestampInV4Seal);
    }
    if let Some(d) = read.deviations.first() {
        return Err(SesWriteError::Deviates { field, code: d.code });
    }
    Ok(seal)
}
