//! Strict writing of v4 and v5 seal signatures.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::der::{Limits, write};

use super::{Seal, SesExtension, SesSignature, SesVersion, SesWriteError, write_field};

/// What a new signature says: the content of TBS_Sign (待签名数据), GB/T 38540-2020 §7.2, GM/T 0031-2025.
#[derive(Debug, Clone)]
pub struct TbsBuilder {
    /// v4 or v5; must be the version of the seal.
    pub version: SesVersion,
    /// The seal, exactly as received: it is not re-encoded.
    pub seal: Vec<u8>,
    /// When the signature is made.
    pub time: Timestamp,
    /// SM3 over what is protected.
    pub data_hash: Vec<u8>,
    /// What was digested, ASCII: in an OFD the path of Signature.xml.
    pub property_info: String,
    /// Extension data.
    pub extensions: Vec<SesExtension>,
}

impl TbsBuilder {
    /// DER of TBS_Sign: the bytes for the signer to sign.
    ///
    /// # Errors
    /// [`SesWriteError`] where the standard forbids a value, or where the seal cannot be read.
    pub fn build(&self) -> Result<Vec<u8>, SesWriteError> {
        if self.version == SesVersion::V1 {
            return Err(SesWriteError::VersionNotWritten(self.version));
        }
        self.check_seal()?;
        if self.data_hash.len() != 32 {
            return Err(SesWriteError::DataHash(self.data_hash.len()));
        }
        let extensions = write_field::extensions(&self.extensions)?;
        Ok(write::sequence(&[
            &write::small(self.version.number()),
            &self.seal,
            &write_field::time(self.time, "timeInfo")?,
            &write::bits(&self.data_hash),
            &write_field::ia5(&self.property_info, "propertyInfo")?,
            &extensions.map(|e| write::explicit(0, &e)).unwrap_or_default(),
        ]))
    }

    fn check_seal(&self) -> Result<(), SesWriteError> {
        let field = "eseal";
        let seal = Seal::parse(&self.seal, &Limits::default())
            .map_err(|error| SesWriteError::Unreadable { field, error })?;
        if seal.trailing > 0 {
            return Err(SesWriteError::Part { field, reason: "bytes follow the seal" });
        }
        if seal.version != self.version {
            return Err(SesWriteError::VersionDiffers { signature: self.version, seal: seal.version });
        }
        Ok(())
    }
}

/// Puts a signature together from TBS_Sign, the signer's certificate and signature, and a timestamp over the signature.
///
/// # Errors
/// [`SesWriteError`] where a part is malformed, or where the result would not read as strict. Deviations inside the
/// seal are let pass: it stands as its maker wrote it.
pub fn assemble_signature(
    tbs: &[u8],
    signer_cert: &[u8],
    algorithm: &ObjectIdentifier,
    signature: &[u8],
    timestamp: Option<&[u8]>,
) -> Result<Vec<u8>, SesWriteError> {
    let out = write::sequence(&[
        tbs,
        &write_field::certificate(signer_cert, "signer certificate")?,
        &write::oid(algorithm),
        &write_field::signature(signature, algorithm)?,
        &write_field::timestamp(timestamp)?,
    ]);
    // `tbs` comes in encoded: reading the result back proves that it is one, and that nothing of ours deviates.
    let field = "TBS_Sign";
    let read = SesSignature::parse(&out, &Limits::default())
        .map_err(|error| SesWriteError::Unreadable { field, error })?;
    if read.version == SesVersion::V1 {
        return Err(SesWriteError::VersionNotWritten(read.version));
    }
    if let Some(d) = read.deviations.iter().find(|d| !read.seal.deviations.contains(d)) {
        return Err(SesWriteError::Deviates { field, code: d.code });
    }
    Ok(out)
}
