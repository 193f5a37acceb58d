//! One document: prepared from its bytes, finished from its signature. Computing only; run on a thread that may block.

use std::io::Cursor;

use axum::body::Bytes;
use jiff::Timestamp;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{CertList, Seal};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::Package;
use yinxin_pdf::Document as Pdf;
use yinxin_registry::usage::code;
use yinxin_registry::usage::document::{Document, Format, Sealed};
use yinxin_seal::sign::{
    PreparedPdf, PreparedSignature, SignDocumentError, SignRequest, SignatureFile, TimestampSource, What,
    prepare_ofd, prepare_pdf, prepare_range_digest, prepare_signature_file, range_digest,
};
use yinxin_seal::{TrustFacts, Verdict, VerifyOptions, verify};

use super::place::{hits, page_count, pages_of, placed};
use crate::app::App;
use crate::documents::Digest;
use crate::gate::approval_extension;

/// A document to be sealed.
#[derive(Debug)]
pub struct Piece<'a> {
    /// Its bytes, as they were approved.
    pub document: &'a [u8],
    /// The seal, DER.
    pub seal: &'a [u8],
    /// What was asked: what the bytes are, and where the seal goes.
    pub asked: &'a Document,
    /// SM3 of the record of approval, hex.
    pub approval: &'a str,
}

/// A document that waits for its signature.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The seal, DER.
    pub seal: Vec<u8>,
    /// What is to be signed, and what goes into the document.
    pub signature: Signature,
    /// What was brought of the document.
    pub format: Format,
    /// Pages the seal will stand on, from 1.
    pub pages: Vec<u32>,
}

/// What is to be signed, for a document of either kind.
#[derive(Debug, Clone)]
pub enum Signature {
    /// OFD; a document of either kind that is elsewhere.
    Ofd(PreparedSignature),
    /// PDF.
    Pdf(PreparedPdf),
}

impl Signature {
    /// The exact bytes to sign.
    pub fn to_sign(&self) -> &[u8] {
        match self {
            Self::Ofd(prepared) => &prepared.to_sign,
            Self::Pdf(prepared) => &prepared.to_sign,
        }
    }

    /// The digest of the document in them.
    pub fn data_hash(&self) -> [u8; 32] {
        match self {
            Self::Ofd(prepared) => prepared.document.data_hash,
            Self::Pdf(prepared) => prepared.document.data_hash,
        }
    }

    /// e = SM3(Z ‖ M), for devices that sign a digest.
    ///
    /// # Errors
    /// Where the signer's certificate cannot be used.
    pub fn digest(&self) -> Result<[u8; 32], SignDocumentError> {
        match self {
            Self::Ofd(prepared) => prepared.digest(),
            Self::Pdf(prepared) => prepared.digest(),
        }
    }

    /// What the report calls it: the ID in the list of an OFD, the field of a PDF.
    fn id(&self) -> &str {
        match self {
            Self::Ofd(prepared) => &prepared.document.id,
            Self::Pdf(prepared) => &prepared.document.field,
        }
    }
}

/// A sealed document, or the value for one that is elsewhere.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Its bytes.
    pub document: Bytes,
    /// Its SM3.
    pub digest: Digest,
}

impl Finished {
    /// What is written down of it.
    pub fn on_record(&self, app: &App, at: Timestamp) -> Sealed {
        Sealed {
            digest: self.digest.to_string(),
            size: self.document.len() as u64,
            at,
            verification_code: code::new(&mut app.rng()),
        }
    }
}

/// Prepares a document.
///
/// # Errors
/// A stable code.
pub fn prepare(piece: &Piece<'_>, trust: &TrustFacts, now: Timestamp) -> Result<Prepared, String> {
    let seal = Seal::parse(piece.seal, &Limits::default()).map_err(|e| e.code().to_owned())?;
    let signer = signer(&seal)?;
    let size = (length(seal.picture.width_mm), length(seal.picture.height_mm));
    let extension = approval_extension(piece.approval).map_err(|e| e.code().to_owned())?;
    let mut request = SignRequest::new(What::Seal(piece.seal.to_vec()), signer, now);
    request.extensions.push(extension);
    let places = &piece.asked.placements;
    let mut find = |word: &str, hit: u32| hits(piece.document, word, hit);
    let format = piece.asked.format;
    let signature = match (format, &piece.asked.signature_path) {
        (Format::OfdSignature, path) => {
            let path = path.as_deref().unwrap_or_default();
            // How many pages there are, and what they say, only the document knows; those that are named are few enough.
            let mut none = |_: &str, _: u32| Err("PLACEMENT_KEYWORD".to_owned());
            request.placements = placed(places, usize::MAX, size, &mut none)?;
            let file = SignatureFile { path, bytes: piece.document };
            prepare_signature_file(&file, &request, trust).map(Signature::Ofd)
        }
        (Format::PdfDigest, _) => {
            let mut none = |_: &str, _: u32| Err("PLACEMENT_KEYWORD".to_owned());
            request.placements = placed(places, usize::MAX, size, &mut none)?;
            let range = range_digest(piece.document).ok_or("DOCUMENT_DIGEST")?;
            prepare_range_digest(&range, &request, trust).map(Signature::Ofd)
        }
        (Format::Ofd, _) => {
            let mut package = open(piece.document)?;
            let count = page_count(&mut package).map_err(|e| e.code().to_owned())?;
            request.placements = placed(places, count, size, &mut find)?;
            prepare_ofd(&mut package, &request, trust).map(Signature::Ofd)
        }
        (Format::Pdf, _) => {
            let limits = yinxin_pdf::Limits::default();
            let opened = Pdf::open(Cursor::new(piece.document), &limits);
            let mut document = opened.map_err(|e| e.code().to_owned())?;
            let count = document.pages().map_err(|e| e.code().to_owned())?.len();
            request.placements = placed(places, count, size, &mut find)?;
            prepare_pdf(&mut document, &request, trust).map(Signature::Pdf)
        }
    };
    let signature = signature.map_err(|e| e.code().to_owned())?;
    let pages = pages_of(&request.placements);
    Ok(Prepared { seal: piece.seal.to_vec(), signature, format, pages })
}

/// By what a signature is finished.
pub struct Finishing<'a> {
    /// What certificates are judged by.
    pub trust: &'a TrustFacts,
    /// Timestamp service, where every signature gets a token of it.
    pub timestamps: Option<&'a dyn TimestampSource>,
    /// The time, asked for once the token is here.
    pub now: &'a dyn Fn() -> Timestamp,
}

/// Puts a signature into the document. The signature is verified, and so is what comes out.
///
/// # Errors
/// A stable code; nothing leaves then. `TIMESTAMP_UNAVAILABLE` passes.
pub fn finish(
    prepared: &Prepared,
    document: &[u8],
    signature: &[u8],
    by: &Finishing<'_>,
) -> Result<Finished, String> {
    let value = match &prepared.signature {
        Signature::Ofd(own) => own.complete_with(signature, by.timestamps, &by.trust.remembered),
        Signature::Pdf(own) => own.complete(signature, by.timestamps),
    };
    let value = value.map_err(|error| {
        if matches!(error, SignDocumentError::Timestamp(_)) {
            tracing::warn!(%error, "a document waits for its timestamp");
        }
        error.code().to_owned()
    })?;
    let sealed = match &prepared.signature {
        Signature::Ofd(own) if !prepared.format.whole() => {
            let accepted = own.accept(&value, by.trust, (by.now)());
            accepted.map_err(|error| not_valid(error.code()))?;
            value
        }
        own => embedded(own, document, &value, by)?,
    };
    let digest = Digest::of(&sealed);
    Ok(Finished { document: sealed.into(), digest })
}

/// The document with its value, verified as whoever receives it will verify it.
fn embedded(
    signature: &Signature,
    document: &[u8],
    value: &[u8],
    by: &Finishing<'_>,
) -> Result<Vec<u8>, String> {
    let mut sealed = Vec::new();
    match signature {
        Signature::Ofd(own) => {
            let mut package = open(document)?;
            // What is protected is hashed again by the verification.
            let embedded = own.document.embed_unchecked(&mut package, value, &mut sealed, &mut |_, _| ());
            embedded.map_err(|e| e.code().to_owned())?;
        }
        Signature::Pdf(own) => {
            let input = Cursor::new(document);
            let embedded = own.document.embed_unchecked(input, value, &mut sealed, &mut |_, _| ());
            embedded.map_err(|e| e.code().to_owned())?;
        }
    }
    let report = verify(Cursor::new(&sealed), by.trust, &VerifyOptions::at((by.now)()));
    let own = report.signatures.iter().find(|found| found.id == signature.id());
    match own.map(|own| own.verdict) {
        Some(Verdict::Valid) => Ok(sealed),
        verdict => Err(not_valid(&format!("{verdict:?}"))),
    }
}

fn not_valid(why: &str) -> String {
    tracing::error!(why, "a document just sealed does not verify");
    "SEALED_NOT_VALID".to_owned()
}

fn open(document: &[u8]) -> Result<Package<Cursor<&[u8]>>, String> {
    Package::open(Cursor::new(document), &yinxin_ofd::Limits::default()).map_err(|e| e.code().to_owned())
}

/// The signer's certificate, which stands in the seal.
fn signer(seal: &Seal) -> Result<Certificate, String> {
    let CertList::Certificates(list) = &seal.property.certs else {
        return Err("SIGNER_NOT_IN_SEAL".to_owned());
    };
    let der = list.first().ok_or("SIGNER_NOT_IN_SEAL")?;
    Certificate::parse(der, &Limits::default()).map_err(|e| e.code().to_owned())
}

fn length(mm: u64) -> f64 {
    u32::try_from(mm).map_or(f64::NAN, f64::from)
}
