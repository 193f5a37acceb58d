//! Sealing a PDF without the document (只报摘要): who keeps it brings only the SM3 of the range that its signature covers. The SES_Signature
//! goes back and into the document where that is kept.
//!
//! Other than a `Signature.xml`, a digest says nothing of the places where the seal is shown: they are those that whoever asks names.

use yinxin_ofd::SignatureKind;
use yinxin_ofd::sign::{NewPart, Prepared};

use super::ofd::{fit_seal, prepared};
use super::pdf::PROPERTY;
use super::signature_file::refused;
use super::{PreparedSignature, SignDocumentError, SignRequest};
use crate::trust::TrustFacts;

/// The digest in a file that holds nothing else: 64 hex digits in lower case, and the end of a line or none.
pub fn range_digest(file: &[u8]) -> Option<[u8; 32]> {
    let digits = file.strip_suffix(b"\n").unwrap_or(file);
    let digits = digits.strip_suffix(b"\r").unwrap_or(digits);
    let mut digest = [0; 32];
    hex::decode_to_slice(digits, &mut digest).ok()?;
    (hex::encode(digest).as_bytes() == digits).then_some(digest)
}

/// The file that holds a digest.
pub fn range_digest_file(digest: &[u8; 32]) -> Vec<u8> {
    format!("{}\n", hex::encode(digest)).into_bytes()
}

/// Works out what to sign for a PDF of which only the digest of the signed range is known.
///
/// What comes back is completed, and never embedded: the document is elsewhere.
///
/// # Errors
/// [`SignDocumentError`]; [`SignDocumentError::Refused`] with `SIGNATURE_FILE_SEAL` without a seal.
pub fn prepare_range_digest(
    digest: &[u8; 32],
    request: &SignRequest,
    facts: &TrustFacts,
) -> Result<PreparedSignature, SignDocumentError> {
    let seal = fit_seal(request, facts)?
        .ok_or_else(|| refused("SIGNATURE_FILE_SEAL", "没有指定印章", "no seal was named"))?;
    let document = Prepared {
        id: String::new(),
        kind: SignatureKind::Seal,
        data_hash: *digest,
        signature: NewPart { path: PROPERTY.to_owned(), content: Vec::new() },
        value_path: String::new(),
        seal: Some(NewPart { path: String::new(), content: seal.raw().to_vec() }),
        changed: Vec::new(),
        originals: Vec::new(),
        dos_date: 0,
        dos_time: 0,
    };
    prepared(document, Some(&seal), request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_from_a_file_that_holds_nothing_else() {
        let digest = [0xab; 32];
        let file = range_digest_file(&digest);
        assert_eq!(range_digest(&file), Some(digest));
        assert_eq!(range_digest(&file[..64]), Some(digest));
        let upper = "AB".repeat(32).into_bytes();
        for odd in [b"".as_slice(), b"ab\n", &file[1..], b"%PDF-1.7", &upper] {
            assert_eq!(range_digest(odd), None);
        }
    }
}
